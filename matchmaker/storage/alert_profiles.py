"""What people want to hear about, and which lots have been looked at for alerts."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from matchmaker.domain.access import Role
from matchmaker.domain.alert import AlertProfile
from matchmaker.domain.values import NutsCode
from matchmaker.storage.columns import Instant, SortText, Texts
from matchmaker.storage.notice_tables import LotRow, NoticeRow
from matchmaker.storage.people import MembershipRow


class AlertProfileRow(SQLModel, table=True):
    """One person's wishes for one supplier."""

    __tablename__ = "alert_profile"
    __table_args__: ClassVar[Any] = (
        ForeignKeyConstraint(["team_key"], ["team.team_key"], ondelete="CASCADE"),
        Index("alert_profile_by_team", "team_key"),
    )

    person_id: int = Field(sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="CASCADE"), primary_key=True))
    team_key: str = Field(sa_column=Column(Text, primary_key=True))
    regions: list[str] = Field(sa_column=Column(Texts, nullable=False))
    activities: list[str] = Field(sa_column=Column(Texts, nullable=False))
    minimum_score: float = Field(sa_column=Column(Float, nullable=False))
    only_reserved: bool = Field(sa_column=Column(Boolean, nullable=False))
    consented_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    stopped_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))


class RaisedLotRow(SQLModel, table=True):
    """One version of one lot for which alerts have been raised, whether or not anybody was to be told."""

    __tablename__ = "raised_lot"

    full_id: str = Field(sa_column=Column(SortText, primary_key=True))
    version: str = Field(sa_column=Column(Text, primary_key=True))
    at: datetime = Field(sa_column=Column(Instant, nullable=False))


async def save_alert_profile(session: AsyncSession, profile: AlertProfile, now: datetime) -> None:
    """Stores the profile of this person for this supplier; saving is consent and starts stopped alerts again."""
    values = {
        "regions": [str(region) for region in profile.regions],
        "activities": list(profile.activities),
        "minimum_score": profile.minimum_score,
        "only_reserved": profile.only_reserved,
        "consented_at": now,
        "stopped_at": None,
    }
    made = insert(AlertProfileRow).values(person_id=profile.person_id, team_key=profile.organisation_key, **values)
    await session.execute(made.on_conflict_do_update(index_elements=["person_id", "team_key"], set_=values))


async def load_alert_profile(session: AsyncSession, person_id: int, organisation_key: str) -> AlertProfile | None:
    """The profile of one person for one supplier."""
    row = await session.get(AlertProfileRow, (person_id, organisation_key), populate_existing=True)
    return _profile(row) if row else None


async def profiles_of(session: AsyncSession, person_id: int) -> list[AlertProfile]:
    """All profiles of one person, stopped ones too."""
    rows = await session.scalars(
        select(AlertProfileRow)
        .where(col(AlertProfileRow.person_id) == person_id)
        .order_by(col(AlertProfileRow.team_key))
        .execution_options(populate_existing=True)
    )
    return [_profile(row) for row in rows]


async def active_profiles(session: AsyncSession) -> list[AlertProfile]:
    """Profiles that are not stopped, of people who still are members of that supplier."""
    member = and_(
        col(MembershipRow.person_id) == col(AlertProfileRow.person_id),
        col(MembershipRow.team_key) == col(AlertProfileRow.team_key),
        col(MembershipRow.role) == Role.SUPPLIER.value,
    )
    rows = await session.scalars(
        select(AlertProfileRow)
        .where(col(AlertProfileRow.stopped_at).is_(None), exists().where(member))
        .order_by(col(AlertProfileRow.person_id), col(AlertProfileRow.team_key))
        .execution_options(populate_existing=True)
    )
    return [_profile(row) for row in rows]


async def stop_profiles(session: AsyncSession, person_id: int, now: datetime) -> int:
    """Stops all alerts of one person; how many were running."""
    stopped = await session.scalars(
        update(AlertProfileRow)
        .where(col(AlertProfileRow.person_id) == person_id, col(AlertProfileRow.stopped_at).is_(None))
        .values(stopped_at=now)
        .returning(col(AlertProfileRow.team_key))
    )
    return len(stopped.all())


def _profile(row: AlertProfileRow) -> AlertProfile:
    return AlertProfile(
        person_id=row.person_id,
        organisation_key=row.team_key,
        regions=tuple(NutsCode(code) for code in row.regions),
        activities=tuple(row.activities),
        minimum_score=row.minimum_score,
        only_reserved=row.only_reserved,
        consented_at=row.consented_at,
        stopped_at=row.stopped_at,
    )


async def take_lots_to_raise(session: AsyncSession, today: date, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Marks up to ``limit`` open or planned lots as raised and returns ``(full_id, version)`` of each.

    The marks belong to the transaction of ``session``: what is raised commits with them, and another worker that took the
    same lot meanwhile waits and then passes it over.
    """
    waiting = (
        select(col(LotRow.full_id), col(NoticeRow.version), literal(now, Instant))
        .join(NoticeRow, col(NoticeRow.notice_id) == col(LotRow.notice_id))
        .where(*_to_raise(today))
        .order_by(col(LotRow.full_id))
        .limit(limit)
    )
    taken = await session.execute(
        insert(RaisedLotRow)
        .from_select(["full_id", "version", "at"], waiting)
        .on_conflict_do_nothing()
        .returning(col(RaisedLotRow.full_id), col(RaisedLotRow.version))
    )
    return sorted((full_id, version) for full_id, version in taken)


async def lots_waiting(session: AsyncSession, today: date) -> int:
    """How many open or planned lots nobody has been told about yet."""
    query = (
        select(func.count())
        .select_from(LotRow)
        .join(NoticeRow, col(NoticeRow.notice_id) == col(LotRow.notice_id))
        .where(*_to_raise(today))
    )
    return int(await session.scalar(query) or 0)


def _to_raise(today: date) -> tuple[ColumnElement[bool], ...]:
    raised = and_(
        col(RaisedLotRow.full_id) == col(LotRow.full_id),
        col(RaisedLotRow.version) == col(NoticeRow.version),
    )
    return (
        col(LotRow.listed).is_(True),
        col(LotRow.basis).in_(("open", "planned")),
        or_(col(LotRow.open_until).is_(None), col(LotRow.open_until) >= today),
        ~exists().where(raised),
    )
