"""Where a supplier is and works and what codes it states, as words that an index compares with those of a need."""

from collections.abc import Iterable, Mapping
from math import floor
from typing import Any

from matchmaker.scoring.narrowing import Narrowing, Surroundings

MOST_CELLS = 400
"""A box of more cells of one degree than this names none; it covers countries, which other words name."""


def supplier_places(row: Mapping[str, Any]) -> list[str]:
    """The words of a supplier, from the columns of its row. They reach upwards, so that those of a need are few.

    ``in:`` and ``at:`` say in which country and region it is based, ``around-at:`` what lies around that region; ``all:`` and
    ``works:`` in which country and region it works, ``around-works:`` what lies around that; ``from:`` in which country one is
    based that travels some distance; ``cell:`` the degrees its point lies in.
    """
    country, nuts = row["country"], row["nuts"]
    words = [f"in:{country}", *(f"all:{code}" for code in row["area_countries"])]
    if nuts and len(nuts) > 2:
        words += [f"at:{nuts}", *(f"around-at:{nuts[:length]}" for length in range(3, len(nuts)))]
    words += [f"works:{code}" for code in row["area_nuts"]]
    words += [f"around-works:{code[:length]}" for code in row["area_nuts"] for length in range(2, len(code))]
    if row["area_radius_km"] is not None:
        words.append(f"from:{country}")
    if row["latitude"] is not None and row["longitude"] is not None:
        words.append(_cell(floor(row["latitude"]), floor(row["longitude"])))
    return list(dict.fromkeys(words))


def places_in_region(need: Narrowing) -> list[str]:
    """Of suppliers that are based or work in one of the regions, a part of it, or a region around it."""
    around = list(dict.fromkeys(code.code for region in need.regions for code in region.upwards()))
    words = [f"works:{code}" for code in around]
    words += [f"at:{code}" for code in around if len(code) > 2]
    words += [f"{inside}:{region}" for region in need.regions for inside in ("around-works", "around-at")]
    words += [f"all:{country}" for country in need.countries]
    words += [f"in:{region.country}" for region in need.regions if region.level == 0]
    return words


def places_in_reach(need: Narrowing) -> list[str]:
    """The same, with those based near it and those that travel some distance."""
    cells = dict.fromkeys(cell for box in need.surroundings for cell in _cells(box))
    return [*places_in_region(need), *(f"from:{country}" for country in need.countries), *cells]


def places_in_countries(need: Narrowing) -> list[str]:
    """Of suppliers based in one of the regions' countries, or working in a part of it."""
    whole = dict.fromkeys(region.code[:2] for region in need.regions)
    words = [f"{based}:{country}" for country in need.countries for based in ("in", "all")]
    return [*words, *(f"{works}:{code}" for code in whole for works in ("works", "around-works"))]


def code_words(cpvs: Iterable[str]) -> list[str]:
    """CPV codes that a capability states, as words: each code, and its first two, three and four digits.

    So the codes above one that is asked for are looked up as codes, and its whole class by four digits.
    """
    return list(dict.fromkeys(word for code in cpvs for word in (code, code[:2], code[:3], code[:4])))


def _cell(south: int, west: int) -> str:
    return f"cell:{south},{west}"


def _cells(box: Surroundings) -> Iterable[str]:
    rows = range(floor(box.south), floor(box.north) + 1)
    columns = range(floor(box.west), floor(box.east) + 1)
    if len(rows) * len(columns) > MOST_CELLS:
        return ()
    return (_cell(south, west) for south in rows for west in columns)
