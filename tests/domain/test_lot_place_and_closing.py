"""Where a lot is and until when one can take part, where the notice says it in another place than the lot."""

from datetime import date

import pytest

from matchmaker.domain.lot_state import LotState, lot_state
from matchmaker.domain.match import need_of
from matchmaker.domain.notice import Buyer, Lot, Notice, NoticeKind
from matchmaker.domain.values import Deadline

EXPRESS_BY = Deadline(date(2026, 5, 1))


def notice(lot: Lot, nuts: tuple[str, ...] = ()) -> Notice:
    buyer = Buyer("Stadt", "DE", nuts="DE300")
    return Notice("1", "01", NoticeKind.COMPETITION, "eforms", "1.10", "de", {}, (lot,), buyers=(buyer,), nuts=nuts)


@pytest.mark.parametrize(
    ("lot", "procedure", "expected"),
    [
        (Lot("1", {}, nuts=("DE212",), countries=("DE",)), ("DE1",), ["DE212"]),
        (Lot("1", {}, countries=("DE",)), ("DE1", "FR1"), ["DE1"]),
        (Lot("1", {}, countries=("AT",)), ("DE1",), ["AT"]),
        (Lot("1", {}), ("DE1",), ["DE1"]),
        (Lot("1", {}), (), ["DE300"]),
        (Lot("1", {}, nuts=("nonsense!",)), (), ["DE300"]),
    ],
)
def test_a_place_is_the_lots_the_procedures_within_its_countries_those_countries_or_the_buyers(
    lot: Lot, procedure: tuple[str, ...], expected: list[str]
) -> None:
    assert [code.code for code in need_of(notice(lot, procedure), lot).nuts] == expected


def test_a_call_by_prior_information_closes_when_interest_can_no_longer_be_expressed() -> None:
    lot = Lot("1", {}, interest_deadline=EXPRESS_BY)
    assert lot.closes == EXPRESS_BY
    assert need_of(notice(lot), lot).deadline == EXPRESS_BY
    assert lot_state(notice(lot), lot, date(2026, 5, 1)) is LotState.OPEN
    assert lot_state(notice(lot), lot, date(2026, 5, 2)) is LotState.CLOSED


def test_a_tender_deadline_goes_before_that_for_expressing_interest() -> None:
    tender_by = Deadline(date(2026, 6, 1))
    assert Lot("1", {}, deadline=tender_by, interest_deadline=EXPRESS_BY).closes == tender_by
