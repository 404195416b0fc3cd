"""Whether reserving a lot under one regime is likely to bring enough bids, and what to do instead where it is not.

Only suppliers that are eligible and able count; those whose eligibility or turnover is not known are shown beside them and never
added in: they widen the interval upwards, and where they could make the difference the advice is to ask them. Candidates are
already found capable of the work and in reach. The limits are assumptions that a buyer may move.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import ceil

from matchmaker.domain.match import Verdict
from matchmaker.domain.messages import Message
from matchmaker.planning.bids import BidModel, Chance, LotFeatures, Participation, chance_of_bids
from matchmaker.planning.capacity import AbleSuppliers, Bounds, Capacity, able_suppliers
from matchmaker.planning.eligibility import RegimeEligibility


class Advice(StrEnum):
    """What to do, from the strongest to none."""

    RESERVE = "reserve"
    DIALOGUE = "reserve-after-dialogue"
    SPLIT = "split-first"
    CLAUSE = "social-clause"
    NOT_NOW = "not-now"


@dataclass(frozen=True, slots=True)
class Limits:
    """From which chance of enough bids to reserve at once (``reserve``) or after a market dialogue (``dialogue``); into how many
    lots a division is tried; which part of the yearly value (0-1) makes a clause worth while;
    ``unknown_up_to``: euro a year that a supplier of unknown size is thought possible to carry.
    """

    wanted: int = 3
    reserve: float = 0.7
    dialogue: float = 0.3
    most_lots: int = 6
    unknown_up_to: Decimal = Decimal(500_000)
    clause_part: Decimal = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A supplier with its verdict under the regime and what it can carry.

    ``sign``: whether anything in its profile speaks for its being one that the law means. Where its eligibility is not known, it
    is worth asking only then.
    """

    eligibility: RegimeEligibility
    capacity: Capacity
    sign: bool = True


@dataclass(frozen=True, slots=True)
class Feasibility:
    """The answer for one regime. ``concentration`` is the largest part (0-1) that one supplier holds of the known capacity; None
    without any. ``eligibility_unknown`` are capable suppliers whose eligibility is not known.
    """

    advice: Advice
    able: AbleSuppliers
    chance: Chance
    concentration: float | None
    eligible: int
    eligibility_unknown: int
    possible: int
    """Bids that could be made if all of whom something is not known proved eligible and able."""
    to_verify: bool
    lots: int | None
    reasons: tuple[Message, ...]


def feasibility(
    yearly: Decimal,
    candidates: Sequence[Candidate],
    lot: LotFeatures,
    model: BidModel,
    limits: Limits | None = None,
    bounds: Bounds | None = None,
    participation: Participation | None = None,
) -> Feasibility:
    """What to do with a lot of ``yearly`` euro a year under the regime the candidates were judged by.

    Raises:
        InvalidValue: the yearly value is not above zero.
    """
    chosen = limits or Limits()
    eligible = [each for each in candidates if each.eligibility.verdict is Verdict.ELIGIBLE]
    open_ones = [each for each in candidates if each.eligibility.verdict is Verdict.UNKNOWN]
    capacities = [each.capacity for each in eligible]
    able = able_suppliers(yearly, capacities, bounds)
    possible = _at_best(yearly, [*capacities, *(each.capacity for each in open_ones)], able.bounds, chosen)
    asked = _at_best(yearly, [*capacities, *(each.capacity for each in open_ones if each.sign)], able.bounds, chosen)
    chance = chance_of_bids(able.bidders, lot, model, chosen.wanted, participation, possible)
    to_verify = any(each.eligibility.verify for each in eligible)
    lots = _lots_that_suffice(yearly, capacities, chosen, able.bounds)
    helpers = [each.capacity for each in (*eligible, *open_ones)]
    advice = _advice(yearly, able, chance, helpers, asked, to_verify, lots, chosen)
    why = (able.answer if eligible else NOBODY_ELIGIBLE, chance.sentence, _reason(advice, able.bidders, asked, chosen))
    return Feasibility(
        advice=advice,
        able=able,
        chance=chance,
        concentration=_concentration(capacities, able.bounds),
        eligible=len(eligible),
        eligibility_unknown=len(open_ones),
        possible=possible,
        to_verify=to_verify,
        lots=lots,
        reasons=(*why, *_cautions(lots if advice is Advice.SPLIT else None, len(open_ones), to_verify)),
    )


REASONS = {
    Advice.RESERVE: Message("Reserve the lot: enough bids are likely."),
    Advice.DIALOGUE: Message("Ask the market before you reserve: enough bids are possible, not certain."),
    Advice.SPLIT: Message("Divide first: smaller lots would find enough suppliers that can carry them."),
    Advice.CLAUSE: Message("Do not reserve; ask for a social part of the work: some suppliers can carry a part of it."),
    Advice.NOT_NOW: Message("Not now: no eligible supplier is known that could carry even a part."),
}
NOBODY_ELIGIBLE = Message("No supplier that does the work is known to be eligible, so nobody is counted as able.")
ASK_FIRST = Message("Ask the market before you reserve: too little is known of suppliers that could make the difference.")
DIVISION = Message(
    "Dividing changes neither the threshold nor the regime: both are decided on all lots together, and a purchase may not be"
    " divided to escape them (Art. 5(3))."
)


def _cautions(lots: int | None, unknown: int, to_verify: bool) -> list[Message]:
    """What is said beside the advice."""
    found = []
    if lots is not None:
        found += [Message("Lots of equal size that would do: %(count)s.", {"count": lots}), DIVISION]
    if unknown:
        found.append(Message("Suppliers whose eligibility is not known, not counted: %(count)s.", {"count": unknown}))
    if to_verify:
        found.append(Message("Parts of the rule that makes suppliers eligible are still to be verified."))
    return found


def _at_best(yearly: Decimal, capacities: Sequence[Capacity], bounds: Bounds, limits: Limits) -> int:
    """Bids that could come from all; of those of unknown size alone or in groups, as far as the value is not beyond them."""
    found = able_suppliers(yearly, capacities, bounds)
    needed = ceil(yearly / limits.unknown_up_to) if limits.unknown_up_to > 0 else bounds.members + 1
    return found.bidders + (len(found.unknown) // needed if needed <= bounds.members else 0)


def _reason(advice: Advice, bidders: int, asked: int, limits: Limits) -> Message:
    return ASK_FIRST if advice is Advice.DIALOGUE and bidders < limits.wanted <= asked else REASONS[advice]


def _advice(
    yearly: Decimal,
    able: AbleSuppliers,
    chance: Chance,
    helpers: Sequence[Capacity],
    asked: int,
    to_verify: bool,
    lots: int | None,
    limits: Limits,
) -> Advice:
    """A rule that is still to verify, or a chance below the first limit, asks for a dialogue before anything is reserved.

    What is known goes first: a division that known suppliers could carry is advised before asking those of whom little is known.
    ``asked``: bids that could come if those worth asking proved eligible and able.
    """
    enough = able.bidders >= limits.wanted
    if enough and chance.likely >= limits.reserve and not to_verify:
        return Advice.RESERVE
    if enough and chance.likely >= limits.dialogue:
        return Advice.DIALOGUE
    if lots is not None:
        return Advice.SPLIT
    if asked >= limits.wanted and chance.high >= limits.dialogue:
        return Advice.DIALOGUE
    part = yearly * limits.clause_part
    if any((capacity.carries(able.bounds) or 0) >= part for capacity in helpers):
        return Advice.CLAUSE
    return Advice.NOT_NOW


def _lots_that_suffice(yearly: Decimal, capacities: Sequence[Capacity], limits: Limits, bounds: Bounds) -> int | None:
    """The fewest equal lots (two or more) for each of which enough could bid where the whole finds too few; else None.

    Every lot of such a division is one contract: bidders are counted for one of them, as for the whole.
    """
    if able_suppliers(yearly, capacities, bounds).bidders >= limits.wanted:
        return None
    for count in range(2, limits.most_lots + 1):
        if able_suppliers(yearly / count, capacities, bounds).bidders >= limits.wanted:
            return count
    return None


def _concentration(capacities: Sequence[Capacity], bounds: Bounds) -> float | None:
    carried = [amount for capacity in capacities if (amount := capacity.carries(bounds)) is not None]
    total = sum(carried, Decimal(0))
    return float(max(carried) / total) if total else None
