"""Why our reading and the independent one differ, as rules: each names what the notice says and who reads it rightly."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot, Notice
from matchmaker.ingestion.readings import country_code

NAME, COUNTRY, ID = 0, 1, 4
"""Positions in a compared winner."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value read differently; ``ours`` or ``theirs`` is None where a side has none. ``row`` is the reference's lot."""

    notice: Notice
    lot_id: str
    field: str
    ours: Any
    theirs: Any
    row: Mapping[str, Any]

    @property
    def older(self) -> bool:
        """Whether the notice is in a form of release R2.0.8, whose names have no ``F``; some stand in R2.0.9 documents."""
        return self.notice.schema == "ted" and (self.notice.form or "").isdigit()

    @property
    def lot(self) -> Lot | None:
        """Our lot."""
        return next((lot for lot in self.notice.lots if lot.lot_id == self.lot_id), None)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A reason, the fields it can concern, and the rule that says whether a difference is of its kind."""

    fields: tuple[str, ...]
    applies: Callable[[Difference], bool]
    reason: Message


def explain(difference: Difference) -> Message | None:
    """The first explanation whose rule fits; None when the difference is unexplained."""
    fitting = (one for one in EXPLANATIONS if difference.field in one.fields and one.applies(difference))
    return next((one.reason for one in fitting), None)


def _repeated_number(difference: Difference) -> bool:
    return any("more than once" in remark.text for remark in difference.notice.remarks)


def _without(winners: list[tuple[str, ...]], position: int) -> list[tuple[str, ...]]:
    return sorted(winner[:position] + winner[position + 1 :] for winner in winners)


def _country_in_three_letters(difference: Difference) -> bool:
    theirs = [(*winner[:COUNTRY], country_code(winner[COUNTRY]) or "", *winner[COUNTRY + 1 :]) for winner in difference.theirs]
    return any(len(winner[COUNTRY]) == 3 for winner in difference.theirs) and sorted(theirs) == difference.ours


def _numbers_only_ours(difference: Difference) -> bool:
    same_otherwise = _without(difference.ours, ID) == _without(difference.theirs, ID)
    return difference.older and same_otherwise and not any(winner[ID] for winner in difference.theirs)


def _persons_without_number(difference: Difference) -> bool:
    lot = difference.lot
    persons = {winner.name for winner in lot.result.winners if winner.natural_person} if lot and lot.result else set()
    theirs = [(*winner[:ID], "", *winner[ID + 1 :]) if winner[NAME] in persons else winner for winner in difference.theirs]
    return bool(persons) and sorted(theirs) == difference.ours


def _broken_chain(difference: Difference) -> bool:
    """Their chain stops, or falls back to all tenders listed with the result, losers included."""
    return difference.notice.schema == "eforms" and (not difference.theirs or _some_of_theirs(difference))


def _some_of_theirs(difference: Difference) -> bool:
    return len(difference.ours) < len(difference.theirs) and set(difference.ours) <= set(difference.theirs)


def _awarded_amount(difference: Difference) -> bool:
    return difference.older and difference.ours is None and difference.row.get("value") == difference.row.get("award_value")


def _digits_inside_numbers(difference: Difference) -> bool:
    return difference.notice.schema == "ted" and _some_of_theirs(difference)


EXPLANATIONS = (
    Explanation(
        ("lot_id", "value", "currency"),
        _repeated_number,
        Message("The notice uses a lot number again (in a second object, or by mistake); both lots are read here."),
    ),
    Explanation(
        ("value", "currency"),
        lambda difference: difference.older and difference.ours is not None and difference.theirs is None,
        Message(
            "R2.0.8: the amount stands without its coded form or in the lot's own section, where the other reading does not look."
        ),
    ),
    Explanation(
        ("currency",),
        lambda difference: difference.ours is None and difference.row.get("value") is None,
        Message("The notice gives a range or no amount; a currency alone is not kept here."),
    ),
    Explanation(
        ("value", "currency"),
        lambda difference: None in (difference.ours, difference.theirs) and not (difference.row.get("currency") or "").strip(),
        Message("The amount has no currency, or one that only this reading finds; an amount without currency is left out here."),
    ),
    Explanation(
        ("value", "currency"),
        _awarded_amount,
        Message("R2.0.8: the amount is that of the contract awarded, not the lot's estimate; here it is the result's value."),
    ),
    Explanation(
        ("reserved",),
        lambda difference: difference.row.get("reserved_execution") == "yes" and "res-prog" in difference.ours,
        Message("BT-736 says that execution is reserved (sheltered programme); the other reading lists BT-71 alone."),
    ),
    Explanation(
        ("winners",),
        _country_in_three_letters,
        Message("The other reading leaves countries outside Europe in three letters; here all are ISO 3166-1 alpha-2."),
    ),
    Explanation(
        ("winners",),
        _numbers_only_ours,
        Message("R2.0.8: the registration number stands one level deeper, where the other reading does not look."),
    ),
    Explanation(
        ("winners",),
        _persons_without_number,
        Message("The winner is a natural person (BT-633, or by the form of the name): kept without its number."),
    ),
    Explanation(
        ("winners",),
        _broken_chain,
        Message(
            "The contract names another lot's tender, or none. Here the contract's party, its tender for this lot or the only "
            "tender decides; the other reading names nobody, or everyone who tendered."
        ),
    ),
    Explanation(
        ("winners",),
        _digits_inside_numbers,
        Message("The other reading takes every digit in a lot number (“1.2”) as a lot of its own, and adds other lots' winners."),
    ),
    Explanation(
        ("title", "description"),
        lambda difference: difference.notice.form == "OTH_NOT" and difference.theirs is None,
        Message("A notice in free text (OTH_NOT): its heading and contents are read here."),
    ),
)
"""The table of explanations, most specific first."""
