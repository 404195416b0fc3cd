from datetime import date
from decimal import Decimal

from matchmaker.domain.purchase_plan import Certainty, Ground, PlannedPurchase, PlanRow, Reading, sure
from matchmaker.domain.values import Period
from matchmaker.planning.feasibility import Advice
from matchmaker.planning.plan_summary import PlanSummary
from matchmaker.planning.purchase_overview import DUTIES, OTHER, OverviewRow, duties_of, overview
from matchmaker.reference.bundle import core_reference

TODAY = date(2026, 11, 24)


def row(number: int, code: str | None, place: str, start: date | None, euro: int | None, advice: Advice | None) -> OverviewRow:
    work = sure("w", code, Ground.DECLARED) if code else Reading("w", Certainty.UNKNOWN)
    purchase = PlannedPurchase(
        PlanRow(str(number), number, f"Purchase {number}", period=Period(start=start)), work, sure("p", place, Ground.NAME)
    )
    return OverviewRow(purchase, None if euro is None else Decimal(euro), PlanSummary(advice) if advice else None)


ROWS = [
    row(1, "98310000", "IE053", date(2027, 4, 1), 100, Advice.RESERVE),
    row(2, "98311000", "IE061", date(2027, 6, 30), 300, Advice.DIALOGUE),
    row(3, "77310000", "IE061", date(2027, 1, 1), 500, Advice.NOT_NOW),
    row(4, "45213150", "IE042", None, None, Advice.CLAUSE),
    row(5, None, "IE04", date(2027, 1, 2), 100, None),
]


def test_rows_are_counted_by_work_place_and_quarter_and_every_grouping_holds_all_of_them() -> None:
    found = overview(ROWS, core_reference().activities, 2)
    assert [tally.key for tally in found.by_activity] == ["green", "textiles", "cpv:45", OTHER]
    assert [tally.key for tally in found.by_place] == ["IE06", "IE04", "IE05"]
    assert [tally.key for tally in found.by_quarter] == ["2027-Q1", "2027-Q2", OTHER]
    for tallies in (found.by_activity, found.by_place, found.by_quarter):
        assert sum(tally.rows for tally in tallies) == found.whole.rows == 5
        assert sum(tally.euro for tally in tallies) == found.whole.euro == 1000
        assert sum(tally.reservable_euro for tally in tallies) == found.whole.reservable_euro == 400


def test_only_the_advice_to_reserve_counts_as_reservable() -> None:
    whole = overview(ROWS, core_reference().activities, 1).whole
    assert (whole.reservable_rows, whole.reservable_share, whole.without_value) == (2, 0.4, 1)
    assert whole.advice == {Advice.RESERVE: 1, Advice.DIALOGUE: 1, Advice.NOT_NOW: 1, Advice.CLAUSE: 1}


def test_a_social_part_counts_where_the_advice_is_to_ask_for_one() -> None:
    asked = OverviewRow(ROWS[0].purchase, Decimal(1000), PlanSummary(Advice.CLAUSE, target_likely=0.05))
    reserved = OverviewRow(ROWS[0].purchase, Decimal(1000), PlanSummary(Advice.RESERVE, target_likely=0.05))
    whole = overview([asked, reserved], core_reference().activities, 1).whole
    assert (whole.target_rows, whole.target_euro) == (1, Decimal("50.00"))


def test_an_empty_plan_has_no_share_to_tell() -> None:
    assert overview([], core_reference().activities, 1).whole.reservable_share is None


def test_duties_are_those_whose_quota_the_law_table_states_in_words() -> None:
    regimes = core_reference().regimes
    assert [(duty.low, duty.high) for duty in duties_of(regimes, "ES", TODAY)] == [(0.07, 0.10)]
    assert [(duty.low, duty.high) for duty in duties_of(regimes, "LT", TODAY)] == [(0.02, 0.02)]
    assert duties_of(regimes, "IE", TODAY) == ()
    for regime_id, (low, high) in DUTIES.items():
        quota = next(each.quota for each in regimes.on(TODAY) if each.regime_id == regime_id)
        assert f"{low:.0%}".replace("%", " %") in quota
        assert f"{high:.0%}".replace("%", " %") in quota
