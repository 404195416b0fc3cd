from dataclasses import replace
from datetime import date, timedelta

import pytest

from matchmaker.domain.lot_state import OPEN_WITHOUT_DEADLINE_FOR, LotState, lot_state, lot_window
from matchmaker.domain.notice import Lot, Notice, NoticeKind
from matchmaker.domain.values import Deadline, Period

PUBLISHED = date(2026, 2, 1)
LOT = Lot("1", {"en": "x"})
CALL = Notice("1-2026", "01", NoticeKind.COMPETITION, "eforms", "1.10", "en", {}, (LOT,), published=PUBLISHED)
PLAN = replace(CALL, kind=NoticeKind.PLANNING)
DUE = replace(LOT, deadline=Deadline(date(2026, 3, 1)))


@pytest.mark.parametrize(
    ("notice", "lot", "window"),
    [
        (CALL, DUE, (LotState.OPEN, date(2026, 3, 1))),
        (replace(CALL, kind=NoticeKind.CHANGE), DUE, (LotState.OPEN, date(2026, 3, 1))),
        (PLAN, DUE, (LotState.OPEN, date(2026, 3, 1))),
        (CALL, LOT, (LotState.OPEN, PUBLISHED + OPEN_WITHOUT_DEADLINE_FOR)),
        (replace(CALL, published=None), LOT, (LotState.OPEN, None)),
        (PLAN, LOT, (LotState.PLANNED, date(2027, 2, 1))),
        (PLAN, replace(LOT, period=Period(start=date(2028, 1, 1))), (LotState.PLANNED, date(2028, 1, 1))),
        (PLAN, replace(LOT, period=Period(start=date(2026, 3, 1))), (LotState.PLANNED, date(2027, 2, 1))),
        (replace(PLAN, published=None), LOT, (LotState.PLANNED, None)),
        (replace(CALL, kind=NoticeKind.RESULT), DUE, (LotState.CLOSED, None)),
        (CALL, replace(DUE, award_only=True), (LotState.CLOSED, None)),
    ],
)
def test_what_a_lot_is_and_until_when_follows_from_its_notice(
    notice: Notice, lot: Lot, window: tuple[LotState, date | None]
) -> None:
    assert lot_window(notice, lot) == window


def test_the_last_day_still_counts_and_the_next_one_does_not() -> None:
    assert lot_state(CALL, DUE, date(2026, 3, 1)) is LotState.OPEN
    assert lot_state(CALL, DUE, date(2026, 3, 2)) is LotState.CLOSED


def test_what_has_no_known_end_never_closes_by_itself() -> None:
    unknown = replace(PLAN, published=None)
    assert lot_state(unknown, LOT, PUBLISHED + timedelta(days=9999)) is LotState.PLANNED
