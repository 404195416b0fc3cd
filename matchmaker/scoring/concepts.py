"""What each CPV code means, as a vector: its label, its class's label and real notices that carry it, in all languages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matchmaker.scoring.encoder import unit
from matchmaker.scoring.student import Floats

SHARPNESS = 25.0
"""How strongly the codes nearest to a text outweigh the others when the text is read as codes."""
FINEST = 5
"""Leading digits that notices must share with a code to say what it means, before wider families are asked."""


def total(vectors: Sequence[Floats]) -> Floats:
    """The sum of vectors, scaled to length one."""
    found: Floats = unit(np.sum(vectors, axis=0)[None])[0]
    return found


@dataclass(frozen=True)
class Concepts:
    """Codes (eight digits, sorted) and one vector of length one for each."""

    codes: tuple[str, ...]
    vectors: Floats

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Row of each code."""
        return {code: place for place, code in enumerate(self.codes)}

    def vector(self, code: str) -> Floats | None:
        """The vector of a code, or of the nearest known one above it."""
        for length in range(8, 1, -1):
            if (place := self.position.get(code[:length].ljust(8, "0"))) is not None:
                found: Floats = self.vectors[place]
                return found
        return None

    def of_codes(self, codes: Iterable[str]) -> Floats | None:
        """One vector for several codes together; None when none is known."""
        found = [vector for code in dict.fromkeys(codes) if (vector := self.vector(code)) is not None]
        return total(found) if found else None

    def weights(self, text: Floats) -> Floats:
        """How strongly a text's vector means each code; sums to one."""
        nearness = SHARPNESS * (self.vectors @ text)
        raised = np.exp(nearness - nearness.max())
        found: Floats = raised / raised.sum()
        return found

    def reading(self, text: Floats) -> Floats:
        """A text's vector put in terms of codes: the weighted mean of what they mean. Robust to buyers' own words."""
        found: Floats = unit((self.weights(text) @ self.vectors)[None])[0]
        return found


def load_concepts(path: Path) -> Concepts:
    """Reads the npz written by :func:`pack`."""
    with np.load(path, allow_pickle=False) as stored:
        vectors = unit(stored["cells"].astype(np.float32))
        return Concepts(tuple(str(code) for code in stored["codes"]), vectors)


def pack(concepts: Concepts) -> dict[str, NDArray[np.generic]]:
    """Arrays for npz: one signed byte a number."""
    scale = 127 / np.abs(concepts.vectors).max(axis=1, keepdims=True)
    return {"codes": np.array(concepts.codes), "cells": np.round(concepts.vectors * scale).astype(np.int8)}


def build(codes: Sequence[str], labels: Floats, notice_codes: Sequence[str], notices: Floats, weights: Floats) -> Concepts:
    """Concepts from the vectors of codes' English labels and of notices with the codes they carry.

    Each is the sum of the code's label, its class's label (first four digits), and the mean of the notices that share five
    digits with it, where there are any.
    """
    families: dict[str, Floats] = {}
    stems = np.array([code[:FINEST] for code in notice_codes])
    kinds, member = np.unique(stems, return_inverse=True)
    sums = np.zeros((len(kinds), labels.shape[1]), np.float32)
    np.add.at(sums, member, notices * weights[:, None])
    families.update(zip((str(kind) for kind in kinds), unit(sums), strict=True))
    position = {code: place for place, code in enumerate(codes)}
    rows = np.array(labels, np.float32)
    for place, code in enumerate(codes):
        rows[place] += labels[position.get(code[:4].ljust(8, "0"), place)]
        if (family := families.get(code[:FINEST])) is not None:
            rows[place] += family
    return Concepts(tuple(codes), unit(rows))
