"""Numbers, shares, dates and lists as people write them in cells."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

_NUMBER = re.compile(r"^[-−]?[0-9][0-9.,' \u00a0\u202f]*$")
_CURRENCY_SIGNS = {"€": "EUR", "£": "GBP", "zł": "PLN", "Kč": "CZK", "Ft": "HUF", "lei": "RON", "kn": "HRK"}
_CODED = re.compile(r"(?:([A-Z]{3})\s*)?([^A-Za-z]*)(?:([A-Z]{3}))?")
_THOUSAND = re.compile(r"[' \u00a0\u202f]")

FRENCH_BANDS = {
    "00": 0,
    "01": 1,
    "02": 3,
    "03": 6,
    "11": 10,
    "12": 20,
    "21": 50,
    "22": 100,
    "31": 200,
    "32": 250,
    "41": 500,
    "42": 1000,
    "51": 2000,
    "52": 5000,
    "53": 10000,
}
"""Lower ends of the headcount bands of the French business register (INSEE, tranche d'effectif salarié)."""


def number(text: str) -> Decimal | None:
    """A number with either decimal sign and any thousands sign; None when it is none.

    A single comma or point before exactly three digits divides thousands, unless the number starts with zero.
    """
    cleaned = _THOUSAND.sub("", text.strip())
    if not _NUMBER.match(text.strip()):
        return None
    sign = "-" if cleaned.startswith(("-", "−")) else ""
    digits = cleaned.lstrip("-−")
    last = max(digits.rfind(","), digits.rfind("."))
    if last >= 0:
        mark, whole, part = digits[last], digits[:last], digits[last + 1 :]
        repeated = digits.count(mark) > 1
        other = "," if mark == "." else "."
        thousands = repeated or (len(part) == 3 and other not in whole and not whole.startswith("0"))
        digits = re.sub(r"[.,]", "", digits) if thousands else re.sub(r"[.,]", "", whole) + "." + part
    try:
        return Decimal(sign + digits.rstrip("."))
    except InvalidOperation:
        return None


def amount(text: str) -> tuple[Decimal | None, str | None]:
    """A number and the currency written beside it, each None when there is none."""
    rest = text.strip()
    for sign, code in _CURRENCY_SIGNS.items():
        if rest.startswith(sign) or rest.endswith(sign):
            return number(rest.removeprefix(sign).removesuffix(sign)), code
    found = _CODED.fullmatch(rest)
    return (number(found[2]), found[1] or found[3]) if found else (None, None)


def headcount(text: str) -> Decimal | None:
    """People employed; of a band (``10-19``) the lower end."""
    band = re.match(r"^([0-9]+)\s*(?:-|–|à|bis|to|a|tot|do)\s*[0-9]+$", text.strip())
    return Decimal(band.group(1)) if band else number(text)


def share(text: str) -> float | None:
    """A share within 0 and 1, given as a fraction or in per cent (``0.6``, ``60 %``, ``60``); None when it is none."""
    found = number(text.replace("%", "").strip())
    if found is None or found < 0:
        return None
    value = float(found) / 100 if "%" in text or found > 1 else float(found)
    return value if value <= 1 else None


def day(text: str) -> date | None:
    """A date written ``2026-11-24``, ``24.11.2026`` or ``24/11/2026``; None when it is none."""
    if found := re.match(r"^(\d{4})-(\d{1,2})-(\d{1,2})", text.strip()):
        year, month, number_ = found.groups()
    elif found := re.match(r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$", text.strip()):
        number_, month, year = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(number_))
    except ValueError:
        return None


def parts(text: str, divided_by: str = r"[;|,\n]") -> list[str]:
    """The items of a list in one cell, each once."""
    return list(dict.fromkeys(item.strip() for item in re.split(divided_by, text) if item.strip()))


def coordinate(text: str, limit: float) -> float | None:
    """Degrees within ``limit`` on either side of zero; a comma counts as decimal point. None when it is none."""
    try:
        degrees = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return degrees if -limit <= degrees <= limit else None
