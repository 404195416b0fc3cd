"""How many bids to expect, with far more spread than chance alone: some lots draw nobody and some draw everybody.

Two models share one spread. Bids beyond the first on awarded lots follow a negative binomial whose mean and shape depend on the
lot; its parameters were fitted on published awards (``bid_model.json``; ``matchmaker train bids`` makes it again and reports
calibration). Bids among a *known number* of able bidders follow a beta-binomial with the same shape, of which the negative
binomial is the limit for many bidders; how large a part of the able bid at all is an assumption that a buyer may move.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scipy.stats import betabinom, nbinom

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message, Parameter

MODEL_FILE = Path(__file__).with_name("bid_model.json")
MIDDLE_VALUE = 250_000.0
"""Euro; the value whose logarithm counts as zero."""
FEW_RESERVED = 30
"""With fewer reserved lots among the awards, nothing is claimed of them separately and the interval is widened."""


@dataclass(frozen=True, slots=True)
class LotFeatures:
    """What is known of a lot: ``nature`` (BT-23), whether anyone may bid (``open``) or the buyer chose whom to ask without a
    call (``direct``), and its value in euro.
    """

    nature: str | None = None
    open: bool = False
    direct: bool = False
    value: float | None = None

    def numbers(self) -> dict[str, float]:
        """The features by name; a value that is not known is a feature of its own."""
        known = self.value is not None and self.value > 1
        return {
            "one": 1.0,
            "works": float(self.nature == "works"),
            "supplies": float(self.nature == "supplies"),
            "open": float(self.open),
            "direct": float(self.direct),
            "value": math.log10(self.value / MIDDLE_VALUE) if known and self.value else 0.0,
            "no_value": float(not known),
        }


FEATURES = tuple(LotFeatures().numbers())


@dataclass(frozen=True, slots=True)
class Reliability:
    """At least ``wanted`` bids: the mean chance that was predicted and the part of ``count`` awards that drew them."""

    wanted: int
    predicted: float
    observed: float
    count: int


@dataclass(frozen=True, slots=True)
class BidModel:
    """Weights of the logarithms of the mean (bids beyond the first) and of the shape; how many awards and reserved ones.

    ``calibration`` is measured on awards not fitted on, ``calibration_reserved`` on the reserved ones of them.
    """

    mean_weights: Mapping[str, float]
    shape_weights: Mapping[str, float]
    awards: int
    reserved_awards: int
    calibration: tuple[Reliability, ...] = ()
    calibration_reserved: tuple[Reliability, ...] = ()

    def mean(self, lot: LotFeatures) -> float:
        """Expected bids beyond the first, on a lot that is awarded."""
        return math.exp(_sum(self.mean_weights, lot))

    def shape(self, lot: LotFeatures) -> float:
        """The smaller, the more lots differ: the variance is mean + mean² / shape."""
        return math.exp(_sum(self.shape_weights, lot))

    def at_least(self, wanted: int, lot: LotFeatures) -> float:
        """The chance of at least ``wanted`` bids on such a lot, given that it is awarded (so that one is certain)."""
        if wanted <= 1:
            return 1.0
        shape = self.shape(lot)
        return float(nbinom.sf(wanted - 2, shape, shape / (shape + self.mean(lot))))


@dataclass(frozen=True, slots=True)
class Participation:
    """Which part of those who are able bids: low, likely and high. Assumed, not measured; awards do not tell who stayed away.

    Raises:
        InvalidValue: not in order, or not between 0 and 1.
    """

    low: float = 0.1
    likely: float = 0.3
    high: float = 0.5

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.likely <= self.high < 1:
            raise InvalidValue(
                Message("The parts of able suppliers that bid are not in order between 0 and 1."),
                Message("Give three parts from low to high, for example 0.1, 0.3 and 0.5."),
            )


@dataclass(frozen=True, slots=True)
class Chance:
    """The chance of at least ``wanted`` bids, from ``low`` to ``high``, and the bids to expect (``expected``)."""

    wanted: int
    bidders: int
    likely: float
    low: float
    high: float
    expected: float
    possible: int = 0
    """Bidders if all of whom something is not known proved able and eligible; at least ``bidders``."""

    @property
    def sentence(self) -> Message:
        """The chance in words, in whole percent."""
        numbers: dict[str, Parameter] = {
            "bidders": self.bidders,
            "expected_number": round(self.expected, 1),
            "wanted": self.wanted,
            "likely": round(self.likely * 100),
            "low": round(self.low * 100),
            "high": round(self.high * 100),
            "possible": self.possible,
        }
        if not self.bidders and not self.possible:
            return Message("Nobody is known that could carry such a lot.")
        if self.possible < self.wanted:
            return Message("Bids that could come: %(possible)s at most, fewer than the %(wanted)s wanted.", numbers)
        if not self.bidders:
            return Message(
                "Nobody is known to be able to bid. If all of whom something is not known proved able (%(possible)s bids could"
                " come), at least %(wanted)s bids would come with a chance of up to %(high)s %%.",
                numbers,
            )
        if self.possible > self.bidders:
            return Message(
                "Able bidders: %(bidders)s. About %(expected_number)s bids are to be expected; at least %(wanted)s bids with a"
                " chance of %(likely)s %% (between %(low)s %% and %(high)s %%, the upper end if all of whom something is not"
                " known proved able).",
                numbers,
            )
        return Message(
            "Able bidders: %(bidders)s. About %(expected_number)s bids are to be expected; at least %(wanted)s bids with a"
            " chance of %(likely)s %% (between %(low)s %% and %(high)s %%).",
            numbers,
        )


def chance_of_bids(
    bidders: int,
    lot: LotFeatures,
    model: BidModel,
    wanted: int = 3,
    participation: Participation | None = None,
    possible: int | None = None,
) -> Chance:
    """The chance of at least ``wanted`` bids from ``bidders`` able ones; it never falls when there are more of them.

    ``possible`` counts those too of whom nobody knows whether they are able or may bid: they raise the upper end alone.

    Raises:
        InvalidValue: a count below zero.
    """
    most = bidders if possible is None else max(bidders, possible)
    if bidders < 0 or wanted < 0:
        raise InvalidValue(Message("A number of bidders or bids is below zero."), Message("Give zero or more."))
    assumed = participation or Participation()
    shape = model.shape(lot)
    if model.reserved_awards < FEW_RESERVED:
        shape_low, shape_high = shape / 2, shape * 2
    else:
        shape_low = shape_high = shape
    likely = _at_least(wanted, bidders, shape, assumed.likely)
    shapes = (shape_low, shape_high)
    low = min(_at_least(wanted, bidders, each, part) for each in shapes for part in (assumed.low, assumed.high))
    high = max(_at_least(wanted, most, each, part) for each in shapes for part in (assumed.low, assumed.high))
    return Chance(wanted, bidders, likely, min(likely, low), max(likely, high), bidders * assumed.likely, most)


def _at_least(wanted: int, bidders: int, shape: float, part: float) -> float:
    if wanted <= 0:
        return 1.0
    if wanted > bidders:
        return 0.0
    return min(1.0, max(0.0, float(betabinom.sf(wanted - 1, bidders, shape, shape * (1 - part) / part))))


def _sum(weights: Mapping[str, float], lot: LotFeatures) -> float:
    return sum(weights[name] * number for name, number in lot.numbers().items())


def save_bid_model(model: BidModel, path: Path) -> None:
    """Writes the model as JSON."""
    content = {
        "mean": {name: round(model.mean_weights[name], 4) for name in FEATURES},
        "shape": {name: round(model.shape_weights[name], 4) for name in FEATURES},
        "awards": model.awards,
        "reserved_awards": model.reserved_awards,
        "calibration": [_row(each) for each in model.calibration],
        "calibration_reserved": [_row(each) for each in model.calibration_reserved],
    }
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def load_bid_model(path: Path) -> BidModel:
    """Reads what ``save_bid_model`` wrote."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return BidModel(
        content["mean"],
        content["shape"],
        content["awards"],
        content["reserved_awards"],
        tuple(Reliability(**row) for row in content.get("calibration", ())),
        tuple(Reliability(**row) for row in content.get("calibration_reserved", ())),
    )


def _row(each: Reliability) -> dict[str, float]:
    return {
        "wanted": each.wanted,
        "predicted": round(each.predicted, 3),
        "observed": round(each.observed, 3),
        "count": each.count,
    }


@lru_cache(maxsize=1)
def default_bid_model() -> BidModel:
    """The model that comes with the package."""
    return load_bid_model(MODEL_FILE)
