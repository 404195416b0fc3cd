"""Who will win this? Learned inside the history alone, split by time, and applied to the purchases asked about."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from matchmaker.scoring.awards import Award, Purchase
from matchmaker.scoring.awards_features import FEATURES, Counters, candidates
from matchmaker.scoring.awards_index import AwardIndex

SPLITS = ((0.5, 0.75, 1.0), (0.7, 1.0))
"""Shares of the history, by time: who won between two of them is learned from what lay before the first of both. Each row makes a
model of its own and their log-odds are averaged, since one split of one history teaches a good deal of chance."""
MOST_LESSONS = 2000
"""Awards learned from between two splits."""
BATCH = 256
"""Purchases scored together."""
FEWEST = 50
"""Lessons that are enough to learn from; with fewer, text neighbours rank."""
NEGATIVES = 40
"""Candidates that did not win kept for each lesson: the strongest half by words, the rest drawn."""
VOTE, BUSY = FEATURES.index("words_share"), FEATURES.index("busy")
HANDICAPS = (0.0, 0.03, 0.06, 0.09, 0.12, 0.16, 0.2, 0.25, 0.3)
LISTED = 100
"""Suppliers listed for each purchase, where the history has so many."""


@dataclass(frozen=True)
class Ranking:
    """Suppliers for one purchase, the likeliest first, with scores that fall."""

    award_id: str
    suppliers: tuple[str, ...]
    scores: tuple[float, ...]


def counters_of(index: AwardIndex, until: int) -> Counters:
    """Counts over the first ``until`` awards of the history."""
    counters = Counters(len(index.suppliers))
    for place in range(until):
        counters.add(index.history[place], index.winners[index.starts[place] : index.starts[place + 1]].tolist())
    return counters


def lessons(index: AwardIndex, start: int, end: int) -> list[int]:
    """Awards from ``start`` to ``end`` to learn from: won by somebody known before, and no repetition of an earlier purchase."""
    seen = {(award.purchase.text, award.purchase.buyer) for award in index.history[:start]}
    known = set(index.winners[: index.starts[start]].tolist())
    found = []
    for place in range(start, end):
        purchase = index.history[place].purchase
        winners = index.winners[index.starts[place] : index.starts[place + 1]].tolist()
        if (purchase.text, purchase.buyer) not in seen and known.intersection(winners):
            found.append(place)
            seen.add((purchase.text, purchase.buyer))
    draw = np.random.default_rng(0)
    return sorted(draw.choice(found, MOST_LESSONS, replace=False).tolist()) if len(found) > MOST_LESSONS else found


@dataclass
class _Lesson:
    pool: NDArray[np.int64]
    values: NDArray[np.float64]
    winner: NDArray[np.bool_]


@dataclass(frozen=True)
class Learned:
    """Models of who wins, and the handicap of the well known: how much of the log of a supplier's past awards is taken off."""

    models: tuple[HistGradientBoostingClassifier, ...]
    handicap: float = 0.0

    def strength(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """How likely each candidate wins, so handicapped that the same few do not fill every list."""
        if not len(values):
            return np.zeros(0)
        raw = np.mean([model.decision_function(values) for model in self.models], axis=0)
        found: NDArray[np.float64] = raw - self.handicap * values[:, BUSY]
        return found


def learn(index: AwardIndex, report: Callable[[str], None]) -> Learned | None:
    """What wins, learned inside the history; None when it is too short to learn from."""
    models, last = [], list[_Lesson]()
    for splits in SPLITS:
        found: list[_Lesson] = []
        for start, end in pairwise(int(len(index.history) * share) for share in splits):
            last = _lessons(index, start, end)
            report(f"{len(last)} awards to learn from after the first {start}")
            found += last
        kept = [lesson for lesson in found if lesson.winner.any()]
        if len(kept) < FEWEST:
            return None
        models.append(_fitted(kept))
    return _handicapped(Learned(tuple(models)), last)


def _lessons(index: AwardIndex, start: int, end: int) -> list[_Lesson]:
    places = lessons(index, start, end)
    counters = counters_of(index, start)
    purchases = [index.history[place].purchase for place in places]
    found = []
    for place, near in zip(places, index.nearest(purchases, [start] * len(places)), strict=True):
        pool, values = candidates(index.history[place].purchase, near, index, counters)
        winner = np.isin(pool, index.winners[index.starts[place] : index.starts[place + 1]])
        found.append(_Lesson(pool, values, winner))
    return found


def _fitted(found: Sequence[_Lesson]) -> HistGradientBoostingClassifier:
    draw = np.random.default_rng(1)
    rows, won, weights = [], [], []
    for lesson in found:
        kept = _kept(lesson.values, lesson.winner, draw)
        rows.append(lesson.values[kept])
        won.append(lesson.winner[kept])
        missed = (~lesson.winner).sum() / max((~lesson.winner[kept]).sum(), 1)
        weights.append(np.where(lesson.winner[kept], 1.0, missed))
    model = HistGradientBoostingClassifier(
        max_iter=150, learning_rate=0.06, max_leaf_nodes=15, min_samples_leaf=40, l2_regularization=5.0, random_state=0,
        early_stopping=False,
    )  # fmt: skip
    return model.fit(np.vstack(rows), np.concatenate(won), sample_weight=np.concatenate(weights))


def _handicapped(learned: Learned, found: Sequence[_Lesson]) -> Learned:
    """With the least handicap at which the top tens of the lessons show as many suppliers as plain text neighbours do."""
    strengths = [learned.strength(lesson.values) for lesson in found]
    wanted = _shown(found, [lesson.values[:, VOTE] for lesson in found])
    for handicap in HANDICAPS:
        scores = [raw - handicap * lesson.values[:, BUSY] for raw, lesson in zip(strengths, found, strict=True)]
        if _shown(found, scores) >= wanted:
            break
    return Learned(learned.models, handicap)


def _shown(found: Sequence[_Lesson], scores: Sequence[NDArray[np.float64]]) -> int:
    tops = [lesson.pool[np.lexsort((lesson.pool, -score))[:10]] for lesson, score in zip(found, scores, strict=True)]
    return len(np.unique(np.concatenate(tops)))


def _kept(values: NDArray[np.float64], winner: NDArray[np.bool_], draw: np.random.Generator) -> NDArray[np.int64]:
    others = np.flatnonzero(~winner)
    if len(others) > NEGATIVES:
        strongest = others[np.argsort(-values[others, 0], kind="stable")]
        half = NEGATIVES // 2
        others = np.concatenate([strongest[:half], draw.choice(strongest[half:], NEGATIVES - half, replace=False)])
    return np.sort(np.concatenate([np.flatnonzero(winner), others]))


def rank_awards(history: Sequence[Award], queries: Sequence[Purchase], report: Callable[[str], None]) -> Iterator[Ranking]:
    """Suppliers of the history for each purchase, learned and ranked from the history alone."""
    index = AwardIndex(history)
    report(f"{len(history)} awards of {len(index.suppliers)} suppliers")
    learned = learn(index, report)
    if learned:
        report(f"learned; handicap of well-known suppliers {learned.handicap}")
    counters = counters_of(index, len(history))
    common = np.lexsort((np.arange(len(index.suppliers)), -counters.total))
    nearest = index.nearest(queries)
    for start in range(0, len(queries), BATCH):
        part = queries[start : start + BATCH]
        found = [candidates(purchase, next(nearest), index, counters) for purchase in part]
        ends = np.cumsum([len(pool) for pool, _ in found])[:-1]
        every = np.vstack([values for _, values in found])
        votes = every[:, VOTE] + every[:, FEATURES.index("letters_share")]
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
