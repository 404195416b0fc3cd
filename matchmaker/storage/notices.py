"""Notices: saved once per version, loaded whole."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, insert, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from matchmaker.domain.match import Need, need_of
from matchmaker.domain.notice import Lot, Notice
from matchmaker.storage.codec import Document, from_document, to_document
from matchmaker.storage.lot_columns import PLAIN, Conversions, lot_columns
from matchmaker.storage.notice_changes import document_changes, record_changes
from matchmaker.storage.notice_tables import LotRow, NoticeChangeRow, NoticeRow
from matchmaker.storage.procedures import join_procedures
from matchmaker.storage.superseding import aliases_of, citation, mark_superseded


class Saved(StrEnum):
    """What saving did: stored for the first time, replaced an older version, or nothing to do."""

    NEW = "new"
    NEWER = "newer"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Reading:
    """A notice as read, the document it came from, and the vectors of its lots by lot id where made."""

    notice: Notice
    document: str = ""
    vectors: Mapping[str, Any] | None = None


def version_number(version: str) -> tuple[int, str]:
    """Order of versions: by number where it is one (``02`` after ``1``), else by text."""
    return (int(version), "") if version.isdecimal() else (0, version)


async def save_notice(
    session: AsyncSession, notice: Notice, conversions: Conversions = PLAIN, at: datetime | None = None
) -> Saved:
    """Saves one notice in the transaction of ``session``; ``at`` None means the database's clock."""
    return (await save_notices(session, [Reading(notice)], conversions, at))[0]


async def save_notices(
    session: AsyncSession,
    readings: Sequence[Reading],
    conversions: Conversions = PLAIN,
    at: datetime | None = None,
    again: bool = False,
) -> list[Saved]:
    """Saves notices in few statements, in the transaction of ``session``; what each did, in order.

    A notice id with a version not above the stored one is SEEN and left alone, unless ``again`` asks to store what is read now
    in place of the same version. A newer version replaces the stored one and the difference is recorded.
    """
    moment = at or (await session.execute(select(func.now()))).scalar_one()
    stored = await _stored(session, [reading.notice.notice_id for reading in readings])
    outcomes, newest, changes = [], dict[str, Reading](), list[dict[str, Any]]()
    for reading in readings:
        notice, doc = reading.notice, to_document(reading.notice)
        held = stored.get(notice.notice_id)
        outcome = _outcome(held, notice)
        if held and outcome is Saved.NEWER:
            changes.append(_change(notice, held, doc, moment))
        if outcome is not Saved.SEEN or (again and held and held[0] == notice.version):
            newest[notice.notice_id] = reading
            stored[notice.notice_id] = (notice.version, doc)
        outcomes.append(outcome)
    if newest:
        await _write(session, list(newest.values()), stored, conversions, moment)
        await record_changes(session, changes)
        await mark_superseded(session, list(newest), moment)
        await join_procedures(session, [reading.notice for reading in newest.values()], conversions)
    return outcomes


async def _stored(session: AsyncSession, notice_ids: list[str]) -> dict[str, tuple[str, Document]]:
    query = select(NoticeRow.notice_id, NoticeRow.version, NoticeRow.doc).where(col(NoticeRow.notice_id).in_(notice_ids))
    return {notice_id: (version, doc) for notice_id, version, doc in (await session.execute(query))}


async def already_stored(session: AsyncSession, notices: Sequence[Notice]) -> set[str]:
    """Ids of those notices of which this version or a newer one is stored."""
    query = select(NoticeRow.notice_id, NoticeRow.version).where(
        col(NoticeRow.notice_id).in_([notice.notice_id for notice in notices])
    )
    held = {notice_id: version_number(version) for notice_id, version in await session.execute(query)}
    return {one.notice_id for one in notices if one.notice_id in held and version_number(one.version) <= held[one.notice_id]}


def _outcome(held: tuple[str, Document] | None, notice: Notice) -> Saved:
    if held is None:
        return Saved.NEW
    return Saved.NEWER if version_number(notice.version) > version_number(held[0]) else Saved.SEEN


def _change(notice: Notice, held: tuple[str, Document], doc: Document, at: datetime) -> dict[str, Any]:
    return {
        "notice_id": notice.notice_id,
        "from_notice_id": notice.notice_id,
        "from_version": held[0],
        "to_version": notice.version,
        "changes": document_changes(held[1], doc),
        "at": at,
    }


async def _write(
    session: AsyncSession,
    readings: list[Reading],
    docs: Mapping[str, tuple[str, Document]],
    conversions: Conversions,
    at: datetime,
) -> None:
    rows = [_notice_columns(reading, docs[reading.notice.notice_id][1], at) for reading in readings]
    statement = upsert(NoticeRow)
    replaced = {name: statement.excluded[name] for name in rows[0] if name != "notice_id"}
    await session.execute(statement.on_conflict_do_update(index_elements=["notice_id"], set_=replaced), rows)
    await session.execute(delete(LotRow).where(col(LotRow.notice_id).in_([row["notice_id"] for row in rows])))
    lots = [
        lot_columns(reading.notice, lot, position, conversions, reading.vectors)
        for reading in readings
        for position, lot in enumerate(reading.notice.lots)
    ]
    if lots:
        await session.execute(insert(LotRow), lots)


def _notice_columns(reading: Reading, doc: Document, at: datetime) -> dict[str, Any]:
    notice = reading.notice
    return {
        "notice_id": notice.notice_id,
        "version": notice.version,
        "kind": notice.kind.value,
        "country": notice.country,
        "language": notice.language,
        "published": notice.published,
        "procedure_id": notice.procedure_id,
        "aliases": aliases_of(notice),
        "changes": citation(notice.changes) if notice.changes else None,
        "superseded_by": None,
        "document": reading.document,
        "doc": doc,
        "taken_in_at": at,
    }


async def load_notice(session: AsyncSession, notice_id: str) -> Notice | None:
    """The newest version of a notice, whole; None if it is not there."""
    doc = await session.scalar(select(NoticeRow.doc).where(col(NoticeRow.notice_id) == notice_id))
    return from_document(doc, Notice) if doc is not None else None


async def load_lot(session: AsyncSession, full_id: str) -> tuple[Notice, Lot] | None:
    """A lot by its full id (``NOTICE_ID/LOT``) with its notice; None if it is not there."""
    query = select(NoticeRow.doc, LotRow.position).join(LotRow, col(LotRow.notice_id) == col(NoticeRow.notice_id))
    found = (await session.execute(query.where(col(LotRow.full_id) == full_id))).one_or_none()
    if found is None:
        return None
    notice = from_document(found[0], Notice)
    return notice, notice.lots[found[1]]


async def lots_of_notices(session: AsyncSession, notice_ids: Sequence[str], most: int = 500) -> dict[str, list[str]]:
    """Full ids (``NOTICE_ID/LOT``) of the lots of these notices, by notice, at most so many in all."""
    query = select(LotRow.notice_id, LotRow.full_id).where(col(LotRow.notice_id).in_(notice_ids))
    found: dict[str, list[str]] = {}
    for notice_id, full_id in await session.execute(query.order_by(col(LotRow.notice_id), col(LotRow.position)).limit(most)):
        found.setdefault(notice_id, []).append(full_id)
    return found


async def load_needs(session: AsyncSession, full_ids: Sequence[str]) -> list[Need]:
    """What lots ask for, in the order of ``full_ids``; those not stored are left out. Each notice is read once."""
    query = select(LotRow.full_id, LotRow.notice_id, LotRow.position).where(col(LotRow.full_id).in_(full_ids))
    places = {full_id: (notice_id, position) for full_id, notice_id, position in await session.execute(query)}
    held = select(NoticeRow.notice_id, NoticeRow.doc).where(col(NoticeRow.notice_id).in_({each for each, _ in places.values()}))
    notices = {notice_id: from_document(doc, Notice) for notice_id, doc in await session.execute(held)}
    found = []
    for notice_id, position in (places[full_id] for full_id in full_ids if full_id in places):
        notice = notices.get(notice_id)
        if notice is not None and position < len(notice.lots):
            found.append(need_of(notice, notice.lots[position]))
    return found


async def all_notices(session: AsyncSession) -> AsyncIterator[Notice]:
    """Every notice, in the order of ids, read in portions."""
    query = select(NoticeRow.doc).order_by(col(NoticeRow.notice_id)).execution_options(yield_per=100)
    async for doc in await session.stream_scalars(query):
        yield from_document(doc, Notice)


async def count_notices(session: AsyncSession) -> tuple[int, int]:
    """How many notices are stored, and how many lots are listed: an award that names no lot is none."""
    notices = select(func.count()).select_from(NoticeRow).scalar_subquery()
    lots = select(func.count()).select_from(LotRow).where(col(LotRow.listed)).scalar_subquery()
    found = (await session.execute(select(notices, lots))).one()
    return found[0], found[1]


async def notice_changes(session: AsyncSession, notice_id: str) -> list[NoticeChangeRow]:
    """What newer versions or change notices altered, oldest first."""
    query = select(NoticeChangeRow).where(col(NoticeChangeRow.notice_id) == notice_id).order_by(col(NoticeChangeRow.change_id))
    return list((await session.execute(query)).scalars())


async def set_lot_vectors(session: AsyncSession, vectors: Mapping[str, Any]) -> None:
    """Stores vectors by full lot id."""
    await session.execute(update(LotRow), [{"full_id": full_id, "vector": vector} for full_id, vector in vectors.items()])
