"""Dates, numbers, money and names of languages and countries as a reader's language writes them (CLDR, through Babel)."""

import re
from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal, InvalidOperation

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_datetime, format_time
from babel.numbers import NumberFormatError, format_percent, parse_decimal

from matchmaker.domain.messages import Message
from matchmaker.domain.values import Deadline, Period
from matchmaker.language.locales import day as day
from matchmaker.language.locales import locale_of as locale_of
from matchmaker.language.locales import money as money
from matchmaker.language.locales import number as number
from matchmaker.language.translate import translate, translate_plural


def moment(value: datetime, language: str) -> str:
    """A moment with its time, in UTC."""
    locale = locale_of(language)
    return format_datetime(value.astimezone(UTC), format="medium", locale=locale) + " UTC"


def deadline(value: Deadline, language: str) -> str:
    """The day, and the time with its offset only where the notice states them."""
    if value.at is None:
        return day(value.day, language)
    locale = locale_of(language)
    clock = format_time(time(value.at.hour, value.at.minute), format="short", locale=locale)
    zone = "" if value.offset_minutes is None else f" ({_offset(value.offset_minutes)})"
    return f"{day(value.day, language)}, {clock}{zone}"


def _offset(minutes: int) -> str:
    return timezone(timedelta(minutes=minutes)).tzname(None)


def percent(value: float, language: str, digits: int = 0) -> str:
    """A share in [0, 1] as a percentage with at most ``digits`` after the decimal mark."""
    locale = locale_of(language)
    pattern = locale.percent_formats[None].pattern
    return format_percent(value, format=pattern.replace("##0", "##0." + "#" * digits) if digits else None, locale=locale)


def period(value: Period, language: str) -> str | None:
    """Start, end and length, as far as they are known; None when nothing is."""
    parts: list[str] = []
    if value.start and value.end:
        dates = {"start": day(value.start, language), "end": day(value.end, language)}
        parts.append(translate(Message("%(start)s to %(end)s", dates), language))
    elif value.start:
        parts.append(translate(Message("from %(start)s", {"start": day(value.start, language)}), language))
    elif value.end:
        parts.append(translate(Message("until %(end)s", {"end": day(value.end, language)}), language))
    if value.months:
        count = round(value.months)
        parts.append(translate_plural("%(count)s month", "%(count)s months", count, language))
    return ", ".join(parts) or None


def language_name(code: str, language: str) -> str:
    """The name of a language in the reader's, or its code."""
    try:
        return Locale.parse(code).get_display_name(locale_of(language)) or code
    except (UnknownLocaleError, ValueError):
        return code


def country_name(code: str, language: str) -> str:
    """The name of an ISO 3166-1 country in the reader's language, or its code."""
    return str(locale_of(language).territories.get(code, code))


def read_number(text: str, language: str) -> Decimal | None:
    """A number as people type it: ``250 000``, ``250.000,50`` or ``250,000.50``; None when it is none.

    The reader's own separators are tried first. Otherwise the last mark is the decimal one unless exactly three digits
    follow it.
    """
    cleaned = "".join(text.split()).replace("\u202f", "").replace("\u00a0", "").replace("'", "").replace("’", "")
    if not re.fullmatch(r"-?[0-9][0-9.,]{0,40}", cleaned):
        return None
    try:
        return parse_decimal(cleaned, locale=locale_of(language), strict=True)
    except NumberFormatError:
        pass
    last = max(cleaned.rfind("."), cleaned.rfind(","))
    if last >= 0:
        tail = cleaned[last + 1 :]
        head = cleaned[:last].replace(".", "").replace(",", "")
        repeated = cleaned.count(cleaned[last]) > 1
        cleaned = head + tail if len(tail) == 3 or repeated else f"{head}.{tail}"
    try:
        return Decimal(cleaned)
    except InvalidOperation:
        return None
