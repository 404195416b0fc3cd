"""Takes reference tables in, and gives them out as look-ups."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.reference.bundle import Reference, reference_from_tables
from matchmaker.reference.comma_separated import Cells, LateRows
from matchmaker.reference.reading import Reading
from matchmaker.reference.tables import Table, TableKind, merge
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.reference_tables import load_table, loaded_tables, save_table

LATE = frozenset({TableKind.POSTCODES, TableKind.PLACES})
"""Tables kept as text in memory until somebody asks, and then by country."""

BLOCK = 2000
"""Rows kept together: a table is only ever read whole, and 200,000 rows for postcodes would be slow to write and to read."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A table that was taken in, with the rows it has now."""

    kind: TableKind
    rows: int
    source: str


async def load_reference(sessions: SessionMaker, reading: Reading, at: datetime, replace: bool = False) -> list[Stored]:
    """Stores every table read, all or none. Rows of what was stored before stay unless they have the same key, or ``replace``."""
    stored = []
    async with transaction(sessions) as session:
        for kind, table in reading.tables.items():
            older = None if replace else await _load(session, kind)
            whole = table if older is None else merge(older, table)
            await save_table(session, kind.value, _blocks(whole), whole.source, at)
            stored.append(Stored(kind, len(whole.rows), table.source))
    return stored


async def stored_reference(sessions: SessionMaker) -> Reference:
    """Look-ups from the stored tables; kinds that were never loaded come from the core."""
    tables: dict[TableKind, Table] = {}
    async with sessions() as session:
        for loaded in await loaded_tables(session):
            table = await _load(session, TableKind(loaded.name))
            if table is not None:
                tables[table.kind] = table
    return reference_from_tables(tables)


async def stored_tables(sessions: SessionMaker) -> list[tuple[Stored, datetime]]:
    """What is stored, with the moment it was loaded."""
    found = []
    async with sessions() as session:
        for loaded in await loaded_tables(session):
            blocks = await load_table(session, loaded.name)
            rows = sum(int(block["rows"]) for block in blocks.values())
            found.append((Stored(TableKind(loaded.name), rows, loaded.source), loaded.loaded_at))
    return found


async def _load(session: AsyncSession, kind: TableKind) -> Table | None:
    blocks = await load_table(session, kind.value)
    if not blocks:
        return None
    first = next(iter(blocks.values()))
    texts = [str(block["text"]) for block in blocks.values()]

    def parse() -> Iterator[Cells]:
        return (tuple(cells) for text in texts for cells in csv.reader(io.StringIO(text, newline="")))

    rows = LateRows(parse) if kind in LATE else list(parse())
    return Table(kind, tuple(first["columns"]), rows, str(first["source"]))


def _blocks(table: Table) -> dict[str, dict[str, object]]:
    rows = list(table.rows)
    return {f"{start:08d}": _block(table, rows[start : start + BLOCK]) for start in range(0, max(1, len(rows)), BLOCK)}


def _block(table: Table, rows: list[Cells]) -> dict[str, object]:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return {"columns": list(table.columns), "rows": len(rows), "text": text.getvalue(), "source": table.source}
