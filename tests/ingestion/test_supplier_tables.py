import io

import pytest
from openpyxl import Workbook, load_workbook

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.ingestion.suppliers.reading import read_table, write_table
from matchmaker.ingestion.tables.table import RowNote, TableForm, TextTable

PLAIN = 'id,name,city\n1,"Les Épis, SCIC",Nîmes\n2,Öko-Hof,Köln\n'


def texts(table: TextTable) -> list[tuple[str, ...]]:
    return [row.texts for row in table.rows]


EXPECTED = [("1", "Les Épis, SCIC", "Nîmes"), ("2", "Öko-Hof", "Köln")]


def book(*rows: list[object], more_sheets: bool = False) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if more_sheets:
        workbook.create_sheet("notes").append(["x"])
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_any_usual_encoding_and_with_any_usual_delimiter(encoding: str, delimiter: str) -> None:
    lines = 'id,name,city\r\n1,"Les Épis# SCIC",Nîmes\r\n2,Öko-Hof,Köln\r\n'.replace(",", delimiter).replace("#", ",")
    table = read_table(lines.encode(encoding), "register.csv")
    assert (table.form, table.headers, texts(table)) == (TableForm.CSV, ("id", "name", "city"), EXPECTED)


def test_latin_1_is_remarked_upon() -> None:
    table = read_table(PLAIN.encode("latin-1"), "register.csv")
    assert any("not UTF-8" in str(remark) for remark in table.remarks)


def test_text_converted_twice_is_remarked_upon() -> None:
    table = read_table(PLAIN.encode().decode("latin-1").encode(), "register.csv")
    assert any("converted twice" in str(remark) for remark in table.remarks)


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    table = read_table(b'id,name\n\n1,"two\nlines"\n2,b\n', "register.csv")
    assert [(row.number, row.texts) for row in table.rows] == [(3, ("1", "two\nlines")), (4, ("2", "b"))]


def test_a_short_row_is_filled_up_and_a_long_one_refused_alone() -> None:
    table = read_table(b"id,name,city\n1,a\n2,b,c,d\n3,e,f,\n", "register.csv")
    assert texts(table) == [("1", "a", ""), ("2", "b", "c"), ("3", "e", "f")]
    assert [str(row.refusal) if row.refusal else None for row in table.rows] == [
        None,
        "The row has 4 cells, the header 3.",
        None,
    ]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.csv"),
        (b"\xef\xbb\xbf \r\n", "a.csv"),
        (b"just one column\nx\n", "a.csv"),
        (b'id,name\n1,"never closed' + b"x" * 1_100_000, "a.csv"),
        (b"PK\x03\x04 not a workbook", "a.xlsx"),
        (b"\xd0\xcf\x11\xe0 old", "a.xls"),
        (b"[1, 2]\n", "a.jsonl"),
        (b"not json\n", "a.jsonl"),
    ],
)
def test_what_is_no_register_is_refused_with_a_next_step(data: bytes, name: str) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        read_table(data, name)
    assert name in str(refused.value.sentence)
    assert refused.value.next_step is not None


def test_a_file_that_only_its_name_makes_a_workbook_is_said_to_be_none() -> None:
    with pytest.raises(UnreadableDocument, match="not a readable XLSX workbook"):
        read_table(b"hello", "suppliers.xlsx")


def test_a_workbook_without_a_header_row_is_refused() -> None:
    stream = io.BytesIO()
    workbook = Workbook()
    workbook.save(stream)
    with pytest.raises(UnreadableDocument):
        read_table(stream.getvalue(), "empty.xlsx")


def test_xlsx_is_read_with_numbers_and_dates_as_text() -> None:
    data = book(["id", "name", "employees", "share"], [1, "Öko-Hof", 12.0, 0.5], [None, None, None, None], ["2", "b", None, True])
    table = read_table(data, "register.xlsx")
    assert texts(table) == [("1", "Öko-Hof", "12", "0.5"), ("2", "b", "", "true")]
    assert [row.number for row in table.rows] == [2, 4]


def test_a_formula_without_a_stored_value_is_named_by_its_cell() -> None:
    table = read_table(book(["id", "name"], ["1", "=CONCAT(A2)"]), "register.xlsx")
    assert texts(table) == [("1", "")]
    assert [str(remark) for remark in table.rows[0].remarks] == ["The cell B2 holds a formula without a stored value."]


def test_the_sheet_that_is_read_is_named_when_there_are_several() -> None:
    table = read_table(book(["id", "name"], ["1", "a"], more_sheets=True), "register.xlsx")
    assert [str(remark) for remark in table.remarks] == ["Only the sheet “Sheet” was read."]


def test_json_lines_may_lack_keys_and_hold_lists_and_numbers() -> None:
    data = '{"id": 1, "name": "Hof", "cpv": ["90910000", "77310000"]}\n\n{"id": "2", "lat": 50.5}\nbroken\n[1]\n'
    table = read_table(data.encode(), "register.jsonl")
    assert table.headers == ("id", "name", "cpv", "lat")
    assert texts(table)[:2] == [("1", "Hof", "90910000; 77310000", ""), ("2", "", "", "50.5")]
    assert [(row.number, row.refusal is not None) for row in table.rows] == [(1, False), (3, False), (4, True), (5, True)]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (PLAIN.replace(",", ";").replace("Épis; SCIC", "Épis, SCIC").encode("latin-1"), "a.csv"),
        (book(["id", "name", "city"], ["1", "Les Épis, SCIC", "Nîmes"], ["2", "Öko-Hof", "Köln"]), "a.xlsx"),
        (b'{"id": "1", "name": "Les \xc3\x89pis, SCIC", "city": "N\xc3\xaemes"}\n{"id": "2", "name": "x"}\n', "a.jsonl"),
    ],
)
def test_the_file_comes_back_in_its_form_with_results_and_can_be_handed_in_again(data: bytes, name: str) -> None:
    table = read_table(data, name)
    notes = {row.number: RowNote("created", f"reason {row.number}") for row in table.rows}
    again = read_table(write_table(table, notes), name)
    assert again.form is table.form
    assert again.headers == (*table.headers, "result", "reason")
    assert [row.texts[:-2] for row in again.rows] == texts(table)
    assert [row.texts[-2:] for row in again.rows] == [("created", f"reason {row.number}") for row in table.rows]
    third = read_table(write_table(again, notes), name)
    assert (third.headers, texts(third)) == (again.headers, texts(again))


def test_text_that_starts_like_a_formula_stays_text_in_the_workbook_handed_back() -> None:
    table = read_table(b'{"id": "1", "name": "x"}\n', "a.jsonl")
    as_sheet = TextTable(TableForm.XLSX, table.headers, table.rows)
    rows = [type(row)(row.number, row.texts, original=("1", "=HYPERLINK(1)")) for row in as_sheet.rows]
    data = write_table(TextTable(TableForm.XLSX, table.headers, tuple(rows)), {1: RowNote("created", "=1+1")})
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "s", "s"]
