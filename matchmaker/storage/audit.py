"""Who did what to what, when, and how it was before and after."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Text, delete, or_, update
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


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What of a team's log is wanted; empty fields let everything through. ``until`` is not included."""

    action: str = ""
    who: str = ""
    since: datetime | None = None
    until: datetime | None = None


async def team_history(session: AsyncSession, team_key: str, wanted: AuditFilter, limit: int) -> list[AuditRow]:
    """Entries about a team or its record, and those its members made in its name elsewhere; the newest first."""
    after, before = col(AuditRow.after), col(AuditRow.before)
    query = select(AuditRow).where(
        or_(col(AuditRow.subject) == team_key, after["team"].astext == team_key, before["team"].astext == team_key)
    )
    if wanted.action:
        query = query.where(col(AuditRow.action) == wanted.action)
    if wanted.who:
        query = query.where(col(AuditRow.who) == wanted.who)
    if wanted.since:
        query = query.where(col(AuditRow.at) >= wanted.since)
    if wanted.until:
        query = query.where(col(AuditRow.at) < wanted.until)
    newest_first = query.order_by(col(AuditRow.at).desc(), col(AuditRow.entry_id).desc())
    return list((await session.execute(newest_first.limit(limit))).scalars())


async def history_of_person(session: AsyncSession, person_id: int, email: str) -> list[AuditRow]:
    """Entries that a person made, and those about the person's own account; oldest first."""
    about = f"person {person_id}"
    mine = or_(col(AuditRow.who).in_([str(person_id), email]), col(AuditRow.subject) == about)
    return list((await session.execute(select(AuditRow).where(mine).order_by(col(AuditRow.entry_id)))).scalars())


async def forget_in_audit(session: AsyncSession, person_id: int, email: str, pseudonym: str) -> None:
    """Puts a pseudonym in a person's place; what was done stays."""
    who, subject = col(AuditRow.who), col(AuditRow.subject)
    await session.execute(update(AuditRow).where(who.in_([str(person_id), email])).values(who=pseudonym))
    await session.execute(update(AuditRow).where(subject == f"person {person_id}").values(subject=pseudonym))


async def forget_audit(session: AsyncSession, before: datetime) -> None:
    """Deletes entries older than ``before``."""
    await session.execute(delete(AuditRow).where(col(AuditRow.at) < before))
