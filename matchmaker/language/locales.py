"""The locale of a language, and days, numbers and money as it writes them (CLDR, through Babel)."""

from datetime import date
from decimal import Decimal

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from matchmaker.domain.values import Money


def locale_of(language: str) -> Locale:
    """The locale of a two-letter language (English as in Europe: day before month); English for one CLDR does not know."""
    if language == "en":
        return Locale("en", "GB")
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")


def day(value: date, language: str, length: str = "medium") -> str:
    """``24 Nov 2026``; ``length`` as CLDR has it: short, medium, long, full."""
    locale = locale_of(language)
    return format_date(value, format=length, locale=locale)


def number(value: float | Decimal, language: str, digits: int | None = None) -> str:
    """A number with the language's separators: exactly ``digits`` after the decimal mark, or at most three when not said."""
    pattern = None if digits is None else "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(Decimal(str(value)), format=pattern, locale=locale_of(language))


def money(value: Money, language: str) -> str:
    """An amount with its currency; without cents from a thousand up."""
    locale = locale_of(language)
    whole = value.amount >= 1000 or value.amount == value.amount.to_integral_value()
    if not whole:
        return format_currency(value.amount, value.currency, locale=locale)
    pattern = locale.currency_formats["standard"].pattern.replace(".00", "")
    return format_currency(round(value.amount), value.currency, format=pattern, locale=locale, currency_digits=False)
