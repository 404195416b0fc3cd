"""Sourcing records: appended to, read by those who may, deleted when their time is over. Every read names who asks."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, cast, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.hash_chain import BEGINNING, Link
from matchmaker.domain.sourcing_record import EventKind, Outcome, RecordEvent, RecordHead, RecordKind, SourcingRecord
from matchmaker.storage.people import PersonRow, TeamRow
from matchmaker.storage.record_tables import (
    RETENTION_SETTING,
    RecordEventRow,
    RecordPersonRow,
    RecordReaderRow,
    SourcingRecordRow,
)


async def add_record(session: AsyncSession, head: RecordHead) -> None:
    """A new record without events, in the transaction of ``session``."""
    session.add(
        SourcingRecordRow(
            record_id=head.record_id,
            team_key=head.team_key,
            kind=head.kind.value,
            title=head.title,
            need_id=head.need_id,
            opened_at=head.opened_at,
            last_at=head.last_at,
            length=0,
            digest=BEGINNING,
        )
    )
    await session.flush()


async def last_link(session: AsyncSession, record_id: str) -> tuple[int, str] | None:
    """Length and hash of a record's chain, which stays locked for this transaction; None when there is no such record."""
    query = select(col(SourcingRecordRow.length), col(SourcingRecordRow.digest))
    row = (await session.execute(query.where(col(SourcingRecordRow.record_id) == record_id).with_for_update())).one_or_none()
    return (row[0], row[1]) if row else None


async def add_link(session: AsyncSession, record_id: str, link: Link, at: datetime, **decided: Any) -> None:
    """Appends one event; ``decided`` are the columns a decision sets."""
    session.add(RecordEventRow(record_id=record_id, number=link.number, body=link.body, digest=link.digest))
    await session.flush()
    values: dict[str, Any] = {"length": link.number, "digest": link.digest, "last_at": at, **decided}
    await session.execute(update(SourcingRecordRow).where(col(SourcingRecordRow.record_id) == record_id).values(values))


async def actor_of(session: AsyncSession, record_id: str, person_id: int, new_mark: str) -> str:
    """The mark under which a record knows a person; ``new_mark`` becomes it where the record does not yet."""
    await session.execute(
        insert(RecordPersonRow)
        .values(actor=new_mark, record_id=record_id, person_id=person_id)
        .on_conflict_do_nothing(index_elements=["record_id", "person_id"])
    )
    known = select(col(RecordPersonRow.actor)).where(
        col(RecordPersonRow.record_id) == record_id, col(RecordPersonRow.person_id) == person_id
    )
    return (await session.execute(known)).scalar_one()


async def add_reader(session: AsyncSession, record_id: str, person_id: int) -> bool:
    """Lets a person read a record; False when it could already."""
    statement = insert(RecordReaderRow).values(record_id=record_id, person_id=person_id).on_conflict_do_nothing()
    return await session.scalar(statement.returning(col(RecordReaderRow.person_id))) is not None


async def remove_reader(session: AsyncSession, record_id: str, person_id: int) -> bool:
    """Ends that; False when it could not."""
    mine = (col(RecordReaderRow.record_id) == record_id) & (col(RecordReaderRow.person_id) == person_id)
    return await session.scalar(delete(RecordReaderRow).where(mine).returning(col(RecordReaderRow.person_id))) is not None


async def readers_of(session: AsyncSession, record_id: str) -> list[tuple[int, str]]:
    """Number and address of the officers who may read a record, by address."""
    rows = await session.execute(
        select(col(PersonRow.person_id), col(PersonRow.email))
        .join(RecordReaderRow, col(RecordReaderRow.person_id) == col(PersonRow.person_id))
        .where(col(RecordReaderRow.record_id) == record_id)
        .order_by(col(PersonRow.email).collate("C"))
    )
    return [(person_id, email) for person_id, email in rows]


def may_read(team_keys: Sequence[str], reader: int | None) -> ColumnElement[bool]:
    """The condition under which a record is seen: it belongs to one of the teams, or the officer ``reader`` was let in."""
    shared = select(col(RecordReaderRow.record_id)).where(col(RecordReaderRow.person_id) == reader)
    return or_(col(SourcingRecordRow.team_key).in_(team_keys), col(SourcingRecordRow.record_id).in_(shared))


async def list_records(
    session: AsyncSession, seen: ColumnElement[bool], kind: RecordKind | None = None, limit: int = 200
) -> list[RecordHead]:
    """The records that ``seen`` lets through, the newest first."""
    query = select(SourcingRecordRow, col(TeamRow.name)).join(TeamRow, col(TeamRow.team_key) == col(SourcingRecordRow.team_key))
    if kind is not None:
        query = query.where(col(SourcingRecordRow.kind) == kind.value)
    newest_first = (col(SourcingRecordRow.opened_at).desc(), col(SourcingRecordRow.record_id))
    rows = await session.execute(query.where(seen).order_by(*newest_first).limit(limit).execution_options(populate_existing=True))
    return [_head(row, name) for row, name in rows]


async def record_ids(session: AsyncSession) -> list[str]:
    """Every record there is, oldest first."""
    order = (col(SourcingRecordRow.opened_at), col(SourcingRecordRow.record_id))
    return list(await session.scalars(select(col(SourcingRecordRow.record_id)).order_by(*order)))


async def load_record(session: AsyncSession, record_id: str, seen: ColumnElement[bool] | None = None) -> SourcingRecord | None:
    """A whole record; None when there is none or ``seen`` does not let it through."""
    mine = col(SourcingRecordRow.record_id) == record_id
    found = await list_records(session, mine if seen is None else mine & seen, limit=1)
    if not found:
        return None
    rows = await session.execute(
        select(col(RecordEventRow.number), col(RecordEventRow.body), col(RecordEventRow.digest))
        .where(col(RecordEventRow.record_id) == record_id)
        .order_by(col(RecordEventRow.number))
    )
    links = tuple(Link(number, body, digest) for number, body, digest in rows)
    people = await session.execute(
        select(col(RecordPersonRow.actor), col(PersonRow.email))
        .join(PersonRow, col(PersonRow.person_id) == col(RecordPersonRow.person_id))
        .where(col(RecordPersonRow.record_id) == record_id)
    )
    return SourcingRecord(found[0], links, tuple(read_link(link) for link in links), {row.actor: row.email for row in people})


def read_link(link: Link) -> RecordEvent:
    """The event a link holds."""
    body = json.loads(link.body)
    at = datetime.fromisoformat(body["at"])
    return RecordEvent(link.number, EventKind(body["kind"]), at, body["actor"], body["content"], link.digest)


async def delete_overdue(session: AsyncSession, years: int, today: date) -> list[str]:
    """Deletes the records whose time is over, each with all its events; the only way one goes. Returns their ids."""
    since = func.coalesce(
        col(SourcingRecordRow.awarded_on), col(SourcingRecordRow.decided_on), cast(col(SourcingRecordRow.last_at), Date)
    )
    over = since + func.make_interval(cast(years, Integer)) < today
    overdue = list(await session.scalars(select(col(SourcingRecordRow.record_id)).where(over).with_for_update()))
    for record_id in overdue:
        await session.execute(select(func.set_config(RETENTION_SETTING, record_id, True)))
        await session.execute(delete(SourcingRecordRow).where(col(SourcingRecordRow.record_id) == record_id))
    if overdue:
        await session.execute(select(func.set_config(RETENTION_SETTING, "", True)))
    return overdue


def _head(row: SourcingRecordRow, team_name: str) -> RecordHead:
    return RecordHead(
        record_id=row.record_id,
        team_key=row.team_key,
        team_name=team_name,
        kind=RecordKind(row.kind),
        title=row.title,
        need_id=row.need_id,
        opened_at=row.opened_at,
        last_at=row.last_at,
        length=row.length,
        digest=row.digest,
        outcome=Outcome(row.outcome) if row.outcome else None,
        decided_on=row.decided_on,
        awarded_on=row.awarded_on,
    )
