"""Countries, languages, currencies."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.values import Money
from matchmaker.reference.bundle import core_reference
from matchmaker.reference.countries import CountryTable, LanguageTable, alpha2_of, language_alpha2_of

REFERENCE = core_reference()


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("FR", "FR"),
        ("el", "GR"),
        ("UK", "GB"),
        ("DEU", "DE"),
        ("Deutschland", "DE"),
        ("Ελλάδα", "GR"),
        ("czechia", "CZ"),
        ("Þýskaland", None),
        ("ZZ", None),
        ("EU", None),
        ("", None),
    ],
)
def test_a_country_is_understood_by_code_or_by_name(typed: str, country: str | None) -> None:
    assert REFERENCE.countries.find(typed) == country


def test_a_loaded_name_comes_before_our_own() -> None:
    table = CountryTable({"NL": {"fr": "les Pays-Bas"}})
    assert table.name("NL", "fr") == "les Pays-Bas"
    assert table.name("NL", "de") == "Niederlande"
    assert table.name("QQ", "de") is None


def test_the_union_has_twenty_seven_members_and_knows_the_nuts_spelling() -> None:
    assert sum(REFERENCE.countries.in_union(country) for country in REFERENCE.countries.codes()) == 27
    assert REFERENCE.countries.in_union("EL")
    assert not REFERENCE.countries.in_union("UK")


def test_three_letters_become_two() -> None:
    assert alpha2_of("GRC") == "GR"
    assert alpha2_of("XYZ") is None
    assert [language_alpha2_of(code) for code in ("ELL", "FRA", "GLE", "NLD")] == ["el", "fr", "ga", "nl"]


def test_languages_are_named_in_the_readers_language() -> None:
    assert LanguageTable({}).name("fi", "fr") == "finnois"
    assert LanguageTable({}).name("qqq", "fr") is None


def test_every_currency_of_the_economic_area_and_its_neighbours_has_a_rate() -> None:
    convertible = set(REFERENCE.currencies.convertible())
    assert {"EUR", "BGN", "CZK", "DKK", "HUF", "PLN", "RON", "SEK", "HRK", "NOK", "ISK", "CHF", "GBP", "MDL"} <= convertible


def test_an_amount_is_changed_by_the_rate_of_its_year() -> None:
    zloty = Money(Decimal(1000), "PLN")
    in_2020 = REFERENCE.currencies.to_euro(zloty, date(2020, 6, 1))
    in_2022 = REFERENCE.currencies.to_euro(zloty, date(2022, 6, 1))
    assert in_2020 == Money(Decimal("225.07"), "EUR")
    assert in_2022 is not None
    assert in_2022.amount < Decimal("225.07")


def test_before_and_after_the_table_the_nearest_year_counts() -> None:
    pounds = Money(Decimal(100), "GBP")
    assert REFERENCE.currencies.to_euro(pounds, date(2001, 1, 1)) == REFERENCE.currencies.to_euro(pounds, date(2016, 1, 1))
    assert REFERENCE.currencies.to_euro(pounds, date(2031, 1, 1)) == REFERENCE.currencies.to_euro(pounds, None)


def test_euro_stays_as_it_is_and_an_unknown_currency_is_unknown() -> None:
    euro = Money(Decimal("12.345"), "EUR")
    assert REFERENCE.currencies.to_euro(euro, None) == euro
    assert REFERENCE.currencies.to_euro(Money(Decimal(5), "XPF"), None) is None


@given(st.sampled_from(REFERENCE.currencies.convertible()), st.decimals(0, 10**9, places=2), st.dates())
def test_more_money_is_never_fewer_euro(currency: str, amount: Decimal, on: date) -> None:
    less = REFERENCE.currencies.to_euro(Money(amount, currency), on)
    more = REFERENCE.currencies.to_euro(Money(amount * 2 + 1, currency), on)
    assert less is not None
    assert more is not None
    assert less.amount <= more.amount
