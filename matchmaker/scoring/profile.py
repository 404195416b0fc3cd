"""A supplier's capabilities as vectors: a row for each piece of what it says it can do."""

from collections.abc import Mapping, Sequence

import numpy as np

from matchmaker.domain.organisation import Capability, Organisation
from matchmaker.scoring.criteria.capability import Matrix
from matchmaker.scoring.encoder import Encoder
from matchmaker.scoring.texts import profile_pieces

BATCH = 512
"""Texts encoded at once."""


def capability_vectors(capabilities: Sequence[Capability], encoder: Encoder) -> list[Matrix]:
    """One array a capability, in order: a row for each of its ``profile_pieces``, a zero row where it has none."""
    pieces = [profile_pieces(capability.text) for capability in capabilities]
    texts = list(dict.fromkeys(text for work in pieces for text in work))
    rows = dict(zip(texts, _encoded(texts, encoder), strict=True))
    empty = np.zeros((1, encoder.dimensions), np.float32)
    return [np.stack([rows[text] for text in work]) if work else empty for work in pieces]


def profile_vectors(organisations: Sequence[Organisation], encoder: Encoder) -> Mapping[str, list[Matrix]]:
    """The arrays of many suppliers by key; equal texts among them are encoded once."""
    arrays = iter(capability_vectors([work for each in organisations for work in each.capabilities], encoder))
    return {each.key: [next(arrays) for _ in each.capabilities] for each in organisations}


def _encoded(texts: Sequence[str], encoder: Encoder) -> list[Matrix]:
    return [row for start in range(0, len(texts), BATCH) for row in encoder.encode(texts[start : start + BATCH])]
