"""Two readers of codes, nearness and the trained classifier, make one reading."""

import numpy as np
import pytest

from matchmaker.domain.values import CpvCode
from matchmaker.scoring.code_reading import CodeReader
from matchmaker.scoring.concepts import Concepts
from matchmaker.scoring.cpv_prediction import fit

CODES = ("55523100", "55524000", "80110000", "90910000")
SCHOOL, MEAL, CLEAN = np.eye(3, dtype=np.float32)


@pytest.fixture
def reader() -> CodeReader:
    """By nearness, a school is education; the notices that the classifier saw were about meals at schools."""
    meanings = np.stack([MEAL, MEAL, SCHOOL, CLEAN])
    seen = np.tile(np.stack([SCHOOL + MEAL / 2, CLEAN]), (20, 1)).astype(np.float32)
    ones = np.ones(40, np.float32)
    classifier = fit(
        seen + 0.05 * np.random.default_rng(0).normal(size=seen.shape).astype(np.float32), ["5552", "9091"] * 20, ones
    )
    return CodeReader(Concepts(CODES, meanings), classifier)


def test_weights_of_all_codes_sum_to_one(reader: CodeReader) -> None:
    for text in (SCHOOL, MEAL, CLEAN):
        assert reader.weights(text).sum() == pytest.approx(1, abs=1e-5)


def test_what_notices_taught_weighs_against_what_only_lies_near(reader: CodeReader) -> None:
    near = reader.concepts.weights(SCHOOL)
    both = reader.weights(SCHOOL)
    assert near[2] > 0.99
    assert both[2] < 0.6
    assert both[0] + both[1] > 0.4


def test_sureness_of_a_read_code_is_the_share_of_its_class(reader: CodeReader) -> None:
    codes, sure = reader.read(np.zeros(3, np.float32), MEAL)
    read = dict(zip(codes, sure, strict=True))
    assert set(read) == {CpvCode(code) for code in CODES}
    assert read[CpvCode("55523100")] == read[CpvCode("55524000")]
    assert read[CpvCode("55523100")] + read[CpvCode("80110000")] + read[CpvCode("90910000")] == pytest.approx(1, abs=1e-5)
