"""What taking turns does on the judged lots: who is shown how much among those able to deliver, and what it costs in quality."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from matchmaker.domain.exposure import NOTHING_SHOWN, Exposure
from matchmaker.planning.exposure import SEEN, WIDTH, Scored, take_turns, worth
from matchmaker.scoring import scorer_training
from matchmaker.scoring.additive import Doubles
from matchmaker.scoring.benchmark import FIRM, Judgements, is_small, measures, read_judgements, rows
from matchmaker.scoring.evaluation import Row
from matchmaker.scoring.scorer_training import Measured, Settings

ROUNDS = 10
"""Times the judged lots are gone through, each time as lots of their own."""
LISTED = 200
ONE_NEWCOMER_IN = 5


@dataclass(frozen=True)
class Market:
    """The judged lots with their scores, and which suppliers are small, not small and new.

    ``small`` is unknown (absent) where neither headcount nor turnover is; unknown counts on neither side. ``new`` suppliers are
    drawn by a hash and join after half of all lots, without any exposure.
    """

    lots: tuple[str, ...]
    suppliers: tuple[str, ...]
    odds: Sequence[Doubles]
    judgements: Judgements
    small: Mapping[str, bool]
    new: frozenset[str]


@dataclass(frozen=True)
class List:
    """One lot's list as it was shown: who was able to deliver, whether newcomers had joined, and the nDCG@10."""

    order: tuple[str, ...]
    able: frozenset[str]
    joined: bool
    ndcg: float


def exposure_rows(shared: Path, judged: tuple[Measured, Sequence[Doubles]], settings: Settings) -> list[Row]:
    """Before and after, and the standard error behind the width.

    ``judged`` is what :func:`matchmaker.scoring.evaluation.honest_odds` gave: scores of models that saw no lot of the cluster.
    """
    measured, honest = judged
    market = market_of(shared, measured, honest)
    found = [
        Row("exposure", name, ROUNDS * len(market.lots), figures_of(market, list(lists(market, width))))
        for name, width in (("by score alone", -1.0), ("taking turns", WIDTH))
    ]
    error = standard_error(measured, settings)
    return [*found, Row("exposure", "standard error", len(market.lots) * SEEN, {"log-odds": error, "width in use": WIDTH})]


def market_of(shared: Path, measured: Measured, odds: Sequence[Doubles]) -> Market:
    """The judged lots of ``shared`` with the scores given; one supplier in five is new."""
    suppliers = list(rows(shared / "benchmark" / "suppliers.jsonl"))
    return Market(
        tuple(lot.qid for lot in measured.lots),
        measured.suppliers,
        odds,
        read_judgements(shared / "benchmark" / "qrels.dev.tsv"),
        {str(row["id"]): size for row in suppliers if (size := is_small(row)) is not None},
        frozenset(key for key in measured.suppliers if _drawn("new", key) % ONE_NEWCOMER_IN == 0),
    )


def _drawn(*parts: str) -> int:
    return int.from_bytes(sha256("\x00".join(parts).encode()).digest()[:8])


def lists(market: Market, width: float, rounds: int = ROUNDS) -> Iterator[List]:
    """Every list in the order the lots come, each knowing the exposure of those before; a negative width takes no turns."""
    state: dict[str, Exposure] = {}
    coming = sorted(range(len(market.lots)), key=lambda place: _drawn("order", market.lots[place]))
    turns_of = [(number, place) for number in range(rounds) for place in coming]
    for count, (number, place) in enumerate(turns_of):
        joined = 2 * count >= len(turns_of)
        scored = _listed(market, place, joined)
        turns = take_turns(f"{market.lots[place]}#{number}", scored, state, width)
        for key, each in turns.given.items():
            state[key] = state.get(key, NOTHING_SHOWN).plus(each)
        judged = market.judgements[market.lots[place]]
        able = frozenset(key for key, grade in judged.items() if grade >= FIRM and (joined or key not in market.new))
        yield List(turns.order, able, joined, measures(judged, turns.order)["ndcg@10"])


def _listed(market: Market, place: int, joined: bool) -> Scored:
    scored = zip(market.suppliers, market.odds[place].tolist(), strict=True)
    there = (pair for pair in scored if joined or pair[0] not in market.new)
    return sorted(there, key=lambda pair: (-pair[1], pair[0]))[:LISTED]


def figures_of(market: Market, shown: Sequence[List]) -> dict[str, float]:
    """The figures over all lists.

    A ratio is the group's share of the exposure over its share of the able, both counted lot by lot; 1 is fair. Gini and the
    share never shown are over suppliers able to deliver at least one lot.
    """
    total: dict[str, float] = defaultdict(float)
    for each in shown:
        for place, key in enumerate(each.order[:SEEN], 1):
            if key in each.able:
                total[key] += worth(place)
    received = np.array([total[key] for key in sorted({key for each in shown for key in each.able})])
    known = frozenset(market.small)
    return {
        "nDCG@10": float(np.mean([each.ndcg for each in shown])),
        "small, ratio": _ratio(shown, frozenset(key for key in known if market.small[key]), known),
        "small, able pairs": float(sum(len(each.able & known) for each in shown)),
        "new, ratio": _ratio([each for each in shown if each.joined], market.new, frozenset(market.suppliers)),
        "new, able pairs": float(sum(len(each.able & market.new) for each in shown)),
        "Gini": gini(received),
        "never shown": float(np.mean(received == 0)),
    }


def _ratio(shown: Sequence[List], group: frozenset[str], among: frozenset[str]) -> float:
    given = [(key, worth(place)) for each in shown for place, key in enumerate(each.order[:SEEN], 1) if key in each.able & among]
    able = [key for each in shown for key in each.able & among]
    share_of_exposure = sum(amount for key, amount in given if key in group) / sum(amount for _, amount in given)
    return share_of_exposure / (sum(key in group for key in able) / len(able))


def gini(amounts: Doubles) -> float:
    """0: all the same; near 1: one has everything."""
    ordered = np.sort(amounts)
    count = len(ordered)
    return float((2 * np.arange(1, count + 1) - count - 1) @ ordered / (count * ordered.sum()))


def standard_error(measured: Measured, settings: Settings) -> float:
    """Of a score against the mean of its list, in log-odds: the median over each lot's twenty best, by the jackknife.

    Each cluster of lots is left out once. The scores of a lot's list moving up or down together change no order and are not
    counted.
    """
    clusters = scorer_training.clusters(measured)
    every = range(len(measured.lots))
    whole = scorer_training.fit(measured, every, settings)
    best = [np.argsort(-whole.decision_function(features), kind="stable")[:SEEN] for features in measured.features]
    models = [scorer_training.fit(measured, [lot for lot in every if lot not in cluster], settings) for cluster in clusters]
    errors = []
    for features, places in zip(measured.features, best, strict=True):
        odds = np.array([model.decision_function(features[places]) for model in models])
        odds -= odds.mean(axis=1, keepdims=True)
        errors.append(np.sqrt((len(models) - 1) * odds.var(axis=0)))
    return float(np.median(np.concatenate(errors)))
