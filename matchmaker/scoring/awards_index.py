"""Past awards, ready to be looked up: by words, by letters, by buyer, by code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from matchmaker.scoring.awards import Award, Purchase
from matchmaker.scoring.awards_names import SupplierNames
from matchmaker.scoring.awards_texts import letter_space, word_space

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
NEIGHBOURS = 150
"""Past awards nearest to a purchase that are looked at, by words and by letters each."""
_CHUNK = 128


@dataclass(frozen=True)
class Nearest:
    """The nearest past awards of one purchase: their places in the history, and nearness by words and by letters.

    ``names`` is how far each supplier's name is found in the purchase's text, ``(3, suppliers)``.
    """

    places: Ints
    words: Floats
    letters: Floats
    names: Floats


class AwardIndex:
    """History in the order given (oldest first) with its suppliers as numbers."""

    def __init__(self, history: Sequence[Award]) -> None:
        self.history = history
        self.suppliers = sorted({key for award in history for key in award.suppliers})
        number = {key: place for place, key in enumerate(self.suppliers)}
        self.starts: Ints = np.concatenate([[0], np.cumsum([len(award.suppliers) for award in history])]).astype(np.int64)
        self.winners: Ints = np.array([number[key] for award in history for key in award.suppliers], np.int64)
        self.award_of: Ints = np.repeat(np.arange(len(history)), np.diff(self.starts))
        self.days: Ints = np.array([award.purchase.day for award in history], np.int64)
        called = {key: name for award in history for key, name in zip(award.suppliers, award.names, strict=False)}
        texts = [award.purchase.text for award in history]
        self._names = SupplierNames([called.get(key, "") for key in self.suppliers], texts)
        self._words, self._letters = word_space(texts), letter_space(texts)
        self._turned = [csr_matrix(space.rows.T) for space in (self._words, self._letters)]

    def nearest(self, purchases: Sequence[Purchase], until: Sequence[int] | None = None) -> Iterator[Nearest]:
        """The nearest awards for each purchase; with ``until``, only among the first so many of the history."""
        for start in range(0, len(purchases), _CHUNK):
            texts = [purchase.text for purchase in purchases[start : start + _CHUNK]]
            words = (self._words.transform(texts) @ self._turned[0]).toarray()
            letters = (self._letters.transform(texts) @ self._turned[1]).toarray()
            names = self._names.found_in(texts)
            for row in range(len(texts)):
                end = None if until is None else until[start + row]
                yield _nearest(words[row, :end], letters[row, :end], names[row])


def _nearest(words: Floats, letters: Floats, names: Floats) -> Nearest:
    kept = min(NEIGHBOURS, len(words))
    if kept == 0:
        return Nearest(np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.float32), names)
    chosen = np.union1d(*(np.argpartition(-each, kept - 1)[:kept] for each in (words, letters)))
    chosen = chosen[(words[chosen] > 0) | (letters[chosen] > 0)]
    return Nearest(chosen.astype(np.int64), words[chosen], letters[chosen], names)
