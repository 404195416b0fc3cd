"""Past awards, ready to be looked up: by words, by letters, by buyer, by code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

from matchmaker.scoring.awards import Award, Purchase

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
NEIGHBOURS = 150
"""Past awards nearest to a purchase that are looked at, by words and by letters each."""
_CHUNK = 128


class TextSpace:
    """TF-IDF over hashed pieces, with the frequencies of the history."""

    def __init__(self, hasher: HashingVectorizer, texts: Sequence[str]) -> None:
        self._hasher = hasher
        rows = csr_matrix(hasher.transform(texts), dtype=np.float32)
        seen = np.bincount(rows.indices, minlength=rows.shape[1])
        self._weights = diags((np.log((1 + rows.shape[0]) / (1 + seen)) + 1).astype(np.float32))
        self.rows = self._weighted(rows)

    def _weighted(self, rows: csr_matrix) -> csr_matrix:
        rows.data = (1 + np.log(rows.data)).astype(np.float32)
        return csr_matrix(normalize(rows @ self._weights), dtype=np.float32)

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Rows of length one for other texts."""
        return self._weighted(csr_matrix(self._hasher.transform(texts), dtype=np.float32))


def word_space(texts: Sequence[str]) -> TextSpace:
    """Words and pairs of words."""
    return TextSpace(
        HashingVectorizer(n_features=2**19, ngram_range=(1, 2), alternate_sign=False, norm=None, dtype=np.float32), texts
    )


def letter_space(texts: Sequence[str]) -> TextSpace:
    """Three to five letters inside words."""
    return TextSpace(
        HashingVectorizer(
            n_features=2**18, analyzer="char_wb", ngram_range=(3, 5), alternate_sign=False, norm=None, dtype=np.float32
        ),
        texts,
    )


@dataclass(frozen=True)
class Nearest:
    """The nearest past awards of one purchase: their places in the history, and nearness by words and by letters."""

    places: Ints
    words: Floats
    letters: Floats


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
        texts = [award.purchase.text for award in history]
        self._words, self._letters = word_space(texts), letter_space(texts)
        self._turned = [csr_matrix(space.rows.T) for space in (self._words, self._letters)]

    def nearest(self, purchases: Sequence[Purchase], until: Sequence[int] | None = None) -> Iterator[Nearest]:
        """The nearest awards for each purchase; with ``until``, only among the first so many of the history."""
        for start in range(0, len(purchases), _CHUNK):
            texts = [purchase.text for purchase in purchases[start : start + _CHUNK]]
            words = (self._words.transform(texts) @ self._turned[0]).toarray()
            letters = (self._letters.transform(texts) @ self._turned[1]).toarray()
            for row in range(len(texts)):
                end = None if until is None else until[start + row]
                yield _nearest(words[row, :end], letters[row, :end])


def _nearest(words: Floats, letters: Floats) -> Nearest:
    kept = min(NEIGHBOURS, len(words))
    if kept == 0:
        return Nearest(np.zeros(0, np.int64), np.zeros(0, np.float32), np.zeros(0, np.float32))
    chosen = np.union1d(*(np.argpartition(-each, kept - 1)[:kept] for each in (words, letters)))
    chosen = chosen[(words[chosen] > 0) | (letters[chosen] > 0)]
    return Nearest(chosen.astype(np.int64), words[chosen], letters[chosen])
