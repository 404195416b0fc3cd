"""What is stored of the example data, told apart by its publication numbers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from matchmaker.storage.notice_tables import LotRow, NoticeRow


@dataclass(frozen=True, slots=True)
class StoredExamples:
    """How many example notices are stored, the year in their numbers, their newest version and when it came in."""

    notices: int
    year: int
    version: int
    taken_in_at: datetime


async def stored_examples(session: AsyncSession, number_prefix: str) -> StoredExamples | None:
    """What is stored of notices whose publication number starts with ``number_prefix``; None when nothing is.

    The numbers end in a year (``EX000012-2026``).
    """
    mine = col(NoticeRow.notice_id).startswith(number_prefix, autoescape=True)
    query = select(
        func.count(), func.max(NoticeRow.notice_id), func.max(NoticeRow.version), func.max(NoticeRow.taken_in_at)
    ).where(mine)
    count, number, version, taken_in_at = (await session.execute(query)).one()
    if not count:
        return None
    return StoredExamples(count, int(number.rsplit("-", 1)[1]), int(version), taken_in_at)


async def example_lots(session: AsyncSession, number_prefix: str) -> list[str]:
    """Full ids of their lots, in order."""
    mine = col(LotRow.notice_id).startswith(number_prefix, autoescape=True)
    return list((await session.scalars(select(LotRow.full_id).where(mine).order_by(col(LotRow.full_id)))).all())
