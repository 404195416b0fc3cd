"""JSON Lines: one object a line."""

import json
from collections.abc import Mapping
from typing import Any

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.ingestion.tables.csv_table import decode
from matchmaker.ingestion.tables.table import (
    MAX_ROWS,
    REASON_HEADER,
    RESULT_HEADER,
    RowNote,
    TableForm,
    TableRow,
    TextTable,
)


def read_json_lines(data: bytes, name: str) -> TextTable:
    """The objects in ``data``; a line that is none is refused alone.

    Raises:
        UnreadableDocument: no line is a JSON object, or there are too many lines.
    """
    text, remarks = decode(data)
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    read = [(number, *_object(line)) for number, line in lines[:MAX_ROWS]]
    headers = tuple(dict.fromkeys(key for _, found, _ in read for key in found))
    if not headers or len(lines) > MAX_ROWS:
        raise UnreadableDocument(
            Message("“%(name)s” is not a JSON Lines file of at most %(limit)s lines.", {"name": name, "limit": MAX_ROWS}),
            Message("Write one JSON object on each line."),
        )
    rows = tuple(
        TableRow(number, tuple(_text(found.get(header)) for header in headers), refusal, original=found)
        for number, found, refusal in read
    )
    return TextTable(TableForm.JSON_LINES, headers, rows, tuple(remarks))


def _object(line: str) -> tuple[dict[str, Any], Message | None]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {}, Message("The line is not JSON: %(reason)s", {"reason": str(error)[:200]})
    if not isinstance(found, dict):
        return {}, Message("The line is JSON but not an object.")
    return found, None


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    if isinstance(value, list):
        return "; ".join(filter(None, map(_text, value)))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value).replace("\x00", "").strip()


def write_json_lines(table: TextTable, notes: Mapping[int, RowNote]) -> bytes:
    """The objects with two more keys, one a line."""
    lines = [
        json.dumps(
            row.original | {RESULT_HEADER: notes[row.number].result, REASON_HEADER: notes[row.number].reason}, ensure_ascii=False
        )
        for row in table.rows
    ]
    return "".join(f"{line}\n" for line in lines).encode()
