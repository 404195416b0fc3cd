"""Which languages are official where, from CLDR."""

from functools import lru_cache

from babel.languages import get_official_languages


@lru_cache(maxsize=300)
def official_languages(country: str) -> frozenset[str]:
    """Languages (two letters) that are official in all of a country (ISO-2), by law or in use; empty for an unknown one."""
    found = get_official_languages(country, regional=False, de_facto=True)
    return frozenset(language.split("_")[0] for language in found)
