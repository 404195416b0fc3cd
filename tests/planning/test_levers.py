"""What would change the answer, and that no change lets a purchase slip below the law."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchmaker.domain.values import Money
from matchmaker.planning.plan import Assumptions, Change, Lever, Plan
from matchmaker.planning.planner import plan
from matchmaker.planning.planner_inputs import Part, PlanContext, PlanInputs, Supplier
from matchmaker.planning.planner_purchase import divided, parts_of, purchase_of

MakeSupplier = Callable[..., Supplier]
MakeInputs = Callable[..., PlanInputs]


def change(made: Plan, lever: Lever) -> Change | None:
    return next((each for each in made.changes if each.lever is lever), None)


def firms(make_supplier: MakeSupplier, count: int, turnover: int) -> list[Supplier]:
    return [make_supplier(f"firm{number:02}", turnover) for number in range(count)]


def test_equal_lots_let_more_bid_and_say_that_no_threshold_changes(make_inputs: MakeInputs, make_supplier: MakeSupplier) -> None:
    made = plan(make_inputs(1_000_000, firms(make_supplier, 12, 1_000_000), assumptions=Assumptions(members=1)))
    found = change(made, Lever.SPLIT_EQUALLY)
    assert found is not None
    assert (found.able_before, found.able_after) == (0, 12)
    assert found.gain > 0
    assert found.lots is not None
    assert any("Art. 5(3)" in str(each) for each in found.cautions)


def test_a_hundred_small_firms_are_not_helped_by_six_lots_of_a_very_large_one(
    make_inputs: MakeInputs, make_supplier: MakeSupplier
) -> None:
    made = plan(make_inputs(50_000_000, firms(make_supplier, 100, 500_000)))
    assert change(made, Lever.SPLIT_EQUALLY) is None


def test_small_lots_of_a_large_purchase_are_told_apart_as_art_5_10(make_inputs: MakeInputs, make_supplier: MakeSupplier) -> None:
    lots = (Money(Decimal(300_000), "EUR"), Money(Decimal(2_000_000), "EUR"))
    context = PlanContext(nature="services", total=lots[0], purchase=lots, buyer_legal_type="la")
    made = plan(make_inputs(300_000, firms(make_supplier, 8, 250_000), context=context, assumptions=Assumptions(members=1)))
    found = change(made, Lever.SPLIT_EQUALLY)
    assert found is not None
    assert any("Art. 5(10)" in str(each) for each in found.cautions)


def test_a_lot_of_two_tasks_is_weighed_as_two_lots_by_the_one_that_fares_worse(
    make_inputs: MakeInputs, make_supplier: MakeSupplier
) -> None:
    suppliers = firms(make_supplier, 10, 1_000_000)
    keys = [each.key for each in suppliers]
    tasks = (
        Part("Cleaning", "90910000", 0.5, dict.fromkeys(keys, 0.9)),
        Part("Gardens", "77310000", 0.5, dict.fromkeys(keys[:4], 0.9)),
    )
    made = plan(make_inputs(500_000, suppliers, tasks=tasks, assumptions=Assumptions(members=1)))
    found = change(made, Lever.SPLIT_BY_TASK)
    assert found is not None
    assert (found.able_before, found.able_after, found.lots) == (0, 4, 2)
    assert "Gardens" in str(found.sentence)


def test_dividing_by_task_brings_nobody_into_reach(make_inputs: MakeInputs, make_supplier: MakeSupplier) -> None:
    near, far = firms(make_supplier, 6, 1_000_000)[:1], firms(make_supplier, 6, 1_000_000)[1:]
    doers = {each.key: 0.9 for each in (*near, *far)}
    tasks = (Part("Cleaning", "90910000", 0.5, doers), Part("Gardens", "77310000", 0.5, doers))
    assert change(plan(make_inputs(100_000, near, beyond=far, tasks=tasks)), Lever.SPLIT_BY_TASK) is None


def test_a_supplier_of_one_place_alone_counts_for_the_lot_of_that_place(
    make_inputs: MakeInputs, make_supplier: MakeSupplier
) -> None:
    north, south = (firms(make_supplier, 8, 1_000_000)[:4], firms(make_supplier, 8, 1_000_000)[4:])
    places = (
        Part("North", "DE21", 0.5, {each.key: 1.0 for each in north}),
        Part("South", "DE22", 0.5, {each.key: 1.0 for each in south}),
    )
    made = plan(make_inputs(200_000, north[:1], beyond=(*north[1:], *south), places=places))
    found = change(made, Lever.SPLIT_BY_PLACE)
    assert found is not None
    assert (found.able_before, found.able_after) == (1, 4)


def test_a_smaller_turnover_requirement_stays_within_twice_the_value_first(
    make_inputs: MakeInputs, make_supplier: MakeSupplier
) -> None:
    made = plan(make_inputs(400_000, firms(make_supplier, 6, 1_000_000), assumptions=Assumptions(members=1)))
    found = change(made, Lever.TURNOVER)
    assert found is not None
    assert (found.able_before, found.able_after) == (0, 6)
    assert "Art. 58(3)" in str(found.sentence)


def test_groups_are_weighed_with_and_without(make_inputs: MakeInputs, make_supplier: MakeSupplier) -> None:
    suppliers = firms(make_supplier, 8, 600_000)
    admitted = change(plan(make_inputs(300_000, suppliers)), Lever.CONSORTIA)
    refused = change(plan(make_inputs(300_000, suppliers, assumptions=Assumptions(members=1))), Lever.CONSORTIA)
    assert admitted is not None
    assert refused is not None
    assert (admitted.able_before, admitted.able_after) == (refused.able_before, refused.able_after) == (0, 4)


def test_suppliers_out_of_reach_are_a_change_and_no_part_of_the_answer(
    make_inputs: MakeInputs, make_supplier: MakeSupplier
) -> None:
    near, far = firms(make_supplier, 6, 1_000_000)[:2], firms(make_supplier, 6, 1_000_000)[2:]
    made = plan(make_inputs(100_000, near, beyond=far))
    found = change(made, Lever.AREA)
    assert made.capable == 2
    assert found is not None
    assert (found.able_before, found.able_after) == (2, 6)


def test_too_few_days_are_a_change(make_inputs: MakeInputs, make_supplier: MakeSupplier) -> None:
    suppliers = firms(make_supplier, 6, 1_000_000)
    made = plan(make_inputs(100_000, suppliers, late=frozenset(each.key for each in suppliers[:4])))
    found = change(made, Lever.DEADLINE)
    assert found is not None
    assert (found.able_before, found.able_after) == (2, 6)


def test_changes_come_with_the_largest_gain_first(make_inputs: MakeInputs, make_supplier: MakeSupplier) -> None:
    made = plan(make_inputs(1_000_000, firms(make_supplier, 12, 1_000_000), assumptions=Assumptions(members=2)))
    gains = [each.gain for each in made.changes]
    assert len(gains) > 1
    assert gains == sorted(gains, reverse=True)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(2, 10_000_000),
    st.lists(st.floats(0.01, 5), min_size=2, max_size=6),
    st.lists(st.integers(2, 3_000_000), max_size=4),
    st.sampled_from(["works", "services", "supplies"]),
)
def test_dividing_keeps_the_value_and_the_threshold_verdict_save_for_art_5_10(
    make_inputs: MakeInputs, value: int, shares: list[float], others: list[int], nature: str
) -> None:
    lots = tuple(Money(Decimal(amount), "EUR") for amount in (value, *others))
    inputs = make_inputs(value, context=PlanContext(nature=nature, total=lots[0], purchase=lots, buyer_legal_type="la"))
    parts = parts_of(Decimal(value), tuple(shares))
    assert sum(parts) == value
    before = purchase_of(inputs)
    after = divided(inputs, before, tuple(max(part, Decimal(0)) for part in parts))
    assert before.verdict is not None
    assert after is not None
    assert replace(after, outside=()) == replace(before.verdict, outside=())


@pytest.mark.parametrize("members", [1, 4])
def test_a_regime_that_cannot_be_used_is_not_improved(members: int, make_inputs: MakeInputs, make_supplier: MakeSupplier) -> None:
    made = plan(make_inputs(None, firms(make_supplier, 5, 1_000_000), assumptions=Assumptions(members=members)))
    assert made.changes == ()
