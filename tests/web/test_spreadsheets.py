import csv
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from matchmaker.domain.errors import InvalidValue
from matchmaker.web.spreadsheets import as_csv, as_xlsx, download, harmless


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "=HYPERLINK('x')"])
def test_a_text_that_starts_a_formula_gets_an_apostrophe(text: str) -> None:
    assert str(harmless(text)).startswith("'")


@given(st.text())
def test_no_cell_of_a_csv_file_begins_a_formula(text: str) -> None:
    rows = list(csv.reader(StringIO(as_csv(["head"], [[text]]).decode("utf-8-sig"), newline="")))
    assert all(cell.lstrip()[:1] not in set("=+-@") or cell == "" for row in rows for cell in row)


def test_numbers_stay_numbers_also_negative_ones() -> None:
    assert harmless(-3) == -3
    assert as_csv(["a", "b"], [[-3, Decimal("1.5")], [None, ""]]).decode("utf-8-sig").split() == ["a,b", "-3,1.5", ","]


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_a_workbook_holds_text_as_text_whatever_it_is(text: str) -> None:
    sheet = load_workbook(BytesIO(as_xlsx(["head"], [[text, Decimal("2.5"), date(2027, 3, 1)]], "a/b: list"))).active
    assert sheet is not None
    first = sheet["A2"]
    assert first.data_type != "f"
    assert sheet["B2"].value == 2.5
    assert sheet["C2"].value == "2027-03-01"


def test_a_file_has_a_name_without_anything_a_header_could_stumble_over() -> None:
    answer = download("csv", 'suppliers-00000001-2026/2/4 à "6"', ["a"], [])
    assert answer.headers["content-disposition"] == 'attachment; filename="suppliers-00000001-2026-2-4-6.csv"'
    with pytest.raises(InvalidValue):
        download("exe", "list", [], [])
