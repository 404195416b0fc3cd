"""Whether to reserve a lot, from who is eligible and able."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.domain.match import Verdict
from matchmaker.planning.bids import LotFeatures, Participation, default_bid_model
from matchmaker.planning.capacity import Bounds, Capacity
from matchmaker.planning.eligibility import RegimeEligibility
from matchmaker.planning.feasibility import Advice, Candidate, Feasibility, feasibility
from matchmaker.reference.bundle import core_reference
from matchmaker.reference.clauses import ClauseKind

MILLION = Decimal(1_000_000)
CZECH = next(regime for regime in core_reference().regimes.rows if regime.regime_id == "CZ-38")
LOT = LotFeatures("services", open=True, value=200_000.0)
EAGER = Participation(0.5, 0.8, 0.9)


def candidate(
    key: str, turnover: Decimal | None, verdict: Verdict = Verdict.ELIGIBLE, verify: tuple[ClauseKind, ...] = ()
) -> Candidate:
    return Candidate(RegimeEligibility(CZECH, CZECH, verdict, (), (), verify), Capacity(key, turnover))


def firms(count: int, turnover: Decimal | None, verdict: Verdict = Verdict.ELIGIBLE) -> list[Candidate]:
    return [candidate(f"{verdict.value}{position:03}", turnover, verdict) for position in range(count)]


def asked(yearly: Decimal, candidates: list[Candidate], participation: Participation | None = None) -> Feasibility:
    return feasibility(yearly, candidates, LOT, default_bid_model(), participation=participation)


def test_a_hundred_firms_of_half_a_million_are_no_reason_to_reserve_fifty_million() -> None:
    found = asked(50 * MILLION, firms(100, MILLION / 2))
    assert found.advice in {Advice.CLAUSE, Advice.NOT_NOW}
    assert found.chance.high == 0


def test_one_supplier_of_five_million_can_deliver_a_thousand_but_brings_no_three_bids() -> None:
    found = asked(Decimal(1000), firms(1, 5 * MILLION))
    assert found.able.alone
    assert found.advice is Advice.CLAUSE
    assert found.concentration == 1.0


def test_many_able_suppliers_that_mostly_bid_are_reason_to_reserve() -> None:
    assert asked(Decimal(100_000), firms(30, MILLION), EAGER).advice is Advice.RESERVE


def test_a_rule_still_to_verify_asks_for_a_dialogue_first() -> None:
    doubtful = [replace(each, eligibility=replace(each.eligibility, verify=(ClauseKind.SHARE,))) for each in firms(30, MILLION)]
    found = asked(Decimal(100_000), doubtful, EAGER)
    assert found.advice is Advice.DIALOGUE
    assert any("to be verified" in str(reason) for reason in found.reasons)


def test_a_lot_too_large_for_all_is_divided_and_the_division_changes_no_threshold() -> None:
    found = feasibility(MILLION, firms(6, MILLION), LOT, default_bid_model(), bounds=Bounds(members=1))
    assert (found.advice, found.lots) == (Advice.SPLIT, 4)
    assert any("Art. 5(3)" in str(reason) for reason in found.reasons)


def test_nobody_known_is_not_now() -> None:
    assert asked(MILLION, []).advice is Advice.NOT_NOW
    assert asked(MILLION, firms(5, MILLION, Verdict.NOT_ELIGIBLE)).advice is Advice.NOT_NOW


def test_those_whose_eligibility_is_not_known_are_said_and_not_counted() -> None:
    found = asked(Decimal(100_000), [*firms(1, MILLION), *firms(5, MILLION, Verdict.UNKNOWN)])
    assert (found.eligible, found.eligibility_unknown, found.able.bidders) == (1, 5, 1)
    assert found.advice is Advice.DIALOGUE


@settings(deadline=None, max_examples=60)
@given(
    st.integers(1, 5_000_000).map(Decimal),
    st.lists(st.none() | st.integers(1, 20_000_000).map(Decimal), max_size=10),
    st.none() | st.integers(1, 20_000_000).map(Decimal),
)
def test_one_more_eligible_supplier_never_lowers_the_chance(
    yearly: Decimal, turnovers: list[Decimal | None], more: Decimal | None
) -> None:
    before = [candidate(f"s{position:02}", turnover) for position, turnover in enumerate(turnovers)]
    assert asked(yearly, [*before, candidate("z", more)]).chance.likely >= asked(yearly, before).chance.likely - 1e-9


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 5_000_000).map(Decimal), st.integers(0, 8), st.integers(0, 8))
def test_what_is_unknown_widens_the_interval_upwards_and_counts_for_nothing_else(
    yearly: Decimal, known: int, unknown: int
) -> None:
    alone = asked(yearly, firms(known, MILLION)).chance
    beside = asked(yearly, [*firms(known, MILLION), *firms(unknown, MILLION, Verdict.UNKNOWN)]).chance
    assert (alone.bidders, alone.likely, alone.low, alone.expected) == (
        beside.bidders,
        beside.likely,
        beside.low,
        beside.expected,
    )
    assert beside.high >= alone.high


def test_enough_suppliers_worth_asking_are_reason_for_a_dialogue_and_others_are_not() -> None:
    open_ones = firms(8, MILLION, Verdict.UNKNOWN)
    assert asked(Decimal(100_000), open_ones).advice is Advice.DIALOGUE
    without_a_sign = [replace(each, sign=False) for each in open_ones]
    assert asked(Decimal(100_000), without_a_sign).advice is Advice.CLAUSE


def test_suppliers_of_unknown_size_are_thought_possible_alone_or_in_groups_and_not_for_everything() -> None:
    silent = firms(9, None)
    assert asked(Decimal(400_000), silent).possible == 9
    assert asked(Decimal(600_000), silent).possible == 4
    assert asked(50 * MILLION, silent).possible == 0
    assert asked(50 * MILLION, silent).advice is Advice.NOT_NOW
