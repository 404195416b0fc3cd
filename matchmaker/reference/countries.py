"""Countries and languages by name: the official lists where loaded, CLDR (through Babel) everywhere else."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from matchmaker.domain.values import iso_country
from matchmaker.reference.folding import fold
from matchmaker.reference.nuts import country_name

EUROPE = (
    *("AD", "AL", "AT", "BA", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB"),
    *("GE", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD", "ME", "MK", "MT"),
    *("NL", "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "SM", "TR", "UA", "VA", "XK"),
)
"""Countries of Europe offered for choice (ISO 3166-1 alpha-2; XK as the EU writes it)."""

EUROPEAN_UNION = frozenset(
    (
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT"),
        *("LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    )
)
"""Member States since 1 February 2020."""

NO_COUNTRY = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Two-letter codes of CLDR that are not countries."""

NAME_LANGUAGES = (
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv"),
    *("mt", "nb", "nl", "pl", "pt", "ro", "sk", "sl", "sv", "uk"),
)
"""Languages in which a country's name is understood."""


@dataclass(frozen=True)
class CountryTable:
    """Names of countries. ``names`` holds loaded ones, ISO-2 to language to name."""

    names: Mapping[str, Mapping[str, str]]

    def name(self, country: str, language: str) -> str | None:
        """The name in ``language``, else in English; None for an unknown code. ``country`` in ISO or NUTS spelling."""
        code = iso_country(country)
        loaded = self.names.get(code, {})
        for wanted in (language, "en"):
            if found := loaded.get(wanted) or country_name(code, wanted):
                return found
        return None

    def codes(self) -> tuple[str, ...]:
        """The countries of Europe, ISO-2, in order."""
        return EUROPE

    def in_union(self, country: str) -> bool:
        """Whether it is a Member State of the European Union."""
        return iso_country(country) in EUROPEAN_UNION

    def find(self, text: str) -> str | None:
        """ISO-2 of a country given as ISO-2, ISO-3, NUTS spelling or by its name in a European language; None when unknown."""
        written = text.strip().upper()
        if len(written) == 3 and (alpha2 := alpha2_of(written)):
            return alpha2
        if len(written) == 2 and iso_country(written) in _territories() and written not in NO_COUNTRY:
            return iso_country(written)
        return self._by_name.get(fold(text))

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for language in NAME_LANGUAGES:
            for code in EUROPE:
                found.setdefault(fold(country_name(code, language) or code), code)
        for code, names in self.names.items():
            for name in names.values():
                found.setdefault(fold(name), code)
        return found


@dataclass(frozen=True)
class LanguageTable:
    """Names of languages. ``names`` holds loaded ones, two letters (three where there are no two) to language to name."""

    names: Mapping[str, Mapping[str, str]]

    def name(self, code: str, language: str) -> str | None:
        """The name of language ``code`` in ``language``, else in English; None when unknown."""
        loaded = self.names.get(code, {})
        for wanted in (language, "en"):
            if found := loaded.get(wanted) or _cldr_language(code, wanted):
                return found
        return None


def alpha2_of(alpha3: str) -> str | None:
    """ISO 3166-1 alpha-2 of an alpha-3 code, by CLDR."""
    if alpha3 in {"XKX", "1A0"}:
        return "XK"
    aliases: list[str] = get_global("territory_aliases").get(alpha3, [])
    return aliases[0] if len(aliases) == 1 else None


def language_alpha2_of(alpha3: str) -> str:
    """The two letters of a language given by three (ISO 639-3 or 639-2/B), else the three in lower case."""
    code = alpha3.lower()
    aliases: Mapping[str, str] = get_global("language_aliases")
    return aliases.get(code, code).split("_")[0]


def _territories() -> Mapping[str, str]:
    territories: Mapping[str, str] = Locale("en").territories
    return territories


def _cldr_language(code: str, language: str) -> str | None:
    try:
        name: str | None = Locale.parse(language).languages.get(code)
    except (UnknownLocaleError, ValueError):
        return None
    return name
