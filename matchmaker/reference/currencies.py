"""Currencies: names, and amounts in euro good enough to compare sizes.

The rates in ``core/euro_rates.csv`` are units of the currency for one euro, rounded yearly averages in the manner of the European
Central Bank's reference rates (annual averages 2016-2024, 2025 provisional), written down for this project in November 2026
from general knowledge, not downloaded. Expect errors of up to about two per cent, more for TRY and UAH: use them to
compare the size of a lot with the size of a firm, never for payment or against a legal threshold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel import Locale, UnknownLocaleError

from matchmaker.domain.values import Money


@dataclass(frozen=True)
class CurrencyTable:
    """Names by currency and language, and yearly rates: units of the currency for one euro."""

    names: Mapping[str, Mapping[str, str]]
    rates: Mapping[str, Mapping[int, Decimal]]

    def to_euro(self, money: Money, on: date | None) -> Money | None:
        """About the same amount in euro, by the average of the year (the nearest one known; the newest when ``on`` is None).

        Rounded to cents. None for a currency without a rate.
        """
        if money.currency == "EUR":
            return money
        years = self.rates.get(money.currency)
        if not years:
            return None
        wanted = on.year if on else max(years)
        year = min(years, key=lambda known: (abs(known - wanted), -known))
        return Money((money.amount / years[year]).quantize(Decimal("0.01")), "EUR")

    def name(self, currency: str, language: str) -> str | None:
        """The name in ``language``, else in English; None when unknown."""
        loaded = self.names.get(currency, {})
        for wanted in (language, "en"):
            if found := loaded.get(wanted) or _cldr_name(currency, wanted):
                return found
        return None

    def convertible(self) -> tuple[str, ...]:
        """Currencies ``to_euro`` can convert, in order."""
        return tuple(sorted({"EUR", *self.rates}))


def _cldr_name(currency: str, language: str) -> str | None:
    try:
        name: str | None = Locale.parse(language).currencies.get(currency)
    except (UnknownLocaleError, ValueError):
        return None
    return name
