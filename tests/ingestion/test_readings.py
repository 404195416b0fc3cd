"""Single values as notices write them."""

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.notice import Identifier
from matchmaker.domain.values import CpvCode, Deadline, Money
from matchmaker.ingestion import readings
from matchmaker.ingestion.readings import Remarks


@pytest.mark.parametrize("text", ["2024-02-09", "20240209", "2024-02-09Z", "2024-02-09+01:00", " 2024-02-09T10:00:00 "])
def test_a_day_is_read_in_every_form_that_occurs(text: str) -> None:
    assert readings.day(text, Remarks()) == date(2024, 2, 9)


@pytest.mark.parametrize("text", ["2024-02-30", "soon", "09/02/2024", "0000-00-00"])
def test_what_is_no_day_is_left_out_with_a_remark(text: str) -> None:
    remarks = Remarks()
    assert readings.day(text, remarks) is None
    assert len(remarks.all()) == 1


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        ("2024-02-09+01:00", "09:00:00+01:00", Deadline(date(2024, 2, 9), time(9), 60)),
        ("2024-02-09Z", "09:30:15Z", Deadline(date(2024, 2, 9), time(9, 30, 15), 0)),
        ("2024-02-09-03:30", "9:00", Deadline(date(2024, 2, 9), time(9), -210)),
        ("2024-02-09", "09:00", Deadline(date(2024, 2, 9), time(9))),
        ("2024-02-09", None, Deadline(date(2024, 2, 9))),
        ("2024-02-09", "25:00", Deadline(date(2024, 2, 9))),
        ("2024-02-09", "noon", Deadline(date(2024, 2, 9))),
        ("2024-02-09", "09:00+99:00", Deadline(date(2024, 2, 9), time(9))),
    ],
)
def test_a_deadline_has_time_and_offset_only_where_stated(day: str, clock: str | None, expected: Deadline) -> None:
    found = readings.deadline(day, clock, Remarks())
    assert found == expected
    assert found is not None
    assert found.isoformat().startswith("2024-02-09")


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("FRA", "fr"),
        ("ell", "el"),
        ("NOB", "no"),
        ("NNO", "no"),
        ("nor", "no"),
        ("DE", "de"),
        ("gle", "ga"),
        ("", None),
        (None, None),
    ],
)
def test_languages_are_two_letters(code: str | None, language: str | None) -> None:
    assert readings.language_code(code) == language


@pytest.mark.parametrize(
    ("code", "country"),
    [("GRC", "GR"), ("EL", "GR"), ("UK", "GB"), ("GBR", "GB"), ("NZL", "NZ"), ("XKX", "XK"), ("de", "DE"), (None, None)],
)
def test_countries_are_iso_in_two_letters(code: str | None, country: str | None) -> None:
    assert readings.country_code(code) == country


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("1 234.50", "EUR", Money(Decimal("1234.50"), "EUR")),
        ("0", "eur", Money(Decimal(0), "EUR")),
        ("-1", "EUR", None),
        ("12", "", None),
        ("twelve", "EUR", None),
        ("NaN", "EUR", None),
        ("1e999999", "EUR", None),
        ("Infinity", "EUR", None),
    ],
)
def test_an_amount_is_never_negative_boundless_or_without_currency(text: str, currency: str, expected: Money | None) -> None:
    remarks = Remarks()
    assert readings.money(text, currency, remarks) == expected
    assert bool(remarks.all()) == (expected is None)


@pytest.mark.parametrize(
    ("length", "unit", "months"), [("2", "YEAR", 24.0), ("6", "MONTHS", 6.0), ("0", "MONTH", None), ("1", "AEON", None)]
)
def test_lengths_are_months(length: str, unit: str, months: float | None) -> None:
    assert readings.in_months(Decimal(length), unit) == months


def test_a_bare_country_is_no_register_number() -> None:
    assert readings.register_number("SE") is None
    assert readings.register_number(" 412 280 ", "fr") == Identifier("412 280", "fr")


def test_cpv_codes_lose_their_check_digit_and_repetitions() -> None:
    assert readings.cpvs(["90910000-9", "90910000", None, "nonsense"], Remarks()) == (CpvCode("90910000"),)


def test_a_remark_is_made_once() -> None:
    remarks = Remarks()
    for _ in range(3):
        readings.day("soon", remarks)
    assert len(remarks.all()) == 1


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_breaks_a_reading(one: str, other: str) -> None:
    remarks = Remarks()
    readings.day(one, remarks)
    found = readings.deadline(one, other, remarks)
    assert found is None or found.isoformat()
    readings.money(one, other, remarks)
    readings.count(one, remarks)
    readings.percent(one, remarks)
    readings.cpv(one, remarks)
    readings.language_code(one)
    readings.country_code(one)
    assert all(str(remark) for remark in remarks.all())


@given(st.dates(), st.integers(-14 * 60, 14 * 60), st.times())
def test_a_written_deadline_is_read_back(on: date, offset: int, at: time) -> None:
    at = at.replace(microsecond=0, tzinfo=None)
    sign, minutes = "-" if offset < 0 else "+", abs(offset)
    zone = f"{sign}{minutes // 60:02}:{minutes % 60:02}"
    assert readings.deadline(f"{on.isoformat()}{zone}", f"{at.isoformat()}{zone}", Remarks()) == Deadline(on, at, offset)
