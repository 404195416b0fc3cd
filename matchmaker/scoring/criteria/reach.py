"""How far is far: kilometres between a supplier and a lot's region, and what kind of work travels how well."""

from typing import Protocol

from matchmaker.domain.organisation import Base
from matchmaker.domain.values import CpvCode, NutsCode
from matchmaker.reference.distance import Point, great_circle_km

HALF_KM_ON_SITE = 80.0
HALF_KM_GOODS = 250.0
HALF_KM_REMOTE = 500.0

REMOTE_STEMS = ("48", "72", "73", "79")
"""Software, IT, research, business services (advice, translation, advertising, printing): mostly done at the supplier's desk."""

ON_SITE_STEMS = ("791", "792", "796", "797", "799")
"""Exceptions inside them: law and accounts, which are bound to a country; staff, guarding, events, which are there in person."""

INSIDE_KM = (75.0, 50.0, 25.0, 0.0)
"""Stands for the distance inside a region of level 0 to 3: a lot that names only its country says little about where."""

STEPS_KM = (1000.0, 300.0, 120.0, 40.0, 0.0)
"""Without points: kilometres assumed when two codes share no country, the country, level 1, 2, 3."""


class Regions(Protocol):
    """What place needs of a table of NUTS regions; ``matchmaker.reference.nuts.NutsTable`` is one."""

    def current(self, code: NutsCode) -> NutsCode:
        """The code in the newest classification."""
        ...

    def point(self, code: NutsCode) -> Point | None:
        """Where people of the region live on average."""
        ...

    def name(self, code: NutsCode, language: str) -> str | None:
        """The region's name."""
        ...


class Remembered:
    """A table that looks every code up once: one need meets hundreds of suppliers from few regions."""

    def __init__(self, regions: Regions) -> None:
        self._regions = regions
        self._current: dict[NutsCode, NutsCode] = {}
        self._points: dict[NutsCode, Point | None] = {}

    def current(self, code: NutsCode) -> NutsCode:
        """The code in the newest classification."""
        if code not in self._current:
            self._current[code] = self._regions.current(code)
        return self._current[code]

    def point(self, code: NutsCode) -> Point | None:
        """Where people of the region live on average."""
        if code not in self._points:
            self._points[code] = self._regions.point(code)
        return self._points[code]

    def name(self, code: NutsCode, language: str) -> str | None:
        """The region's name."""
        return self._regions.name(code, language)


def half_km(main_cpv: CpvCode | None) -> float:
    """The distance at which a supplier of this work is half as near: short for work on site, long for goods and desk work."""
    if main_cpv is None or main_cpv.code.startswith(ON_SITE_STEMS):
        return HALF_KM_ON_SITE
    if main_cpv.code.startswith(REMOTE_STEMS):
        return HALF_KM_REMOTE
    return HALF_KM_GOODS if main_cpv.division < "45" else HALF_KM_ON_SITE


def nearness(kilometres: float, half: float) -> float:
    """1 at no distance, halved every ``half`` kilometres: farther is never nearer."""
    return float(2.0 ** (-max(0.0, kilometres) / half))


def shared_steps(one: NutsCode, other: NutsCode) -> int:
    """How many levels two codes share: 0 nothing, 1 the country, to 4 the same level 3 region."""
    if one.code[:2] != other.code[:2]:
        return 0
    shared = 1
    for mine, theirs in zip(one.code[2:], other.code[2:], strict=False):
        if mine != theirs:
            break
        shared += 1
    return shared


def between_km(one: NutsCode, other: NutsCode, regions: Regions) -> float:
    """Kilometres between two regions: by points, else by how much of the hierarchy they share."""
    start, end = regions.point(one), regions.point(other)
    if start is None or end is None or one.covers(other) or other.covers(one):
        return max(STEPS_KM[shared_steps(one, other)], INSIDE_KM[min(one.level, other.level)])
    return great_circle_km(start, end)


def base_km(base: Base, region: NutsCode, regions: Regions) -> float | None:
    """Kilometres from a supplier's base to a lot's region; None when the base says no more than the lot's own country."""
    floor = INSIDE_KM[region.level]
    nuts = regions.current(base.nuts) if base.nuts else None
    if (nuts and region.covers(nuts)) or (region.level == 0 and base.country == region.country):
        return floor
    point, target = base_point(base, regions), regions.point(region)
    if point is not None and target is not None:
        return max(floor, great_circle_km(point, target))
    if nuts is not None:
        return max(floor, between_km(nuts, region, regions))
    if base.country == region.country:
        return None
    home = NutsCode.parse(base.country)
    return max(floor, between_km(home, NutsCode(region.code[:2]), regions))


def base_point(base: Base, regions: Regions) -> Point | None:
    """The base's own point, else the point of its region; None when neither is known."""
    if base.latitude is not None and base.longitude is not None:
        return (base.latitude, base.longitude)
    return regions.point(regions.current(base.nuts)) if base.nuts and base.nuts.level > 0 else None
