"""Any CSV or XLSX file, by its first bytes and its name."""

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.ingestion.tables.csv_table import read_csv
from matchmaker.ingestion.tables.table import MAX_FILE_BYTES, HeaderTest, TextTable
from matchmaker.ingestion.tables.xlsx_table import read_xlsx


def read_sheet(data: bytes, name: str, max_bytes: int = MAX_FILE_BYTES, names_columns: HeaderTest | None = None) -> TextTable:
    """The table in ``data``; its first bytes decide, then the ending of ``name``.

    The first row is the header, or the first among the topmost rows that ``names_columns`` takes for one.

    Raises:
        UnreadableDocument: empty, larger than ``max_bytes``, or not a table; says what to do.
    """
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise UnreadableDocument(
            Message("“%(name)s” is empty.", {"name": name}),
            Message("Give a file with a header row and at least one row below it."),
        )
    if len(data) > max_bytes:
        raise UnreadableDocument(
            Message("“%(name)s” is larger than %(limit)s MB.", {"name": name, "limit": max_bytes // 1_000_000}),
            Message("Divide it into several files."),
        )
    if data.startswith(b"PK") or name.lower().endswith(".xlsx"):
        return read_xlsx(data, name, names_columns)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableDocument(
            Message("“%(name)s” is an old Excel file (.xls) or has a password.", {"name": name}),
            Message("Save it as XLSX or CSV without a password."),
        )
    return read_csv(data, name, names_columns)
