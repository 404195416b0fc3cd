"""Guessed links between notices, derived anew for every notice whose buyer and kind of work are touched."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Text, cast, delete, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from matchmaker.domain.procedure import NoticeFacts, Stage
from matchmaker.domain.procedure_guesses import Known, buckets, guesses
from matchmaker.storage.codec import from_document
from matchmaker.storage.procedure_tables import NoticeFactsRow, ProcedureGuessRow, ProcedureNoticeRow


async def guess_again(session: AsyncSession, touched: Sequence[NoticeFacts], before: set[str]) -> None:
    """Guesses anew for the notices that share a bucket with ``touched`` or with what these were ``before``.

    A guess depends on the notices that share a bucket with the later one and on the stages of their procedures, nothing else.
    """
    around = before | {bucket for notice in touched for bucket in buckets(notice)}
    affected = await _known(session, around)
    candidates = await _known(session, {bucket for known in affected for bucket in buckets(known.notice)} - around)
    together = {known.notice.notice_id: known for known in (*affected, *candidates)}
    found = guesses(affected, together.values())
    ids = sorted({notice.notice_id for notice in touched} | {known.notice.notice_id for known in affected})
    await session.execute(delete(ProcedureGuessRow).where(col(ProcedureGuessRow.later).in_(ids)))
    if found:
        rows = [
            {
                "later": guess.later,
                "earlier": guess.earlier,
                "confidence": guess.confidence.value,
                "likeness": round(guess.likeness, 3),
            }
            for guess in found
        ]
        await session.execute(insert(ProcedureGuessRow), rows)


async def _known(session: AsyncSession, around: Iterable[str]) -> list[Known]:
    """The notices in these buckets, each with the stages of its procedures."""
    wanted = sorted(around)
    if not wanted:
        return []
    query = select(col(NoticeFactsRow.doc)).where(col(NoticeFactsRow.buckets).op("&&")(cast(wanted, ARRAY(Text))))
    facts = [from_document(doc, NoticeFacts) for doc in await session.scalars(query)]
    stages, replaced = await _stages(session, [notice.notice_id for notice in facts])
    return [
        Known(notice, stages.get(notice.notice_id, frozenset({notice.stage})), notice.notice_id in replaced) for notice in facts
    ]


async def _stages(session: AsyncSession, ids: Sequence[str]) -> tuple[Mapping[str, frozenset[Stage]], set[str]]:
    mine, other = aliased(ProcedureNoticeRow), aliased(ProcedureNoticeRow)
    query = (
        select(col(mine.notice_id), func.array_agg(col(other.stage).distinct()), func.bool_or(col(mine.superseded)))
        .join(other, col(other.procedure_key) == col(mine.procedure_key))
        .where(col(mine.notice_id).in_(ids))
        .group_by(col(mine.notice_id))
    )
    rows = list(await session.execute(query))
    return {row[0]: frozenset(Stage(stage) for stage in row[1]) for row in rows}, {row[0] for row in rows if row[2]}
