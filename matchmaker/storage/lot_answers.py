"""What suppliers answered about lots; whose answers are whose leaves this file only to the organisation itself."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Index, Text, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from matchmaker.domain.answers import Answer, AnswerCounts, LotAnswer, Reason, told
from matchmaker.storage.columns import SortText


class LotAnswerRow(SQLModel, table=True):
    """The newest answer of one organisation about one lot."""

    __tablename__ = "lot_answer"
    __table_args__: ClassVar[tuple[Index, ...]] = (Index("lot_answer_by_lot", "full_id"),)

    team_key: str = Field(sa_column=Column(Text, ForeignKey("team.team_key", ondelete="CASCADE"), primary_key=True))
    full_id: str = Field(sa_column=Column(SortText, primary_key=True))
    answer: str = Field(sa_column=Column(Text, nullable=False))
    reason: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    person_id: int | None = Field(
        default=None, sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="SET NULL"), nullable=True)
    )


async def save_answer(session: AsyncSession, answer: LotAnswer) -> None:
    """Stores the answer in place of an earlier one of the same organisation."""
    values = {
        "answer": answer.answer.value,
        "reason": answer.reason.value if answer.reason else None,
        "at": answer.at,
        "person_id": answer.by_person,
    }
    made = insert(LotAnswerRow).values(team_key=answer.organisation_key, full_id=answer.full_id, **values)
    await session.execute(made.on_conflict_do_update(index_elements=["team_key", "full_id"], set_=values))


async def answers_of(session: AsyncSession, team_keys: Collection[str], full_ids: Sequence[str] | None = None) -> list[LotAnswer]:
    """The answers of these organisations, about these lots where given, newest first."""
    query = select(LotAnswerRow).where(col(LotAnswerRow.team_key).in_(team_keys))
    if full_ids is not None:
        query = query.where(col(LotAnswerRow.full_id).in_(full_ids))
    rows = await session.scalars(
        query.order_by(col(LotAnswerRow.at).desc(), col(LotAnswerRow.full_id)).execution_options(populate_existing=True)
    )
    return [
        LotAnswer(
            row.team_key, row.full_id, Answer(row.answer), row.at, Reason(row.reason) if row.reason else None, row.person_id
        )
        for row in rows
    ]


async def answer_counts(session: AsyncSession, full_id: str) -> AnswerCounts:
    """What may be told of the answers about a lot."""
    about = col(LotAnswerRow.full_id) == full_id
    answers = await session.execute(
        select(col(LotAnswerRow.answer), func.count()).where(about).group_by(col(LotAnswerRow.answer))
    )
    reasons = await session.execute(
        select(col(LotAnswerRow.reason), func.count())
        .where(about, col(LotAnswerRow.reason).is_not(None), col(LotAnswerRow.answer) == Answer.NOT_FOR_US.value)
        .group_by(col(LotAnswerRow.reason))
    )
    return told({Answer(name): int(count) for name, count in answers}, {Reason(str(name)): int(count) for name, count in reasons})
