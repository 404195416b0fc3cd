"""Fits and checks the capability model on graded judgements, twins among the lots kept in one fold."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from matchmaker.scoring.additive import AdditiveScorer, Doubles
from matchmaker.scoring.benchmark import FIRM, JudgedLot, Judgements
from matchmaker.scoring.capability import LEARNED, Background, OfferReading
from matchmaker.scoring.student import Floats

UNJUDGED = 300
"""Suppliers nobody judged that are drawn for each lot; together they stand for all of them."""
TWIN = 0.15
"""Lots are twins when so large a share of their firm suppliers is common."""


@dataclass(frozen=True)
class Measured:
    """The features of all suppliers for each judged lot, ``(suppliers, features)``, and the grades (-1: nobody judged)."""

    lots: tuple[JudgedLot, ...]
    suppliers: tuple[str, ...]
    features: tuple[Doubles, ...]
    grades: tuple[NDArray[np.int64], ...]


@dataclass(frozen=True)
class Settings:
    """Shape of the scorer. Few bends: 37 lots teach little more than slopes."""

    bends: int = 3
    ridge: float = 1e-2
    smooth: float = 1e-2


def background_of(whole: Floats) -> Background:
    """What an average supplier looks like, from the whole-profile vectors."""
    return Background(whole.mean(axis=0), np.cov(whole.T).astype(np.float32))


def grades_of(lot: str, suppliers: Sequence[str], judgements: Judgements) -> NDArray[np.int64]:
    """Grades in the suppliers' order, -1 where nobody judged."""
    judged = judgements[lot]
    return np.array([judged.get(supplier, -1) for supplier in suppliers], np.int64)


def clusters(measured: Measured) -> list[list[int]]:
    """Lots grouped so that near twins are together: the same CPV group, or many firm suppliers in common."""
    firm = [frozenset(np.flatnonzero(grades >= FIRM).tolist()) for grades in measured.grades]
    group = [lot.need.cpvs[0].code[:3] if lot.need.cpvs else lot.qid for lot in measured.lots]
    home = list(range(len(firm)))

    def find(place: int) -> int:
        while home[place] != place:
            place = home[place]
        return place

    for one in range(len(firm)):
        for other in range(one):
            common = len(firm[one] & firm[other]) / len(firm[one] | firm[other])
            if group[one] == group[other] or common > TWIN:
                home[find(one)] = find(other)
    found: dict[int, list[int]] = {}
    for place in range(len(firm)):
        found.setdefault(find(place), []).append(place)
    return list(found.values())


def training_rows(measured: Measured, lots: Sequence[int], seed: int = 0) -> tuple[Doubles, NDArray[np.bool_], Doubles, Doubles]:
    """Features, whether the grade is firm, fitting weights and sampling weights.

    Every lot weighs the same in fitting. The sampling weight of a drawn unjudged pair is the number of pairs it stands for.
    """
    draw = np.random.default_rng(seed)
    features, firm, weights, sampling = [], [], [], []
    for place in lots:
        grades = measured.grades[place]
        judged, rest = np.flatnonzero(grades >= 0), np.flatnonzero(grades < 0)
        drawn = np.sort(draw.choice(rest, min(UNJUDGED, len(rest)), replace=False))
        rows = np.concatenate([judged, drawn])
        features.append(measured.features[place][rows])
        firm.append(grades[rows] >= FIRM)
        weights.append(np.full(len(rows), 1 / len(rows)))
        sampling.append(np.concatenate([np.ones(len(judged)), np.full(len(drawn), len(rest) / max(len(drawn), 1))]))
    return np.vstack(features), np.concatenate(firm), np.concatenate(weights), np.concatenate(sampling)


def fit(measured: Measured, lots: Sequence[int], settings: Settings) -> AdditiveScorer:
    """A scorer whose order is learned with all lots equal and whose probabilities are calibrated to all pairs."""
    features, firm, weights, sampling = training_rows(measured, lots)
    scorer = AdditiveScorer((1,) * features.shape[1], settings.bends, settings.ridge, settings.smooth)
    scorer.fit(features, firm, weights)
    slope, shift = calibration(scorer.decision_function(features), firm, sampling)
    return scorer.rescaled(slope, shift)


def calibration(odds: Doubles, firm: NDArray[np.bool_], weights: Doubles) -> tuple[float, float]:
    """Slope and shift that make log-odds fit the outcomes under the weights (Platt's method)."""
    share = weights / weights.sum()

    def loss(parameters: Doubles) -> float:
        line = parameters[0] * odds + parameters[1]
        return float(share @ (np.logaddexp(0, line) - firm * line))

    found = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-12, "maxiter": 2000})
    return max(float(found.x[0]), 1e-3), float(found.x[1])


def cross_validated(measured: Measured, settings: Settings) -> list[Doubles]:
    """Log-odds of every supplier for each lot, from a scorer that saw no lot of its cluster."""
    odds: list[Doubles] = [np.zeros(0)] * len(measured.lots)
    for cluster in clusters(measured):
        scorer = fit(measured, [place for place in range(len(measured.lots)) if place not in cluster], settings)
        for place in cluster:
            odds[place] = scorer.decision_function(measured.features[place])
    return odds


def ranked(suppliers: Sequence[str], odds: Doubles) -> list[str]:
    """Best first; equal ones by key."""
    return [suppliers[place] for place in sorted(range(len(odds)), key=lambda place: (-odds[place], suppliers[place]))]


def reliability(measured: Measured, odds: Sequence[Doubles]) -> dict[str, float]:
    """Brier score and expected calibration error (ten equally full bins) over judged pairs, and over all with sampling weights.

    Unjudged pairs count as not firm: a second round of judging found almost none among them.
    """
    chance = np.concatenate([expit(each) for each in odds])
    grades = np.concatenate(measured.grades)
    firm = (grades >= FIRM).astype(float)
    found: dict[str, float] = {}
    for name, kept in (("all pairs", np.ones(len(firm), bool)), ("judged pairs", grades >= 0)):
        error = 0.0
        for part in np.array_split(np.argsort(chance[kept], kind="stable"), 10):
            error += abs(chance[kept][part].mean() - firm[kept][part].mean()) * len(part) / kept.sum()
        found[f"Brier, {name}"] = float(np.mean((chance[kept] - firm[kept]) ** 2))
        found[f"ECE, {name}"] = float(error)
    return found


def offer_reading(profiles: Floats, sells: NDArray[np.bool_]) -> OfferReading:
    """Learned from profiles of trading organisations (``sells``) and of registered charities, both kinds weighing the same."""
    model = LogisticRegression(C=3, class_weight="balanced", max_iter=500).fit(profiles, sells)
    return OfferReading(model.coef_[0].astype(np.float32), float(model.intercept_[0]))


def packed(background: Background, offer: OfferReading, scorer: AdditiveScorer) -> Mapping[str, NDArray[np.generic]]:
    """The fitted model as arrays for npz; the scorer's numbers keep nine significant digits."""
    plain = json.dumps({**scorer.to_plain(), "features": list(LEARNED)})
    short = json.dumps(json.loads(plain, parse_float=lambda number: float(f"{float(number):.9g}")))
    return {
        "offer": offer.direction,
        "offer_shift": np.array(offer.shift),
        "mean": background.mean,
        "covariance": background.covariance,
        "scorer": np.array(short),
    }
