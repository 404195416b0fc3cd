"""Rows of a purchase plan out of a table: what can be read is, what cannot is said, and every row is known again next time."""

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from matchmaker.domain.errors import InvalidValue, UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.domain.purchase_plan import PlanRow
from matchmaker.domain.values import CpvCode, Money, NutsCode, Period
from matchmaker.ingestion.purchase_plans.amounts import amount, currency_of_header, unit_of_header
from matchmaker.ingestion.purchase_plans.dates import first_day, last_day, months_long
from matchmaker.ingestion.purchase_plans.headers import Column, Layout, is_header, layout_of
from matchmaker.ingestion.tables.reading import read_sheet
from matchmaker.ingestion.tables.table import TableRow
from matchmaker.reference.folding import fold

MAX_BYTES = 20_000_000
MOST_ROWS = 5_000
LONGEST_TITLE = 300
LONGEST_TEXT = 5_000
MOST_CODES = 10
IDENTIFYING = (Column.TITLE, Column.DEPARTMENT, Column.PLACE, Column.POSTCODE)
"""What tells a row from others where the file gives it no number."""
LARGEST = Decimal(10) ** 12

_CPV = re.compile(r"\b(\d{8})(?:-?\d)?\b|\b(\d{2,7})\b")
_TOTALS = frozenset(
    [
        "total",
        "totals",
        "summe",
        "gesamt",
        "gesamtsumme",
        "totale",
        "totaal",
        "suma",
        "razem",
        "celkem",
        "yhteensa",
        "συνολο",
        "osszesen",
        "vsego",
        "obshto",
    ]
)


@dataclass(frozen=True, slots=True)
class Defaults:
    """What stands in where the file does not say: the currency of amounts and the language of month names."""

    currency: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A file as read: its rows, the rows that say nothing of a purchase (number and reason), and what was strange."""

    rows: tuple[PlanRow, ...]
    refused: tuple[tuple[int, Message], ...]
    remarks: tuple[Message, ...]


def read_plan(data: bytes, name: str, defaults: Defaults) -> PlanFile:
    """The purchase plan in a CSV or XLSX file.

    Raises:
        UnreadableDocument: not a table, no column says what is bought, no row, or too many rows.
    """
    table = read_sheet(data, name, MAX_BYTES, is_header)
    layout = layout_of(table.headers)
    _refuse_unusable(name, layout, len(table.rows))
    reader = _Reader(layout, defaults)
    rows: list[PlanRow] = []
    refused: list[tuple[int, Message]] = []
    for line in table.rows:
        if line.refusal is not None:
            refused.append((line.number, line.refusal))
        elif fold(reader.title(line)) in _TOTALS:
            continue
        elif not reader.title(line):
            refused.append((line.number, Message("The row does not say what is bought.")))
        else:
            rows.append(reader.row(line))
    remarks = list(table.remarks)
    if layout.ignored:
        remarks.append(Message("Columns that were not understood: %(names)s.", {"names": ", ".join(layout.ignored)[:500]}))
    return PlanFile(tuple(rows), tuple(refused), tuple(remarks))


def _refuse_unusable(name: str, layout: Layout, rows: int) -> None:
    if Column.TITLE not in layout.positions:
        raise UnreadableDocument(
            Message("No column of “%(name)s” says what is bought.", {"name": name}),
            Message("Call a column “title” in the header row, or begin with our empty template."),
        )
    if not rows:
        raise UnreadableDocument(
            Message("“%(name)s” has a header and no row below it.", {"name": name}), Message("Write a row for each purchase.")
        )
    if rows > MOST_ROWS:
        raise UnreadableDocument(
            Message("“%(name)s” has more than %(limit)s rows.", {"name": name, "limit": MOST_ROWS}),
            Message("Divide it into several files."),
        )


class _Reader:
    """Reads one row after the other; rows that look the same are told apart by their order."""

    def __init__(self, layout: Layout, defaults: Defaults) -> None:
        self.layout, self.defaults = layout, defaults
        self._seen: Counter[str] = Counter()
        self._remarks: list[Message] = []

    def title(self, line: TableRow) -> str:
        """What is bought; the description where the title is empty."""
        text = self._text(line, Column.TITLE) or self._text(line, Column.DESCRIPTION)
        return " ".join(text.split())[:LONGEST_TITLE]

    def row(self, line: TableRow) -> PlanRow:
        """The row with remarks about what could not be read."""
        self._remarks = list(line.remarks)
        cpvs, unknown = self._codes(line)
        return PlanRow(
            row_id=self._identity(line),
            number=line.number,
            title=self.title(line),
            description=self._text(line, Column.DESCRIPTION)[:LONGEST_TEXT],
            value=self._money(line, Column.VALUE),
            yearly_value=self._money(line, Column.YEARLY_VALUE),
            cpvs=cpvs,
            unknown_cpv=unknown,
            place=self._text(line, Column.PLACE)[:200],
            postcode=self._text(line, Column.POSTCODE)[:20],
            nuts=self._regions(line),
            period=self._period(line),
            department=self._text(line, Column.DEPARTMENT)[:200],
            notes=self._text(line, Column.NOTES)[:LONGEST_TEXT],
            remarks=tuple(self._remarks),
        )

    def _text(self, line: TableRow, column: Column) -> str:
        return self.layout.of(line.texts, column).replace("\x00", "").strip()

    def _identity(self, line: TableRow) -> str:
        """The row's own number where the file has one, else what it is for whom and where; the same in every version."""
        own = self._text(line, Column.ID)
        parts = (
            [own]
            if own
            else [self._text(line, each) for each in (Column.TITLE, Column.DEPARTMENT, Column.PLACE, Column.POSTCODE)]
        )
        key = "\x1f".join(fold(part) for part in parts)
        self._seen[key] += 1
        return sha256(f"{'id' if own else 'words'}\x1f{key}\x1f{self._seen[key]}".encode()).hexdigest()[:20]

    def _left_out(self, column: Column, text: str, sentence: str) -> None:
        self._remarks.append(Message(sentence, {"column": self.layout.header(column), "value": text[:80]}))

    def _money(self, line: TableRow, column: Column) -> Money | None:
        text, header = self._text(line, column), self.layout.header(column)
        if not text:
            return None
        unit = unit_of_header(header)
        found = amount(text, unit)
        typed = self._number_cell(line, column)
        value = typed * unit if typed is not None else found.amount if found else None
        if value is None or not 0 < value < LARGEST:
            if value != 0:
                self._left_out(column, text, "%(column)s: “%(value)s” was left out: we do not read it as an amount.")
            return None
        if found is not None and found.of_range:
            self._left_out(column, text, "%(column)s: of “%(value)s” the upper end was taken.")
        stated = self._text(line, Column.CURRENCY).upper()
        currency = (found.currency if found else None) or currency_of_header(stated) or currency_of_header(header)
        return Money(value, currency or (stated if re.fullmatch("[A-Z]{3}", stated) else self.defaults.currency))

    def _number_cell(self, line: TableRow, column: Column) -> Decimal | None:
        """A number that a spreadsheet holds as a number: its point is the decimal one, however many digits follow."""
        position = self.layout.positions[column]
        original = line.original[position] if isinstance(line.original, tuple) and position < len(line.original) else None
        plain = isinstance(original, int | float) and not isinstance(original, bool)
        return Decimal(str(original)) if plain else None

    def _codes(self, line: TableRow) -> tuple[tuple[CpvCode, ...], str]:
        """The codes of the column, and what stands there that is none."""
        text = self._text(line, Column.CPV)
        found = [CpvCode.parse(whole or short) for whole, short in _CPV.findall(text)]
        return tuple(dict.fromkeys(found))[:MOST_CODES], "" if found else text[:100]

    def _regions(self, line: TableRow) -> tuple[NutsCode, ...]:
        text = self._text(line, Column.NUTS)
        found: list[NutsCode] = []
        for part in re.split(r"[\s,;/|]+", text):
            try:
                found += [NutsCode.parse(part)] if part else []
            except InvalidValue:
                self._left_out(Column.NUTS, part, "%(column)s: “%(value)s” was left out: it is not a NUTS code.")
        return tuple(dict.fromkeys(found))[:MOST_CODES]

    def _period(self, line: TableRow) -> Period:
        language = self.defaults.language
        start_text, end_text, length_text = (self._text(line, each) for each in (Column.START, Column.END, Column.DURATION))
        start, end = first_day(start_text, language), last_day(end_text, language)
        months = months_long(length_text, self.layout.header(Column.DURATION))
        for column, text, found in (
            (Column.START, start_text, start),
            (Column.END, end_text, end),
            (Column.DURATION, length_text, months),
        ):
            if text and found is None:
                self._left_out(column, text, "%(column)s: “%(value)s” was left out: we do not read it as a time.")
        if start and end and end < start:
            self._left_out(Column.END, end_text, "%(column)s: “%(value)s” was left out: it lies before the start.")
            end = None
        return Period(start, end, months)
