"""Procedures kept up to date: whatever notices arrive, in whatever order, the stored state is a function of the set at hand.

With every notice saved, the notices it can belong together with are looked up, their procedures are derived anew and stored, all
in the transaction that saved it.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from sqlalchemy import Table, Text, bindparam, delete, insert, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from matchmaker.domain.notice import Notice, full_lot_id
from matchmaker.domain.procedure import NoticeFacts, Procedure, procedures_of, superseded
from matchmaker.domain.procedure_lots import AwardJoin, award_joins
from matchmaker.storage.codec import from_document
from matchmaker.storage.lot_columns import Conversions
from matchmaker.storage.notice_facts import award_rows, buyer_rows, facts_of, facts_row, tie_rows, winner_rows
from matchmaker.storage.procedure_guessing import guess_again
from matchmaker.storage.procedure_tables import (
    AwardRow,
    AwardWinnerRow,
    NoticeBuyerRow,
    NoticeFactsRow,
    NoticeTieRow,
    ProcedureNoticeRow,
)

LOCK = 740_077
"""Of the advisory lock under which procedures are derived: one transaction sees what the one before it stored."""

_REACHED = text(
    """
    WITH RECURSIVE reached(notice_id) AS (
        SELECT unnest(:ids) COLLATE "C"
        UNION
        SELECT other.notice_id
        FROM reached
        JOIN notice_tie AS mine ON mine.notice_id = reached.notice_id
        JOIN notice_tie AS other ON other.tie = mine.tie
    )
    SELECT notice_id FROM reached
    """
).bindparams(bindparam("ids", type_=ARRAY(Text)))


def _table(model: type[SQLModel]) -> Table:
    """Its table: written to directly, thousands of rows take half the time."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


async def join_procedures(session: AsyncSession, notices: Sequence[Notice], conversions: Conversions) -> None:
    """Derives the procedures that ``notices``, just written, have to do with; in the transaction of ``session``."""
    await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    ids = {notice.notice_id for notice in notices}
    before = await _buckets(session, ids)
    left_behind = await _reached(session, before) if before else set[str]()
    await _store_facts(session, notices, set(before), conversions)
    facts = await _load_facts(session, await _reached(session, left_behind | ids))
    await derive(session, facts, {bucket for buckets in before.values() for bucket in buckets})


async def derive(session: AsyncSession, facts: Sequence[NoticeFacts], buckets: set[str]) -> None:
    """Stores the procedures of ``facts``, which hold every notice tied to one of them, and guesses anew around them."""
    procedures = procedures_of(facts)
    replaced = superseded(facts)
    await _store_procedures(session, [notice.notice_id for notice in facts], procedures, set(replaced))
    await _store_awards(session, [join for procedure in procedures for join in award_joins(procedure)])
    await guess_again(session, facts, buckets)


async def _reached(session: AsyncSession, ids: Iterable[str]) -> set[str]:
    return set((await session.execute(_REACHED, {"ids": sorted(ids)})).scalars())


async def _buckets(session: AsyncSession, ids: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """Those of these notices that were joined before, with the buckets they stood in."""
    query = select(col(NoticeFactsRow.notice_id), col(NoticeFactsRow.buckets)).where(
        col(NoticeFactsRow.notice_id).in_(sorted(ids))
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def _store_facts(session: AsyncSession, notices: Sequence[Notice], known: Set[str], conversions: Conversions) -> None:
    facts = [facts_of(notice) for notice in notices]
    await _replace(session, NoticeFactsRow, known, [facts_row(one) for one in facts])
    await _replace(session, NoticeTieRow, known, [row for one in facts for row in tie_rows(one)])
    await _replace(session, NoticeBuyerRow, known, [row for notice in notices for row in buyer_rows(notice)])
    await _replace(session, AwardRow, known, [row for notice in notices for row in award_rows(notice, conversions)])
    winners = [row for notice in notices for row in winner_rows(notice)]
    if winners:
        await session.execute(insert(_table(AwardWinnerRow)), winners)


async def _replace(session: AsyncSession, table: type[SQLModel], ids: Iterable[str], rows: list[dict[str, Any]]) -> None:
    """The rows of these notices, in place of those there were."""
    columns = _table(table)
    if found := sorted(ids):
        await session.execute(delete(columns).where(columns.c.notice_id.in_(found)))
    if rows:
        await session.execute(insert(columns), rows)


async def _load_facts(session: AsyncSession, ids: set[str]) -> list[NoticeFacts]:
    query = select(col(NoticeFactsRow.doc)).where(col(NoticeFactsRow.notice_id).in_(sorted(ids)))
    return [from_document(doc, NoticeFacts) for doc in await session.scalars(query)]


async def _store_procedures(
    session: AsyncSession, ids: Sequence[str], procedures: Sequence[Procedure], replaced: Set[str]
) -> None:
    rows = [
        {
            "procedure_key": procedure.key,
            "notice_id": notice.notice_id,
            "stage": notice.stage.value,
            "basis": basis.value,
            "superseded": notice.notice_id in replaced,
        }
        for procedure in procedures
        for notice, basis in procedure.notices
    ]
    await _replace(session, ProcedureNoticeRow, ids, rows)


async def _store_awards(session: AsyncSession, joins: Sequence[AwardJoin]) -> None:
    """Writes what differs from what is stored."""
    if not joins:
        return
    ids = sorted({join.notice_id for join in joins})
    wanted = {full_lot_id(join.notice_id, join.lot_id): _join_columns(join) for join in joins}
    names = list(next(iter(wanted.values())))
    held = select(col(AwardRow.full_id), *(getattr(AwardRow, name) for name in names)).where(col(AwardRow.notice_id).in_(ids))
    stored = {row[0]: dict(zip(names, row[1:], strict=True)) for row in await session.execute(held)}
    changed = [{"full_id": key, **columns} for key, columns in wanted.items() if key in stored and stored[key] != columns]
    if changed:
        await session.execute(update(AwardRow), changed)


def _join_columns(join: AwardJoin) -> dict[str, Any]:
    return {
        "procedure_key": join.procedure_key,
        "call_lot": full_lot_id(*join.call) if join.call else None,
        "call_basis": join.basis.value if join.basis else None,
        "reserved": sorted(marker.value for marker in join.reserved),
        "ends": join.ends,
        "ends_basis": join.ends_basis.value if join.ends_basis else None,
        "replaced_by": join.replaced_by,
    }
