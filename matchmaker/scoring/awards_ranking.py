"""Who will win this? Learned inside the history alone, split by time, and applied to the purchases asked about."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from matchmaker.scoring.awards import Award, Purchase
from matchmaker.scoring.awards_features import FEATURES, Counters, candidates
from matchmaker.scoring.awards_index import AwardIndex

WINDOWS = (0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)
"""Shares of the history, by time: who won between two of them is learned from all that lay before. Short windows, because the
purchases asked about follow their history closely too."""
MODELS = 2
"""Models whose log-odds are averaged; each draws its own negatives."""
MOST_LESSONS = 800
"""Awards learned from in one window."""
BATCH = 256
"""Purchases scored together."""
FEWEST = 100
"""Lessons that are enough to learn from; with fewer, text neighbours rank."""
STRONGEST, DRAWN = 40, 40
"""Candidates that did not win kept for each lesson: the strongest by votes, and some drawn that stand for all the others."""
WORDS, LETTERS, BUSY = (FEATURES.index(name) for name in ("words_share", "letters_share", "busy"))
HANDICAP = 0.2
"""How much of the log of a supplier's past awards is taken off, so that the same few do not fill every list."""
LISTED = 100
"""Suppliers listed for each purchase, where the history has so many."""


@dataclass(frozen=True)
class Ranking:
    """Suppliers for one purchase, the likeliest first, with scores that fall."""

    award_id: str
    suppliers: tuple[str, ...]
    scores: tuple[float, ...]


def _count_on(counters: Counters, index: AwardIndex, start: int, end: int) -> None:
    for place in range(start, end):
        counters.add(index.history[place], index.winners[index.starts[place] : index.starts[place + 1]].tolist())


def lessons(index: AwardIndex, start: int, end: int) -> list[int]:
    """Awards from ``start`` to ``end`` to learn from: won by somebody known before, and no repetition of an earlier purchase."""
    seen = {(award.purchase.name, award.purchase.buyer) for award in index.history[:start]}
    known = set(index.winners[: index.starts[start]].tolist())
    found = []
    for place in range(start, end):
        purchase = index.history[place].purchase
        winners = index.winners[index.starts[place] : index.starts[place + 1]].tolist()
        if (purchase.name, purchase.buyer) not in seen and known.intersection(winners):
            found.append(place)
            seen.add((purchase.name, purchase.buyer))
    draw = np.random.default_rng(0)
    return sorted(draw.choice(found, MOST_LESSONS, replace=False).tolist()) if len(found) > MOST_LESSONS else found


@dataclass
class _Lesson:
    pool: NDArray[np.int64]
    values: NDArray[np.float64]
    winner: NDArray[np.bool_]


@dataclass(frozen=True)
class Learned:
    """Models of who wins, with a handicap for the well known."""

    models: tuple[HistGradientBoostingClassifier, ...]

    def strength(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """How likely each candidate wins, in log-odds but for the handicap."""
        if not len(values):
            return np.zeros(0)
        with threadpool_limits(1, user_api="openmp"):
            raw = np.mean([model.decision_function(values) for model in self.models], axis=0)
        found: NDArray[np.float64] = raw - HANDICAP * values[:, BUSY]
        return found


def learn(index: AwardIndex, report: Callable[[str], None]) -> Learned | None:
    """What wins, learned inside the history; None when it is too short to learn from."""
    counters, found, counted = Counters(len(index.suppliers)), list[_Lesson](), 0
    for start, end in pairwise(int(len(index.history) * share) for share in WINDOWS):
        _count_on(counters, index, counted, start)
        counted = start
        found += [lesson for lesson in _lessons(index, counters, start, end) if lesson.winner.any()]
    if len(found) < FEWEST:
        return None
    report(f"learned from {len(found)} awards")
    return Learned(tuple(_fitted(found, seed) for seed in range(MODELS)))


def _lessons(index: AwardIndex, counters: Counters, start: int, end: int) -> list[_Lesson]:
    places = lessons(index, start, end)
    purchases = [index.history[place].purchase for place in places]
    found = []
    for place, near in zip(places, index.nearest(purchases, [start] * len(places)), strict=True):
        pool, values = candidates(index.history[place].purchase, near, index, counters)
        winner = np.isin(pool, index.winners[index.starts[place] : index.starts[place + 1]])
        found.append(_Lesson(pool, values, winner))
    return found


def _fitted(found: Sequence[_Lesson], seed: int) -> HistGradientBoostingClassifier:
    draw = np.random.default_rng(seed)
    rows, won, weights = [], [], []
    for lesson in found:
        kept, weight = _kept(lesson, draw)
        rows.append(lesson.values[kept])
        won.append(lesson.winner[kept])
        weights.append(weight)
    model = HistGradientBoostingClassifier(
        max_iter=150, learning_rate=0.06, max_leaf_nodes=15, min_samples_leaf=40, l2_regularization=5.0, random_state=seed,
        early_stopping=False,
    )  # fmt: skip
    with threadpool_limits(1, user_api="openmp"):
        return model.fit(np.vstack(rows), np.concatenate(won), sample_weight=np.concatenate(weights))


def _kept(lesson: _Lesson, draw: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The candidates learned from and what each counts: a drawn one as many as it stands for."""
    winners, others = np.flatnonzero(lesson.winner), np.flatnonzero(~lesson.winner)
    others = others[np.argsort(-lesson.values[others][:, [WORDS, LETTERS]].sum(axis=1), kind="stable")]
    strongest, rest = others[:STRONGEST], others[STRONGEST:]
    drawn = np.sort(draw.choice(rest, min(DRAWN, len(rest)), replace=False))
    stands_for = len(rest) / max(len(drawn), 1)
    weights = np.repeat([1.0, stands_for], [len(winners) + len(strongest), len(drawn)])
    return np.concatenate([winners, strongest, drawn]), weights


def rank_awards(history: Sequence[Award], queries: Sequence[Purchase], report: Callable[[str], None]) -> Iterator[Ranking]:
    """Suppliers of the history for each purchase, learned and ranked from the history alone."""
    index = AwardIndex(history)
    report(f"{len(history)} awards of {len(index.suppliers)} suppliers")
    learned = learn(index, report)
    counters = Counters(len(index.suppliers))
    _count_on(counters, index, 0, len(history))
    common = np.lexsort((np.arange(len(index.suppliers)), -counters.total))
    nearest = index.nearest(queries)
    for start in range(0, len(queries), BATCH):
        part = queries[start : start + BATCH]
        found = [candidates(purchase, next(nearest), index, counters) for purchase in part]
        ends = np.cumsum([len(pool) for pool, _ in found])[:-1]
        every = np.vstack([values for _, values in found])
        votes = every[:, WORDS] + every[:, LETTERS]
        strengths = np.split(votes if learned is None else learned.strength(every), ends)
        for purchase, (pool, _), strength, vote in zip(part, found, strengths, np.split(votes, ends), strict=True):
            yield _ranking(purchase, index, common, pool[np.lexsort((pool, -vote, -strength))], np.sort(strength)[::-1])


def _ranking(
    purchase: Purchase, index: AwardIndex, common: NDArray[np.int64], ordered: NDArray[np.int64], strengths: NDArray[np.float64]
) -> Ranking:
    listed, scores = ordered[:LISTED].tolist(), strengths[:LISTED].tolist()
    if len(listed) < LISTED:
        taken, lowest = set(listed), min(scores, default=0.0)
        rest = [int(each) for each in common if int(each) not in taken][: LISTED - len(listed)]
        listed += rest
        scores += [lowest - 1 - place for place in range(len(rest))]
    return Ranking(purchase.award_id, tuple(index.suppliers[each] for each in listed), tuple(scores))
