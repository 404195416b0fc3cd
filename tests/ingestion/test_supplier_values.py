from datetime import date
from decimal import Decimal

import pytest

from matchmaker.domain.organisation import StatusKind
from matchmaker.ingestion.suppliers.contacts import role_address, web_address, without_contacts
from matchmaker.ingestion.suppliers.headers import Column, layout_of
from matchmaker.ingestion.suppliers.industries import industries, industry_of
from matchmaker.ingestion.suppliers.statuses import status_kind
from matchmaker.ingestion.tables.values import amount, coordinate, day, headcount, number, parts, share
from matchmaker.reference.bundle import core_reference


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234 567", "1234567"),
        ("1.234.567", "1234567"),
        ("1,234", "1234"),
        ("0,125", "0.125"),
        ("8227.0", "8227.0"),
        ("-5", "-5"),
        ("−5,5", "-5.5"),
        ("1'000", "1000"),
    ],
)
def test_numbers_are_understood_with_either_decimal_sign(text: str, value: str) -> None:
    assert number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "abc", "12abc", "--5", "1e5", ".", "NaN"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [("€ 1.200", 1200, "EUR"), ("1 200 EUR", 1200, "EUR"), ("GBP 5", 5, "GBP"), ("£7", 7, "GBP"), ("50", 50, None)],
)
def test_a_currency_may_stand_on_either_side(text: str, value: int, currency: str | None) -> None:
    assert amount(text) == (Decimal(value), currency)


def test_a_headcount_band_counts_by_its_lower_end() -> None:
    assert [headcount(text) for text in ("10-19", "50 – 99", "7", "many")] == [10, 50, 7, None]


@pytest.mark.parametrize(("text", "value"), [("60 %", 0.6), ("60", 0.6), ("0,6", 0.6), ("1", 1.0), ("120", None), ("-1", None)])
def test_a_share_is_a_fraction_or_a_percentage(text: str, value: float | None) -> None:
    assert share(text) == (None if value is None else pytest.approx(value))


def test_dates_are_understood_in_three_forms_and_must_exist() -> None:
    assert {day("2026-11-24"), day("24.11.2026"), day("24/11/2026"), day("2026-11-24T10:00:00")} == {date(2026, 11, 24)}
    assert [day("31.02.2026"), day("soon")] == [None, None]


def test_coordinates_have_bounds_and_never_thousands() -> None:
    assert [coordinate("48,500", 90), coordinate("-4.5", 180), coordinate("91", 90), coordinate("x", 90)] == [
        48.5,
        -4.5,
        None,
        None,
    ]


def test_lists_are_divided_and_doubles_dropped() -> None:
    assert parts(" a; b|a,c ;;") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("headers", "columns"),
    [
        (
            ["SIRET", "Raison sociale", "Code postal", "Effectif"],
            [Column.ID, Column.LEGAL_NAME, Column.POSTCODE, Column.EMPLOYEES],
        ),
        (["Kennung", "Name", "PLZ", "Tätigkeit"], [Column.ID, Column.NAME, Column.POSTCODE, Column.DESCRIPTION]),
        (
            ["CIF", "Razón social", "Código postal", "Facturación"],
            [Column.ID, Column.LEGAL_NAME, Column.POSTCODE, Column.TURNOVER],
        ),
        (["codice fiscale", "DENOMINAZIONE", "CAP", "Attività"], [Column.ID, Column.NAME, Column.POSTCODE, Column.DESCRIPTION]),
        (["KvK-nummer", "Bedrijfsnaam", "Plaats", "Omzet"], [Column.ID, Column.NAME, Column.CITY, Column.TURNOVER]),
        (["KRS", "Nazwa", "Kod pocztowy", "Usługi"], [Column.ID, Column.NAME, Column.POSTCODE, Column.DESCRIPTION]),
        (["source_id", "legal_name", "radius_km", "cpv-codes"], [Column.SOURCE_ID, Column.LEGAL_NAME, Column.RADIUS, Column.CPV]),
    ],
)
def test_headers_are_understood_in_seven_languages(headers: list[str], columns: list[Column]) -> None:
    assert list(layout_of(headers).positions) == columns


def test_columns_about_persons_are_named_and_never_read() -> None:
    layout = layout_of(["id", "name", "Ansprechpartner", "Téléphone", "colour"])
    assert (layout.personal, layout.ignored) == (("Ansprechpartner", "Téléphone"), ("colour",))


def test_of_two_columns_with_one_meaning_the_first_counts() -> None:
    layout = layout_of(["Nom", "Name", "id"])
    assert (layout.of(["a", "b", "1"], Column.NAME), layout.ignored) == ("a", ("Name",))


@pytest.mark.parametrize(
    ("text", "kept"),
    [("Info@hof.example", "info@hof.example"), ("contact-lyon@x.fr", "contact-lyon@x.fr"), ("jane.doe@x.org", None)],
)
def test_only_addresses_of_a_function_are_kept(text: str, kept: str | None) -> None:
    assert role_address(text) == kept


def test_texts_lose_addresses_and_numbers_of_persons_but_not_years_and_standards() -> None:
    text = "Ring +44 20 7946 0958 or (020) 7946-0958, jane@x.org, info@x.org; since 2014-2015, ISO 9001:2015, 12 000 m2"
    assert without_contacts(text) == "Ring … or …, …, info@x.org; since 2014-2015, ISO 9001:2015, 12 000 m2"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("www.hof.example", "http://www.hof.example"),
        ("https://hof.example/a?b=c", "https://hof.example/a?b=c"),
        ("javascript:alert(1)", None),
        ("http://user:pw@hof.example", None),
        ("none", None),
        ("http://[broken", None),
    ],
)
def test_only_web_addresses_that_can_be_followed_safely_are_kept(text: str, address: str | None) -> None:
    assert web_address(text) == address


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ESAT", StatusKind.SHELTERED_WORKSHOP),
        ("Entreprise d’insertion", StatusKind.WORK_INTEGRATION),
        ("Centro Especial de Empleo", StatusKind.SHELTERED_WORKSHOP),
        ("Spółdzielnia socjalna", StatusKind.SOCIAL_COOPERATIVE),
        ("charity", StatusKind.NON_PROFIT),
        ("farm", None),
    ],
)
def test_registers_words_for_kinds_are_understood(text: str, kind: StatusKind | None) -> None:
    assert status_kind(text) is kind


@pytest.mark.parametrize("code", ["NAF:8130Z", "UKSIC07:81300", "81.30", "81.3", "N 81.30"])
def test_industry_codes_of_any_country_are_read_as_nace(code: str) -> None:
    found = industry_of(code)
    assert found is not None
    assert "green spaces" in found.label


@pytest.mark.parametrize("code", ["", "other", "ICNPTSO:H10;UKCAT:CA202", "NAF:8899B", "UKSIC07:94990", "99"])
def test_codes_that_say_nothing_of_the_work_give_none(code: str) -> None:
    assert industry_of(code) is None


def test_every_cpv_code_of_the_industries_lies_in_a_known_division() -> None:
    cpv = core_reference().cpv
    assert all(cpv.known(code) for industry in industries().values() for code in industry.cpvs)
