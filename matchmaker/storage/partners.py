"""Suppliers that look for a partner for a lot and agree to be shown to one another."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Column, DateTime, ForeignKey, Index, Text, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from matchmaker.domain.answers import Answer
from matchmaker.storage.columns import SortText
from matchmaker.storage.lot_answers import LotAnswerRow


class PartnerConsentRow(SQLModel, table=True):
    """An organisation agrees to be shown, for one lot, to others that look for a partner for it and agree too."""

    __tablename__ = "partner_consent"
    __table_args__: ClassVar[tuple[Index, ...]] = (Index("partner_consent_by_lot", "full_id"),)

    team_key: str = Field(sa_column=Column(Text, ForeignKey("team.team_key", ondelete="CASCADE"), primary_key=True))
    full_id: str = Field(sa_column=Column(SortText, primary_key=True))
    at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


async def agree_to_be_shown(session: AsyncSession, team_key: str, full_id: str, now: datetime) -> None:
    """Keeps the consent; given twice it is the same."""
    made = insert(PartnerConsentRow).values(team_key=team_key, full_id=full_id, at=now)
    await session.execute(made.on_conflict_do_nothing())


async def others_looking(session: AsyncSession, team_key: str, full_id: str) -> int:
    """How many other organisations look for a partner for the lot; who they are is not said."""
    query = (
        select(func.count())
        .select_from(LotAnswerRow)
        .where(
            col(LotAnswerRow.full_id) == full_id,
            col(LotAnswerRow.answer) == Answer.PARTNER_WANTED.value,
            col(LotAnswerRow.team_key) != team_key,
        )
    )
    return int(await session.scalar(query) or 0)


async def partners_shown(session: AsyncSession, team_key: str, full_id: str) -> tuple[bool, list[str]]:
    """Whether the organisation agreed, and the others that still look for a partner and agreed: both, or nobody is shown."""
    query = (
        select(col(PartnerConsentRow.team_key))
        .join(
            LotAnswerRow,
            (col(LotAnswerRow.team_key) == col(PartnerConsentRow.team_key))
            & (col(LotAnswerRow.full_id) == col(PartnerConsentRow.full_id)),
        )
        .where(col(PartnerConsentRow.full_id) == full_id, col(LotAnswerRow.answer) == Answer.PARTNER_WANTED.value)
        .order_by(col(PartnerConsentRow.team_key))
    )
    agreed = list(await session.scalars(query))
    if team_key not in agreed:
        return False, []
    return True, [key for key in agreed if key != team_key]
