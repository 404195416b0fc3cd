"""Scale: verdicts from figures that are quoted only where the supplier shows them to everyone."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.match import Need
from matchmaker.domain.organisation import Base, Capability, FreeCapacity, Organisation, Provenance, SizeFigures, Visibility
from matchmaker.domain.values import Money
from matchmaker.scoring.criteria.finding import Finding
from matchmaker.scoring.criteria.scale import TURNOVER_PER_PERSON, scale, size_of

TODAY = date(2026, 11, 24)


def euro(amount: float | int) -> Money:
    return Money(Decimal(str(amount)), "EUR")


def to_euro(money: Money) -> Decimal | None:
    return {"EUR": money.amount, "BGN": money.amount / 2}.get(money.currency)


def supplier(
    size: SizeFigures | None = None, capabilities: tuple[Capability, ...] = (), free: FreeCapacity | None = None
) -> Organisation:
    return Organisation(
        "t:1",
        "Atelier",
        Base("FR"),
        Provenance("t", "1"),
        size=size or SizeFigures(),
        capabilities=capabilities,
        free_capacity=free,
    )


def found(value: Money | None, organisation: Organisation) -> Finding:
    need = Need("draft", {"fr": "Nettoyage"}, yearly_value=value)
    return scale(size_of(need, to_euro), organisation, to_euro, TODAY)


@pytest.mark.parametrize(("contract", "value"), [(30, 1.0), (50, 0.7), (100, 0.4), (300, 0.15), (301, 0.0)])
def test_the_bounds_are_dependency_article_58_and_the_whole_turnover(contract: int, value: float) -> None:
    assert found(euro(contract), supplier(SizeFigures(turnover=euro(100)))).value == value


def test_an_unknown_contract_value_or_supplier_is_unknown_and_never_no() -> None:
    assert found(None, supplier(SizeFigures(turnover=euro(100)))).value is None
    assert found(euro(100), supplier()).value is None
    assert found(Money(Decimal(100), "XXX"), supplier(SizeFigures(turnover=euro(100)))).value is None


def test_a_placeholder_of_one_euro_is_no_value() -> None:
    assert found(euro(1), supplier(SizeFigures(turnover=euro(100)))).value is None


def test_currencies_are_compared_in_euro() -> None:
    assert found(Money(Decimal(60), "BGN"), supplier(SizeFigures(turnover=euro(100)))).value == 1.0


@pytest.mark.parametrize("visibility", [Visibility.BUYERS, Visibility.PRIVATE])
@pytest.mark.parametrize("contract", [20_000, 45_000, 90_000, 900_000])
def test_figures_not_shown_to_everyone_are_never_quoted(visibility: Visibility, contract: int) -> None:
    size = SizeFigures(employees=37, turnover=euro(123_456), visibility=visibility)
    told = found(euro(contract), supplier(size))
    said = str(told.sentence) + " ".join(piece.quote for piece in told.evidence)
    assert not any(secret in said for secret in ("123", "37", "%", str(round(contract * 100 / 123_456))))
    heads = found(euro(contract), supplier(SizeFigures(employees=37, visibility=visibility)))
    assert "37" not in str(heads.sentence) + " ".join(piece.quote for piece in heads.evidence)


def test_public_figures_are_quoted_and_dependency_is_warned_of() -> None:
    size = SizeFigures(turnover=euro(100_000), visibility=Visibility.PUBLIC)
    told = found(euro(40_000), supplier(size))
    expected = "A year of this contract is 40 % of its turnover; above 30 % it may come to depend on it."
    assert str(told.sentence) == expected
    assert ("supplier.turnover", "100000 EUR") in [(piece.field, piece.quote) for piece in told.evidence]


def test_headcount_is_the_weaker_evidence_and_yields_to_turnover() -> None:
    contract = euro(int(TURNOVER_PER_PERSON))
    by_heads = found(contract, supplier(SizeFigures(employees=10))).value
    by_turnover = found(contract, supplier(SizeFigures(turnover=Money(TURNOVER_PER_PERSON * 10, "EUR")))).value
    assert by_heads is not None
    assert by_turnover is not None
    assert 0.5 < by_heads < by_turnover
    both = SizeFigures(employees=1, turnover=Money(TURNOVER_PER_PERSON * 10, "EUR"))
    assert found(contract, supplier(both)).value == by_turnover


def test_declared_contract_sizes_count_by_the_best_capability() -> None:
    small = Capability("Fleurs", largest=euro(1000))
    large = Capability("Jardins", smallest=euro(5000), largest=euro(90_000))
    assert found(euro(10_000), supplier(capabilities=(small, large))).value == 1.0
    too_large = found(euro(10_000), supplier(capabilities=(small,)))
    assert too_large.value == 0.0
    assert str(too_large.sentence) == "The contract is larger than the largest it says it takes."
    assert str(found(euro(100), supplier(capabilities=(large,))).sentence) == (
        "The contract is smaller than the smallest it says it takes."
    )


def test_the_tightest_of_what_is_known_decides() -> None:
    rich = SizeFigures(turnover=euro(10_000_000))
    assert found(euro(100_000), supplier(rich, free=FreeCapacity(amount=euro(50_000), as_of=TODAY))).value == 0.15
    assert found(euro(100_000), supplier(rich, free=FreeCapacity(amount=euro(150_000), as_of=TODAY))).value == 1.0


def test_free_capacity_stated_more_than_a_year_ago_says_nothing() -> None:
    old = FreeCapacity(amount=euro(1), as_of=date(2025, 1, 1))
    assert found(euro(100_000), supplier(free=old)).value is None


@given(st.integers(2, 10**8), st.integers(2, 10**8), st.integers(1, 10**8))
def test_a_larger_contract_never_fits_better(one: int, other: int, turnover: int) -> None:
    organisation = supplier(SizeFigures(turnover=euro(turnover)))
    small, large = (found(euro(amount), organisation).value or 0.0 for amount in sorted((one, other)))
    assert small >= large


@given(st.integers(2, 10**8), st.integers(1, 10**8), st.integers(1, 10**8))
def test_a_larger_turnover_or_headcount_never_fits_worse(contract: int, one: int, other: int) -> None:
    small, large = sorted((one, other))
    turnovers = [found(euro(contract), supplier(SizeFigures(turnover=euro(size)))).value or 0.0 for size in (small, large)]
    heads = [found(euro(contract), supplier(SizeFigures(employees=size))).value or 0.0 for size in (small, large)]
    assert turnovers[0] <= turnovers[1]
    assert heads[0] <= heads[1]
