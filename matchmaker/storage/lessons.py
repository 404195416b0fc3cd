"""Rules a supplier has undone, and the facts of lots that rules are made from."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Column, DateTime, ForeignKey, Text, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from matchmaker.domain.answers import LotAnswer
from matchmaker.domain.lessons import Lesson, LotFacts, lessons_from
from matchmaker.domain.values import CpvCode, NutsCode
from matchmaker.storage.lot_answers import answers_of
from matchmaker.storage.notice_tables import LotRow


class LessonUndoneRow(SQLModel, table=True):
    """A rule taken back by its organisation; answers given later may teach it again."""

    __tablename__ = "lesson_undone"

    team_key: str = Field(sa_column=Column(Text, ForeignKey("team.team_key", ondelete="CASCADE"), primary_key=True))
    lesson_key: str = Field(sa_column=Column(Text, primary_key=True))
    at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


async def undo_lesson(session: AsyncSession, team_key: str, lesson_key: str, now: datetime) -> None:
    """Takes a rule back."""
    made = insert(LessonUndoneRow).values(team_key=team_key, lesson_key=lesson_key, at=now)
    await session.execute(made.on_conflict_do_update(index_elements=["team_key", "lesson_key"], set_={"at": now}))


async def lessons_of(session: AsyncSession, team_keys: Collection[str]) -> dict[str, tuple[Lesson, ...]]:
    """The rules in force by organisation; organisations without any are left out."""
    answers: defaultdict[str, list[LotAnswer]] = defaultdict(list)
    for answer in await answers_of(session, team_keys):
        answers[answer.organisation_key].append(answer)
    if not answers:
        return {}
    facts = await facts_of(session, {answer.full_id for some in answers.values() for answer in some})
    undone: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
    rows = await session.scalars(select(LessonUndoneRow).where(col(LessonUndoneRow.team_key).in_(list(answers))))
    for row in rows:
        undone[row.team_key][row.lesson_key] = row.at
    found = {key: lessons_from(some, facts, undone[key]) for key, some in answers.items()}
    return {key: lessons for key, lessons in found.items() if lessons}


async def facts_of(session: AsyncSession, full_ids: Collection[str]) -> dict[str, LotFacts]:
    """What rules look at, by lot; regions only as finely as they were stated."""
    rows = await session.execute(
        select(col(LotRow.full_id), col(LotRow.main_cpv), col(LotRow.nuts), col(LotRow.value_eur)).where(
            col(LotRow.full_id).in_(full_ids)
        )
    )
    return {full_id: LotFacts(CpvCode(cpv) if cpv else None, finest(nuts), euro) for full_id, cpv, nuts, euro in rows}


def finest(codes: Collection[str]) -> tuple[NutsCode, ...]:
    """Of codes stored with every region around them, those that hold no other."""
    return tuple(NutsCode(code) for code in sorted(codes) if not any(other != code and other.startswith(code) for other in codes))
