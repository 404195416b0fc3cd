"""A size that a reader may not see counts as the band it lies in."""

from decimal import Decimal
from itertools import pairwise

import pytest

from matchmaker.domain.access import Membership, Person, Role
from matchmaker.domain.organisation import (
    Base,
    Capability,
    FreeCapacity,
    Organisation,
    Provenance,
    SizeFigures,
    Visibility,
)
from matchmaker.domain.sight import ANYONE, BUYERS, OPERATOR, as_counted, sight_of
from matchmaker.domain.values import Money


def euro(amount: int | str) -> Money:
    return Money(Decimal(amount), "EUR")


def supplier(turnover: int | str, shown_to: Visibility = Visibility.BUYERS, employees: int | None = None) -> Organisation:
    size = SizeFigures(employees, euro(turnover), visibility=shown_to)
    return Organisation("own:one", "One", Base("DE"), Provenance("own", "one"), size=size)


def counted(turnover: int | str) -> Decimal:
    found = as_counted(supplier(turnover), ANYONE).size.turnover
    assert found is not None
    return found.amount


@pytest.mark.parametrize(
    ("turnover", "band"),
    [
        ("0", 12_500),
        ("24999.99", 12_500),
        ("25000", 50_000),
        ("99999", 50_000),
        ("100000", 200_000),
        ("399999", 200_000),
        ("400000", 800_000),
        ("12000000", 12_800_000),
    ],
)
def test_a_hidden_turnover_counts_as_the_middle_of_its_band(turnover: str, band: int) -> None:
    assert counted(turnover) == band


def test_no_band_is_narrower_than_a_factor_of_four_and_none_is_off_by_more_than_two() -> None:
    amounts = [Decimal(25_000) * Decimal("1.07") ** step for step in range(150)]
    for amount in amounts:
        assert Decimal("0.5") <= counted(str(amount)) / amount <= 2
    bands = sorted({counted(str(amount)) for amount in amounts})
    assert all(later == 4 * earlier for earlier, later in pairwise(bands))


def test_what_is_shown_to_the_reader_counts_as_stated() -> None:
    stated = supplier(130_000)
    assert as_counted(stated, BUYERS) is stated
    assert as_counted(supplier(130_000, Visibility.PUBLIC), ANYONE).size.turnover == euro(130_000)
    assert as_counted(supplier(130_000, Visibility.PRIVATE), BUYERS).size.turnover == euro(200_000)
    assert as_counted(supplier(130_000, Visibility.PRIVATE), OPERATOR).size.turnover == euro(130_000)


def test_headcount_free_capacity_and_contract_sizes_are_counted_in_bands_where_they_are_hidden() -> None:
    made = Organisation(
        "own:one",
        "One",
        Base("DE"),
        Provenance("own", "one"),
        size=SizeFigures(employees=30),
        free_capacity=FreeCapacity(euro(90_000), hours=1_900, visibility=Visibility.BUYERS),
        capabilities=(Capability("cleaning", "en", smallest=euro(7_000), largest=euro(330_000)),),
        contract_sizes_shown_to=Visibility.PRIVATE,
    )
    seen = as_counted(made, ANYONE)
    assert seen.size.employees == 16
    assert seen.free_capacity is not None
    assert (seen.free_capacity.amount, seen.free_capacity.hours) == (euro(50_000), 1_000)
    assert (seen.capabilities[0].smallest, seen.capabilities[0].largest) == (euro(12_500), euro(200_000))


@pytest.mark.parametrize(
    ("role", "organisation", "sees"),
    [
        (Role.BUYER, "team:town", True),
        (Role.SUPPLIER, "own:one", True),
        (Role.SUPPLIER, "own:other", False),
        (Role.OFFICER, "team:office", False),
    ],
)
def test_buyers_and_the_suppliers_own_people_see_what_is_for_buyers(role: Role, organisation: str, sees: bool) -> None:
    person = Person(1, "one@example.org", "en", (Membership(organisation, "Some", role),))
    assert sight_of(person).sees(supplier(1), Visibility.BUYERS) is sees
    assert not sight_of(None).sees(supplier(1), Visibility.BUYERS)
