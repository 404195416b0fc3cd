"""Towns by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.values import NutsCode, iso_country
from matchmaker.reference.distance import Point
from matchmaker.reference.folding import fold


@dataclass(frozen=True, slots=True)
class Place:
    """A populated place with its point (WGS 84), people and NUTS 3 region where known."""

    name: str
    country: str
    point: Point
    population: int
    nuts: NutsCode | None


@dataclass(frozen=True)
class PlaceTable:
    """Places by the names people use for them; a country is indexed at its first question.

    ``rows`` are (name, country, lat, lon, population, nuts3, other names divided by ``|``).
    """

    rows: Sequence[tuple[str, ...]] = ()
    _by_country: dict[str, dict[str, list[Place]]] = field(default_factory=dict, compare=False, repr=False)

    def find(self, name: str, country: str) -> tuple[Place, ...]:
        """Places of a country (ISO-2) that bear this name in any language, most people first; empty when none."""
        return tuple(self._names(iso_country(country)).get(fold(name), ()))

    def _names(self, country: str) -> Mapping[str, list[Place]]:
        if country not in self._by_country:
            names: dict[str, list[Place]] = {}
            for line in filter(None, self._lines_by_country.get(country, "").split("\n")):
                row = line.split("\t")
                place = _place(row)
                for name in {fold(name) for name in (row[0], *row[6].split("|"))} - {""}:
                    names.setdefault(name, []).append(place)
            for found in names.values():
                found.sort(key=lambda place: (-place.population, place.name, place.point))
            self._by_country[country] = names
        return self._by_country[country]

    @cached_property
    def _lines_by_country(self) -> Mapping[str, str]:
        """One text a country, because most processes ask about few countries."""
        lines: dict[str, list[str]] = {}
        for row in self.rows:
            lines.setdefault(iso_country(row[1]), []).append("\t".join(row))
        return {country: "\n".join(found) for country, found in lines.items()}


def _place(row: Sequence[str]) -> Place:
    try:
        nuts = NutsCode.parse(row[5]) if row[5] else None
    except InvalidValue:
        nuts = None
    return Place(row[0], iso_country(row[1]), (float(row[2]), float(row[3])), int(row[4] or 0), nuts)
