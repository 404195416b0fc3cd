"""Which column of a purchase plan means what: the names buyers give to columns in the EU's 24 languages."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from matchmaker.reference.folding import fold

SHORTEST_PART = 5
"""A known name inside a longer header counts from this length on: “lot” is inside too many words."""


class Column(StrEnum):
    """What a purchase plan can say of a purchase."""

    ID = "id"
    TITLE = "title"
    DESCRIPTION = "description"
    VALUE = "value"
    YEARLY_VALUE = "yearly_value"
    CURRENCY = "currency"
    CPV = "cpv"
    PLACE = "place"
    POSTCODE = "postcode"
    NUTS = "nuts"
    START = "start"
    END = "end"
    DURATION = "duration"
    DEPARTMENT = "department"
    NOTES = "notes"


_NAMES: Mapping[str, list[str]] = tomllib.loads((Path(__file__).parent / "headers.toml").read_text(encoding="utf-8"))

_BY_NAME: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {
        name: tuple(column for column in Column if name in {fold(each) for each in (column.value, *_NAMES[column.value])})
        for name in {fold(each) for column in Column for each in (column.value, *_NAMES[column.value])} - {""}
    }
)
"""Folded name to the columns it may be: Estonian “post” and others mean different things in different languages."""

_LONGEST_FIRST = sorted((name for name in _BY_NAME if len(name) >= SHORTEST_PART), key=lambda name: (-len(name), name))
_IGNORED = sorted({fold(each) for each in _NAMES["ignored_words"]} - {""}, key=lambda words: (-len(words), words))
_IN_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each column stands, what its header was, and which headers mean nothing to us."""

    positions: Mapping[Column, int]
    headers: Sequence[str]
    ignored: tuple[str, ...]

    def of(self, texts: Sequence[str], column: Column) -> str:
        """The row's text in a column; empty where there is none."""
        position = self.positions.get(column)
        return texts[position] if position is not None and position < len(texts) else ""

    def header(self, column: Column) -> str:
        """What the column is called in the file; empty where there is none."""
        position = self.positions.get(column)
        return self.headers[position] if position is not None else ""


def layout_of(headers: Sequence[str]) -> Layout:
    """The layout that the headers describe: whole names first, then names inside longer headers, left to right."""
    positions: dict[Column, int] = {}
    for candidates_of in (_whole, _part):
        for position, header in enumerate(headers):
            if position in positions.values():
                continue
            free = next((column for column in candidates_of(header) if column not in positions), None)
            if free is not None:
                positions[free] = position
    if Column.TITLE not in positions and Column.DESCRIPTION in positions:
        positions[Column.TITLE] = positions.pop(Column.DESCRIPTION)
    ignored = [header for position, header in enumerate(headers) if header and position not in positions.values()]
    return Layout(MappingProxyType(positions), tuple(headers), tuple(ignored))


def is_header(texts: Sequence[str]) -> bool:
    """Whether a row of texts names the columns of a purchase plan: what is bought, and one thing more."""
    found = layout_of(texts).positions
    return Column.TITLE in found and len(found) >= 2 and all(len(text) <= 200 for text in texts)


def _whole(header: str) -> tuple[Column, ...]:
    return _BY_NAME.get(fold(header)) or _BY_NAME.get(_plain(header), ())


def _part(header: str) -> tuple[Column, ...]:
    padded = f" {_plain(header)} "
    return next((_BY_NAME[name] for name in _LONGEST_FIRST if f" {name} " in padded), ())


def _plain(header: str) -> str:
    """Without brackets and what is said of tax and currency."""
    words = f" {fold(_IN_BRACKETS.sub(' ', header))} "
    for ignored in _IGNORED:
        words = words.replace(f" {ignored} ", " ")
    return words.strip()
