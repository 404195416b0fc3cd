"""Which lots an award section is about."""

import pytest

from matchmaker.domain.notice import Lot
from matchmaker.ingestion.ted.award_lots import LotFinder


def lots_of_award(number: str | None, title: str | None, described: list[Lot]) -> list[int]:
    return LotFinder(described).named(number, title)


def lots(*names: str, titles: tuple[str, ...] = ()) -> list[Lot]:
    return [Lot(name, {"en": title}) for name, title in zip(names, titles or names, strict=True)]


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("2", [1]),
        ("02", [1]),
        ("Część nr 2", [1]),
        ("1, 2 and 4", [0, 1, 3]),
        ("1.2.3", [0, 1, 2]),
        ("1-3", [0, 1, 2]),
        ("1 à 3", [0, 1, 2]),
        ("1.2", [0]),
        ("1.1A", [0]),
        ("9", []),
        ("1, 9", [0]),
        ("3-1", [2, 0]),
        ("x", []),
    ],
)
def test_a_number_a_list_or_a_range_names_its_lots(number: str, found: list[int]) -> None:
    assert lots_of_award(number, None, lots("1", "2", "3", "4")) == found


def test_an_id_that_is_more_than_a_number_is_known_by_its_first_number() -> None:
    assert lots_of_award("2", None, lots("1 of TS 18-2", "2 of TS 18-2")) == [1]


def test_without_a_number_an_equal_title_decides() -> None:
    described = lots("1", "2", titles=("Bread", "Milk"))
    assert lots_of_award(None, " milk", described) == [1]
    assert lots_of_award(None, "Butter", described) == []
    assert lots_of_award(None, None, described) == []


def test_a_title_that_fits_two_lots_decides_nothing() -> None:
    assert lots_of_award(None, "Milk", lots("1", "2", titles=("Milk", "Milk"))) == []


def test_an_award_belongs_to_the_only_lot() -> None:
    assert lots_of_award("7", "Anything", lots("1")) == [0]
