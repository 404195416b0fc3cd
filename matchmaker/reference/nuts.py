"""NUTS regions as a look-up: names, points, population, old codes, distances."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from babel import Locale, UnknownLocaleError

from matchmaker.domain.values import EU_SPELLING, NutsCode
from matchmaker.reference.distance import Point, great_circle_km
from matchmaker.reference.folding import fold

NATIVE_SCRIPT = {"BG": "bg", "CY": "el", "EL": "el", "MK": "mk", "RS": "sr", "UA": "uk"}
"""Countries whose regions have a name in another script than Latin, and the language whose readers want it."""


@dataclass(frozen=True, slots=True)
class Region:
    """A region of any level. ``point`` is weighted by population where the source has it, else the middle of the map.

    ``current`` is False for a code that the newest classification no longer has.
    """

    code: NutsCode
    name: str
    native_name: str | None = None
    point: Point | None = None
    population: int | None = None
    current: bool = True


@dataclass(frozen=True)
class NutsTable:
    """Regions by code. ``recodes`` maps a code of an older classification to the current ones, largest share of people first."""

    regions_by_code: Mapping[str, Region]
    recodes: Mapping[str, tuple[NutsCode, ...]]

    def known(self, code: NutsCode) -> bool:
        """Whether the table has the code, or knows what became of it."""
        return code.code in self.regions_by_code or code.code in self.recodes

    def region(self, code: NutsCode) -> Region | None:
        """The region of exactly this code."""
        return self.regions_by_code.get(code.code)

    def name(self, code: NutsCode, language: str) -> str | None:
        """A country's name in ``language``; a region's official name, in its own script for readers of it.

        Of a region the table does not know it is the name of the one around it; None when even the country is unknown.
        """
        for around in (code, *self.current(code).upwards()):
            if around.level == 0 and (country := country_name(around.country, language)):
                return country
            if region := self.region(around):
                native = region.native_name if NATIVE_SCRIPT.get(around.code[:2]) == language else None
                return native or region.name
        return None

    def point(self, code: NutsCode) -> Point | None:
        """Where people of the region live on average; of an unknown region that of the one around it, never a country's."""
        if code.code in self._points:
            return self._points[code.code]
        return self._find_point(code)

    @cached_property
    def _points(self) -> Mapping[str, Point | None]:
        """Of every code the table has or recodes: matching asks for thousands in a row."""
        return {code: self._find_point(NutsCode(code)) for code in {*self.regions_by_code, *self.recodes}}

    def _find_point(self, code: NutsCode) -> Point | None:
        for around in self.current(code).upwards():
            region = self.region(around)
            if region and region.point and (around.level > 0 or code.level == 0):
                return region.point
        return None

    def population(self, code: NutsCode) -> int | None:
        """People living there, by the source's newest figure."""
        region = self.region(self.current(code))
        return region.population if region else None

    def current(self, code: NutsCode) -> NutsCode:
        """The code in the newest classification; where a region was split the part with most people.

        Of an old region the table does not know but whose surrounding region became one other, it is that other. Else itself.
        """
        region = self.regions_by_code.get(code.code)
        if region is not None and region.current:
            return code
        for around in code.upwards():
            successors = self.recodes.get(around.code, ())
            if successors and (around == code or len(successors) == 1):
                return successors[0]
        return code

    def all_current(self, code: NutsCode) -> tuple[NutsCode, ...]:
        """Every region of the newest classification that took over a part of ``code``, largest share of people first."""
        current = self.current(code)
        return self.recodes.get(code.code, (current,)) if current != code else (code,)

    def distance_km(self, start: NutsCode, end: NutsCode) -> float | None:
        """Kilometres between the points of two regions; 0 when one lies in the other; None when a point is missing."""
        start, end = self.current(start), self.current(end)
        if start.covers(end) or end.covers(start):
            return 0.0
        start_point, end_point = self.point(start), self.point(end)
        if start_point is None or end_point is None:
            return None
        return great_circle_km(start_point, end_point)

    def regions(self, country: str, level: int) -> tuple[NutsCode, ...]:
        """Current regions of a country (ISO-2 or NUTS spelling) at a level, in order, without the ``Z`` placeholders."""
        wanted = NutsCode.parse(country).code
        return tuple(
            region.code
            for region in self.regions_by_code.values()
            if region.current and region.code.level == level and region.code.code[:2] == wanted and region.code.code[2:3] != "Z"
        )

    def children(self, code: NutsCode) -> tuple[NutsCode, ...]:
        """Current regions one level below, in order."""
        return tuple(below for below in self.regions(code.code[:2], code.level + 1) if code.covers(below))

    def find(self, text: str, country: str | None = None) -> list[NutsCode]:
        """Current regions whose code or name is, starts with, or contains the words of ``text``; best first, larger first."""
        wanted = fold(text)
        spelled = text.strip().upper()
        spelled = EU_SPELLING.get(spelled[:2], spelled[:2]) + spelled[2:]
        land = NutsCode.parse(country).code if country else ""
        found: list[tuple[int, int, str]] = []
        if not wanted:
            return []
        for code, names in self._folded.items():
            if not code.startswith(land):
                continue
            if spelled == code or wanted in names:
                quality = 0
            elif any(name.startswith(wanted) for name in names):
                quality = 1
            elif len(wanted) > 2 and any(f" {wanted}" in name for name in names):
                quality = 2
            else:
                continue
            found.append((quality, len(code), code))
        return [NutsCode(code) for _, _, code in sorted(found)]

    @cached_property
    def _folded(self) -> Mapping[str, tuple[str, ...]]:
        """Current codes with their names as people type them; bilingual names count whole and by part."""
        folded: dict[str, tuple[str, ...]] = {}
        for code, region in self.regions_by_code.items():
            if not region.current:
                continue
            names = [region.name, *region.name.split("/"), region.native_name or ""]
            if region.code.level == 0:
                names += [
                    country_name(region.code.country, language) or "" for language in ("en", "fr", "de", "es", "it", "nl", "pl")
                ]
            folded[code] = tuple(dict.fromkeys(fold(name) for name in names if name))
        return folded


def country_name(country: str, language: str) -> str | None:
    """The name of a country (ISO-2) in a language, by CLDR; None when either is unknown (CLDR names ``ZZ`` “unknown region”)."""
    try:
        name: str | None = Locale.parse(language).territories.get(country)
    except (UnknownLocaleError, ValueError):
        return None
    return None if country == "ZZ" else name
