"""A table of texts, whatever file it came from, and the same file with our notes beside each row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from matchmaker.domain.messages import Message

MAX_FILE_BYTES = 200_000_000
MAX_ROWS = 500_000
MAX_COLUMNS = 500
RESULT_HEADER = "result"
REASON_HEADER = "reason"
HeaderTest = Callable[[Sequence[str]], bool]
"""Tells whether a row of texts names the columns; where one is given, the header may stand below a title."""
ROWS_ABOVE = 25
"""How far down a header is looked for."""


class TableForm(StrEnum):
    """File forms that are read and written."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON_LINES = "jsonl"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: ``number`` as a spreadsheet or editor shows it (from 1), trimmed texts in the order of the headers.

    ``refusal`` says why the row cannot be used at all, ``remarks`` what was strange about it; ``original`` is what to write
    back: the cells, or the JSON line.
    """

    number: int
    texts: tuple[str, ...]
    refusal: Message | None = None
    remarks: tuple[Message, ...] = ()
    original: Any = None


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table as read. ``delimiter`` matters for CSV, ``sheet`` for XLSX."""

    form: TableForm
    headers: tuple[str, ...]
    rows: tuple[TableRow, ...]
    remarks: tuple[Message, ...] = ()
    delimiter: str = ","
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class RowNote:
    """What became of a row, in words for the file that is handed back."""

    result: str
    reason: str


def note_headers(headers: Sequence[str]) -> list[str]:
    """The headers with ours at the end; notes of an earlier run are replaced, so that a file can be handed in again."""
    return [*_without_notes(headers, headers), RESULT_HEADER, REASON_HEADER]


def noted_cells(headers: Sequence[str], cells: Sequence[Any], note: RowNote) -> list[Any]:
    """A row's cells in the order of :func:`note_headers`; cells beyond the headers stay behind our own."""
    return [*_without_notes(headers, cells), note.result, note.reason, *cells[len(headers) :]]


def _without_notes(headers: Sequence[str], cells: Sequence[Any]) -> list[Any]:
    kept = [index for index, header in enumerate(headers) if header not in {RESULT_HEADER, REASON_HEADER}]
    return [cells[index] if index < len(cells) else "" for index in kept]
