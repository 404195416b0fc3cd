from xml.etree import ElementTree

import numpy as np
import pytest

from matchmaker.domain.match import Need
from matchmaker.scoring.benchmark import JudgedLot
from matchmaker.scoring.reliability import groups_of, reliability_svg, wilson
from matchmaker.scoring.scorer_training import Measured


def measured(grades: list[int]) -> Measured:
    lot = JudgedLot("Q1", Need("Q1", {"en": "cleaning"}, {}, "en", ()), "other")
    keys = tuple(str(place) for place in range(len(grades)))
    return Measured((lot,), keys, (np.zeros((len(grades), 1)),), (np.array(grades),))


def test_pairs_of_about_the_same_chance_stand_together() -> None:
    groups = groups_of(measured([3, 0, 2, -1]), [np.array([1.0, 1.1, 0.9, -9.0])])
    assert [group.pairs for group in groups] == [1, 3]
    assert groups[0].found == 0
    assert groups[1].found == pytest.approx(2 / 3)
    assert groups[1].stated == pytest.approx(0.731, abs=0.01)


def test_interval_holds_the_share_and_stays_within_0_and_1() -> None:
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=1e-3)
    low, high = wilson(5, 10)
    assert low == pytest.approx(1 - high)


def test_picture_has_a_dot_for_each_group_and_says_its_figures() -> None:
    groups = groups_of(measured([3, 0, 2, -1]), [np.array([1.0, 1.1, 0.9, -9.0])])
    root = ElementTree.fromstring(reliability_svg(groups, "a < b"))
    dots = root.findall("{http://www.w3.org/2000/svg}circle")
    assert len(dots) == 2
    assert "3 pairs" in "".join(dots[1].itertext())
    assert float(dots[1].attrib["cy"]) < float(dots[0].attrib["cy"])
