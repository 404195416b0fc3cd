"""Other weights answer from stored contributions, move ranks only where they must, and change nothing that is stored."""

from types import MappingProxyType

import pytest

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.match import Criterion, CriterionResult, Match
from matchmaker.domain.messages import Message
from matchmaker.scoring.matching import logistic
from matchmaker.scoring.what_if import Moved, criterion_of, read_weights, what_if


def stored(key: str, capability: float, place: float, scale: float) -> Match:
    contributions = {"capability.text": capability, "place.reach": place, "scale.fit": scale}
    odds = -1 + sum(contributions.values())
    results = tuple(CriterionResult(criterion, None, Message("Unknown.")) for criterion in Criterion)
    return Match("L", key, logistic(odds), odds, -1.0, results, MappingProxyType({}), MappingProxyType(contributions), "version")


MATCHES = [stored("able", 3, -2, 0), stored("near", 1, 0.4, 0.2), stored("middling", 1.5, 0, -0.5)]


def order(moves: list[Moved]) -> list[str]:
    return [move.match.supplier_key for move in moves]


def test_published_weights_change_nothing() -> None:
    for weights in ({}, dict.fromkeys((Criterion.PLACE, Criterion.SCALE), 1.0)):
        moves = what_if(MATCHES, weights)
        assert order(moves) == ["near", "able", "middling"]
        assert all(move.rise == 0 and move.score == move.match.score for move in moves)


def test_a_criterion_left_out_counts_nothing_and_the_ranks_show_who_moved() -> None:
    moves = what_if(MATCHES, {Criterion.PLACE: 0})
    assert order(moves) == ["able", "near", "middling"]
    assert [(move.rank_before, move.rank_after, move.rise) for move in moves] == [(2, 1, 1), (1, 2, -1), (3, 3, 0)]
    assert moves[0].log_odds == 2
    assert moves[0].match is MATCHES[0]


def test_a_weight_multiplies_what_the_criterion_adds() -> None:
    assert what_if([MATCHES[0]], {Criterion.PLACE: 0.5})[0].log_odds == pytest.approx(1)


def test_weights_are_read_as_typed() -> None:
    assert read_weights(["place"], ["scale=0.5", "Timing=2"]) == {
        Criterion.PLACE: 0,
        Criterion.SCALE: 0.5,
        Criterion.TIMING: 2,
    }


@pytest.mark.parametrize(
    ("without", "weights", "says"),
    [
        (["price"], [], "no criterion"),
        ([], ["scale"], "gives no weight"),
        ([], ["scale=much"], "gives no weight"),
        ([], ["scale=11"], "is no weight"),
        ([], ["scale=nan"], "is no weight"),
        ([], ["scale=-1"], "is no weight"),
        (["eligibility"], [], "Eligibility has no weight"),
        (["scale"], ["scale=1"], "named twice"),
    ],
)
def test_a_weight_that_makes_no_sense_is_refused_with_what_to_do(without: list[str], weights: list[str], says: str) -> None:
    with pytest.raises(InvalidValue, match=says) as refused:
        read_weights(without, weights)
    assert refused.value.next_step


def test_a_feature_names_its_criterion() -> None:
    assert criterion_of("readiness.status") is Criterion.READINESS
    with pytest.raises(ValueError, match="popularity"):
        criterion_of("popularity.clicks")
