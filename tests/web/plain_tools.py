"""Tools small enough to predict: letters for meaning, shared words for capability."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np

from matchmaker.domain.match import Evidence, Need
from matchmaker.reference.bundle import core_reference
from matchmaker.reference.folding import fold
from matchmaker.scoring.criteria.capability import SupplierText
from matchmaker.workflows.tools import MatchTools


class LetterEncoder:
    """Counts of letter triples, hashed into 256 numbers."""

    version = "letters"
    dimensions = 256

    def encode(self, texts: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        rows = np.zeros((len(texts), 256), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            folded = f" {fold(text)} "
            for start in range(len(folded) - 2):
                row[crc32(folded[start : start + 3].encode()) % 256] += 1
            length = float(np.linalg.norm(row))
            if length:
                row /= length
        return rows


@dataclass(frozen=True)
class WordAnswer:
    """How many words are shared, and which."""

    probability: float
    evidence: tuple[Evidence, ...]

    @property
    def features(self) -> Mapping[str, float | None]:
        return {"capability.words": self.probability}

    @property
    def contributions(self) -> Mapping[str, float]:
        return {"capability.words": 4 * self.probability}


class WordModel:
    """The share of the need's words, of five letters or more, that the supplier uses too."""

    version = "words"
    intercept = -2.0

    def contributions(self, features: Mapping[str, float | None]) -> Mapping[str, float]:
        return {"capability.words": 4 * (features["capability.words"] or 0.0)}

    def assess(self, need: Need, suppliers: Sequence[SupplierText]) -> Sequence[WordAnswer]:
        asked = _words(*need.title.values(), *need.description.values())
        return [self._answer(asked, supplier) for supplier in suppliers]

    def _answer(self, asked: frozenset[str], supplier: SupplierText) -> WordAnswer:
        shared = sorted(asked & _words(*supplier.texts))
        share = len(shared) / len(asked) if asked else 0.0
        return WordAnswer(min(1.0, 2 * share), tuple(Evidence("supplier.text", word) for word in shared))


def _words(*texts: str) -> frozenset[str]:
    return frozenset(word for text in texts for word in fold(text).split() if len(word) >= 5)


@lru_cache
def plain_tools() -> MatchTools:
    return MatchTools(core_reference(), LetterEncoder(), WordModel(), frozenset({"example"}))
