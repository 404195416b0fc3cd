"""Who is able to carry a contract: never by adding everybody up."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.errors import InvalidValue
from matchmaker.planning.capacity import Bounds, Capacity, able_suppliers

MILLION = Decimal(1_000_000)
EUROS = st.integers(1, 100_000_000).map(Decimal)
FIRMS = st.lists(EUROS, max_size=12).map(
    lambda turnovers: [Capacity(f"s{position:02}", turnover) for position, turnover in enumerate(turnovers)]
)


def firms(count: int, turnover: Decimal) -> list[Capacity]:
    return [Capacity(f"s{position:03}", turnover) for position in range(count)]


def test_a_hundred_firms_of_half_a_million_do_not_carry_fifty_million() -> None:
    found = able_suppliers(50 * MILLION, firms(100, MILLION / 2))
    assert found.bidders == 0
    assert len(found.short) == 100


def test_even_where_their_sum_would_reach_the_value_it_is_never_sufficient() -> None:
    found = able_suppliers(10 * MILLION, firms(100, MILLION / 2))
    assert found.joint == 15 * MILLION
    assert found.bidders == 0
    assert "too large" in str(found.answer)


def test_one_supplier_of_five_million_carries_a_thousand() -> None:
    found = able_suppliers(Decimal(1000), firms(1, 5 * MILLION))
    assert found.alone == ("s000",)


def test_a_contract_may_become_thirty_percent_of_a_turnover_and_no_more_unless_the_bound_is_moved() -> None:
    assert able_suppliers(Decimal(300_000), firms(1, MILLION)).bidders == 1
    assert able_suppliers(Decimal(300_001), firms(1, MILLION)).bidders == 0
    assert able_suppliers(Decimal(500_000), firms(1, MILLION), Bounds(Decimal("0.5"))).bidders == 1


def test_small_groups_bid_as_one_where_groups_may_bid() -> None:
    four = firms(4, MILLION)
    found = able_suppliers(Decimal(600_000), four)
    assert found.groups == (("s000", "s001"), ("s002", "s003"))
    assert able_suppliers(Decimal(600_000), four, Bounds(members=1)).bidders == 0


def test_free_capacity_and_the_largest_contract_taken_bound_what_turnover_would_allow() -> None:
    assert able_suppliers(Decimal(200_000), [Capacity("a", MILLION, free=Decimal(100_000))]).bidders == 0
    assert able_suppliers(Decimal(200_000), [Capacity("a", MILLION, largest=Decimal(150_000))]).bidders == 0


def test_an_unknown_turnover_is_neither_able_nor_short() -> None:
    found = able_suppliers(Decimal(1000), [Capacity("a")])
    assert (found.bidders, found.short, found.unknown) == (0, (), ("a",))
    assert "not known: 1" in str(found.answer)


@given(EUROS, FIRMS, EUROS)
def test_one_more_supplier_never_lowers_how_many_could_bid(yearly: Decimal, suppliers: list[Capacity], turnover: Decimal) -> None:
    before = able_suppliers(yearly, suppliers)
    after = able_suppliers(yearly, [*suppliers, Capacity("more", turnover)])
    assert after.bidders >= before.bidders


@given(EUROS, FIRMS, st.integers(1, 6))
def test_every_supplier_is_counted_once_and_every_group_suffices(
    yearly: Decimal, suppliers: list[Capacity], members: int
) -> None:
    found = able_suppliers(yearly, suppliers, Bounds(members=members))
    listed = [*found.alone, *(key for group in found.groups for key in group), *found.short]
    assert sorted(listed) == sorted(supplier.key for supplier in suppliers)
    carried = {supplier.key: supplier.carries(found.bounds) or 0 for supplier in suppliers}
    for group in found.groups:
        assert len(group) <= members
        assert sum(carried[key] for key in group) >= yearly


@given(EUROS, EUROS, FIRMS)
def test_a_smaller_contract_never_has_fewer_able_bidders(one: Decimal, other: Decimal, suppliers: list[Capacity]) -> None:
    assert able_suppliers(min(one, other), suppliers).bidders >= able_suppliers(max(one, other), suppliers).bidders


@pytest.mark.parametrize("bad", [lambda: Bounds(Decimal(0)), lambda: Bounds(Decimal(2)), lambda: Bounds(members=0)])
def test_bounds_that_make_no_sense_are_refused(bad: type[Bounds]) -> None:
    with pytest.raises(InvalidValue):
        bad()


def test_a_value_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidValue):
        able_suppliers(Decimal(0), [])
