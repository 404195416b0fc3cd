"""A linear sentence encoder for all languages: hashed character and word n-grams onto a teacher's vectors.

The teacher knows sixteen languages. The student learns, from texts that mean the same in 24 languages, to land where the
teacher puts the English one. It is a sparse matrix times a table, so it is fast, small and the same on every machine.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

Floats = NDArray[np.float32]

BUCKETS = 2**17
_ACCENTS = re.compile("[\u0300-\u036f]+")
_NOT_LETTERS = re.compile(r"[\W\d_]+")


def fold(text: str) -> str:
    """Lower case, accents dropped, letters only: ``Übersetzung 2024`` and ``ubersetzung`` are one."""
    lower = text.lower()
    if not lower.isascii():  # decomposed first: ornamental capitals become letters that have a lower case only then
        lower = _ACCENTS.sub("", unicodedata.normalize("NFKD", text).lower().replace("ß", "ss"))
    return _NOT_LETTERS.sub(" ", lower).strip()


def pieces(text: str) -> Iterator[str]:
    """Character 3- to 5-grams within words, whole words, and pairs of neighbouring words."""
    words = fold(text).split()
    for word in words:
        padded = f" {word} "
        yield f"={word}"
        for length in (3, 4, 5):
            for start in range(len(padded) - length + 1):
                yield padded[start : start + length]
    for first, second in pairwise(words):
        yield f"{first}+{second}"


def _hasher() -> HashingVectorizer:
    return HashingVectorizer(n_features=BUCKETS, analyzer=pieces, alternate_sign=False, norm=None, dtype=np.float32)


def counts(texts: Sequence[str]) -> csr_matrix:
    """Sublinear counts of each text's pieces, one row a text, ``BUCKETS`` columns."""
    found = csr_matrix(_hasher().transform(texts))
    found.data = 1 + np.log(found.data)
    return found


def inverse_frequency(rows: csr_matrix) -> Floats:
    """Smoothed inverse document frequency per bucket, as scikit-learn's TF-IDF defines it."""
    seen = np.bincount(rows.indices, minlength=BUCKETS)
    frequencies: Floats = (np.log((1 + rows.shape[0]) / (1 + seen)) + 1).astype(np.float32)
    return frequencies


def weighted(rows: csr_matrix, frequencies: Floats) -> csr_matrix:
    """TF-IDF rows of length one."""
    return csr_matrix(normalize(rows @ diags(frequencies)))


@dataclass(frozen=True)
class Student:
    """The trained table. ``table[b] * scale[b]`` is what one unit of bucket ``b`` adds to the vector.

    ``familiarity`` says in the same way how well the teacher knows a text's language (0 not at all, 1 well).
    """

    frequencies: Floats
    table: Floats
    bias: Floats

    @property
    def dimensions(self) -> int:
        """Length of the vectors: all columns of the table but the last, which is familiarity."""
        return int(self.table.shape[1]) - 1

    def encode(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """Vectors ``(n, dimensions)``, not normalised and zero for an empty text, and familiarity ``(n,)`` within 0 and 1."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32), np.zeros(0, np.float32)
        rows = weighted(counts(texts), self.frequencies)
        found = np.asarray(rows @ self.table + self.bias, dtype=np.float32)
        found[np.diff(rows.indptr) == 0] = 0
        return found[:, :-1], np.clip(found[:, -1], 0, 1)


def train_table(
    rows: csr_matrix, targets: Floats, weights: Floats, ridge: float, rounds: int, report: Callable[[str], None]
) -> Floats:
    """Ridge regression of all target columns at once by conjugate gradients, the same numbers on every run.

    Minimises ``sum(weights * (rows @ B - targets)**2) + ridge * B**2``; ``report`` gets a line every fifth round.
    """
    scaled = csr_matrix(diags(np.sqrt(weights)) @ rows, dtype=np.float32)
    turned = csr_matrix(scaled.T)
    solution = np.zeros((rows.shape[1], targets.shape[1]), np.float32)
    residual = np.asarray(turned @ (targets * np.sqrt(weights)[:, None]), np.float32)
    direction = residual.copy()
    size = np.einsum("ij,ij->j", residual, residual, dtype=np.float64)
    first = size.sum()
    for number in range(1, rounds + 1):
        image = np.asarray(turned @ (scaled @ direction), np.float32) + ridge * direction
        step = (size / np.maximum(np.einsum("ij,ij->j", direction, image, dtype=np.float64), 1e-30)).astype(np.float32)
        solution += direction * step
        residual -= image * step
        new = np.einsum("ij,ij->j", residual, residual, dtype=np.float64)
        direction = residual + direction * (new / np.maximum(size, 1e-30)).astype(np.float32)
        size = new
        if number % 5 == 0 or number == rounds:
            report(f"round {number} of {rounds}: residual {np.sqrt(size.sum() / first):.4f}")
    return solution


def to_bytes(table: Floats) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """The table as one signed byte a cell with a scale a row."""
    scale = np.maximum(np.abs(table).max(axis=1), 1e-8) / 127
    return np.round(table / scale[:, None]).astype(np.int8), scale.astype(np.float16)


def from_bytes(cells: NDArray[np.int8], scale: NDArray[np.float16]) -> Floats:
    """The table back as float32."""
    found: Floats = cells.astype(np.float32)
    found *= scale.astype(np.float32)[:, None]
    return found
