"""Lists as CSV and XLSX that no spreadsheet program takes for formulas (OWASP: CSV injection)."""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

from litestar import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message

Cell = str | int | float | Decimal | date | datetime | None
Row = Sequence[Cell]

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_XML_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def harmless(cell: Cell) -> Cell:
    """Text that would start a formula gets an apostrophe in front; control characters go."""
    if not isinstance(cell, str):
        return cell
    text = NO_XML_TEXT.sub("", cell)
    return f"'{text}" if text.lstrip()[:1] in {"=", "+", "-", "@"} or text[:1] in {"\t", "\r", "\n"} else text


def _written(cell: Cell) -> str | float | datetime | None:
    """A value as openpyxl takes it."""
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return cell.isoformat()
    safe = harmless(cell)
    return safe if isinstance(safe, str | float | int | datetime) else None


def as_csv(header: Row, rows: Iterable[Row]) -> bytes:
    """RFC 4180 with a byte order mark, so that every spreadsheet program reads the accents."""
    text = StringIO()
    writer = csv.writer(text)
    for row in (header, *rows):
        writer.writerow(["" if cell is None else harmless(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(header: Row, rows: Iterable[Row], title: str) -> bytes:
    """One sheet with a bold, frozen first row. Text cells are marked as text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "list")
    sheet.freeze_panes = "A2"
    widths = [min(60, max(12, len(str(cell)) + 2)) for cell in header]
    for index, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    for number, row in enumerate((header, *rows)):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=_written(value))
            if isinstance(value, str):
                cell.data_type = "s"
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def download(kind: str, name: str, header: Row, rows: Iterable[Row]) -> Response[bytes]:
    """The list as a file called ``name`` with the ending of its kind (``csv`` or ``xlsx``).

    Raises:
        InvalidValue: another kind was asked for.
    """
    if kind not in {"csv", "xlsx"}:
        raise InvalidValue(
            Message("We cannot write a list as “%(kind)s”.", {"kind": kind[:20]}), Message("Choose CSV or Excel (XLSX).")
        )
    content = as_csv(header, rows) if kind == "csv" else as_xlsx(header, rows, name)
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-") or "list"
    return Response(
        content,
        media_type=CSV_TYPE if kind == "csv" else XLSX_TYPE,
        headers={"content-disposition": f'attachment; filename="{safe}.{kind}"', "cache-control": "private, no-store"},
    )
