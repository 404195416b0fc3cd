"""XLSX: the first sheet that has a header row. Formulas count by the value stored with them."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from itertools import islice
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.ingestion.tables.table import (
    MAX_COLUMNS,
    MAX_ROWS,
    ROWS_ABOVE,
    HeaderTest,
    RowNote,
    TableForm,
    TableRow,
    TextTable,
    note_headers,
    noted_cells,
)

MAX_UNPACKED_BYTES = 1_000_000_000
LONGEST_CELL = 32_767
"""More characters do not fit into a cell of the format."""

Grid = list[tuple[Any, ...]]


def read_xlsx(data: bytes, name: str, names_columns: HeaderTest | None = None) -> TextTable:
    """The table in ``data``; ``names_columns`` finds the sheet and a header that stands below a title.

    Raises:
        UnreadableDocument: not a workbook, too large, or no sheet has a header row.
    """
    _refuse_bomb(data, name)
    values = _sheets(data, name, data_only=True)
    sheet, above = _header_place(values, names_columns)
    if sheet is None:
        raise UnreadableDocument(
            Message("“%(name)s” has no sheet whose first row names several columns.", {"name": name}),
            Message("Put the names of the columns into the first row of the first sheet."),
        )
    grid = values[sheet]
    formulas = _sheets(data, name, data_only=False)[sheet] if _has_formulas(data) else grid
    headers = tuple(_text(cell) for cell in grid[above])
    rows = tuple(
        _row(number, cells, written, len(headers))
        for number, (cells, written) in enumerate(zip(grid[above + 1 :], formulas[above + 1 :], strict=True), above + 2)
        if any(cell is not None for cell in (*cells, *written))
    )
    remarks = [Message("Only the sheet “%(sheet)s” was read.", {"sheet": sheet})] if len(values) > 1 else []
    return TextTable(TableForm.XLSX, headers, rows, tuple(remarks), sheet=sheet)


def _header_place(sheets: Mapping[str, Grid], names_columns: HeaderTest | None) -> tuple[str | None, int]:
    """The sheet with the header and how many rows stand above it; None where no sheet begins with several filled cells."""
    if names_columns is not None:
        for title, grid in sheets.items():
            for above, cells in enumerate(grid[:ROWS_ABOVE]):
                if names_columns([_text(cell) for cell in cells]):
                    return title, above
    return next((title for title, grid in sheets.items() if grid and sum(cell is not None for cell in grid[0]) >= 2), None), 0


def _refuse_bomb(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError):
        raise _unreadable(name) from None
    if size > MAX_UNPACKED_BYTES:
        raise UnreadableDocument(
            Message("“%(name)s” grows to %(size)s MB on unpacking.", {"name": name, "size": size // 1_000_000}),
            Message("Save only the sheet that is needed, or save it as CSV."),
        )


def _unreadable(name: str) -> UnreadableDocument:
    return UnreadableDocument(
        Message("“%(name)s” is not a readable XLSX workbook.", {"name": name}),
        Message("Open it in a spreadsheet program and save it as XLSX or CSV; files with a password cannot be read."),
    )


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [member for member in archive.namelist() if member.startswith("xl/worksheets/")]
        return any(b"<f" in archive.read(sheet) for sheet in sheets)


def _sheets(data: bytes, name: str, *, data_only: bool) -> dict[str, Grid]:
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=data_only)
        grids = {}
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            rows = islice(sheet.iter_rows(values_only=True), MAX_ROWS + 1)
            grids[sheet.title] = [_trimmed(row[:MAX_COLUMNS]) for row in rows]
        book.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, AttributeError, EOFError):
        raise _unreadable(name) from None
    return grids


def _trimmed(cells: tuple[Any, ...]) -> tuple[Any, ...]:
    """Without the empty cells at the end."""
    width = next((index for index in range(len(cells), 0, -1) if cells[index - 1] is not None), 0)
    return tuple(cells[:width])


def _row(number: int, cells: tuple[Any, ...], written: tuple[Any, ...], width: int) -> TableRow:
    longest = max(len(cells), len(written))
    pairs = zip(_padded(cells, longest), _padded(written, longest), strict=True)
    remarks = tuple(
        Message("The cell %(cell)s holds a formula without a stored value.", {"cell": f"{get_column_letter(column)}{number}"})
        for column, (value, formula) in enumerate(pairs, 1)
        if value is None and isinstance(formula, str) and formula.startswith("=")
    )
    texts = tuple(_text(cell) for cell in _padded(cells, width)[:width])
    return TableRow(number, texts, remarks=remarks, original=cells)


def _padded(cells: tuple[Any, ...], width: int) -> tuple[Any, ...]:
    return cells + (None,) * (width - len(cells))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return str(value).replace("\x00", "").strip()


def write_xlsx(table: TextTable, notes: Mapping[int, RowNote]) -> bytes:
    """A workbook with the table and two more columns; formulas come back as the values stored with them."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(table.sheet or "rows")
    sheet.append([_cell(header) for header in note_headers(table.headers)])
    for row in table.rows:
        sheet.append([_cell(cell) for cell in noted_cells(table.headers, row.original, notes[row.number])])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cell(value: Any) -> Any:
    """Text that starts like a formula stays text."""
    if isinstance(value, str):
        short = value[: LONGEST_CELL - 1]
        return f"'{short}" if short.startswith("=") else short
    return value
