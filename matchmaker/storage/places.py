"""Where a supplier is and works, and where a need is, as words that one index compares."""

from collections.abc import Iterable, Mapping, Sequence
from math import floor
from typing import Any

from matchmaker.scoring.narrowing import Narrowing, Surroundings

CELLS_PER_DEGREE = 2
"""A supplier's point is kept as a cell of half a degree: a box around a region is a few dozen of them, and somewhat more."""

MOST_CELLS = 2000
"""A box larger than this names no cells; it covers a country, which other words name."""


def supplier_places(row: Mapping[str, Any]) -> list[str]:
    """The words of a supplier, from the columns of its row.

    ``in:`` and ``at:`` say in which country and region it is based, ``all:`` and ``works:`` in which it works, ``from:`` in
    which country one is based that travels some distance, ``cell:`` where its point lies.
    """
    country, nuts = row["country"], row["nuts"]
    words = [f"in:{country}"]
    if nuts and len(nuts) > 2:
        words.append(f"at:{nuts}")
    words += [f"works:{code}" for code in row["area_nuts"]]
    words += [f"all:{code}" for code in row["area_countries"]]
    if row["area_radius_km"] is not None:
        words.append(f"from:{country}")
    if row["latitude"] is not None and row["longitude"] is not None:
        words.append(_cell(floor(row["latitude"] * CELLS_PER_DEGREE), floor(row["longitude"] * CELLS_PER_DEGREE)))
    return words


def places_in_region(need: Narrowing) -> list[str]:
    """Of suppliers that are based or work in one of the regions, a part of it, or a region around it."""
    words = [f"works:{code}" for code in need.touching]
    words += [f"at:{code}" for code in need.touching if len(code) > 2]
    words += [f"all:{country}" for country in need.countries]
    words += [f"in:{region.country}" for region in need.regions if region.level == 0]
    return words


def places_in_reach(need: Narrowing) -> list[str]:
    """The same, with those based near it and those that travel some distance."""
    cells = dict.fromkeys(cell for box in need.surroundings for cell in _cells(box))
    return [*places_in_region(need), *(f"from:{country}" for country in need.countries), *cells]


def places_in_countries(need: Narrowing) -> list[str]:
    """Of suppliers based in one of the regions' countries, or working in a part of it."""
    based = [f"in:{country}" for country in need.countries]
    return [*based, *(f"all:{country}" for country in need.countries), *(f"works:{code}" for code in need.national)]


def _cell(south: int, west: int) -> str:
    return f"cell:{south},{west}"


def _cells(box: Surroundings) -> Iterable[str]:
    rows, columns = _steps(box.south, box.north), _steps(box.west, box.east)
    if len(rows) * len(columns) > MOST_CELLS:
        return ()
    return (_cell(south, west) for south in rows for west in columns)


def _steps(first: float, last: float) -> Sequence[int]:
    return range(floor(first * CELLS_PER_DEGREE), floor(last * CELLS_PER_DEGREE) + 1)
