"""Who looked at a supplier's figures that only buyers see, told to that supplier: by team and day, never by person."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Date, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.storage.audit import AuditRow, record
from matchmaker.storage.people import TeamRow

SEEN = "figures seen"


@dataclass(frozen=True, slots=True)
class FigureViews:
    """How often members of one team looked on one day."""

    day: date
    team: str
    times: int


async def note_view(session: AsyncSession, organisation_key: str, person_id: int, team_key: str, now: datetime) -> None:
    """Writes down that a member of the team was shown the figures."""
    await record(session, now, str(person_id), SEEN, organisation_key, after={"team": team_key})


async def views_of(session: AsyncSession, organisation_key: str, limit: int) -> list[FigureViews]:
    """The newest days first; teams of a day by name."""
    team = col(AuditRow.after)["team"].astext
    day = cast(col(AuditRow.at), Date)
    name = func.coalesce(col(TeamRow.name), team)
    rows = await session.execute(
        select(day, name, func.count())
        .select_from(AuditRow)
        .outerjoin(TeamRow, col(TeamRow.team_key) == team)
        .where(col(AuditRow.subject) == organisation_key, col(AuditRow.action) == SEEN)
        .group_by(day, name)
        .order_by(day.desc(), name.collate("C"))
        .limit(limit)
    )
    return [FigureViews(*row) for row in rows]
