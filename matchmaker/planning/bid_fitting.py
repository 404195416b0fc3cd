"""Fits the bid model on published awards and says how well it is calibrated on awards it did not see."""

import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln

from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.messages import Message
from matchmaker.domain.values import Money
from matchmaker.planning.bids import FEATURES, BidModel, LotFeatures, Reliability

ToEuro = Callable[[Money, date | None], Money | None]
HELD_OUT = 5
"""One notice in so many is kept from fitting and used to report calibration."""
RIDGE = 1.0
"""How strongly weights other than the constant are drawn to zero."""
FEWEST = 50
"""Awards without which nothing is fitted."""


@dataclass(frozen=True, slots=True)
class Award:
    """An awarded lot: how many bids it drew (at least one), and whether it was reserved; ``held_out`` from fitting."""

    lot: LotFeatures
    bids: int
    reserved: bool
    held_out: bool


def read_awards(path: Path, to_euro: ToEuro) -> list[Award]:
    """Awards with at least one bid from a file of lots (JSON Lines, plain or gzip).

    Raises:
        NotFound: the file is not there.
    """
    if not path.is_file():
        raise NotFound(
            Message("%(path)s is not there.", {"path": str(path)}), Message("Give the folder of the material with --shared.")
        )
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return list(_awards((json.loads(line) for line in lines), to_euro))


def _awards(rows: Iterable[dict[str, Any]], to_euro: ToEuro) -> Iterator[Award]:
    for row in rows:
        bids = row.get("n_tenders")
        if bids is None or bids < 1:
            continue
        procedure = (row.get("procedure_type") or "").lower()
        direct = "without" in procedure or "neg-wo-call" in procedure
        lot = LotFeatures(
            nature=(row.get("nature") or "").lower() or None,
            open=procedure.startswith("open"),
            direct=direct,
            value=_euro(row, to_euro),
        )
        reserved = bool(set(row.get("reserved") or ()) - {"none"})
        yield Award(lot, int(bids), reserved, crc32(row["notice_id"].encode()) % HELD_OUT == 0)


def _euro(row: dict[str, Any], to_euro: ToEuro) -> float | None:
    """The estimated value, else the awarded one."""
    for amount, currency in ((row.get("value"), row.get("currency")), (row.get("award_value"), row.get("award_currency"))):
        if amount and amount > 1 and currency:
            euro = to_euro(Money(Decimal(str(amount)), currency), None)
            if euro is not None and euro.amount > 1:
                return float(euro.amount)
    return None


def fit(awards: Sequence[Award]) -> BidModel:
    """The penalised maximum-likelihood weights on the awards that are not held out.

    Raises:
        InvalidValue: there are too few awards.
    """
    used = [award for award in awards if not award.held_out]
    if len(used) < FEWEST:
        raise InvalidValue(
            Message("Only %(count)s awards state how many bids they drew.", {"count": len(used)}),
            Message("Give a file with more of them."),
        )
    features = np.array([[award.lot.numbers()[name] for name in FEATURES] for award in used])
    beyond = np.array([award.bids - 1 for award in used], dtype=float)
    penalised = np.array([0.0 if name == "one" else RIDGE for name in FEATURES])

    def loss(weights: np.ndarray) -> float:
        log_mean, log_shape = np.split(weights, 2)
        mean = np.exp(np.clip(features @ log_mean, -10, 10))
        shape = np.exp(np.clip(features @ log_shape, -5, 5))
        likelihood = (
            gammaln(beyond + shape)
            - gammaln(shape)
            - gammaln(beyond + 1)
            + shape * np.log(shape / (shape + mean))
            + beyond * np.log(mean / (shape + mean))
        )
        penalty = float(penalised @ (log_mean**2 + log_shape**2))
        return penalty / 2 - float(likelihood.sum())

    found = minimize(loss, np.zeros(2 * len(FEATURES)), method="L-BFGS-B", options={"maxiter": 500, "maxfun": 50_000})
    means, shapes = np.split(found.x, 2)
    return BidModel(
        mean_weights={name: float(weight) for name, weight in zip(FEATURES, means, strict=True)},
        shape_weights={name: float(weight) for name, weight in zip(FEATURES, shapes, strict=True)},
        awards=len(used),
        reserved_awards=sum(award.reserved for award in used),
    )


def measured(model: BidModel, awards: Sequence[Award]) -> BidModel:
    """The model with its calibration on the awards held out from fitting, of all and of reserved ones."""
    held_out = [award for award in awards if award.held_out]
    reserved = [award for award in held_out if award.reserved]
    return replace(
        model,
        calibration=tuple(calibration(model, held_out)),
        calibration_reserved=tuple(calibration(model, reserved)),
    )


def calibration(model: BidModel, awards: Sequence[Award], wanted: Sequence[int] = (2, 3, 5, 10)) -> list[Reliability]:
    """Predicted against observed on these awards; empty without any."""
    if not awards:
        return []
    return [
        Reliability(
            count,
            float(np.mean([model.at_least(count, award.lot) for award in awards])),
            float(np.mean([award.bids >= count for award in awards])),
            len(awards),
        )
        for count in wanted
    ]
