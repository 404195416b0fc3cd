"""Invitations into a team and requests to join one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    delete,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from matchmaker.domain.access import Role
from matchmaker.storage.people import MembershipRow, PersonRow, TeamRow


class TeamInvitationRow(SQLModel, table=True):
    """One address asked into one team. ``person_id`` is who has that address."""

    __tablename__ = "team_invitation"
    __table_args__ = (Index("team_invitation_by_team", "team_key"), Index("team_invitation_by_person", "person_id"))

    invitation_id: str = Field(sa_column=Column(Text, primary_key=True))
    team_key: str = Field(sa_column=Column(Text, ForeignKey("team.team_key", ondelete="CASCADE"), nullable=False))
    person_id: int = Field(sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="CASCADE"), nullable=False))
    role: str = Field(sa_column=Column(Text, nullable=False))
    invited_by: int | None = Field(
        default=None, sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="SET NULL"), nullable=True)
    )
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    expires_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    accepted_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))


class JoinRequestRow(SQLModel, table=True):
    """Somebody asks to join a supplier's team; open while ``accepted`` is empty."""

    __tablename__ = "join_request"
    __table_args__ = (UniqueConstraint("team_key", "person_id"), Index("join_request_by_person", "person_id"))

    request_id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    team_key: str = Field(sa_column=Column(Text, ForeignKey("team.team_key", ondelete="CASCADE"), nullable=False))
    person_id: int = Field(sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="CASCADE"), nullable=False))
    words: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    accepted: bool | None = Field(default=None, sa_column=Column(Boolean, nullable=True))


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as it is shown and used."""

    invitation_id: str
    team_key: str
    team_name: str
    person_id: int
    email: str
    role: Role
    expires_at: datetime
    accepted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to join that waits for the members."""

    request_id: int
    team_key: str
    person_id: int
    email: str
    words: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """One role of one person in a team."""

    person_id: int
    email: str
    role: Role
    since: datetime


async def members_of(session: AsyncSession, team_key: str, lock: bool = False) -> list[Member]:
    """Everybody in a team, by address; ``lock`` holds the team against two removals at the same moment."""
    if lock:
        await session.execute(select(TeamRow).where(col(TeamRow.team_key) == team_key).with_for_update())
    rows = await session.execute(
        select(col(PersonRow.person_id), col(PersonRow.email), col(MembershipRow.role), col(MembershipRow.since))
        .join(MembershipRow, col(MembershipRow.person_id) == col(PersonRow.person_id))
        .where(col(MembershipRow.team_key) == team_key)
        .order_by(col(PersonRow.email).collate("C"), col(MembershipRow.role))
    )
    return [Member(person_id, email, Role(role), since) for person_id, email, role, since in rows]


async def save_invitation(session: AsyncSession, row: TeamInvitationRow) -> None:
    """Stores a new invitation in place of an open one for the same person and role."""
    await session.execute(
        delete(TeamInvitationRow).where(
            col(TeamInvitationRow.team_key) == row.team_key,
            col(TeamInvitationRow.person_id) == row.person_id,
            col(TeamInvitationRow.role) == row.role,
            col(TeamInvitationRow.accepted_at).is_(None),
        )
    )
    session.add(row)
    await session.flush()


async def load_invitation(session: AsyncSession, invitation_id: str) -> Invited | None:
    """One invitation, whatever became of it; None when it was taken back."""
    found = await _invitations(session, col(TeamInvitationRow.invitation_id) == invitation_id)
    return found[0] if found else None


async def open_invitations(session: AsyncSession, team_key: str, now: datetime) -> list[Invited]:
    """Those of a team nobody has answered and that have not lapsed, the oldest first."""
    return await _invitations(
        session,
        (col(TeamInvitationRow.team_key) == team_key)
        & col(TeamInvitationRow.accepted_at).is_(None)
        & (col(TeamInvitationRow.expires_at) > now),
    )


async def _invitations(session: AsyncSession, wanted: ColumnElement[bool]) -> list[Invited]:
    rows = await session.execute(
        select(TeamInvitationRow, col(TeamRow.name), col(PersonRow.email))
        .join(TeamRow, col(TeamRow.team_key) == col(TeamInvitationRow.team_key))
        .join(PersonRow, col(PersonRow.person_id) == col(TeamInvitationRow.person_id))
        .where(wanted)
        .order_by(col(TeamInvitationRow.created_at), col(PersonRow.email).collate("C"), col(TeamInvitationRow.role))
        .execution_options(populate_existing=True)
    )
    return [
        Invited(row.invitation_id, row.team_key, name, row.person_id, email, Role(row.role), row.expires_at, row.accepted_at)
        for row, name, email in rows
    ]


async def accept_invitation(session: AsyncSession, invitation_id: str, now: datetime) -> bool:
    """Marks it as used; False when it was used before."""
    made = await session.scalar(
        update(TeamInvitationRow)
        .where(col(TeamInvitationRow.invitation_id) == invitation_id, col(TeamInvitationRow.accepted_at).is_(None))
        .values(accepted_at=now)
        .returning(col(TeamInvitationRow.invitation_id))
    )
    return made is not None


async def take_invitation_back(session: AsyncSession, team_key: str, invitation_id: str) -> bool:
    """Deletes an invitation that was not used; False when there is none in this team."""
    gone = await session.scalar(
        delete(TeamInvitationRow)
        .where(
            col(TeamInvitationRow.team_key) == team_key,
            col(TeamInvitationRow.invitation_id) == invitation_id,
            col(TeamInvitationRow.accepted_at).is_(None),
        )
        .returning(col(TeamInvitationRow.invitation_id))
    )
    return gone is not None


async def save_join_request(session: AsyncSession, team_key: str, person_id: int, words: str, now: datetime) -> bool:
    """Stores a request; False when this person has asked this team before, whatever came of it."""
    made = await session.scalar(
        insert(JoinRequestRow)
        .values(team_key=team_key, person_id=person_id, words=words, created_at=now)
        .on_conflict_do_nothing(index_elements=["team_key", "person_id"])
        .returning(col(JoinRequestRow.request_id))
    )
    return made is not None


async def open_join_requests(session: AsyncSession, team_key: str) -> list[Asked]:
    """Requests the members have not decided, the oldest first."""
    rows = await session.execute(
        select(JoinRequestRow, col(PersonRow.email))
        .join(PersonRow, col(PersonRow.person_id) == col(JoinRequestRow.person_id))
        .where(col(JoinRequestRow.team_key) == team_key, col(JoinRequestRow.accepted).is_(None))
        .order_by(col(JoinRequestRow.request_id))
        .execution_options(populate_existing=True)
    )
    return [Asked(row.request_id or 0, row.team_key, row.person_id, email, row.words, row.created_at) for row, email in rows]


async def decide_join_request(session: AsyncSession, team_key: str, request_id: int, accepted: bool) -> int | None:
    """Decides an open request of this team and returns who asked; None when there is no such open request."""
    return await session.scalar(
        update(JoinRequestRow)
        .where(
            col(JoinRequestRow.team_key) == team_key,
            col(JoinRequestRow.request_id) == request_id,
            col(JoinRequestRow.accepted).is_(None),
        )
        .values(accepted=accepted)
        .returning(col(JoinRequestRow.person_id))
    )
