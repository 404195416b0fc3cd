"""Reading the outbox: what became of messages, for the person, the operator and the worker."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.alert import MailKind
from matchmaker.storage.codec import Document
from matchmaker.storage.outbox_tables import NEED_ID, MessageState, OutboxItemRow, OutboxMessageRow
from matchmaker.storage.people import PersonRow


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """What became of one message, for the pages of the person and of the operator."""

    message_id: str
    email: str
    kind: MailKind
    state: MessageState
    attempts: int
    doubtful: bool
    created_at: datetime
    finished_at: datetime | None
    last_answer: str | None
    items: tuple[Document, ...] = ()


async def contents_of(session: AsyncSession, message_ids: Sequence[str]) -> dict[str, tuple[Document, ...]]:
    """The items of messages, oldest first."""
    rows = await session.execute(
        select(col(OutboxItemRow.message_id), col(OutboxItemRow.content))
        .where(col(OutboxItemRow.message_id).in_(message_ids))
        .order_by(col(OutboxItemRow.item_id))
    )
    found: dict[str, tuple[Document, ...]] = {}
    for message_id, content in rows:
        if message_id is not None:
            found[message_id] = (*found.get(message_id, ()), content)
    return found


async def newest_items(session: AsyncSession, person_id: int, kind: MailKind, limit: int) -> list[tuple[datetime, Document]]:
    """The newest pieces of news for one person with when they arose, whether or not their mail has left."""
    rows = await session.execute(
        select(col(OutboxItemRow.created_at), col(OutboxItemRow.content))
        .where(col(OutboxItemRow.person_id) == person_id, col(OutboxItemRow.kind) == kind.value)
        .order_by(col(OutboxItemRow.created_at).desc(), col(OutboxItemRow.item_id).desc())
        .limit(limit)
    )
    return [(at, content) for at, content in rows]


async def people_told(session: AsyncSession, need_ids: Sequence[str]) -> set[int]:
    """Who was told of one of these lots (``NOTICE_ID/LOT``), or will be."""
    query = select(col(OutboxItemRow.person_id)).where(
        col(OutboxItemRow.kind) == MailKind.LOT_ALERT.value, NEED_ID.in_(need_ids), col(OutboxItemRow.person_id).is_not(None)
    )
    return {person_id for person_id in await session.scalars(query) if person_id is not None}


async def messages_of(session: AsyncSession, person_id: int, kind: MailKind, limit: int) -> list[MessageRecord]:
    """The newest messages to one person."""
    return await _records(
        session, (col(OutboxMessageRow.person_id) == person_id) & (col(OutboxMessageRow.kind) == kind.value), limit
    )


async def troubled_messages(session: AsyncSession, limit: int) -> list[MessageRecord]:
    """The newest messages that are doubtful, failed or waiting for another try."""
    states = (MessageState.FAILED.value, MessageState.WAITING.value)
    return await _records(session, col(OutboxMessageRow.doubtful) | col(OutboxMessageRow.state).in_(states), limit)


async def _records(session: AsyncSession, condition: ColumnElement[bool], limit: int) -> list[MessageRecord]:
    rows = (
        await session.execute(
            select(OutboxMessageRow, col(PersonRow.email))
            .join(PersonRow, col(PersonRow.person_id) == col(OutboxMessageRow.person_id))
            .where(condition)
            .order_by(col(OutboxMessageRow.created_at).desc(), col(OutboxMessageRow.message_id))
            .limit(limit)
            .execution_options(populate_existing=True)
        )
    ).all()
    contents = await contents_of(session, [row.message_id for row, _ in rows])
    return [
        MessageRecord(
            message_id=row.message_id,
            email=email,
            kind=MailKind(row.kind),
            state=MessageState(row.state),
            attempts=row.attempts,
            doubtful=row.doubtful,
            created_at=row.created_at,
            finished_at=row.finished_at,
            last_answer=row.last_answer,
            items=contents.get(row.message_id, ()),
        )
        for row, email in rows
    ]


async def those_marked_doubtful(session: AsyncSession, message_ids: Collection[str]) -> set[str]:
    """Those of the messages that may have arrived before they were marked."""
    query = select(col(OutboxMessageRow.message_id)).where(
        col(OutboxMessageRow.message_id).in_(message_ids), col(OutboxMessageRow.doubtful)
    )
    return set(await session.scalars(query))


async def note_bounce(session: AsyncSession, message_id: str, answer: str, permanent: bool, now: datetime) -> int | None:
    """Marks a sent message as come back; whose it was, None when it is none of ours."""
    values: Document = {"last_answer": answer}
    if permanent:
        values |= {"state": MessageState.FAILED.value, "finished_at": now}
    return await session.scalar(
        update(OutboxMessageRow)
        .where(col(OutboxMessageRow.message_id) == message_id)
        .values(**values)
        .returning(col(OutboxMessageRow.person_id))
    )


async def outbox_counts(session: AsyncSession) -> dict[str, int]:
    """How many messages stand where, with ``items`` not yet claimed and ``doubtful``."""
    states = await session.execute(select(col(OutboxMessageRow.state), func.count()).group_by(col(OutboxMessageRow.state)))
    counts: dict[str, int] = {state: int(count) for state, count in states}
    open_items = (col(OutboxItemRow.message_id).is_(None)) & ~col(OutboxItemRow.withheld)
    counts["items"] = int(await session.scalar(select(func.count()).select_from(OutboxItemRow).where(open_items)) or 0)
    doubtful = select(func.count()).select_from(OutboxMessageRow).where(col(OutboxMessageRow.doubtful))
    counts["doubtful"] = int(await session.scalar(doubtful) or 0)
    return counts
