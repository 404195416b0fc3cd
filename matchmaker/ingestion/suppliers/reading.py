"""Any register file this program reads, by its name and first bytes; and the same file with notes."""

from collections.abc import Callable, Mapping

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.ingestion.suppliers.csv_table import read_csv, write_csv
from matchmaker.ingestion.suppliers.json_lines import read_json_lines, write_json_lines
from matchmaker.ingestion.suppliers.table import MAX_FILE_BYTES, RowNote, SupplierTable, TableForm
from matchmaker.ingestion.suppliers.xlsx_table import read_xlsx, write_xlsx

WRITERS: Mapping[TableForm, Callable[[SupplierTable, Mapping[int, RowNote]], bytes]] = {
    TableForm.CSV: write_csv,
    TableForm.XLSX: write_xlsx,
    TableForm.JSON_LINES: write_json_lines,
}


def read_table(data: bytes, name: str) -> SupplierTable:
    """The register in ``data``; its first bytes decide, then the ending of ``name``.

    Raises:
        UnreadableDocument: empty, too large, or not a table; says what to do.
    """
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise UnreadableDocument(
            Message("“%(name)s” is empty.", {"name": name}), Message("Give a file with a header row and at least one supplier.")
        )
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableDocument(
            Message("“%(name)s” is larger than %(limit)s MB.", {"name": name, "limit": MAX_FILE_BYTES // 1_000_000}),
            Message("Divide it into several files."),
        )
    if data.startswith(b"PK") or name.lower().endswith(".xlsx"):
        return read_xlsx(data, name)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableDocument(
            Message("“%(name)s” is an old Excel file (.xls) or has a password.", {"name": name}),
            Message("Save it as XLSX or CSV without a password."),
        )
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or name.lower().endswith((".jsonl", ".ndjson")):
        return read_json_lines(data, name)
    return read_csv(data, name)


def write_table(table: SupplierTable, notes: Mapping[int, RowNote]) -> bytes:
    """The register in its own form, with what happened to each row in two more columns."""
    return WRITERS[table.form](table, notes)
