"""What a past winner's name says: *Tipografia Rossi* prints, and some buyers write the firm they mean into the title."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from sklearn.feature_extraction.text import HashingVectorizer

from matchmaker.scoring.awards_texts import TextSpace, letter_space
from matchmaker.scoring.student import Floats, fold

BUCKETS = 2**18
FAITHFUL = 8.0
"""Rarity (natural logarithm) of shared words from which more of it makes a name no likelier to be meant."""
NAMED = 20
"""Suppliers taken as candidates for their names."""
LEAST = 1.0
"""Share of a name found times the rarity found, from which a name makes its bearer a candidate."""


class SupplierNames:
    """Names of suppliers, in the order given, to be found in the texts of purchases.

    A word weighs the less the more names or past purchases hold it: legal forms and *servizi* next to nothing.
    """

    def __init__(self, names: Sequence[str], texts: Sequence[str]) -> None:
        folded = [fold(name) for name in names]
        self._hasher = HashingVectorizer(n_features=BUCKETS, alternate_sign=False, norm=None, binary=True, dtype=np.float32)
        words, told = (csr_matrix(self._hasher.transform(part)) for part in (folded, texts))
        rarity = np.minimum(_rarity(words), _rarity(told))
        self._words = csr_matrix((words @ diags(rarity)).T, dtype=np.float32)
        self._whole = np.maximum(np.asarray(self._words.sum(axis=0)).ravel(), 1e-9)
        self._letters: TextSpace = letter_space(folded)
        self._turned = csr_matrix(self._letters.rows.T)

    def found_in(self, texts: Sequence[str]) -> Floats:
        """``(texts, 3, suppliers)``: the share of the name's rarity found, the rarity found, and nearness by letters."""
        rarity = (csr_matrix(self._hasher.transform(texts)) @ self._words).toarray()
        letters = (self._letters.transform(texts) @ self._turned).toarray()
        return np.stack([rarity / self._whole, rarity, letters], axis=1).astype(np.float32)


def named(found: Floats, known: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The suppliers whose names are found best, of those ``known`` by the time; ``found`` is one text's ``(3, suppliers)``."""
    strength = np.where(known, found[0] * np.minimum(found[1], FAITHFUL), 0)
    best = np.argsort(-strength, kind="stable")[:NAMED]
    return best[strength[best] > LEAST]


def _rarity(rows: csr_matrix) -> Floats:
    seen = np.bincount(rows.indices, minlength=BUCKETS)
    found: Floats = np.maximum(np.log((rows.shape[0] + 1) / (1 + seen)), 0).astype(np.float32)
    return found
