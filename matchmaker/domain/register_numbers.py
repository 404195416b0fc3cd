"""Register numbers (BT-501) in one spelling, so that the same organisation is recognised from notice to notice and as a supplier.

Notices give numbers with and without country, spaces, labels, or the part that names an establishment. What may stand for
several organisations (a list, a court's running number, a masked or invented number) is no key.
"""

import re

from matchmaker.domain.notice import Identifier
from matchmaker.domain.values import EU_SPELLING, iso_country

FEWEST_DIGITS = 5
SHORTEST = 6
_LABEL = re.compile(
    r"\b(?:NIP|REGON|KRS|SIRET|SIREN|CIF|NIF|UID|VAT|CUI|EIK|OIB|ICO|IČO|ORG\.?\s*NR|FN)\b[.:\s]*([A-Z0-9][A-Z0-9 .\-]{4,})"
)
_LOCAL = re.compile(r"^(?:HR[AB]|VR|GNR|GSR|PR)\s*[0-9]", re.IGNORECASE)
"""German courts number their registers each for itself: without the court such a number names many firms."""

_INVENTED = ("123456", "012345", "987654")
_WHOLE_OF = {"FR": (14, 9), "HU": (11, 8), "BG": (13, 9), "SI": (10, 7), "PL": (14, 9), "BE": (14, 10), "SE": (12, 10)}
"""By country: the length of numbers whose first digits name the legal person and the rest an establishment; and how many."""


def register_key(identifier: Identifier | None, country: str | None) -> str | None:
    """``FR:807469317``: country (ISO-2) and the number of the legal person; None where the number names nobody for sure."""
    if identifier is None or country is None:
        return None
    number = _number(identifier.value.upper(), iso_country(country))
    return f"{iso_country(country)}:{number}" if number else None


def names_person(identifier: Identifier | None, country: str | None) -> bool:
    """Whether the number is a person's: a Spanish identity number (DNI, NIE), also masked as data protection asks."""
    if identifier is None or country != "ES":
        return False
    value = re.sub(r"[\s.\-]", "", identifier.value.upper()).removeprefix("ES")
    return "*" in value or bool(re.fullmatch(r"[0-9]{8}[A-Z]|[XYZ][0-9]{7}[A-Z]", value))


def _number(text: str, country: str) -> str | None:
    if "*" in text or re.search(r"[0-9]\s*[,;]\s*[A-Z]*[0-9]", text) or _LOCAL.match(text.removeprefix("DE").strip(" -")):
        return None
    labelled = _LABEL.search(text)
    number = re.sub(r"[^0-9A-Z]", "", labelled[1].split("  ")[0] if labelled else text)
    number = _without_country(number, country)
    whole = _WHOLE_OF.get(country)
    if country == "FR" and len(number) == 11 and number[2:].isdigit():
        number = number[2:]
    elif whole and len(number) == whole[0] and number.isdigit():
        number = number[: whole[1]]
    return number if _says_something(number) else None


def _without_country(number: str, country: str) -> str:
    for prefix in (EU_SPELLING.get(country, country), country):
        rest = number.removeprefix(prefix)
        if rest != number and sum(letter.isdigit() for letter in rest) >= FEWEST_DIGITS:
            number = rest
            break
    return number.removesuffix("MVA") if country == "NO" else number


def _says_something(number: str) -> bool:
    digits = [letter for letter in number if letter.isdigit()]
    plain = "".join(digits)
    return (
        SHORTEST <= len(number) <= 20
        and len(digits) >= FEWEST_DIGITS
        and len(set(digits)) > 1
        and not plain.startswith(_INVENTED)
    )
