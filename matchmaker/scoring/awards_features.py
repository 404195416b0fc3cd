"""What speaks for each past winner when a new purchase comes: similar work, the same codes, the same buyer, how lately."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matchmaker.scoring.awards import Award, Purchase
from matchmaker.scoring.awards_index import AwardIndex, Floats, Ints, Nearest
from matchmaker.scoring.awards_names import named

FEATURES = (
    "words_vote",
    "words_best",
    "words_share",
    "letters_vote",
    "letters_best",
    "letters_share",
    "similar_awards",
    "similar_lately",
    "similar_same_buyer",
    "buyer_awards",
    "buyer_share",
    "buyer_lately",
    "code_2",
    "code_3",
    "code_5",
    "code_8",
    "code_focus",
    "place_awards",
    "lately",
    "busy",
    "estimate_distance",
    "words_order",
    "letters_order",
    "words_relative",
    "letters_relative",
    "focus",
    "name_share",
    "name_rarity",
    "name_letters",
    "nearest_of_all",
    "buyer_size",
    "length",
)
"""Features of a candidate, in order. Votes are sums of cubed nearness; shares are of all votes; *lately* halves every year.
*Order* is one over the place by votes, *relative* the share of the best candidate's nearness, *focus* a supplier's votes over its
awards. The last three are the purchase's own: they tell how much the others are worth."""
YEAR = 365.25
DIGITS = (2, 3, 5, 8)
FROM_CODES = 40
"""Suppliers taken as candidates for their awards under the purchase's code, beside those of similar awards and of the buyer."""


class Counters:
    """What can be counted about suppliers from the awards seen so far; grows as awards are added in order of time."""

    def __init__(self, suppliers: int) -> None:
        self.total = np.zeros(suppliers, np.float64)
        self.last = np.zeros(suppliers, np.int64)
        self.logs = np.zeros(suppliers, np.float64)
        self.priced = np.zeros(suppliers, np.float64)
        self.buyer: dict[str, dict[int, int]] = defaultdict(dict)
        self.buyer_last: dict[str, dict[int, int]] = defaultdict(dict)
        self.codes: list[dict[str, dict[int, int]]] = [defaultdict(dict) for _ in DIGITS]
        self.place: dict[str, dict[int, int]] = defaultdict(dict)

    def add(self, award: Award, winners: Sequence[int]) -> None:
        """Counts one award."""
        purchase = award.purchase
        for winner in winners:
            self.total[winner] += 1
            self.last[winner] = max(self.last[winner], purchase.day)
            if purchase.estimate > 0:
                self.logs[winner] += np.log(purchase.estimate)
                self.priced[winner] += 1
            _count(self.buyer[purchase.buyer], winner)
            self.buyer_last[purchase.buyer][winner] = purchase.day
            for digits, table in zip(DIGITS, self.codes, strict=True):
                for stem in {code[:digits] for code in purchase.cpvs}:
                    _count(table[stem], winner)
            for place in purchase.place:
                _count(self.place[place], winner)


def _most_first(pair: tuple[int, int]) -> tuple[int, int]:
    return -pair[1], pair[0]


def _count(table: dict[int, int], winner: int) -> None:
    table[winner] = table.get(winner, 0) + 1


def candidates(purchase: Purchase, near: Nearest, index: AwardIndex, counters: Counters) -> tuple[Ints, NDArray[np.float64]]:
    """Candidate suppliers (numbers, ascending) and their features ``(candidates, len(FEATURES))``."""
    flat = [np.arange(index.starts[place], index.starts[place + 1]) for place in near.places]
    entries = np.concatenate(flat) if flat else np.zeros(0, np.int64)
    similar = index.winners[entries]
    coded = [
        table.get(code[:digits], {}) for digits, table in zip(DIGITS, counters.codes, strict=True) for code in purchase.cpvs[:1]
    ]
    by_code = [
        winner for table in reversed(coded[1:]) for winner, _ in sorted(table.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    pool = np.unique(
        np.concatenate(
            [
                similar,
                list(counters.buyer.get(purchase.buyer, ())),
                by_code[:FROM_CODES],
                named(near.names, counters.total > 0),
            ]
        ).astype(np.int64)
    )
    values = np.zeros((len(pool), len(FEATURES)))
    if len(pool):
        _similar(values, purchase, near, index, pool, similar, np.repeat(np.arange(len(flat)), [len(each) for each in flat]))
        _history(values, purchase, counters, pool, coded)
        values[:, 26:29] = near.names[:, pool].T
        values[:, 29] = near.words.max(initial=0)
        values[:, 30] = np.log1p(sum(counters.buyer.get(purchase.buyer, {}).values()))
        values[:, 31] = len(purchase.text.split())
    return pool, values


def _similar(
    values: NDArray[np.float64], purchase: Purchase, near: Nearest, index: AwardIndex, pool: Ints, similar: Ints, which: Ints
) -> None:
    row = np.searchsorted(pool, similar)
    age = np.maximum(purchase.day - index.days[near.places], 0)[which] / YEAR
    same = np.array([index.history[place].purchase.buyer == purchase.buyer for place in near.places], bool)
    nearness: tuple[Floats, Floats] = (near.words[which], near.letters[which])
    for column, each in ((0, nearness[0]), (3, nearness[1])):
        vote = np.bincount(row, each.astype(np.float64) ** 3, len(pool))
        values[:, column] = vote
        np.maximum.at(values[:, column + 1], row, each)
        values[:, column + 2] = vote / max(vote.sum(), 1e-9)
        order = np.empty(len(pool))
        order[np.argsort(-vote, kind="stable")] = 1 / (1 + np.arange(len(pool)))
        values[:, 21 + (column > 0)] = np.where(vote > 0, order, 0)
        values[:, 23 + (column > 0)] = values[:, column + 1] / max(values[:, column + 1].max(), 1e-9)
    both = (nearness[0] + nearness[1]) / 2
    values[:, 6] = np.log1p(np.bincount(row[both > 0.2], minlength=len(pool)))
    np.maximum.at(values[:, 7], row, both * 0.5**age)
    if len(which):
        np.maximum.at(values[:, 8], row, np.where(same[which], both, 0))


def _history(
    values: NDArray[np.float64], purchase: Purchase, counters: Counters, pool: Ints, coded: Sequence[dict[int, int]]
) -> None:
    buyer, lately = counters.buyer.get(purchase.buyer, {}), counters.buyer_last.get(purchase.buyer, {})
    mine = np.array([buyer.get(int(each), 0) for each in pool], float)
    values[:, 9] = np.log1p(mine)
    values[:, 10] = mine / max(sum(buyer.values()), 1)
    since = np.array([(purchase.day - lately[int(each)]) / YEAR if int(each) in lately else np.inf for each in pool])
    values[:, 11] = 0.5 ** np.maximum(since, 0)
    for column, table in zip((12, 13, 14, 15), coded, strict=False):
        values[:, column] = np.log1p([table.get(int(each), 0) for each in pool])
    total = counters.total[pool]
    values[:, 16] = (np.expm1(values[:, 13]) + 0.2) / (total + 1)
    places = [counters.place.get(place, {}) for place in purchase.place]
    values[:, 17] = [max((np.log1p(table.get(int(each), 0)) for table in places), default=0.0) for each in pool]
    values[:, 18] = 0.5 ** (np.maximum(purchase.day - counters.last[pool], 0) / YEAR)
    values[:, 19] = np.log1p(total)
    usual = counters.logs[pool] / np.maximum(counters.priced[pool], 1)
    known = (counters.priced[pool] > 0) & (purchase.estimate > 0)
    values[:, 25] = (values[:, 0] + values[:, 3]) / (total + 2)
    values[:, 20] = np.where(known, np.abs(np.log(max(purchase.estimate, 1)) - usual), np.nan)
