"""Procedures derived anew from every stored notice, and what there is of them in figures."""

from collections.abc import Mapping

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.notice import Notice
from matchmaker.storage.codec import from_document
from matchmaker.storage.lot_columns import Conversions
from matchmaker.storage.notice_tables import NoticeRow
from matchmaker.storage.procedures import join_procedures

_FIGURES = {
    "notices": "SELECT count(*) FROM notice",
    "not_joined": "SELECT count(*) FROM notice WHERE notice_id NOT IN (SELECT notice_id FROM notice_facts)",
    "procedures": "SELECT count(DISTINCT procedure_key) FROM procedure_notice",
    "of_several": ("SELECT count(*) FROM (SELECT 1 FROM procedure_notice GROUP BY procedure_key HAVING count(*) > 1) AS several"),
    "by_id": "SELECT count(DISTINCT notice_id) FROM procedure_notice WHERE basis = 'procedure-id'",
    "by_link": "SELECT count(DISTINCT notice_id) FROM procedure_notice WHERE basis = 'cited'",
    "probable": "SELECT count(*) FROM procedure_guess WHERE confidence = 'probable'",
    "possible": "SELECT count(*) FROM procedure_guess WHERE confidence = 'possible'",
    "awards": "SELECT count(*) FROM award",
    "current": "SELECT count(*) FROM award WHERE replaced_by IS NULL",
    "with_call": "SELECT count(*) FROM award WHERE call_lot IS NOT NULL",
    "reservation_known": "SELECT count(*) FROM award WHERE reserved <> '{}'",
    "reserved": "SELECT count(*) FROM award WHERE reserved && '{res-ws,res-prog,res-pub-ser}'",
    "end_stated": "SELECT count(*) FROM award WHERE ends_basis = 'stated'",
    "end_estimated": "SELECT count(*) FROM award WHERE ends_basis <> 'stated'",
}


async def join_portion(session: AsyncSession, after: str, size: int, conversions: Conversions) -> tuple[int, str]:
    """Derives the procedures of the next ``size`` notices by number; how many there were, and the last number."""
    query = select(col(NoticeRow.doc)).where(col(NoticeRow.notice_id) > after).order_by(col(NoticeRow.notice_id)).limit(size)
    notices = [from_document(doc, Notice) for doc in await session.scalars(query)]
    if not notices:
        return 0, after
    await join_procedures(session, notices, conversions)
    return len(notices), notices[-1].notice_id


async def procedure_figures(session: AsyncSession) -> Mapping[str, int]:
    """Counts by name: procedures, notices joined by id and by link, guesses, awards and what is known of them."""
    return {name: (await session.execute(text(query))).scalar_one() for name, query in _FIGURES.items()}
