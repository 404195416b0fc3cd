"""Who did what to what, when, and how it was before and after."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col, select

from matchmaker.storage.codec import Document
from matchmaker.storage.columns import Instant, Json


class AuditRow(SQLModel, table=True):
    """One act. ``who`` is a person's number, or the name of a command."""

    __tablename__ = "audit"

    entry_id: int | None = Field(sa_type=BigInteger, primary_key=True, default=None)
    at: datetime = Field(sa_type=Instant)
    who: str = Field(sa_type=Text)
    action: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text, index=True)
    before: dict[str, Any] | None = Field(sa_type=Json, default=None, nullable=True)
    after: dict[str, Any] | None = Field(sa_type=Json, default=None, nullable=True)


async def record(
    session: AsyncSession,
    at: datetime,
    who: str,
    action: str,
    subject: str,
    before: Document | None = None,
    after: Document | None = None,
) -> None:
    """Adds one entry to the transaction of ``session``; never put a confidential text into it."""
    session.add(AuditRow(at=at, who=who, action=action, subject=subject, before=before, after=after))
    await session.flush()


async def history(session: AsyncSession, subject: str) -> list[AuditRow]:
    """All entries about ``subject``, oldest first."""
    found = await session.execute(select(AuditRow).where(col(AuditRow.subject) == subject).order_by(col(AuditRow.entry_id)))
    return list(found.scalars())
