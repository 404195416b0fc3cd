"""Soundings and their answers; whose answer is whose leaves this file only to be counted, or by the supplier's own wish."""

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Text, UniqueConstraint, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from matchmaker.domain.sounding import Asked, Sounding
from matchmaker.storage.columns import SortText


class SoundingRow(SQLModel, table=True):
    """One sounding; one a team and lot."""

    __tablename__ = "sounding"
    __table_args__: ClassVar[tuple[UniqueConstraint, ...]] = (UniqueConstraint("team_key", "lot_id"),)

    sounding_id: str = Field(sa_column=Column(Text, primary_key=True))
    team_key: str = Field(sa_column=Column(Text, ForeignKey("team.team_key", ondelete="CASCADE"), nullable=False))
    team_name: str = Field(sa_column=Column(Text, nullable=False))
    lot_id: str = Field(sa_column=Column(SortText, nullable=False))
    topic: str = Field(sa_column=Column(Text, nullable=False))
    text: str = Field(sa_column=Column(Text, nullable=False))
    opened_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class AskedRow(SQLModel, table=True):
    """One supplier that was asked, and what it answered."""

    __tablename__ = "sounding_asked"

    sounding_id: str = Field(sa_column=Column(Text, ForeignKey("sounding.sounding_id", ondelete="CASCADE"), primary_key=True))
    supplier_key: str = Field(
        sa_column=Column(SortText, ForeignKey("organisation.key", ondelete="CASCADE"), primary_key=True, index=True)
    )
    supplier_name: str = Field(sa_column=Column(Text, nullable=False))
    could: bool | None = Field(default=None, sa_column=Column(Boolean, nullable=True))
    named: bool = Field(default=False, sa_column=Column(Boolean, nullable=False))
    answered_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))


async def open_sounding(session: AsyncSession, made: Sounding) -> bool:
    """Stores a sounding with those it asks; False when the team has asked about this lot before."""
    values = {name: getattr(made, name) for name in SoundingRow.model_fields}
    stored = await session.scalar(
        insert(SoundingRow)
        .values(values)
        .on_conflict_do_nothing(index_elements=["team_key", "lot_id"])
        .returning(col(SoundingRow.sounding_id))
    )
    if stored is None:
        return False
    rows = [
        {"sounding_id": made.sounding_id, "supplier_key": each.supplier_key, "supplier_name": each.supplier_name, "named": False}
        for each in made.asked
    ]
    await session.execute(insert(AskedRow), rows)
    return True


async def load_sounding(session: AsyncSession, sounding_id: str) -> Sounding | None:
    """A sounding with everyone asked. Whoever calls this checks who asks, and tells answers only through ``told``."""
    row = await session.get(SoundingRow, sounding_id, populate_existing=True)
    if row is None:
        return None
    asked = await session.scalars(
        select(AskedRow)
        .where(col(AskedRow.sounding_id) == sounding_id)
        .order_by(col(AskedRow.supplier_key))
        .execution_options(populate_existing=True)
    )
    return _sounding(
        row, tuple(Asked(each.supplier_key, each.supplier_name, each.could, each.named, each.answered_at) for each in asked)
    )


async def sounding_about(session: AsyncSession, team_keys: Collection[str], lot_id: str) -> str | None:
    """The sounding of one of these teams about a lot."""
    query = select(col(SoundingRow.sounding_id)).where(
        col(SoundingRow.team_key).in_(team_keys), col(SoundingRow.lot_id) == lot_id
    )
    return await session.scalar(query.order_by(col(SoundingRow.opened_at)).limit(1))


async def soundings_of(session: AsyncSession, team_keys: Collection[str], supplier_keys: Collection[str]) -> list[Sounding]:
    """Soundings these teams made and those that asked these suppliers, the newest first, without answers."""
    asked = select(col(AskedRow.sounding_id)).where(col(AskedRow.supplier_key).in_(supplier_keys))
    rows = await session.scalars(
        select(SoundingRow)
        .where(col(SoundingRow.team_key).in_(team_keys) | col(SoundingRow.sounding_id).in_(asked))
        .order_by(col(SoundingRow.opened_at).desc(), col(SoundingRow.sounding_id))
    )
    return [_sounding(row) for row in rows]


async def answer_sounding(
    session: AsyncSession, sounding_id: str, supplier_key: str, could: bool, named: bool, now: datetime
) -> bool:
    """Stores a supplier's answer in place of an earlier one; False when it was not asked."""
    changed = await session.scalar(
        update(AskedRow)
        .where(col(AskedRow.sounding_id) == sounding_id, col(AskedRow.supplier_key) == supplier_key)
        .values(could=could, named=named, answered_at=now)
        .returning(col(AskedRow.supplier_key))
    )
    return changed is not None


async def soundings_count(session: AsyncSession) -> int:
    """How many soundings there are."""
    return int(await session.scalar(select(func.count()).select_from(SoundingRow)) or 0)


def _sounding(row: SoundingRow, asked: tuple[Asked, ...] = ()) -> Sounding:
    return Sounding(row.sounding_id, row.team_key, row.team_name, row.lot_id, row.topic, row.text, row.opened_at, asked)
