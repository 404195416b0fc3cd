"""Reference tables as loaded from their publishers: plain rows by table and key, and where each table came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Text, delete, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col, select

from matchmaker.storage.codec import Document
from matchmaker.storage.columns import Instant, Json, SortText


class ReferenceRow(SQLModel, table=True):
    """One row of a reference table (``cpv``, ``nuts``, …)."""

    __tablename__ = "reference_row"

    table_name: str = Field(sa_type=SortText, primary_key=True)
    key: str = Field(sa_type=SortText, primary_key=True)
    doc: dict[str, Any] = Field(sa_type=Json)


class ReferenceSourceRow(SQLModel, table=True):
    """Where a reference table came from."""

    __tablename__ = "reference_source"

    table_name: str = Field(sa_type=SortText, primary_key=True)
    source: str = Field(sa_type=Text)
    """Path or address it was read from."""
    rows: int = Field(sa_type=Integer)
    loaded_at: datetime = Field(sa_type=Instant)


@dataclass(frozen=True, slots=True)
class LoadedTable:
    """A reference table at hand."""

    name: str
    source: str
    rows: int
    loaded_at: datetime


async def save_table(session: AsyncSession, name: str, rows: Mapping[str, Document], source: str, at: datetime) -> int:
    """Replaces the table ``name`` by ``rows`` (key to plain values) in the transaction of ``session``; returns how many."""
    await session.execute(delete(ReferenceRow).where(col(ReferenceRow.table_name) == name))
    if rows:
        await session.execute(insert(ReferenceRow), [{"table_name": name, "key": key, "doc": doc} for key, doc in rows.items()])
    await session.merge(ReferenceSourceRow(table_name=name, source=source, rows=len(rows), loaded_at=at))
    await session.flush()
    return len(rows)


async def load_table(session: AsyncSession, name: str) -> dict[str, Document]:
    """The rows of a table in the order of their keys; empty when it was never loaded."""
    found = await session.execute(
        select(ReferenceRow.key, ReferenceRow.doc).where(col(ReferenceRow.table_name) == name).order_by(col(ReferenceRow.key))
    )
    return dict(found.all())


async def loaded_tables(session: AsyncSession) -> list[LoadedTable]:
    """The tables at hand, by name."""
    found = await session.execute(select(ReferenceSourceRow).order_by(col(ReferenceSourceRow.table_name)))
    return [LoadedTable(row.table_name, row.source, row.rows, row.loaded_at) for row in found.scalars()]
