"""A share for social suppliers that they could really deliver."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchmaker.domain.values import CpvCode
from matchmaker.planning.plan import Assumptions
from matchmaker.planning.planner_inputs import Part, PlanInputs, Supplier
from matchmaker.planning.target import UNKNOWN_PART, target_of
from matchmaker.planning.target_labour import labour_share

MakeSupplier = Callable[..., Supplier]
MakeInputs = Callable[..., PlanInputs]


def test_many_large_suppliers_are_asked_for_no_more_than_policy(make_inputs: MakeInputs, make_supplier: MakeSupplier) -> None:
    found = target_of(make_inputs(100_000, [make_supplier(f"firm{number:02}", 5_000_000) for number in range(20)]))
    assert found is not None
    assert (found.low, found.likely, found.high) == (0.05, 0.075, 0.10)


def test_hours_follow_the_value_the_labour_in_it_the_share_and_the_cost_of_an_hour(
    make_inputs: MakeInputs, make_supplier: MakeSupplier
) -> None:
    suppliers = [make_supplier(f"firm{number:02}", 20_000_000) for number in range(20)]
    assumed = Assumptions(labour_share=0.5, hourly_cost=Decimal(30), norm_low=0.05, norm_high=0.05)
    found = target_of(make_inputs(1_000_000, suppliers, assumptions=assumed))
    assert found is not None
    assert found.hours == pytest.approx(833.33, abs=0.01)


def test_little_labour_asks_for_two_percent(make_inputs: MakeInputs, make_supplier: MakeSupplier) -> None:
    suppliers = [make_supplier(f"firm{number:02}", 5_000_000) for number in range(20)]
    found = target_of(make_inputs(100_000, suppliers, assumptions=Assumptions(labour_share=0.2)))
    assert found is not None
    assert (found.low, found.high) == (0.02, 0.02)


def test_suppliers_of_unknown_size_count_with_little_at_the_upper_end_alone(
    make_inputs: MakeInputs, make_supplier: MakeSupplier
) -> None:
    found = target_of(make_inputs(100_000, [make_supplier("silent", None)]))
    assert found is not None
    assert (found.ceiling_low, found.ceiling_likely, found.likely, found.tasks[0].suppliers) == (0, 0, 0, 1)
    assert 0 < found.ceiling_high <= UNKNOWN_PART / 100_000
    assert "ask them first" in str(found.sentences[0])


def test_too_little_is_not_asked_for(make_inputs: MakeInputs, make_supplier: MakeSupplier) -> None:
    found = target_of(make_inputs(50_000_000, [make_supplier("small", 500_000)]))
    assert found is not None
    assert "Too little" in str(found.sentences[0])


def test_a_task_that_nobody_does_limits_the_whole(make_inputs: MakeInputs, make_supplier: MakeSupplier) -> None:
    suppliers = [make_supplier(f"firm{number:02}", 50_000_000) for number in range(30)]
    doers = {each.key: 0.9 for each in suppliers}
    tasks = (Part("Cleaning", "90910000", 0.25, doers), Part("Lifts", "50750000", 0.75, {}))
    found = target_of(make_inputs(100_000, suppliers, tasks=tasks))
    assert found is not None
    assert found.ceiling_high == pytest.approx(0.25)
    assert any("equal parts are assumed" in str(each) for each in found.sentences)


def test_the_limits_of_the_law_stand_beside_every_target(make_inputs: MakeInputs, make_supplier: MakeSupplier) -> None:
    found = target_of(make_inputs(100_000, [make_supplier("firm", 1_000_000)]))
    assert found is not None
    for article in ("Art. 18(1)", "Art. 18(2)", "Art. 63(2)", "Art. 70", "Art. 71", "hire people itself"):
        assert any(article in str(each) for each in found.limits)


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(2, 50_000_000),
    st.lists(st.none() | st.integers(0, 20_000_000), max_size=8),
    st.none() | st.integers(0, 20_000_000),
)
def test_a_target_never_exceeds_what_is_carried_and_another_supplier_never_lowers_it(
    make_inputs: MakeInputs, make_supplier: MakeSupplier, value: int, turnovers: list[int | None], more: int | None
) -> None:
    suppliers = [make_supplier(f"firm{number}", turnover) for number, turnover in enumerate(turnovers)]
    before = target_of(make_inputs(value, suppliers))
    after = target_of(make_inputs(value, [*suppliers, make_supplier("more", more)]))
    assert before is not None
    assert after is not None
    carried = sum(UNKNOWN_PART if turnover is None else turnover * 0.3 for turnover in turnovers) / value
    for asked, ceiling in (
        (before.low, before.ceiling_low),
        (before.likely, before.ceiling_likely),
        (before.high, before.ceiling_high),
    ):
        assert 0 <= asked <= ceiling + 1e-12
        assert ceiling <= min(1.0, carried) + 1e-9
    assert before.low <= before.likely <= before.high
    assert after.ceiling_likely >= before.ceiling_likely - 1e-12
    assert after.high >= before.high


@pytest.mark.parametrize(("code", "share"), [("45442100", 0.7), ("45262500", 0.5), ("45223210", 0.2), ("33600000", 0.15)])
def test_labour_is_a_starting_value_by_kind_of_work(code: str, share: float) -> None:
    assert labour_share(CpvCode(code)).share == share
