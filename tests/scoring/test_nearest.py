"""The nearest rows of many needs, found in one pass."""

import numpy as np
import pytest

from matchmaker.scoring.nearest import Nearest


@pytest.mark.parametrize("block", [7, 64, 1000])
def test_one_pass_in_blocks_finds_exactly_the_nearest_in_order(block: int) -> None:
    random = np.random.default_rng(3)
    nearness = random.uniform(-1, 1, (1000, 5)).astype(np.float32)
    names = np.arange(5000, 6000)
    found = Nearest(5, 20)
    for start in range(0, 1000, block):
        found.add(names[start : start + block], nearness[start : start + block])
    for need, rows in enumerate(found.rows()):
        assert rows.tolist() == names[np.argsort(-nearness[:, need])[:20]].tolist()


def test_rows_that_a_need_may_not_have_are_never_its_nearest() -> None:
    nearness = np.array([[0.9, 1.0], [0.1, 0.2], [1.0, 0.8]], np.float32)
    allowed = np.array([[True, False], [True, True], [False, True]])
    some, every = Nearest(3, 2), Nearest(2, 2)
    some.add(np.array([10, 11, 12]), nearness, np.array([0, 2]), allowed)
    every.add(np.array([10, 11, 12]), nearness, allowed=allowed)
    assert [rows.tolist() for rows in some.rows()] == [[10, 11], [], [12, 11]]
    assert [rows.tolist() for rows in every.rows()] == [[10, 11], [12, 11]]


def test_nothing_shown_is_nothing_found() -> None:
    assert [rows.tolist() for rows in Nearest(2, 3).rows()] == [[], []]
