"""The figures of fair exposure mean what they say."""

import numpy as np
import pytest

from matchmaker.planning.exposure_evaluation import Market, figures_of, gini, lists
from matchmaker.scoring.benchmark import is_small


def market(odds: list[float]) -> Market:
    suppliers = tuple("abcd")
    judged = {"L1": {"a": 3, "b": 3, "c": 0}, "L2": {"a": 3, "b": 3, "d": 0}}
    rows = [np.array(odds), np.array(odds)]
    return Market(("L1", "L2"), suppliers, rows, judged, {"a": True, "b": False}, frozenset({"b"}))


def test_by_score_alone_the_better_one_always_has_the_first_place() -> None:
    shown = list(lists(market([1.0, 0.9, -5, -5]), -1.0))
    assert {each.order[0] for each in shown} == {"a"}
    figures = figures_of(market([1.0, 0.9, -5, -5]), [each for each in shown if each.joined])
    assert figures["small, ratio"] == pytest.approx(2 / (1 + 1 / np.log2(3)))
    assert figures["nDCG@10"] == pytest.approx(1)


def test_taking_turns_makes_equals_equal() -> None:
    shown = [each for each in lists(market([1.0, 0.9, -5, -5]), 0.27, rounds=40) if each.joined]
    figures = figures_of(market([1.0, 0.9, -5, -5]), shown)
    assert figures["small, ratio"] == pytest.approx(1, abs=0.03)
    assert figures["new, ratio"] == pytest.approx(1, abs=0.03)
    assert figures["Gini"] < 0.02
    assert figures["never shown"] == 0


def test_newcomers_are_absent_from_the_first_half() -> None:
    shown = list(lists(market([1.0, 0.9, -5, -5]), 0.27))
    assert [("b" in each.order) for each in shown] == [False] * 10 + [True] * 10
    assert all(("b" in each.able) is each.joined for each in shown)


def test_gini_is_0_for_equals_and_near_1_when_one_has_all() -> None:
    assert gini(np.ones(10)) == pytest.approx(0)
    assert gini(np.array([0.0] * 99 + [1.0])) == pytest.approx(0.99)


def test_an_unknown_size_is_neither_small_nor_large() -> None:
    assert is_small({"employees": "", "turnover": ""}) is None
    assert is_small({"employees": "49", "turnover": "99000000"}) is True
    assert is_small({"employees": "50", "turnover": "1"}) is False
    assert is_small({"turnover": "10000001"}) is False
