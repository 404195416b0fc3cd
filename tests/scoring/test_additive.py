import json
import warnings
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.exceptions import SkipTestWarning
from sklearn.utils.estimator_checks import check_estimator

from matchmaker.scoring.additive import AdditiveScorer


def test_scorer_keeps_the_rules_of_scikit_learn() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkipTestWarning)
        results = check_estimator(AdditiveScorer())
    assert len(results) > 30
    assert {result["status"] for result in results} <= {"passed", "skipped"}


@lru_cache
def a_scorer(seed: int = 0) -> tuple[AdditiveScorer, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    values = draw.normal(size=(400, 3))
    values[draw.random(values.shape) < 0.2] = np.nan
    truth = np.nan_to_num(values[:, 0]) + np.sin(np.nan_to_num(values[:, 1])) + draw.normal(size=400) > 0
    return AdditiveScorer(monotone=(1, 1, -1)).fit(values, truth), values, truth


def test_contributions_and_intercept_sum_to_the_log_odds() -> None:
    scorer, values, _ = a_scorer()
    total = scorer.intercept_ + scorer.contributions(values).sum(axis=1)
    assert np.abs(total - scorer.decision_function(values)).max() < 1e-9
    probability = scorer.predict_proba(values)[:, 1]
    assert np.abs(np.log(probability / (1 - probability)) - total).max() < 1e-9


def test_unknown_value_contributes_nothing() -> None:
    scorer, values, _ = a_scorer()
    assert (scorer.contributions(values)[np.isnan(values)] == 0).all()


@settings(max_examples=50, deadline=None)
@given(st.floats(-5, 5), st.floats(0, 5))
def test_more_of_a_rising_feature_never_lowers_the_score(value: float, more: float) -> None:
    scorer, _, _ = a_scorer()
    low, high = scorer.decision_function([[value, 0, 0], [value + more, 0, 0]])
    assert high >= low - 1e-12
    low, high = scorer.decision_function([[0, 0, value], [0, 0, value + more]])
    assert high <= low + 1e-12


def test_batch_gives_each_row_the_score_it_has_alone() -> None:
    scorer, values, _ = a_scorer()
    alone = np.concatenate([scorer.decision_function(row[None]) for row in values[:20]])
    assert np.abs(alone - scorer.decision_function(values)[:20]).max() < 1e-12


def test_scorer_written_as_json_scores_the_same() -> None:
    scorer, values, _ = a_scorer()
    again = AdditiveScorer.from_plain(json.loads(json.dumps(scorer.to_plain())))
    assert np.abs(again.decision_function(values) - scorer.decision_function(values)).max() < 1e-12


def test_rescaling_scales_the_log_odds_and_keeps_the_sum() -> None:
    scorer, values, _ = a_scorer()
    other = scorer.rescaled(0.5, -1.0)
    assert np.abs(other.decision_function(values) - (0.5 * scorer.decision_function(values) - 1)).max() < 1e-9
    assert np.abs(other.intercept_ + other.contributions(values).sum(axis=1) - other.decision_function(values)).max() < 1e-9


def test_one_class_is_refused_with_a_reason() -> None:
    with pytest.raises(ValueError, match="one class"):
        AdditiveScorer().fit([[1.0], [2.0]], [1, 1])


def test_monotone_must_name_every_feature() -> None:
    with pytest.raises(ValueError, match="names 1 features"):
        AdditiveScorer(monotone=(1,)).fit([[1.0, 2.0], [2.0, 1.0]], [0, 1])
