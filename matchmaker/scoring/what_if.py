"""What if another weight were given to a criterion, or it were left out? Answered from stored contributions alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.match import Criterion, Match, rank
from matchmaker.domain.messages import Message
from matchmaker.scoring.matching import logistic, total

WEIGHED = tuple(criterion for criterion in Criterion if criterion is not Criterion.ELIGIBILITY)
"""Eligibility is a verdict without weight; there is nothing to change."""
HEAVIEST = 10.0


@dataclass(frozen=True, slots=True)
class Moved:
    """One supplier before and after. Ranks count from 1 and go by score alone; ``match`` is the stored one, unchanged."""

    match: Match
    rank_before: int
    rank_after: int
    log_odds: float
    score: float

    @property
    def rise(self) -> int:
        """Places gained; negative for places lost."""
        return self.rank_before - self.rank_after


def criterion_of(feature: str) -> Criterion:
    """The criterion a named feature belongs to: ``place.reach`` to place.

    Raises:
        ValueError: it belongs to none.
    """
    return Criterion(feature.partition(".")[0])


def what_if(matches: Iterable[Match], weights: Mapping[Criterion, float]) -> list[Moved]:
    """The same matches with each criterion's contributions multiplied by its weight, ranked anew.

    1 is as published, 0 leaves a criterion out; criteria not named keep 1. A score under other weights is no longer calibrated:
    it says which of two suppliers would stand higher, not how likely anything is.

    Raises:
        InvalidValue: a weight outside 0 to 10, or for eligibility, which has none.
    """
    for criterion, weight in weights.items():
        _check(criterion, weight)
    ranked = rank(matches)
    odds = {match.supplier_key: _weighed(match, weights) for match in ranked}
    after = sorted(ranked, key=lambda match: (-odds[match.supplier_key], match.supplier_key))
    before = {match.supplier_key: place for place, match in enumerate(ranked, 1)}
    return [
        Moved(match, before[match.supplier_key], place, odds[match.supplier_key], logistic(odds[match.supplier_key]))
        for place, match in enumerate(after, 1)
    ]


def _weighed(match: Match, weights: Mapping[Criterion, float]) -> float:
    return total(
        match.intercept,
        {name: added * weights.get(criterion_of(name), 1.0) for name, added in match.contributions.items()},
    )


def _check(criterion: Criterion, weight: float) -> None:
    if criterion is Criterion.ELIGIBILITY:
        raise InvalidValue(
            Message("Eligibility has no weight: it is a verdict that is shown and never changes a score."),
            Message("Choose another criterion."),
        )
    if not 0 <= weight <= HEAVIEST:
        raise InvalidValue(
            Message("%(weight)s is no weight.", {"weight": weight}),
            Message("Give a number from 0 (left out) over 1 (as it is) to 10."),
        )


def read_weights(without: Sequence[str], weights: Sequence[str]) -> dict[Criterion, float]:
    """Weights from ``place`` (left out) and ``scale=0.5``.

    Raises:
        InvalidValue: not a criterion, not a number, out of bounds, or a criterion named twice.
    """
    found: dict[Criterion, float] = {}
    for text in (*(f"{name}=0" for name in without), *weights):
        name, _, number = text.partition("=")
        criterion, weight = _criterion(name), _number(text, number)
        if criterion in found:
            raise InvalidValue(
                Message("“%(criterion)s” is named twice.", {"criterion": name}), Message("Give each criterion one weight.")
            )
        _check(criterion, weight)
        found[criterion] = weight
    return found


def _criterion(name: str) -> Criterion:
    try:
        return Criterion(name.strip().lower())
    except ValueError:
        raise InvalidValue(
            Message("“%(criterion)s” is no criterion.", {"criterion": name}),
            Message("Choose from %(names)s.", {"names": ", ".join(WEIGHED)}),
        ) from None


def _number(text: str, number: str) -> float:
    try:
        return float(number)
    except ValueError:
        raise InvalidValue(Message("“%(text)s” gives no weight.", {"text": text}), Message("Write it like scale=0.5.")) from None
