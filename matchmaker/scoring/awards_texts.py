"""Texts of purchases as rows of weighted pieces, so that nearness is a product of two rows."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize


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
