"""The scorer: an additive logistic model of monotone curves, so that its explanation is the model itself."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

Doubles = NDArray[np.float64]


class AdditiveScorer(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Binary classifier whose log-odds are ``intercept_`` plus one curve per feature.

    A curve is piecewise linear between knots at the feature's quantiles and flat outside them. A value that is not a number
    means *unknown* and contributes exactly nothing; curves are centred on the training mean, so nothing is also the average.

    Args:
        monotone: per feature 1 (never falls), -1 (never rises) or 0 (free); None leaves all free.
        bends: knots per feature, at least 2.
        ridge: penalty on the square of each rise between two knots, relative to the total weight of the rows.
        smooth: penalty on the square of changes of slope, relative likewise.
    """

    def __init__(self, monotone: Sequence[int] | None = None, bends: int = 6, ridge: float = 1e-3, smooth: float = 1e-3) -> None:
        self.monotone = monotone
        self.bends = bends
        self.ridge = ridge
        self.smooth = smooth

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.classifier_tags.multi_class = False
        return tags

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> "AdditiveScorer":
        """Learns the curves from rows ``X`` (numbers, NaN for unknown) and two classes ``y``.

        Raises:
            ValueError: ``y`` has not exactly two classes, or ``monotone`` does not fit the columns.
        """
        values, labels = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan")
        check_classification_targets(labels)
        self.classes_, codes = np.unique(labels, return_inverse=True)
        if type_of_target(labels) != "binary" or len(self.classes_) > 2:
            raise ValueError(f"Only binary classification is supported. The type of the target is {type_of_target(labels)}.")
        if len(self.classes_) < 2:
            raise ValueError("AdditiveScorer needs two classes; the data holds one class.")
        weights = np.asarray(_check_sample_weight(sample_weight, values), np.float64)
        directions = self._directions(values.shape[1])
        self.knots_ = [_knots(column, weights, self.bends) for column in values.T]
        self.rises_ = [np.zeros(len(knots) - 1) for knots in self.knots_]
        self.means_ = [np.zeros(len(knots) - 1) for knots in self.knots_]
        basis = [_ramps(column, knots) for column, knots in zip(values.T, self.knots_, strict=True)]
        self.means_ = [_known_mean(part, weights) for part in basis]
        design = np.hstack([np.nan_to_num(part - mean, nan=0.0) for part, mean in zip(basis, self.means_, strict=True)])
        self._solve(design, codes.astype(np.float64), weights / weights.sum(), directions)
        return self

    def _directions(self, columns: int) -> NDArray[np.int64]:
        directions = np.zeros(columns, np.int64) if self.monotone is None else np.asarray(self.monotone, np.int64)
        if directions.shape != (columns,):
            raise ValueError(f"monotone names {len(directions)} features, the data has {columns}.")
        return directions

    def _solve(self, design: Doubles, target: Doubles, weights: Doubles, directions: NDArray[np.int64]) -> None:
        sizes = [len(knots) - 1 for knots in self.knots_]
        ends = np.cumsum(sizes)
        bend = _second_differences(sizes)

        def loss(parameters: Doubles) -> tuple[float, Doubles]:
            odds = design @ parameters[:-1] + parameters[-1]
            error = weights * (expit(odds) - target)
            turns = bend @ parameters[:-1]
            value = weights @ (np.logaddexp(0, odds) - target * odds)
            value += self.ridge * parameters[:-1] @ parameters[:-1] + self.smooth * turns @ turns
            slope = np.append(design.T @ error, error.sum())
            slope[:-1] += 2 * self.ridge * parameters[:-1] + 2 * self.smooth * (bend.T @ turns)
            return float(value), slope

        bounds: list[tuple[float | None, float | None]] = []
        for size, direction in zip(sizes, directions, strict=True):
            bounds += [{1: (0, None), -1: (None, 0), 0: (None, None)}[int(direction)]] * size
        share = float(np.clip(weights @ target, 1e-6, 1 - 1e-6))
        start = np.append(np.zeros(design.shape[1]), np.log(share / (1 - share)))
        found = minimize(
            loss, start, jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)], options={"maxiter": 500, "gtol": 1e-7}
        )
        self.n_iter_ = int(found.nit)
        penalty = np.append(np.full(design.shape[1], self.ridge), 0.0)
        curvature = 2 * np.diag(penalty)
        curvature[:-1, :-1] += 2 * self.smooth * bend.T @ bend
        best = _polished(found.x, np.append(directions.repeat(sizes), 0), design, weights, curvature, loss)
        self.intercept_ = float(best[-1])
        self.rises_ = [np.asarray(part) for part in np.split(best[:-1], ends[:-1])]

    def contributions(self, X: ArrayLike) -> Doubles:
        """What each feature adds to the log-odds, ``(rows, features)``; 0 where the value is unknown."""
        check_is_fitted(self)
        return self.added(validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False))

    def added(self, values: Doubles) -> Doubles:
        """The same for values known to have their form: checking takes longer than adding where they are few."""
        found = np.zeros(values.shape)
        for column, (knots, rises, means) in enumerate(zip(self.knots_, self.rises_, self.means_, strict=True)):
            found[:, column] = np.nan_to_num((_ramps(values[:, column], knots) - means) @ rises, nan=0.0)
        return found

    def decision_function(self, X: ArrayLike) -> Doubles:
        """Log-odds of the second class: ``intercept_`` plus the contributions."""
        total: Doubles = self.contributions(X).sum(axis=1) + self.intercept_
        return total

    def predict_proba(self, X: ArrayLike) -> Doubles:
        """Probabilities of both classes."""
        second = expit(self.decision_function(X))
        return np.column_stack([1 - second, second])

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The likelier class."""
        odds = self.decision_function(X)
        return np.asarray(self.classes_[(odds > 0).astype(int)])

    def rescaled(self, slope: float, shift: float) -> "AdditiveScorer":
        """The same curves with log-odds ``slope * old + shift`` (a calibration that keeps the sum additive); slope positive."""
        check_is_fitted(self)
        other = AdditiveScorer(self.monotone, self.bends, self.ridge, self.smooth)
        other.__dict__.update(self.__dict__)
        other.rises_ = [rises * slope for rises in self.rises_]
        other.intercept_ = self.intercept_ * slope + shift
        return other

    def to_plain(self) -> dict[str, Any]:
        """Everything learned, as numbers and lists for JSON."""
        check_is_fitted(self)
        return {
            "monotone": None if self.monotone is None else [int(direction) for direction in self.monotone],
            "intercept": self.intercept_,
            "knots": [knots.tolist() for knots in self.knots_],
            "rises": [rises.tolist() for rises in self.rises_],
            "means": [means.tolist() for means in self.means_],
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "AdditiveScorer":
        """A fitted scorer from what :meth:`to_plain` gave."""
        scorer = cls(monotone=plain["monotone"])
        scorer.knots_ = [np.asarray(knots, np.float64) for knots in plain["knots"]]
        scorer.rises_ = [np.asarray(rises, np.float64) for rises in plain["rises"]]
        scorer.means_ = [np.asarray(means, np.float64) for means in plain["means"]]
        scorer.intercept_ = float(plain["intercept"])
        scorer.classes_ = np.array([0, 1])
        scorer.n_features_in_ = len(scorer.knots_)
        return scorer


def _knots(column: Doubles, weights: Doubles, bends: int) -> Doubles:
    known = np.isfinite(column) & (weights > 0)
    if not known.any():
        return np.array([0.0, 1.0])
    places = np.linspace(0.01, 0.99, max(2, bends))
    found = np.unique(np.quantile(column[known], places, method="inverted_cdf", weights=weights[known]))
    return found if len(found) > 1 else np.array([found[0], found[0] + 1])


def _ramps(column: Doubles, knots: Doubles) -> Doubles:
    """How far a value has climbed each stretch between two knots, 0 to 1; NaN stays NaN."""
    ramps: Doubles = np.clip((column[:, None] - knots[None, :-1]) / np.diff(knots)[None, :], 0, 1)
    return ramps


def _known_mean(part: Doubles, weights: Doubles) -> Doubles:
    known = np.isfinite(part[:, 0])
    total = weights[known].sum()
    return (weights[known] @ part[known]) / total if total > 0 else np.zeros(part.shape[1])


def _polished(
    start: Doubles,
    directions: NDArray[np.int64],
    design: Doubles,
    weights: Doubles,
    curvature: Doubles,
    loss: Callable[[Doubles], tuple[float, Doubles]],
) -> Doubles:
    """The optimum to machine precision: Newton steps on the parameters that are off their bound."""
    full = np.column_stack([design, np.ones(len(design))])
    best = start
    for _ in range(30):
        value, slope = loss(best)
        free = (directions == 0) | (best * directions > 0) | (slope * directions < 0)
        chance = expit(full[:, free] @ best[free])
        bowl = (full[:, free].T * (weights * chance * (1 - chance))) @ full[:, free] + curvature[np.ix_(free, free)]
        step = np.zeros(len(best))
        step[free] = np.linalg.lstsq(bowl, -slope[free], rcond=None)[0]
        moved = best + step
        moved = np.where(moved * directions < 0, 0.0, moved)
        if not loss(moved)[0] <= value + 1e-15 * max(1.0, abs(value)) or np.abs(moved - best).max() < 1e-13:
            break
        best = moved
    return best


def _second_differences(sizes: Sequence[int]) -> Doubles:
    """Rows that take the difference of neighbouring rises inside each feature."""
    rows = []
    start = 0
    for size in sizes:
        for place in range(start, start + size - 1):
            row = np.zeros(sum(sizes))
            row[place], row[place + 1] = -1, 1
            rows.append(row)
        start += size
    return np.array(rows).reshape(len(rows), sum(sizes))
