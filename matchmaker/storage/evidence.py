"""Documents with which suppliers show their status: what is known of each; the bytes lie in a folder of the instance."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKey, Index, Integer, Text, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from matchmaker.storage.columns import SortText


class EvidenceState(StrEnum):
    """What became of a document."""

    WAITING = "waiting"
    SEEN = "seen"
    REFUSED = "refused"
    """Its bytes are deleted."""


class EvidenceRow(SQLModel, table=True):
    """One document. ``stored_as`` is its random name in the folder, ``status_name`` what it is to show, as its owner calls it."""

    __tablename__ = "evidence"
    __table_args__: ClassVar[tuple[Index, ...]] = (
        Index("evidence_by_organisation", "organisation_key"),
        Index("evidence_by_state", "state"),
    )

    evidence_id: str = Field(sa_column=Column(Text, primary_key=True))
    organisation_key: str = Field(sa_column=Column(SortText, ForeignKey("organisation.key", ondelete="CASCADE"), nullable=False))
    status_name: str = Field(sa_column=Column(Text, nullable=False))
    file_name: str = Field(sa_column=Column(Text, nullable=False))
    media_type: str = Field(sa_column=Column(Text, nullable=False))
    size: int = Field(sa_column=Column(Integer, nullable=False))
    """Bytes."""
    sha256: str = Field(sa_column=Column(Text, nullable=False))
    stored_as: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    valid_until: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    uploaded_by: int | None = Field(
        default=None, sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="SET NULL"), nullable=True)
    )
    uploaded_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    state: str = Field(sa_column=Column(Text, nullable=False))
    note: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    """Why it was refused, for the organisation."""
    decided_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))


async def save_evidence(session: AsyncSession, row: EvidenceRow) -> None:
    """Adds a document."""
    session.add(row)
    await session.flush()


async def load_evidence(session: AsyncSession, evidence_id: str) -> EvidenceRow | None:
    """One document; None if unknown."""
    return await session.get(EvidenceRow, evidence_id)


async def evidence_of(session: AsyncSession, organisation_keys: Sequence[str]) -> list[EvidenceRow]:
    """The documents of these suppliers, the newest first."""
    query = (
        select(EvidenceRow)
        .where(col(EvidenceRow.organisation_key).in_(organisation_keys))
        .order_by(col(EvidenceRow.uploaded_at).desc(), col(EvidenceRow.evidence_id))
    )
    return list(await session.scalars(query))


async def count_evidence(session: AsyncSession, organisation_key: str) -> int:
    """How many documents of a supplier are kept, refused ones left out."""
    query = (
        select(func.count())
        .select_from(EvidenceRow)
        .where(col(EvidenceRow.organisation_key) == organisation_key, col(EvidenceRow.state) != EvidenceState.REFUSED.value)
    )
    return int(await session.scalar(query) or 0)


async def waiting_evidence(session: AsyncSession, limit: int) -> list[EvidenceRow]:
    """Documents nobody has looked at, the oldest first."""
    query = (
        select(EvidenceRow)
        .where(col(EvidenceRow.state) == EvidenceState.WAITING.value)
        .order_by(col(EvidenceRow.uploaded_at), col(EvidenceRow.evidence_id))
        .limit(limit)
    )
    return list(await session.scalars(query))


async def delete_evidence(session: AsyncSession, evidence_id: str) -> None:
    """Forgets a document."""
    await session.execute(delete(EvidenceRow).where(col(EvidenceRow.evidence_id) == evidence_id))


async def stored_names(session: AsyncSession) -> set[str]:
    """The names of all files that should lie in the folder."""
    kept = col(EvidenceRow.state) != EvidenceState.REFUSED.value
    return set(await session.scalars(select(col(EvidenceRow.stored_as)).where(kept)))
