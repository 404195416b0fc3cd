from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.values import Deadline, Money, Period
from matchmaker.language import formats


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_a_day_is_written_day_first_in_english_and_french() -> None:
    assert formats.day(date(2026, 12, 18), "en") == "18 Dec 2026"
    assert formats.day(date(2026, 12, 18), "fr") == "18 déc. 2026"


def test_money_has_no_cents_from_a_thousand_up() -> None:
    assert plain(formats.money(Money(Decimal("250000.40"), "EUR"), "en")) == "€250,000"
    assert plain(formats.money(Money(Decimal("250000.40"), "EUR"), "fr")) == "250 000 €"
    assert plain(formats.money(Money(Decimal("12.5"), "SEK"), "sv")) == "12,50 kr"


def test_a_deadline_shows_its_time_only_where_the_notice_states_it() -> None:
    assert formats.deadline(Deadline(date(2026, 12, 18)), "en") == "18 Dec 2026"
    assert formats.deadline(Deadline(date(2026, 12, 18), time(12, 0), 60), "en") == "18 Dec 2026, 12:00 (UTC+01:00)"


def test_a_period_says_what_is_known_and_nothing_else() -> None:
    assert formats.period(Period(), "en") is None
    assert formats.period(Period(months=1), "en") == "1 month"
    assert formats.period(Period(start=date(2027, 3, 1), months=48.2), "fr") == "à partir du 1 mars 2027, 48 mois"


@pytest.mark.parametrize(
    ("typed", "language", "expected"),
    [
        ("250 000", "en", "250000"),
        ("250,000.50", "en", "250000.50"),
        ("250.000,50", "en", "250000.50"),
        ("250.000,50", "de", "250000.50"),
        ("250 000,50", "fr", "250000.50"),
        ("250'000", "en", "250000"),
        ("1.000.000", "en", "1000000"),
        ("0.5", "de", "0.5"),
        ("abc", "en", None),
        ("", "en", None),
        ("12e999999999", "en", None),
        ("NaN", "fr", None),
    ],
)
def test_amounts_are_read_as_people_write_them(typed: str, language: str, expected: str | None) -> None:
    assert formats.read_number(typed, language) == (None if expected is None else Decimal(expected))


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from(["en", "fr", "de", "sv", "pl"]))
def test_a_number_written_in_a_language_is_read_back_in_it(value: Decimal, language: str) -> None:
    assert formats.read_number(formats.number(value, language), language) == value


def test_names_fall_back_to_the_code() -> None:
    assert formats.country_name("FR", "de") == "Frankreich"
    assert formats.country_name("QQ", "de") == "QQ"
    assert formats.language_name("fi", "en") == "Finnish"
    assert formats.language_name("zz-nothing", "en") == "zz-nothing"


def test_a_share_is_a_whole_percentage_unless_decimals_are_asked_for() -> None:
    assert formats.percent(0.075, "en") == "8%"
    assert formats.percent(0.075, "en", digits=1) == "7.5%"
    assert formats.percent(0.075, "de", digits=1) == "7,5\u00a0%"
    assert formats.percent(0.5, "tr", digits=1) == "%50"
