"""A need as the database can look for it."""

from collections.abc import Sequence

import numpy as np
import pytest

from matchmaker.domain.match import Need
from matchmaker.domain.values import CpvCode, NutsCode
from matchmaker.reference.bundle import core_reference
from matchmaker.scoring.criteria.capability import Matrix, SupplierText
from matchmaker.scoring.narrowing import Narrowing, narrowing, overlapping_codes, search_vector

REFERENCE = core_reference()


class OneAxisATitle:
    """An encoder that gives each distinct text an axis of its own."""

    version = "axes"
    dimensions = 256

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}

    def encode(self, texts: Sequence[str]) -> Matrix:
        rows = np.zeros((len(texts), 256), np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[self.seen.setdefault(text, len(self.seen))] = 1
        return rows


class Judge:
    """A capability model that does not say what to look for."""

    version = "none"
    intercept = 0.0

    def assess(self, need: Need, suppliers: Sequence[SupplierText]) -> list[object]:
        return []


class Seeker(Judge):
    """One that does."""

    def search_vector(self, need: Need) -> Matrix | None:
        return np.array([[3.0, 4.0]], np.float32) if need.title else None


def need(*nuts: str, cpvs: Sequence[str] = ("90911200",)) -> Need:
    return Need("draft", {"fr": "Nettoyage"}, language="fr", cpvs=tuple(map(CpvCode, cpvs)), nuts=tuple(map(NutsCode, nuts)))


def narrowed(wanted: Need) -> Narrowing:
    return narrowing(wanted, REFERENCE, OneAxisATitle(), Judge())  # type: ignore[arg-type]


def test_the_countries_of_the_regions_are_named_once() -> None:
    assert narrowed(need("FR10", "FRL0", "EL30")).countries == ("FR", "GR")


def test_a_whole_country_has_no_surroundings_and_a_region_has_some_around_its_point() -> None:
    assert narrowed(need("FR")).surroundings == ()
    (box,) = narrowed(need("FR10")).surroundings
    assert box.south < 48.85 < box.north
    assert box.west < 2.4 < box.east
    assert box.north - box.south == pytest.approx(2 * 160 / 111.2)


def test_codes_reach_up_to_the_division_and_across_the_class() -> None:
    found = overlapping_codes([CpvCode("90911200")])
    assert found == ("90911200", "90911000", "90910000", "90900000", "90000000", "9091")
    assert overlapping_codes([CpvCode("90000000")]) == ("90000000", "90")
    assert overlapping_codes([CpvCode("90911200"), CpvCode("90919200")])[-1] == "9091"


def test_a_model_that_says_what_to_look_for_is_asked_and_its_vector_has_length_one() -> None:
    asked = narrowing(need("FR10"), REFERENCE, OneAxisATitle(), Seeker())  # type: ignore[arg-type]
    assert asked.vector == pytest.approx((0.6, 0.8))


def test_another_model_is_served_by_title_and_labels() -> None:
    found = np.array(search_vector(need("FR10"), REFERENCE, OneAxisATitle()))
    assert np.linalg.norm(found) == pytest.approx(1)
    assert np.count_nonzero(found) == 2


def test_a_need_without_words_looks_for_nothing_in_particular() -> None:
    assert set(search_vector(Need("draft", {}), REFERENCE, OneAxisATitle())) == {0.0}
