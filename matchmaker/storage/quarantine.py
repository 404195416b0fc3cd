"""Documents that could not be read, with their bytes; for the operator only, and deleted after some days."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import BigInteger, Integer, LargeBinary, Text, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from matchmaker.domain.errors import Refusal
from matchmaker.domain.messages import Message
from matchmaker.storage.codec import from_document, to_document
from matchmaker.storage.columns import Instant, Json


class QuarantineRow(SQLModel, table=True):
    """One unreadable document. ``reason`` and ``next_step`` are messages ``{text, parameters}``."""

    __tablename__ = "quarantine"

    document_id: int | None = Field(sa_type=BigInteger, primary_key=True, default=None)
    name: str = Field(sa_type=Text)
    digest: str = Field(sa_type=Text, unique=True)
    """SHA-256 of name and bytes: the same document stays one row."""
    data: bytes = Field(sa_type=LargeBinary)
    reason: dict[str, Any] = Field(sa_type=Json)
    next_step: dict[str, Any] | None = Field(sa_type=Json, default=None, nullable=True)
    first_seen_at: datetime = Field(sa_type=Instant)
    last_seen_at: datetime = Field(sa_type=Instant)
    tries: int = Field(sa_type=Integer, default=1)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A document in quarantine, without its bytes."""

    document_id: int
    name: str
    size: int
    """Bytes."""
    reason: Message
    next_step: Message | None
    first_seen_at: datetime
    last_seen_at: datetime
    tries: int


def digest(name: str, data: bytes) -> str:
    """What makes two documents the same: file name and bytes (SHA-256, hexadecimal)."""
    return sha256(name.encode() + b"\0" + data).hexdigest()


async def put_into_quarantine(session: AsyncSession, name: str, data: bytes, refusal: Refusal, at: datetime) -> None:
    """Keeps a document that could not be read and why; one that is there already counts one try more."""
    row = {
        "name": name,
        "digest": digest(name, data),
        "data": data,
        "reason": to_document(refusal.sentence),
        "next_step": to_document(refusal.next_step) if refusal.next_step else None,
        "first_seen_at": at,
        "last_seen_at": at,
        "tries": 1,
    }
    statement = insert(QuarantineRow).values(row)
    again = {
        "reason": statement.excluded.reason,
        "next_step": statement.excluded.next_step,
        "last_seen_at": at,
        "tries": QuarantineRow.tries + 1,
    }
    await session.execute(statement.on_conflict_do_update(index_elements=["digest"], set_=again))


async def list_quarantine(session: AsyncSession, document_id: int | None = None) -> list[Quarantined]:
    """Documents in quarantine, the newest first; or the one with this number."""
    columns = (
        col(QuarantineRow.document_id),
        col(QuarantineRow.name),
        func.octet_length(col(QuarantineRow.data)),
        col(QuarantineRow.reason),
        col(QuarantineRow.next_step),
        col(QuarantineRow.first_seen_at),
        col(QuarantineRow.last_seen_at),
        col(QuarantineRow.tries),
    )
    query = select(*columns).order_by(col(QuarantineRow.last_seen_at).desc(), col(QuarantineRow.document_id))
    if document_id is not None:
        query = query.where(col(QuarantineRow.document_id) == document_id)
    return [
        Quarantined(number, name, size, from_document(reason, Message), step and from_document(step, Message), first, last, tries)
        for number, name, size, reason, step, first, last, tries in await session.execute(query)
    ]


async def quarantined_bytes(session: AsyncSession, document_id: int) -> bytes | None:
    """The bytes of a document in quarantine; None if it is not there."""
    data: bytes | None = await session.scalar(
        select(col(QuarantineRow.data)).where(col(QuarantineRow.document_id) == document_id)
    )
    return data


async def release(session: AsyncSession, digests: Collection[str]) -> int:
    """Takes documents that can be read now out of quarantine; returns how many there were."""
    gone = await session.execute(
        delete(QuarantineRow).where(col(QuarantineRow.digest).in_(digests)).returning(col(QuarantineRow.document_id))
    )
    return len(gone.all())


async def delete_old(session: AsyncSession, seen_before: datetime) -> int:
    """Deletes documents last seen before that moment, bytes and all; returns how many."""
    gone = await session.execute(
        delete(QuarantineRow).where(col(QuarantineRow.last_seen_at) < seen_before).returning(col(QuarantineRow.document_id))
    )
    return len(gone.all())
