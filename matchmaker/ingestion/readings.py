"""Single values as notices write them, to domain values; what cannot be read becomes a remark, never an error."""

import re
from dataclasses import dataclass, field, replace
from datetime import date, time
from decimal import Decimal, InvalidOperation
from pathlib import PurePosixPath
from types import MappingProxyType

from babel.core import get_global

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Identifier, Lot
from matchmaker.domain.values import CpvCode, Deadline, LocalText, Money, iso_country

_COUNTRY_ONLY = re.compile(r"[A-Za-z]{2}")
_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:T[\d:.]*)?(Z|[+-]\d{2}:?\d{2})?")
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?")
_COUNTRIES = {
    **{code: names[0] for code, names in get_global("territory_aliases").items() if len(code) == 3},
    "XKX": "XK",
    "1A0": "XK",
}
_LANGUAGES = {"nor": "no", "nob": "no", "nno": "no", "nb": "no", "nn": "no"}

DURATION_UNITS = frozenset(("DAY", "WEEK", "MONTH", "YEAR"))
"""BT-36 units of the code list; others that occur (``MONTHS``, ``CALENDAR_DAY``, ``WORKING_DAY``) are understood too."""

_MONTHS = {
    "DAY": 1 / 30.4375,
    "CALENDAR_DAY": 1 / 30.4375,
    "WORKING_DAY": 1.4 / 30.4375,
    "WEEK": 7 / 30.4375,
    "MONTH": 1.0,
    "YEAR": 12.0,
}

WITHHELD = "unpublished"
WITHHELD_AMOUNT = Decimal(-1)
WITHHELD_DAY = date(1970, 1, 1)
"""What eForms puts in the place of a code or text, an amount and a date that are not to be published yet (BT-195)."""

MAX_AMOUNT = Decimal(10) ** 15
"""Amounts above this, in any currency, are typing errors."""

Pairs = list[tuple[str, str]]


@dataclass(slots=True)
class Remarks:
    """What a reader could not place in one document, each said once."""

    said: dict[str, Message] = field(default_factory=dict)

    def say(self, remark: Message) -> None:
        """Adds a remark; a repetition is dropped."""
        self.said.setdefault(str(remark), remark)

    def check_code(self, term: str, code: str, known: frozenset[str]) -> str:
        """``code`` itself, with a remark when the code list ``term`` does not hold it."""
        if code not in known:
            self.say(Message("“%(code)s” is not in the code list of %(term)s; kept as given.", {"code": code, "term": term}))
        return code

    def all(self) -> tuple[Message, ...]:
        """The remarks in the order they were made."""
        return tuple(self.said.values())


def id_from_name(name: str) -> str:
    """The id a file name gives a notice: its last part without ``.xml``."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return last[: -len(".xml")] if last.lower().endswith(".xml") else last


def language_code(code: str | None) -> str | None:
    """Two-letter language of an ISO 639 code of two or three letters (both Norwegian written forms are ``no``)."""
    if not code:
        return None
    low = code.strip().lower()
    if low in _LANGUAGES:
        return _LANGUAGES[low]
    return get_global("language_aliases").get(low, low) if len(low) == 3 else low or None


def country_code(code: str | None) -> str | None:
    """ISO 3166-1 alpha-2 of a country given in two letters (ISO or EU spelling) or three."""
    if not code:
        return None
    high = code.strip().upper()
    return _COUNTRIES.get(high, high) if len(high) == 3 else iso_country(high) or None


def _offset(text: str | None) -> int | None:
    if not text:
        return None
    if text == "Z":
        return 0
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return -minutes if text[0] == "-" else minutes


def day(text: str | None, remarks: Remarks) -> date | None:
    """The date of ``2024-02-09+01:00``, ``2024-02-09`` or ``20240209``; the zone of a day is ignored."""
    if not text:
        return None
    found = _DATE.match(text.strip())
    try:
        if found:
            on = date(int(found[1]), int(found[2]), int(found[3]))
            return None if on == WITHHELD_DAY else on
    except ValueError:
        pass
    remarks.say(Message("“%(text)s” is not a date; left out.", {"text": text.strip()[:60]}))
    return None


def deadline(day_text: str | None, time_text: str | None, remarks: Remarks) -> Deadline | None:
    """A day with the time and offset stated with it; a time without offset is kept without and remarked."""
    on = day(day_text, remarks)
    if on is None or day_text is None:
        return None
    if not time_text:
        return Deadline(on)
    found = _TIME.match(time_text.strip())
    try:
        at = time(int(found[1]), int(found[2]), int(found[3] or 0)) if found else None
    except ValueError:
        at = None
    if found is None or at is None:
        remarks.say(Message("“%(text)s” is not a time of day; left out.", {"text": time_text.strip()[:60]}))
        return Deadline(on)
    zone = _DATE.match(day_text.strip())
    offset = _offset(found[4] or (zone[4] if zone else None))
    if offset is None:
        remarks.say(
            Message("The deadline %(day)s %(time)s has no time zone.", {"day": on.isoformat(), "time": at.isoformat("minutes")})
        )
    elif abs(offset) >= 24 * 60:
        offset = None
    return Deadline(on, at, offset)


def number(text: str | None, remarks: Remarks) -> Decimal | None:
    """A decimal number with point; None with a remark when it is not one."""
    if not text or not text.strip():
        return None
    try:
        found = Decimal(text.strip().replace(" ", "").replace("\u00a0", ""))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        remarks.say(Message("“%(text)s” is not a number; left out.", {"text": text.strip()[:60]}))
        return None
    return found


def count(text: str | None, remarks: Remarks) -> int | None:
    """A whole number of zero or more."""
    found = number(text, remarks)
    if found is None or found < 0 or found > 10_000_000:
        return None
    return int(found)


def percent(text: str | None, remarks: Remarks) -> float | None:
    """A percentage of 0 to 100."""
    found = number(text, remarks)
    if found is None or not 0 <= found <= 100:
        return None
    return float(found)


def in_months(length: Decimal | None, unit: str) -> float | None:
    """A length of time in months of 30.4375 days; None when the unit is unknown or the length is not a contract's."""
    factor = _MONTHS.get(unit.upper().removesuffix("S"))
    return round(float(length) * factor, 4) if length is not None and factor and 0 < length < 100_000 else None


def money(text: str | None, currency: str | None, remarks: Remarks) -> Money | None:
    """An amount with its currency; negative amounts and amounts without currency are left out with a remark."""
    amount = number(text, remarks)
    if amount is None:
        return None
    if amount == WITHHELD_AMOUNT:
        remarks.say(Message("An amount is withheld from publication."))
        return None
    if amount > MAX_AMOUNT:
        remarks.say(Message("The amount %(text)s is beyond any contract; left out.", {"text": str(text).strip()[:60]}))
        return None
    try:
        return Money(amount, (currency or "").strip().upper())
    except InvalidValue as refusal:
        remarks.say(refusal.sentence)
        return None


def cpv(text: str | None, remarks: Remarks) -> CpvCode | None:
    """A CPV code; None with a remark when it has not the form of one."""
    if not text or not text.strip():
        return None
    try:
        return CpvCode.parse(text)
    except InvalidValue:
        remarks.say(Message("“%(text)s” is not a CPV code; left out.", {"text": text.strip()[:60]}))
        return None


def cpvs(texts: list[str | None], remarks: Remarks) -> tuple[CpvCode, ...]:
    """CPV codes without repetition, in order."""
    return tuple(dict.fromkeys(code for text in texts if (code := cpv(text, remarks))))


def in_languages(pairs: Pairs) -> LocalText:
    """``(language, text)`` pairs as one text per language; several texts of one language are joined by a line break."""
    joined: dict[str, dict[str, None]] = {}
    for language, text in pairs:
        joined.setdefault(language, {})[text] = None
    return MappingProxyType({language: "\n".join(texts) for language, texts in joined.items()})


def merged(texts: list[LocalText]) -> LocalText:
    """Several texts as one, language by language."""
    return in_languages([pair for text in texts for pair in text.items()])


def register_number(text: str | None, scheme: str | None = None) -> Identifier | None:
    """A registration number as given; a bare country prefix is none."""
    number_given = " ".join((text or "").split())
    return Identifier(number_given, scheme) if number_given and not _COUNTRY_ONLY.fullmatch(number_given) else None


def total(amounts: list[Money]) -> Money | None:
    """The sum of amounts in one currency; None when there are none or they are in several currencies."""
    if len({amount.currency for amount in amounts}) != 1:
        return None
    return Money(sum((amount.amount for amount in amounts), Decimal(0)), amounts[0].currency)


def with_whole_value(lots: tuple[Lot, ...], estimated: Money | None) -> tuple[Lot, ...]:
    """The lots; an only lot without its own value takes the estimate of the whole."""
    described = [lot for lot in lots if not lot.award_only]
    if estimated is None or len(described) != 1 or described[0].value is not None:
        return lots
    return tuple(lot if lot.award_only else replace(lot, value=estimated) for lot in lots)
