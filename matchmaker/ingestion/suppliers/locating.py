"""Where a supplier is: region and point from whatever the register says of it."""

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.values import NutsCode, iso_country
from matchmaker.reference.bundle import Reference
from matchmaker.reference.countries import EUROPE
from matchmaker.reference.distance import Point, great_circle_km

EARTH_KM = 6371.0
_BRITISH = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}")
_PREFIXED = re.compile(r"([A-Z]{2})[ -]?[0-9]{3,}")

FARTHEST_PLACE_KM = 30.0
"""A point farther from every known place says nothing of the region (at sea, or outside Europe)."""

WRONG_POINT_KM = 150.0
"""A point this far from its postcode is a mistake of the register (latitude and longitude exchanged, a default)."""

NEAREST_PLACES = 12
"""How many are asked when the country is known: near a border the nearest may lie on the other side."""


@dataclass(frozen=True, slots=True)
class Location:
    """Region and point, each None when unknown. ``country`` is ISO-2."""

    country: str | None
    nuts: NutsCode | None
    point: Point | None


@dataclass(frozen=True)
class Locator:
    """Looks places up in the tables at hand; without tables everything stays as the register says it."""

    reference: Reference

    def locate(self, country: str | None, postcode: str, city: str, point: Point | None) -> Location:
        """By postcode, else by point, else by town; the country by the point or the postcode when it is not given."""
        by_point = self._near(point, country) if point else None
        land = country or (by_point.country if by_point else None) or country_of_postcode(postcode)
        if land and postcode and (found := self.reference.postcodes.place_of(land, postcode)):
            region, latitude, longitude = found
            middle = (latitude, longitude) if latitude is not None and longitude is not None else None
            wrong = point and middle and great_circle_km(point, middle) > WRONG_POINT_KM
            return Location(land, region or (by_point.nuts if by_point else None), middle if wrong or not point else point)
        if by_point:
            return Location(land, by_point.nuts, point)
        if land and city and not point and (places := self.reference.places.find(city, land)):
            return Location(land, places[0].nuts, places[0].point)
        return Location(land, None, point)

    def _near(self, point: Point, country: str | None) -> Location | None:
        if not self._places:
            return None
        found = self._tree.query(_on_sphere(np.array([point])), k=min(NEAREST_PLACES, len(self._places)))
        distances, positions = np.asarray(found[0]).ravel(), np.asarray(found[1]).ravel()
        for distance, position in zip(distances, positions, strict=True):
            land, region = self._places[position]
            if distance * EARTH_KM <= FARTHEST_PLACE_KM and country in {None, land}:
                return Location(land, region, point)
        return None

    @cached_property
    def _places(self) -> list[tuple[str, NutsCode | None]]:
        return [(iso_country(row[1]), _region(row[5])) for row in self.reference.places.rows]

    @cached_property
    def _tree(self) -> cKDTree:
        rows = self.reference.places.rows
        return cKDTree(_on_sphere(np.array([(float(row[2]), float(row[3])) for row in rows])))


def country_of_postcode(postcode: str) -> str | None:
    """ISO-2, where the postcode itself tells: a country prefix (``LV-1009``) or the British form."""
    written = postcode.strip().upper()
    prefixed = _PREFIXED.fullmatch(written)
    if prefixed and iso_country(prefixed[1]) in EUROPE:
        return iso_country(prefixed[1])
    return "GB" if _BRITISH.fullmatch(written) else None


def _region(text: str) -> NutsCode | None:
    try:
        return NutsCode.parse(text) if text else None
    except InvalidValue:
        return None


def _on_sphere(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points in degrees as unit vectors; their straight distance is the angle for what is near."""
    latitude, longitude = np.radians(points[:, 0]), np.radians(points[:, 1])
    return np.column_stack([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)])
