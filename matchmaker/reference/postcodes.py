"""Postcodes: to a point and a NUTS 3 region."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.values import NutsCode, iso_country

PostcodePlace = tuple[NutsCode | None, float | None, float | None]
"""Region, latitude and longitude of a postcode; a part the tables do not know is None."""

_BRITISH = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")
"""A whole British postcode; its last three signs are the delivery part, so that ``LE1 6LP`` lies in LE1, not in LE16."""


@dataclass(frozen=True)
class PostcodeTable:
    """Postcodes and rules for prefixes. Nothing is indexed before the first question, and then only the country asked for.

    ``rows`` are (country, postcode, lat, lon, nuts3), ``prefixes`` (country, prefix, nuts3, rank); of two rules for
    one country those with the smaller rank are asked first. A prefix that ends in ``$`` stands for the whole postcode.
    """

    rows: Sequence[tuple[str, ...]] = ()
    prefixes: Sequence[tuple[str, ...]] = ()
    _by_country: dict[str, dict[str, PostcodePlace]] = field(default_factory=dict, compare=False, repr=False)

    def place_of(self, country: str, postcode: str) -> PostcodePlace | None:
        """Where a postcode of a country (ISO-2) lies, tolerant of spaces and country prefixes; None when nothing is known."""
        land = iso_country(country)
        code = re.sub(r"[^0-9A-Z]", "", postcode.upper())
        code = code.removeprefix(land) if code[len(land) :].isdigit() else code
        if not code:
            return None
        if land == "GB" and _BRITISH.fullmatch(code):
            code = code[:-3]
        spellings = (code, re.sub(r"[A-Z]", "", code), land[:1] + code)
        known = self._known(land)
        for spelling in spellings:
            for length in range(len(spelling), 1, -1):
                if found := known.get(spelling[:length]):
                    return found if found[0] else (self._by_prefix(land, spelling), found[1], found[2])
        region = self._by_prefix(land, code)
        return (region, None, None) if region else None

    def _known(self, country: str) -> Mapping[str, PostcodePlace]:
        if country not in self._by_country:
            self._by_country[country] = {
                re.sub(r"[^0-9A-Z]", "", code): (_region(nuts3), float(lat) if lat else None, float(lon) if lon else None)
                for line in filter(None, self._lines_by_country.get(country, "").split("\n"))
                for code, lat, lon, nuts3 in [line.split("\t")]
            }
        return self._by_country[country]

    def _by_prefix(self, country: str, code: str) -> NutsCode | None:
        """By the longest rule that fits; the one without a prefix is the rest of the country and needs a code of usual length."""
        lengths = {len(known) for known in self._known(country)}
        shortest = 0 if not lengths or len(code) in lengths else 1
        for rules in self._rules.get(country, ()):
            for prefix in (f"{code}$", *(code[:length] for length in range(len(code), shortest - 1, -1))):
                if region := rules.get(prefix):
                    return _region(region)
        return None

    @cached_property
    def _lines_by_country(self) -> Mapping[str, str]:
        """One text a country: two hundred thousand rows as objects would take a hundred megabytes."""
        lines: dict[str, list[str]] = {}
        for country, *cells in self.rows:
            lines.setdefault(iso_country(country), []).append("\t".join(cells))
        return {country: "\n".join(found) for country, found in lines.items()}

    @cached_property
    def _rules(self) -> Mapping[str, list[dict[str, str]]]:
        by_rank: dict[str, dict[str, dict[str, str]]] = {}
        for country, prefix, nuts3, rank in self.prefixes:
            by_rank.setdefault(iso_country(country), {}).setdefault(rank, {})[prefix] = nuts3
        return {country: [rules for _, rules in sorted(ranks.items())] for country, ranks in by_rank.items()}


def _region(code: str) -> NutsCode | None:
    try:
        return NutsCode.parse(code) if code else None
    except InvalidValue:
        return None
