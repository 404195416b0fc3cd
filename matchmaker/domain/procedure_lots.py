"""Which lot of the call became which result, and when the contract ends.

BT-71 (reserved participation) is forbidden in result notices: the reservation of an award is that of the lot called for. Only
procedures joined for sure are asked, never guesses.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from matchmaker.domain.notice import ReservedParticipation
from matchmaker.domain.procedure import RESULTS, LotFacts, NoticeFacts, Procedure, Stage, superseded
from matchmaker.domain.values import Period

LONGEST_MONTHS = 600
"""A longer contract is a typing error of the notice, such as a year of 9999."""

DAYS_IN_MONTH = 30.4375


class LotBasis(StrEnum):
    """Why a result is that of a lot: the same title, the same number (BT-137 ↔ BT-13713), or only one lot on each side."""

    TITLE = "title"
    NUMBER = "number"
    ONLY_LOT = "only-lot"


class EndBasis(StrEnum):
    """Where the end of a contract comes from; all but the first are estimates."""

    STATED = "stated"
    START_AND_DURATION = "start-and-duration"
    AWARD_AND_DURATION = "award-and-duration"


@dataclass(frozen=True, slots=True)
class AwardJoin:
    """What the procedure adds to the result of one lot.

    ``call`` is the lot called for; ``reserved`` its markers, empty with ``reserved_known`` False where no call is at hand or it
    does not say. ``replaced_by`` is the notice that states the same award anew.
    """

    notice_id: str
    lot_id: str
    procedure_key: str
    call: tuple[str, str] | None = None
    basis: LotBasis | None = None
    reserved: frozenset[ReservedParticipation] = frozenset()
    ends: date | None = None
    ends_basis: EndBasis | None = None
    replaced_by: str | None = None

    @property
    def reserved_known(self) -> bool:
        """Whether anything is known about the reservation."""
        return bool(self.reserved)


def award_joins(procedure: Procedure) -> tuple[AwardJoin, ...]:
    """One for each awarded lot of the procedure's results, in the order of time."""
    replaced = superseded([notice for notice, _ in procedure.notices])
    calls = [notice for notice in procedure.at(Stage.CALLED) if notice.notice_id not in replaced]
    results = procedure.at(*RESULTS)
    awards = [(notice, lot) for notice in results for lot in notice.lots if lot.awarded]
    return tuple(
        _join(procedure.key, notice, lot, joined_lot(notice, lot, calls), replaced.get(notice.notice_id) or _restated(at, awards))
        for at, (notice, lot) in enumerate(awards)
    )


def joined_lot(result: NoticeFacts, lot: LotFacts, calls: Iterable[NoticeFacts]) -> tuple[NoticeFacts, LotFacts, LotBasis] | None:
    """The lot of the newest call before the result that became ``lot``; None where none can be told."""
    for call in sorted(calls, key=lambda notice: notice.order, reverse=True):
        if call.order <= result.order and (found := _in_call(call, lot, result)):
            return call, *found
    return None


def _in_call(call: NoticeFacts, lot: LotFacts, result: NoticeFacts) -> tuple[LotFacts, LotBasis] | None:
    lots = [one for one in call.lots if not one.award_only]
    if len(lots) == 1 and (len(result.lots) == 1 or lot.award_only):
        return lots[0], LotBasis.ONLY_LOT
    titled = [one for one in lots if lot.words and one.words == lot.words]
    numbered = [one for one in lots if not lot.award_only and lot_number(one.lot_id) == lot_number(lot.lot_id)]
    if len(numbered) == 1 and (numbered[0] in titled or len(titled) != 1):
        return numbered[0], LotBasis.NUMBER
    return (titled[0], LotBasis.TITLE) if len(titled) == 1 else None


def lot_number(lot_id: str) -> str:
    """``3`` for ``LOT-0003``, ``3`` and ``03``: older notices and eForms number the same lots in their own ways."""
    plain = re.sub(r"^(?:LOT|PAR|GLO)-", "", lot_id.strip().upper())
    return plain.lstrip("0") or "0"


def _join(
    key: str, notice: NoticeFacts, lot: LotFacts, found: tuple[NoticeFacts, LotFacts, LotBasis] | None, replaced_by: str | None
) -> AwardJoin:
    called = found[1] if found else None
    ends, basis = contract_end(lot, notice.published, called)
    return AwardJoin(
        notice.notice_id,
        lot.lot_id,
        key,
        (found[0].notice_id, found[1].lot_id) if found else None,
        found[2] if found else None,
        lot.reserved or (called.reserved if called else frozenset()),
        ends,
        basis,
        replaced_by,
    )


def contract_end(lot: LotFacts, published: date | None, called: LotFacts | None) -> tuple[date | None, EndBasis | None]:
    """When the contract ends: as stated, else from start or award and the duration, by the result and then by the call.

    An end before the award is a mistake, or the time for doing something else, and says nothing.
    """
    awarded = lot.concluded or published
    for period in (lot.period, *([called.period] if called else [])):
        for end, basis in _ends(period, awarded):
            if end and (awarded is None or awarded < end < awarded + timedelta(days=LONGEST_MONTHS * DAYS_IN_MONTH)):
                return end, basis
    return None, None


def _ends(period: Period, awarded: date | None) -> Iterable[tuple[date | None, EndBasis]]:
    months = period.months if period.months and 0 < period.months <= LONGEST_MONTHS else None
    yield period.end, EndBasis.STATED
    if months and period.start and (awarded is None or period.start >= awarded - timedelta(days=366)):
        yield _after(period.start, months), EndBasis.START_AND_DURATION
    if months and awarded:
        yield _after(awarded, months), EndBasis.AWARD_AND_DURATION


def _after(day: date, months: float) -> date | None:
    try:
        return day + timedelta(days=round(months * DAYS_IN_MONTH))
    except OverflowError:
        return None


def _restated(at: int, awards: list[tuple[NoticeFacts, LotFacts]]) -> str | None:
    """The latest later notice of the procedure that states this award anew."""
    notice, lot = awards[at]
    later = [other.notice_id for other, its in awards[at + 1 :] if other is not notice and _states_anew(other, its, notice, lot)]
    return later[-1] if later else None


def _states_anew(later: NoticeFacts, its: LotFacts, earlier: NoticeFacts, lot: LotFacts) -> bool:
    """Whether it is the same contract: the award that was announced, a modification, or the same award published again."""
    if not set(its.winners) & set(lot.winners):
        return False
    if lot_number(its.lot_id) != lot_number(lot.lot_id) and (len(later.lots) > 1 or len(earlier.lots) > 1):
        return False
    same_day = its.concluded is not None and its.concluded == lot.concluded
    if later.stage is Stage.MODIFIED:
        unsure_day = its.concluded is None or lot.concluded is None
        return same_day or unsure_day or (len(earlier.lots) == 1 and earlier.stage is not Stage.MODIFIED)
    if later.stage is Stage.AWARDED and earlier.stage is Stage.INTENDED:
        return True
    published_again = later.published != earlier.published and its.words == lot.words and later.words == earlier.words
    return later.stage is earlier.stage and same_day and published_again
