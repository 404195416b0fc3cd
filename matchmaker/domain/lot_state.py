"""Whether a lot can still be won: open, planned or closed on a given day."""

from datetime import date, timedelta
from enum import StrEnum

from matchmaker.domain.notice import Lot, Notice, NoticeKind

PLANNED_FOR = timedelta(days=365)
"""A prior information notice looks at most twelve months ahead (Directive 2014/24/EU, Art. 48(2)(d))."""

OPEN_WITHOUT_DEADLINE_FOR = timedelta(days=183)
"""How long a call that states no deadline is shown as open; our own choice, said on the page as "no deadline stated"."""


class LotState(StrEnum):
    """In the order lists show them."""

    OPEN = "open"
    PLANNED = "planned"
    CLOSED = "closed"


def lot_window(notice: Notice, lot: Lot) -> tuple[LotState, date | None]:
    """What the lot is while it lasts, and its last day (None: not known, so it lasts; for closed lots, no last day)."""
    if notice.kind is NoticeKind.RESULT or lot.award_only:
        return LotState.CLOSED, None
    if lot.closes:
        return LotState.OPEN, lot.closes.day
    if notice.kind is NoticeKind.PLANNING:
        ends = [day for day in (lot.period.start, notice.published and notice.published + PLANNED_FOR) if day]
        return LotState.PLANNED, max(ends, default=None)
    return LotState.OPEN, notice.published and notice.published + OPEN_WITHOUT_DEADLINE_FOR


def lot_state(notice: Notice, lot: Lot, today: date) -> LotState:
    """Open, planned or closed on ``today``; the last day itself still counts."""
    basis, last_day = lot_window(notice, lot)
    return LotState.CLOSED if last_day and last_day < today else basis
