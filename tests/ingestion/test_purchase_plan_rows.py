import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import Workbook

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.values import CpvCode, Money, NutsCode
from matchmaker.ingestion.purchase_plans.amounts import amount, currency_of_header, unit_of_header
from matchmaker.ingestion.purchase_plans.dates import first_day, last_day, months_long
from matchmaker.ingestion.purchase_plans.headers import is_header, layout_of
from matchmaker.ingestion.purchase_plans.rows import Defaults, PlanFile, read_plan

EURO = Defaults("EUR")


def read(text: str, defaults: Defaults = EURO) -> PlanFile:
    return read_plan(text.encode(), "plan.csv", defaults)


def book(*rows: list[object]) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("Title;Estimated value (excl. VAT);CPV code;Place;Start;Duration", "title value cpv place start duration"),
        (
            "Objet du marché;Montant estimé HT (k€);Code CPV;Commune;Trimestre;Durée (mois)",
            "title value cpv place start duration",
        ),
        (
            "Bezeichnung;geschätzter Auftragswert (netto);PLZ;Ort;Vertragsbeginn;Laufzeit",
            "title value postcode place start duration",
        ),
        (
            "Objeto del contrato;Presupuesto (sin IVA);Código CPV;Municipio;Fecha prevista;Plazo",
            "title value cpv place start duration",
        ),
        ("Oggetto dell'appalto;Importo stimato;Codice CPV;Comune;Data prevista;Durata", "title value cpv place start duration"),
        ("Onderwerp;Geraamde waarde excl. btw;Gemeente;Kwartaal;Looptijd;Opmerkingen", "title value place start duration notes"),
        ("Przedmiot zamówienia;Wartość netto;Kod CPV;Gmina;Kwartał;Uwagi", "title value cpv place start notes"),
        ("Objeto do contrato;Preço base;Concelho;Início;Prazo;Observações", "title value place start duration notes"),
        ("Obiectul achiziției;Valoarea estimată;Cod CPV;Județ;Trimestru;Durată", "title value cpv place start duration"),
        ("Název zakázky;Předpokládaná hodnota (bez DPH);Místo plnění;Čtvrtletí", "title value place start"),
        ("Upphandling;Uppskattat värde;Kommun;Avtalsstart;Avtalstid", "title value place start duration"),
        ("Udbud;Anslået værdi;Kommune;Startdato;Løbetid", "title value place start duration"),
        ("Hankinnan nimi;Ennakoitu arvo;Paikkakunta;Neljännes;Kesto", "title value place start duration"),
        ("Αντικείμενο;Προϋπολογισμός (χωρίς ΦΠΑ);Δήμος;Τρίμηνο;Διάρκεια", "title value place start duration"),
        ("A beszerzés tárgya;Becsült érték;Település;Negyedév;Időtartam", "title value place start duration"),
        ("Предмет на поръчката;Прогнозна стойност;Община;Тримесечие;Срок", "title value place start duration"),
        ("Predmet nabave;Procijenjena vrijednost;Mjesto;Kvartal;Trajanje", "title value place start duration"),
        ("Predmet naročila;Ocenjena vrednost;Občina;Četrtletje;Trajanje", "title value place start duration"),
        ("Predmet zákazky;Predpokladaná hodnota;Miesto plnenia;Štvrťrok;Trvanie", "title value place start duration"),
        ("Pirkimo objektas;Numatoma vertė;Savivaldybė;Ketvirtis;Trukmė", "title value place start duration"),
        ("Iepirkuma priekšmets;Paredzamā vērtība;Pašvaldība;Ceturksnis;Ilgums", "title value place start duration"),
        ("Riigihange;Eeldatav maksumus;Vald;Kvartal;Kestus", "title value place start duration"),
        ("Teideal;Luach measta;Áit;Ráithe;Fad", "title value place start duration"),
        ("Suġġett;Valur stmat;Post;Bidu;Munita", "title value place start currency"),
    ],
)
def test_columns_are_known_by_the_names_of_24_languages(headers: str, expected: str) -> None:
    layout = layout_of(headers.split(";"))
    found = sorted(layout.positions.items(), key=lambda pair: pair[1])
    assert [column.value for column, _ in found] == expected.split()
    assert is_header(headers.split(";"))


@pytest.mark.parametrize(
    ("text", "euro", "currency"),
    [
        ("1.234.567,89", "1234567.89", None),
        ("1 234 567", "1234567", None),
        ("1’234’567.50 CHF", "1234567.50", "CHF"),
        ("1,5 Mio. €", "1500000", "EUR"),
        ("250 TEUR", "250000", "EUR"),
        ("€ 250k", "250000", "EUR"),
        ("500 tys. zł", "500000", "PLN"),
        ("1,5 mil. Kč", "1500000", "CZK"),
        ("2 млн лв", "2000000", "BGN"),
        ("ca. 40.000,- EUR", "40000", "EUR"),
        ("2,5 mkr", "2500000", None),
        ("£1,200,000", "1200000", "GBP"),
        ("EUR 90 000.00", "90000", "EUR"),
        ("1 200 000 kr", "1200000", None),
        ("100 000 – 200 000 €", "200000", "EUR"),
    ],
)
def test_amounts_are_read_with_any_separators_and_units(text: str, euro: str, currency: str | None) -> None:
    found = amount(text)
    assert found is not None
    assert (found.amount, found.currency) == (Decimal(euro), currency)


@pytest.mark.parametrize("text", ["", "n/a", "tbd 2027", "3 x 200", "150 mil euros", "see below"])
def test_what_is_no_amount_or_a_doubtful_one_is_none(text: str) -> None:
    assert amount(text) is None


@pytest.mark.parametrize(
    ("header", "unit", "currency"),
    [
        ("Betrag in TEUR", 1000, "EUR"),
        ("Montant (k€)", 1000, "EUR"),
        ("Importe (miles de euros)", 1000, "EUR"),
        ("Wartość (tys. zł)", 1000, "PLN"),
        ("Belopp (Mkr)", 1_000_000, None),
        ("Estimated value £", 1, "GBP"),
    ],
)
def test_a_header_says_what_the_figures_count(header: str, unit: int, currency: str | None) -> None:
    assert (int(unit_of_header(header)), currency_of_header(header)) == (unit, currency)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2027-04-15", "2027-04-15", "2027-04-15"),
        ("15.4.2027", "2027-04-15", "2027-04-15"),
        ("15/04/27", "2027-04-15", "2027-04-15"),
        ("2027-04", "2027-04-01", "2027-04-30"),
        ("04/2027", "2027-04-01", "2027-04-30"),
        ("Q2 2027", "2027-04-01", "2027-06-30"),
        ("2e trimestre 2027", "2027-04-01", "2027-06-30"),
        ("II kw. 2027", "2027-04-01", "2027-06-30"),
        ("Q2/27", "2027-04-01", "2027-06-30"),
        ("1. Halbjahr 2027", "2027-01-01", "2027-06-30"),
        ("mars 2027", "2027-03-01", "2027-03-31"),
        ("Μάρτιος 2027", "2027-03-01", "2027-03-31"),
        ("maaliskuu 2027", "2027-03-01", "2027-03-31"),
        ("15 avril 2027", "2027-04-15", "2027-04-15"),
        ("apr-27", "2027-04-01", "2027-04-30"),
        ("2027", "2027-01-01", "2027-12-31"),
    ],
)
def test_times_are_read_as_people_write_them(text: str, first: str, last: str) -> None:
    assert (first_day(text), last_day(text)) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["", "soon", "spring 2027", "31.02.2027", "Q5 2027", "2027/28"])
def test_what_names_no_time_is_none(text: str) -> None:
    assert first_day(text) is None


def test_a_month_that_two_languages_share_needs_to_know_the_language() -> None:
    assert first_day("listopad 2027") is None
    assert first_day("listopad 2027", "hr") == date(2027, 10, 1)
    assert first_day("listopad 2027", "pl") == date(2027, 11, 1)


@pytest.mark.parametrize(
    ("text", "header", "months"),
    [("24 months", "", 24), ("2 ans", "", 24), ("2+1 Jahre", "", 36), ("3", "Laufzeit (Jahre)", 36), ("1 year 6 months", "", 18)],
)
def test_lengths_are_read_in_months(text: str, header: str, months: float) -> None:
    assert months_long(text, header) == months


def test_a_header_may_stand_below_a_title_and_totals_are_no_purchases() -> None:
    found = read("Plan 2027;;\nTown of Testing;;\n\nTitle;Amount (k€);Quarter\nLaundry;120,5;Q2 2027\nTotal;120,5;\n")
    assert [(row.number, row.title, row.value) for row in found.rows] == [(5, "Laundry", Money(Decimal("120500.0"), "EUR"))]
    assert found.rows[0].period.start == date(2027, 4, 1)


def test_what_cannot_be_read_is_said_and_the_rest_of_the_row_stays() -> None:
    found = read("title,amount,start,nuts,cpv,colour\nLaundry,much,soon,Narnia,none,red\n,12,,,,\n")
    row = found.rows[0]
    assert (row.title, row.value, row.period.start, row.nuts, row.unknown_cpv) == ("Laundry", None, None, (), "none")
    assert [str(remark).split(":")[0] for remark in row.remarks] == ["amount", "nuts", "start"]
    assert found.refused[0][0] == 3
    assert "colour" in str(found.remarks[0])


def test_a_spreadsheets_number_keeps_its_decimals_however_many() -> None:
    found = read_plan(book(["title", "amount", "start"], ["Laundry", 1234.567, date(2027, 4, 1)]), "plan.xlsx", EURO)
    assert found.rows[0].value == Money(Decimal("1234.567"), "EUR")
    assert found.rows[0].period.start == date(2027, 4, 1)


def test_rows_are_known_again_whatever_their_amount_and_order() -> None:
    first = read("title,amount,place\nLaundry,1000,Cork\nLaundry,1000,Cork\nPaper,5,\n").rows
    again = read("title;amount;place\nPaper;7;\nLAUNDRY;2.000,50;Cork\nLaundry;900;Cork\n").rows
    assert {row.row_id for row in first} == {row.row_id for row in again}
    assert len({row.row_id for row in first}) == 3
    numbered = read("no,title\n7,Laundry\n").rows[0]
    assert numbered.row_id == read("no,title\n7,Linen service\n").rows[0].row_id


def test_codes_are_read_with_check_digits_and_shortened() -> None:
    found = read('title,cpv,nuts\nLaundry,"98310000-9, 98311","IE05; IE061"\n').rows[0]
    assert found.cpvs == (CpvCode("98310000"), CpvCode("98311000"))
    assert found.nuts == (NutsCode("IE05"), NutsCode("IE061"))


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "title,amount\n"])
def test_what_is_no_purchase_plan_is_refused_with_a_next_step(text: str) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        read(text)
    assert refused.value.next_step


def test_the_currency_is_the_cells_else_the_columns_else_the_plans() -> None:
    rows = read("title,amount,currency\na,5 USD,SEK\nb,5,SEK\nc,5,\n", Defaults("DKK")).rows
    assert [row.value.currency for row in rows if row.value] == ["USD", "SEK", "DKK"]
