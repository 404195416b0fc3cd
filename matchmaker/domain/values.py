"""CPV and NUTS codes, money, periods, deadlines, and texts in several languages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message

LocalText = Mapping[str, str]
"""One text in several languages: two-letter language code to text."""

EU_SPELLING = {"GR": "EL", "GB": "UK"}
ISO_SPELLING = {nuts: iso for iso, nuts in EU_SPELLING.items()}


def iso_country(code: str) -> str:
    """ISO 3166-1 alpha-2 of a country given in ISO or in NUTS spelling (``EL`` → ``GR``, ``UK`` → ``GB``)."""
    return ISO_SPELLING.get(code.upper(), code.upper())


def text_in(texts: LocalText, language: str, original: str | None = None) -> tuple[str, str] | None:
    """``(language, text)`` best for a reader: their language, else the original, else English, else any; None if empty."""
    for wanted in (language, original, "en"):
        if wanted and texts.get(wanted):
            return wanted, texts[wanted]
    return next(((lang, text) for lang, text in sorted(texts.items()) if text), None)


@dataclass(frozen=True, slots=True, order=True)
class CpvCode:
    """A code of the Common Procurement Vocabulary 2008 (Regulation (EC) 213/2008), eight digits, without check digit.

    The check digit is dropped on reading and never tested: 532 official codes fail the published rule.
    """

    code: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{8}", self.code):
            raise InvalidValue(
                Message("“%(code)s” is not a CPV code.", {"code": self.code}),
                Message("Give the eight digits, for example 90910000 for cleaning."),
            )

    @classmethod
    def parse(cls, text: str) -> "CpvCode":
        """Reads ``90910000``, ``90910000-9`` or a shortened ``9091``; fills up with zeros."""
        digits = text.strip().split("-")[0].replace(" ", "")
        return cls(digits.ljust(8, "0") if digits.isdigit() and 2 <= len(digits) <= 8 else digits)

    @property
    def division(self) -> str:
        """The first two digits."""
        return self.code[:2]

    @property
    def stem(self) -> str:
        """The significant digits: trailing zeros dropped, at least the division."""
        return self.code[:2] + self.code[2:].rstrip("0")

    @property
    def level(self) -> int:
        """2 for a division, 3 group, 4 class, 5 category, up to 8."""
        return len(self.stem)

    def covers(self, other: "CpvCode") -> bool:
        """Whether ``other`` is this code or below it; a partial order."""
        return other.code.startswith(self.stem)

    def shared_digits(self, other: "CpvCode") -> int:
        """How many leading significant digits both share (0 when the divisions differ)."""
        count = 0
        for mine, theirs in zip(self.stem, other.stem, strict=False):
            if mine != theirs:
                break
            count += 1
        return count if count >= 2 else 0

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True, order=True)
class NutsCode:
    """A NUTS code (Regulation (EC) 1059/2003) or a country alone, in NUTS spelling (``EL``, ``UK``)."""

    code: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Z]{2}[0-9A-Z]{0,3}", self.code):
            raise InvalidValue(
                Message("“%(code)s” is not a NUTS code.", {"code": self.code}),
                Message("Give a country (FR) or a region code of three to five characters (FR101)."),
            )

    @classmethod
    def parse(cls, text: str) -> "NutsCode":
        """Reads a code in either country spelling and any case."""
        code = text.strip().upper()
        return cls(EU_SPELLING.get(code[:2], code[:2]) + code[2:])

    @property
    def level(self) -> int:
        """0 for a country, to 3."""
        return len(self.code) - 2

    @property
    def country(self) -> str:
        """ISO 3166-1 alpha-2 of the country."""
        return iso_country(self.code[:2])

    def covers(self, other: "NutsCode") -> bool:
        """Whether ``other`` is this region or inside it; a partial order."""
        return other.code.startswith(self.code)

    def upwards(self) -> Iterator["NutsCode"]:
        """This region and each one around it, up to the country."""
        for length in range(len(self.code), 1, -1):
            yield NutsCode(self.code[:length])

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class Money:
    """An amount, never negative, in an ISO 4217 currency."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not self.amount.is_finite() or self.amount < 0:
            raise InvalidValue(
                Message("The amount %(amount)s is not zero or more.", {"amount": str(self.amount)}),
                Message("Give a positive amount."),
            )
        if not re.fullmatch(r"[A-Z]{3}", self.currency):
            raise InvalidValue(
                Message("“%(currency)s” is not a currency.", {"currency": self.currency}),
                Message("Give the three letters of ISO 4217, for example EUR."),
            )


@dataclass(frozen=True, slots=True)
class Period:
    """When something runs: a start, an end, or a length in months; each may be unknown."""

    start: date | None = None
    end: date | None = None
    months: float | None = None

    @property
    def length_in_months(self) -> float | None:
        """The stated length, else the one between start and end (a month is 30.4375 days)."""
        if self.months is not None:
            return self.months
        if self.start and self.end and self.end >= self.start:
            return ((self.end - self.start).days + 1) / 30.4375
        return None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day, with time and UTC offset only where the notice states them (BT-131, BT-1311)."""

    day: date
    at: time | None = None
    offset_minutes: int | None = None

    def isoformat(self) -> str:
        """ISO 8601 with time and offset where stated."""
        if self.at is None:
            return self.day.isoformat()
        zone = None if self.offset_minutes is None else timezone(timedelta(minutes=self.offset_minutes))
        return datetime.combine(self.day, self.at, zone).isoformat()

    def days_left(self, today: date) -> int:
        """Whole days from ``today``; negative when past."""
        return (self.day - today).days
