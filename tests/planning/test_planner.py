"""The whole plan of a lot: the answer, what it rests on, and that nothing absurd comes out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from matchmaker.domain.match import Verdict
from matchmaker.domain.notice import Buyer
from matchmaker.domain.organisation import Visibility
from matchmaker.domain.values import CpvCode, Money
from matchmaker.planning.feasibility import Advice
from matchmaker.planning.plan import Assumptions, Plan, RegimePlan, Role
from matchmaker.planning.planner import plan
from matchmaker.planning.planner_inputs import PlanContext, PlanInputs, Supplier
from matchmaker.reference.law import Regimes

MakeSupplier = Callable[..., Supplier]
MakeInputs = Callable[..., PlanInputs]
SCHOOL_LECTURES = CpvCode("80110000")


def regime(made: Plan, regime_id: str) -> RegimePlan:
    return next(each for each in made.regimes if each.regime_id == regime_id)


def words(made: Plan) -> str:
    return " ".join(map(str, (*made.answer, *made.threshold)))


def test_a_hundred_firms_of_half_a_million_do_not_deliver_fifty_million(
    make_inputs: MakeInputs, make_supplier: MakeSupplier
) -> None:
    made = plan(make_inputs(50_000_000, [make_supplier(f"firm{number:03}", 500_000) for number in range(100)]))
    found = regime(made, "DE-118")
    assert (found.eligible, found.p_at_least_n, found.high) == (100, 0, 0)
    assert found.joint_euro == 15_000_000
    assert made.advice in {Advice.CLAUSE, Advice.NOT_NOW}
    assert made.target is not None
    assert made.target.high < 0.02


def test_one_supplier_of_five_million_can_deliver_a_thousand_and_makes_no_competition(
    make_inputs: MakeInputs, make_supplier: MakeSupplier
) -> None:
    made = plan(make_inputs(1_000, [make_supplier("large", 5_000_000)]))
    found = regime(made, "DE-118")
    assert [each.role for each in found.suppliers] == [Role.ALONE]
    assert (found.concentration, found.p_at_least_n) == (1.0, 0)
    assert made.advice is Advice.CLAUSE


def test_without_suppliers_nothing_is_advised_now(make_inputs: MakeInputs) -> None:
    made = plan(make_inputs(100_000))
    assert (made.advice, made.capable, made.changes, made.consortia) == (Advice.NOT_NOW, 0, (), ())
    assert made.target is not None
    assert made.target.high == 0


@pytest.mark.parametrize("value", [None, 0, 1])
def test_a_lot_without_a_value_is_still_answered_and_the_value_asked_for(
    value: int | None, make_inputs: MakeInputs, make_supplier: MakeSupplier
) -> None:
    made = plan(make_inputs(value, [make_supplier(f"firm{number}", 1_000_000) for number in range(5)]))
    found = regime(made, "DE-118")
    assert (made.yearly, made.total, made.target, made.changes) == (None, None, None, ())
    assert (found.eligible, found.p_at_least_n, found.low, found.high, found.expected_bids) == (5, None, None, None, None)
    assert made.advice is Advice.DIALOGUE
    assert "value is missing" in words(made)


def test_ten_years_are_ten_yearly_values_and_too_long_for_a_public_service_mission(
    make_inputs: MakeInputs, make_supplier: MakeSupplier
) -> None:
    suppliers = [make_supplier(f"firm{number}", 1_000_000) for number in range(5)]
    made = plan(make_inputs(1_000_000, suppliers, months=120, country="IT", cpvs=(SCHOOL_LECTURES,)))
    assert made.yearly == Decimal(100_000)
    assert made.total == Decimal(1_000_000)
    assert regime(made, "IT-129").advice in {Advice.CLAUSE, Advice.NOT_NOW}
    assert "longer than 36 months" in " ".join(map(str, regime(made, "IT-129").sentences))


def test_a_law_that_does_not_cover_the_main_code_is_said_not_to_and_never_advised(
    make_inputs: MakeInputs, make_supplier: MakeSupplier
) -> None:
    suppliers = [make_supplier(f"firm{number}", 1_000_000) for number in range(9)]
    made = plan(make_inputs(100_000, suppliers, country="IT", cpvs=(CpvCode("90910000"), SCHOOL_LECTURES)))
    found = regime(made, "IT-129")
    assert found.in_scope is False
    assert found.advice in {Advice.CLAUSE, Advice.NOT_NOW}
    assert "the main code decides" in str(found.sentences[0])
    assert made.regime_id != "IT-129"


def test_a_country_without_law_at_hand_is_answered_from_the_side_of_a_clause(
    make_inputs: MakeInputs, make_supplier: MakeSupplier
) -> None:
    made = plan(make_inputs(100_000, [make_supplier(f"firm{number}", 1_000_000) for number in range(9)], country="IS"))
    assert (made.regimes, made.regime_id, made.advice) == ((), None, Advice.CLAUSE)
    assert "No law of IS" in words(made)
    assert made.target is not None
    assert made.target.likely > 0


def test_what_a_supplier_shows_to_nobody_decides_and_is_not_told(make_inputs: MakeInputs, make_supplier: MakeSupplier) -> None:
    made = plan(make_inputs(100_000, [make_supplier("quiet", 5_000_000, visibility=Visibility.PRIVATE)]))
    found = regime(made, "DE-118").suppliers[0]
    assert (found.role, found.carries) == (Role.ALONE, None)


def test_rules_still_to_verify_are_named_and_ask_for_a_dialogue(make_inputs: MakeInputs, make_supplier: MakeSupplier) -> None:
    eager = Assumptions(bid_low=0.5, bid_likely=0.8, bid_high=0.9)
    inputs = make_inputs(100_000, [make_supplier(f"firm{number:02}", 1_000_000) for number in range(40)], assumptions=eager)
    unread = Regimes(tuple(replace(row, clauses=()) for row in inputs.regimes.rows))
    made = plan(replace(inputs, regimes=unread))
    found = regime(made, "DE-118")
    assert found.probably == 40
    assert found.verify
    assert made.advice is Advice.DIALOGUE


def test_a_missing_share_is_unknown_counted_as_missing_and_widens_the_interval(
    make_inputs: MakeInputs, make_supplier: MakeSupplier
) -> None:
    made = plan(make_inputs(100_000, [make_supplier(f"firm{number}", 1_000_000, share=None) for number in range(8)]))
    found = regime(made, "DE-118")
    assert (found.eligible, found.unknown, found.p_at_least_n, found.low) == (0, 8, 0, 0)
    assert [(each.field, each.count) for each in found.missing] == [("statuses.integration_share", 8)]
    assert (found.high or 0) > 0.3
    assert made.advice is Advice.DIALOGUE
    assert {each.verdict for each in found.suppliers} == {Verdict.UNKNOWN}


def test_the_history_of_the_same_buyer_decides_the_look_back(make_inputs: MakeInputs, make_supplier: MakeSupplier) -> None:
    supplier = make_supplier("firm", 1_000_000)
    history = {3: {"firm": True}}
    made = plan(make_inputs(100_000, [supplier], country="IT", cpvs=(SCHOOL_LECTURES,), won=history))
    assert regime(made, "IT-129").not_eligible == 1
    before = plan(make_inputs(100_000, [supplier], country="IT", cpvs=(SCHOOL_LECTURES,), won={3: {"firm": None}}))
    assert regime(before, "IT-129").not_eligible == 0


def test_all_lots_of_the_purchase_decide_the_threshold(make_inputs: MakeInputs) -> None:
    lots = tuple(Money(Decimal(100_000), "EUR") for _ in range(3))
    context = PlanContext(nature="services", total=lots[0], purchase=lots, buyer_legal_type="la")
    made = plan(make_inputs(100_000, context=context))
    assert made.purchase_total == 300_000
    assert "the threshold of EUR 216,000 is reached" in words(made)
    central = replace(context, purchase=lots[:1], buyer_legal_type="cga", buyer=Buyer("Ministerium", country="DE"))
    assert "below the threshold of EUR 140,000" in words(plan(make_inputs(100_000, context=central)))


def test_a_lot_whose_value_is_missing_leaves_the_threshold_open(make_inputs: MakeInputs) -> None:
    context = PlanContext(
        nature="services",
        total=Money(Decimal(50_000), "EUR"),
        purchase=(Money(Decimal(50_000), "EUR"), None),
        buyer_legal_type="la",
    )
    made = plan(make_inputs(50_000, context=context))
    assert made.purchase_total is None
    assert "not known" in str(made.threshold[0])


def test_the_plan_names_awards_assumptions_and_law_that_it_rests_on(make_inputs: MakeInputs, make_supplier: MakeSupplier) -> None:
    made = plan(make_inputs(100_000, [make_supplier("firm", 1_000_000)]))
    basis = " ".join(map(str, made.basis))
    assert "1585 published awards" in basis
    assert "fewer than 30" in basis
    assert "30 % of a supplier's turnover" in basis
    assert "GWB" in basis


def test_the_text_for_the_notice_comes_with_the_plan(make_inputs: MakeInputs, make_supplier: MakeSupplier) -> None:
    made = plan(make_inputs(100_000, [make_supplier("firm", 1_000_000)]))
    assert [each.regime_id for each in made.notice] == ["DE-118", None]
    assert ("BT-71", "res-ws") in [(value.term, value.code) for value in made.notice[0].values]


def test_the_regime_made_for_the_suppliers_at_hand_goes_before_one_for_others(
    make_inputs: MakeInputs, make_supplier: MakeSupplier
) -> None:
    suppliers = []
    for number in range(6):
        supplier = make_supplier(f"firm{number}", 1_000_000, share=None)
        status = replace(supplier.organisation.statuses[0], name="EI")
        base = replace(supplier.organisation.base, country="FR")
        suppliers.append(replace(supplier, organisation=replace(supplier.organisation, statuses=(status,), base=base)))
    made = plan(make_inputs(100_000, suppliers, country="FR"))
    assert made.regime_id in {"FR-2113-13", "FR-2113-14"}


def test_a_plan_tells_of_a_small_firm_without_consent_the_verdict_alone(
    make_inputs: MakeInputs, make_supplier: MakeSupplier
) -> None:
    def small(key: str, consent: date | None = None) -> Supplier:
        made = make_supplier(key, 500_000)
        size = replace(made.organisation.size, employees=4)
        return replace(made, organisation=replace(made.organisation, size=size, status_consent=consent))

    found = regime(plan(make_inputs(100_000, [small("silent"), small("open", date(2026, 1, 1))])), "DE-118")
    reasons = {each.key: " ".join(map(str, each.reasons)) for each in found.suppliers}
    assert {each.verdict for each in found.suppliers} == {Verdict.ELIGIBLE}
    assert "Yes, by what it states about its status" in reasons["silent"]
    assert "main aim" in reasons["open"]
    assert "main aim" not in reasons["silent"]
