"""Scale: the contract's value per year against turnover, headcount, declared contract sizes and free capacity.

Figures that the supplier does not show to everyone decide the verdict and are never quoted. The value is one of five steps, so
that it cannot be turned back into a turnover.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from matchmaker.domain.match import Evidence, Need
from matchmaker.domain.messages import Message, Parameter
from matchmaker.domain.organisation import Organisation, Visibility
from matchmaker.domain.values import Money
from matchmaker.scoring.criteria.finding import Finding

ToEuro = Callable[[Money], Decimal | None]
"""An amount in euro at an approximate yearly rate, or None for an unknown currency."""

STEPS: tuple[tuple[float, float], ...] = ((0.3, 1.0), (0.5, 0.7), (1.0, 0.4), (3.0, 0.15))
"""Contract per year over turnover, up to → value; beyond the last: 0.

0.3: below it the supplier does not come to depend on one buyer (a prudent bound). 0.5: the buyer may ask for a turnover of up to
twice the contract (Directive 2014/24/EU Art. 58(3)). 1.0: as large as everything it does today.
"""

TURNOVER_PER_PERSON = Decimal(45_000)
"""Euro a year and employee, when only the headcount is known: low on purpose, for work that is done by hand."""


@dataclass(frozen=True, slots=True)
class Size:
    """The contract's value per year, in euro and as stated."""

    euro: Decimal
    stated: Money


@dataclass(frozen=True, slots=True)
class _Part:
    value: float
    sentence: Message
    evidence: tuple[Evidence, ...]


def size_of(need: Need, to_euro: ToEuro) -> Size | None:
    """What one year of the need costs; None when the value or its currency is unknown, or a placeholder of up to 1."""
    if need.yearly_value is None or need.yearly_value.amount <= 1:
        return None
    euro = to_euro(need.yearly_value)
    return None if euro is None else Size(euro, need.yearly_value)


def scale(size: Size | None, organisation: Organisation, to_euro: ToEuro, today: date) -> Finding:
    """The tightest of what is known; unknown when the value of the lot or everything about the supplier's size is."""
    if size is None:
        return Finding(None, Message("The value of the contract is not known."), (), {"scale.fit": None})
    found = (
        _by_size(size, organisation, to_euro),
        _by_contract_sizes(size, organisation, to_euro),
        _by_free_capacity(size, organisation, to_euro, today),
    )
    parts = [part for part in found if part is not None]
    if not parts:
        sentence = Message("Its turnover, headcount and usual contract sizes are not known.")
        return Finding(None, sentence, (), {"scale.fit": None})
    tightest = min(parts, key=lambda part: part.value)
    value_quoted = Evidence("lot.value", f"{size.stated.amount:.0f} {size.stated.currency}")
    evidence = (value_quoted, *(piece for part in parts for piece in part.evidence))
    return Finding(tightest.value, tightest.sentence, evidence, {"scale.fit": tightest.value})


def step(share: float) -> float:
    """The value of a contract that is ``share`` of what the supplier can carry; never rises with the share."""
    return next((value for bound, value in STEPS if share <= bound), 0.0)


def _by_size(size: Size, organisation: Organisation, to_euro: ToEuro) -> _Part | None:
    """Turnover, else headcount as the weaker sign: half as far from the middle."""
    figures = organisation.size
    public = figures.visibility is Visibility.PUBLIC
    turnover = to_euro(figures.turnover) if figures.turnover else None
    if turnover and figures.turnover:
        public = figures.turnover_shown_to is Visibility.PUBLIC
        share = float(size.euro / turnover)
        quote = f"{figures.turnover.amount:.0f} {figures.turnover.currency}"
        return _Part(step(share), _of_turnover(share, public), (Evidence("supplier.turnover", quote),) if public else ())
    if figures.employees:
        share = float(size.euro / (figures.employees * TURNOVER_PER_PERSON))
        value = 0.5 + (step(share) - 0.5) / 2
        evidence = (Evidence("supplier.employees", str(figures.employees)),) if public else ()
        return _Part(value, _of_headcount(value, figures.employees if public else None), evidence)
    return None


def _of_turnover(share: float, public: bool) -> Message:
    value = step(share)
    if public:
        percent: dict[str, Parameter] = {"percent": round(share * 100)}
        if value == 1.0:
            return Message("A year of this contract is %(percent)s %% of its turnover.", percent)
        if value >= 0.7:
            return Message(
                "A year of this contract is %(percent)s %% of its turnover; above 30 %% it may come to depend on it.", percent
            )
        return Message(
            "A year of this contract is %(percent)s %% of its turnover; a buyer may ask for twice the contract's value.", percent
        )
    if value == 1.0:
        return Message("The contract fits its turnover easily.")
    if value >= 0.7:
        return Message("The contract fits its turnover, but is so large a part that the supplier may come to depend on it.")
    return Message("The contract is large for its turnover; a buyer may ask for a turnover of twice the contract's value.")


def _of_headcount(value: float, shown: int | None) -> Message:
    if shown is not None:
        text = (
            "With %(count)s employees it could carry this contract."
            if value >= 0.6
            else "The contract is large for %(count)s employees."
        )
        return Message(text, {"count": shown})
    return Message(
        "Its headcount suggests it could carry this contract." if value >= 0.6 else "The contract is large for its headcount."
    )


def _by_contract_sizes(size: Size, organisation: Organisation, to_euro: ToEuro) -> _Part | None:
    """The best of its capabilities whose smallest or largest contract is declared."""
    found = []
    for capability in organisation.capabilities:
        smallest = to_euro(capability.smallest) if capability.smallest else None
        largest = to_euro(capability.largest) if capability.largest else None
        if smallest is None and largest is None:
            continue
        quoted = Evidence("supplier.contract_sizes", _range(capability.smallest, capability.largest))
        evidence = (quoted,) if organisation.contract_sizes_shown_to is Visibility.PUBLIC else ()
        if largest is not None and size.euro > largest:
            value = step(float(size.euro / largest)) if largest else 0.0
            sentence = Message("The contract is larger than the largest it says it takes.")
        elif smallest is not None and size.euro < smallest:
            value, sentence = 0.3, Message("The contract is smaller than the smallest it says it takes.")
        else:
            value, sentence = 1.0, Message("The contract has a size it says it takes.")
        found.append(_Part(value, sentence, evidence))
    return max(found, key=lambda part: part.value, default=None)


def _range(smallest: Money | None, largest: Money | None) -> str:
    return "–".join(f"{money.amount:.0f} {money.currency}" if money else "…" for money in (smallest, largest))


def _by_free_capacity(size: Size, organisation: Organisation, to_euro: ToEuro, today: date) -> _Part | None:
    """What it says it could take on this year; a statement older than a year says nothing."""
    capacity = organisation.free_capacity
    free = to_euro(capacity.amount) if capacity and capacity.amount else None
    if capacity is None or free is None or (capacity.as_of and (today - capacity.as_of).days > 366):
        return None
    if size.euro <= free:
        return _Part(1.0, Message("It says it has free capacity for this contract."), ())
    value = step(float(size.euro / free)) if free else 0.0
    return _Part(min(value, 0.4), Message("It says it has free capacity for a part of this contract only."), ())
