"""A small map of where a supplier works: a dot for each region, drawn from their points alone. No borders, no tiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from markupsafe import Markup, escape

from matchmaker.domain.organisation import Base, ServiceArea
from matchmaker.domain.values import NutsCode
from matchmaker.reference.distance import Point, great_circle_km
from matchmaker.reference.nuts import NutsTable

WIDTH = 320.0
TALLEST = 340.0
INSET = 14.0
FEWEST = 8
"""Dots that make a map; fewer say less than the list beside it."""
DOT, BASE = 4.0, 5.5
KM_PER_DEGREE = 111.2


@dataclass(frozen=True, slots=True)
class AreaMap:
    """The drawing, and how many of the regions on it lie in the area; the finest level the tables have."""

    drawing: Markup
    inside: int
    regions: int


def draw_area(nuts: NutsTable, base: Base, area: ServiceArea) -> AreaMap | None:
    """The countries of the base and of the area as dots, those worked in filled; None where the tables have too few points."""
    lands = dict.fromkeys((base.country, *area.countries, *(code.country for code in area.nuts)))
    dots = [(code, point) for land in lands for code in _finest(nuts, land) if (point := nuts.point(code))]
    centre = (base.latitude, base.longitude) if base.latitude is not None and base.longitude is not None else None
    near = _without_islands([point for _, point in dots], centre)
    dots = [(code, point) for code, point in dots if point in near]
    if len(dots) < FEWEST:
        return None
    inside = {code for code, point in dots if _covers(nuts, area, code, point, centre)}
    return AreaMap(_draw(dots, inside, centre, area.radius_km), len(inside), len(dots))


def _finest(nuts: NutsTable, country: str) -> Sequence[NutsCode]:
    return next((found for level in (3, 2, 1) if len(found := nuts.regions(country, level)) >= FEWEST), ())


def _without_islands(points: Sequence[Point], centre: Point | None) -> frozenset[Point]:
    """Points within 2,500 km of the middle one, so that overseas regions do not shrink a country to a spot."""
    if not points:
        return frozenset()
    middle = centre or sorted(points)[len(points) // 2]
    return frozenset(point for point in points if great_circle_km(middle, point) < 2500)


def _covers(nuts: NutsTable, area: ServiceArea, code: NutsCode, point: Point, centre: Point | None) -> bool:
    if code.country in area.countries or any(nuts.current(wanted).covers(code) for wanted in area.nuts):
        return True
    return bool(area.radius_km and centre and great_circle_km(centre, point) <= area.radius_km)


def _draw(dots: Sequence[tuple[NutsCode, Point]], inside: set[NutsCode], centre: Point | None, radius: float | None) -> Markup:
    points = [point for _, point in dots] + ([centre] if centre else [])
    south, north = min(lat for lat, _ in points), max(lat for lat, _ in points)
    west, east = min(lon for _, lon in points), max(lon for _, lon in points)
    narrowing = cos(radians((south + north) / 2))
    scale = min((WIDTH - 2 * INSET) / max((east - west) * narrowing, 0.1), (TALLEST - 2 * INSET) / max(north - south, 0.1))
    width, height = (east - west) * narrowing * scale + 2 * INSET, (north - south) * scale + 2 * INSET

    def place(point: Point) -> tuple[float, float]:
        return INSET + (point[1] - west) * narrowing * scale, INSET + (north - point[0]) * scale

    drawn = [_circle("in" if code in inside else "out", place(point), DOT) for code, point in dots]
    if centre and radius:
        drawn.insert(0, _circle("reach", place(centre), radius / KM_PER_DEGREE * scale))
    if centre:
        drawn.append(_circle("base", place(centre), BASE))
    body = Markup("").join(drawn)
    return Markup('<svg class="small-map" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}</svg>').format(
        f"{width:.0f}", f"{height:.0f}", body
    )


def _circle(kind: str, at: tuple[float, float], radius: float) -> Markup:
    return Markup('<circle class="{}" cx="{}" cy="{}" r="{}"/>').format(
        escape(kind), f"{at[0]:.1f}", f"{at[1]:.1f}", f"{radius:.1f}"
    )
