"""CSV with any of the usual delimiters and encodings."""

import csv
import io
from collections.abc import Iterator, Mapping

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

DELIMITERS = (",", ";", "\t", "|")
LONGEST_CELL = 1_000_000
TWICE_ENCODED = ("Ã©", "Ã¨", "Ã¼", "Ã¶", "Ã¤", "Ã³", "â€™", "Ä‡", "Å¡")
"""What UTF-8 looks like when somebody read it as Latin-1 and saved it again."""


def read_csv(data: bytes, name: str, names_columns: HeaderTest | None = None) -> TextTable:
    """The table in ``data``; ``names_columns`` finds a header that stands below a title.

    Raises:
        UnreadableDocument: no header row, a broken quotation, or more than can be read at once; says where.
    """
    text, remarks = decode(data)
    above, delimiter = _header_place(text, names_columns) or (0, _delimiter(text))
    lines = _below(_lines(text, delimiter, name), above)
    _, header = next(lines, (0, []))
    headers = tuple(cell.strip() for cell in header)
    if len([cell for cell in headers if cell]) < 2 or len(headers) > MAX_COLUMNS:
        raise UnreadableDocument(
            Message("“%(name)s” has no header row with several columns.", {"name": name}),
            Message("Put the names of the columns into the first row, divided by commas, semicolons or tabs."),
        )
    rows = tuple(_row(number, cells, len(headers)) for number, cells in lines)
    return TextTable(TableForm.CSV, headers, rows, tuple(remarks), delimiter)


def decode(data: bytes) -> tuple[str, list[Message]]:
    """The text and what was noticed: UTF-8, UTF-16 (with or without mark), else Windows-1252, the superset of Latin-1."""
    remarks = []
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            text = data.decode(encoding, errors="replace")
            break
    else:
        text, remark = _decode_unmarked(data)
        remarks += [remark] if remark else []
    if "\x00" in text:
        text = text.replace("\x00", "")
        remarks.append(Message("The file holds zero characters; they were left out."))
    if any(sign in text for sign in TWICE_ENCODED):
        remarks.append(
            Message("Some letters look as if the text had been converted twice (“Ã©” for “é”). Export it again as UTF-8.")
        )
    return text, remarks


def _decode_unmarked(data: bytes) -> tuple[str, Message | None]:
    sample = data[:2000]
    if sample[1::2].count(0) > len(sample) // 5:
        return data.decode("utf-16-le", errors="replace"), None
    if sample[0::2].count(0) > len(sample) // 5:
        return data.decode("utf-16-be", errors="replace"), None
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError:
        remark = Message("The file is not UTF-8; it was read as Windows-1252. If letters look wrong, save it as UTF-8.")
        try:
            return data.decode("cp1252"), remark
        except UnicodeDecodeError:
            return data.decode("latin-1"), remark


def _delimiter(text: str) -> str:
    """The delimiter that divides the header into most columns; text in quotation marks does not count."""
    header = next((line for line in text[:100_000].splitlines() if line.strip()), "")
    outside = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=lambda delimiter: (outside.count(delimiter), -DELIMITERS.index(delimiter)))


def _header_place(text: str, names_columns: HeaderTest | None) -> tuple[int, str] | None:
    """How many lines stand above the header, and its delimiter; None where no test is given or no line passes it."""
    if names_columns is None:
        return None
    for number, line in enumerate(text[:100_000].splitlines()[:ROWS_ABOVE]):
        for delimiter in DELIMITERS:
            if names_columns([cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]):
                return number, delimiter
    return None


def _below(lines: Iterator[tuple[int, list[str]]], above: int) -> Iterator[tuple[int, list[str]]]:
    return (line for line in lines if line[0] > above)


def _lines(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for count, cells in enumerate(reader, 1):
            if count > MAX_ROWS:
                raise UnreadableDocument(
                    Message("“%(name)s” has more than %(limit)s rows.", {"name": name, "limit": MAX_ROWS}),
                    Message("Divide it into several files."),
                )
            if any(cell.strip() for cell in cells):
                yield count, cells
    except csv.Error as error:
        raise UnreadableDocument(
            Message(
                "“%(name)s” is broken near line %(line)s: %(reason)s",
                {"name": name, "line": reader.line_num, "reason": str(error)},
            ),
            Message("Look for a quotation mark that is never closed, then try again."),
        ) from None


def _row(number: int, cells: list[str], width: int) -> TableRow:
    texts = tuple(cell.strip() for cell in cells)
    if any(texts[width:]):
        return TableRow(
            number,
            (*texts, *[""] * (width - len(texts)))[:width],
            Message("The row has %(found)s cells, the header %(wanted)s.", {"found": len(cells), "wanted": width}),
            original=cells,
        )
    return TableRow(number, (*texts, *[""] * (width - len(texts)))[:width], original=cells)


def write_csv(table: TextTable, notes: Mapping[int, RowNote]) -> bytes:
    """The table with two more columns, in UTF-8 with the mark that spreadsheets look for."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=table.delimiter)
    writer.writerow(note_headers(table.headers))
    for row in table.rows:
        writer.writerow(noted_cells(table.headers, row.original, notes[row.number]))
    return text.getvalue().encode("utf-8-sig")
