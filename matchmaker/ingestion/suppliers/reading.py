"""Any register file this program reads, by its name and first bytes; and the same file with notes."""

from collections.abc import Callable, Mapping

from matchmaker.ingestion.suppliers.json_lines import read_json_lines, write_json_lines
from matchmaker.ingestion.tables.csv_table import write_csv
from matchmaker.ingestion.tables.reading import read_sheet
from matchmaker.ingestion.tables.table import MAX_FILE_BYTES, RowNote, TableForm, TextTable
from matchmaker.ingestion.tables.xlsx_table import write_xlsx

WRITERS: Mapping[TableForm, Callable[[TextTable, Mapping[int, RowNote]], bytes]] = {
    TableForm.CSV: write_csv,
    TableForm.XLSX: write_xlsx,
    TableForm.JSON_LINES: write_json_lines,
}


def read_table(data: bytes, name: str) -> TextTable:
    """The register in ``data``; its first bytes decide, then the ending of ``name``.

    Raises:
        UnreadableDocument: empty, too large, or not a table; says what to do.
    """
    lines = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if lines and len(data) <= MAX_FILE_BYTES and (lines.startswith(b"{") or name.lower().endswith((".jsonl", ".ndjson"))):
        return read_json_lines(data, name)
    return read_sheet(data, name)


def write_table(table: TextTable, notes: Mapping[int, RowNote]) -> bytes:
    """The register in its own form, with what happened to each row in two more columns."""
    return WRITERS[table.form](table, notes)
