from pathlib import Path

import numpy as np
import pytest

from matchmaker.scoring.concepts import Concepts, build, load_concepts, pack
from matchmaker.scoring.encoder import WEIGHTS, unit

CODES = ("55500000", "55520000", "55521000", "90910000")


def some() -> Concepts:
    return Concepts(CODES, unit(np.eye(4, 6, dtype=np.float32)))


def test_unknown_code_means_what_the_nearest_code_above_means() -> None:
    concepts = some()
    assert np.array_equal(concepts.vector("55521200"), concepts.vector("55521000"))  # type: ignore[arg-type]
    assert concepts.vector("12000000") is None


def test_a_text_is_read_as_the_codes_it_is_near_to() -> None:
    concepts = some()
    reading = concepts.reading(concepts.vectors[3])
    assert int((concepts.vectors @ reading).argmax()) == 3
    assert concepts.weights(concepts.vectors[3]).sum() == pytest.approx(1)


def test_notices_move_the_meaning_of_their_family_alone() -> None:
    labels = unit(np.eye(4, 6, dtype=np.float32))
    notice = np.zeros((1, 6), np.float32)
    notice[0, 5] = 1
    concepts = build(CODES, labels, ["55521100"], notice, np.ones(1, np.float32))
    assert concepts.vectors[2, 5] > 0
    assert not concepts.vectors[[0, 3], 5].any()


def test_packing_keeps_the_meaning(tmp_path: Path) -> None:
    concepts = Concepts(CODES, unit(np.random.default_rng(0).normal(size=(4, 32)).astype(np.float32)))
    np.savez(tmp_path / "concepts.npz", **pack(concepts))  # type: ignore[arg-type]
    again = load_concepts(tmp_path / "concepts.npz")
    assert again.codes == CODES
    assert np.einsum("ij,ij->i", again.vectors, concepts.vectors).min() > 0.999


def test_the_whole_vocabulary_is_shipped() -> None:
    assert len(load_concepts(WEIGHTS / "concepts.npz").codes) == 9454
