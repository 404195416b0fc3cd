"""Guessed links between notices, derived anew for every notice whose buyer and kind of work are touched."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from matchmaker.domain.procedure import NoticeFacts, Stage
from matchmaker.domain.procedure_guesses import EARLIER, Known, buckets, guesses
from matchmaker.storage.codec import from_document
from matchmaker.storage.columns import Texts
from matchmaker.storage.procedure_tables import NoticeFactsRow, ProcedureGuessRow, ProcedureNoticeRow

COMPARED = sorted({stage.value for pair in EARLIER.items() for stage in pair})
"""The stages between which anything is guessed."""


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
    mine, other = aliased(ProcedureNoticeRow), aliased(ProcedureNoticeRow)
    query = (
        select(col(NoticeFactsRow.doc), func.array_agg(col(other.stage).distinct()), func.bool_or(col(mine.superseded)))
        .join(mine, col(mine.notice_id) == col(NoticeFactsRow.notice_id))
        .join(other, col(other.procedure_key) == col(mine.procedure_key))
        .where(col(NoticeFactsRow.buckets).bool_op("&&")(literal(wanted, Texts)), col(NoticeFactsRow.stage).in_(COMPARED))
        .group_by(col(NoticeFactsRow.notice_id))
    )
    return [
        Known(from_document(doc, NoticeFacts), frozenset(Stage(stage) for stage in stages), superseded)
        for doc, stages, superseded in await session.execute(query)
    ]
