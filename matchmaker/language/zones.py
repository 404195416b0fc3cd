"""Time zones by country, with the names of their cities in a reader's language (CLDR, through Babel)."""

from collections.abc import Iterable

from babel.core import get_global
from babel.dates import get_timezone_location

from matchmaker.language.formats import locale_of


def zones_of(country: str) -> tuple[str, ...]:
    """IANA names of a country's zones (ISO-2), those on the European mainland first."""
    return tuple(sorted(get_global("territory_zones").get(country, ()), key=lambda zone: (not zone.startswith("Europe/"), zone)))


def default_zone(country: str | None) -> str:
    """The zone most people of a country live in; UTC for a country that is not known."""
    return next(iter(zones_of(country)), "UTC") if country else "UTC"


def zone_choices(countries: Iterable[str], language: str) -> list[tuple[str, str]]:
    """``(IANA name, city)`` of all zones of these countries, by the city's name; UTC last."""
    zones = {zone for country in countries for zone in zones_of(country)}
    named = [(zone, zone_city(zone, language)) for zone in zones]
    return [*sorted(named, key=lambda pair: (pair[1], pair[0])), ("UTC", "UTC")]


def zone_city(zone: str, language: str) -> str:
    """The city a zone is named after."""
    return zone if zone == "UTC" else get_timezone_location(zone, locale=locale_of(language), return_city=True)
