"""People, the teams they belong to, and their roles there."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Identity, Index, Text, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from matchmaker.domain.access import Membership, Person, Role


class PersonRow(SQLModel, table=True):
    """Someone who can sign in; ``email`` as ``domain.access.normal_email`` writes it."""

    __tablename__ = "person"

    person_id: int = Field(sa_column=Column(BigInteger, Identity(), primary_key=True))
    email: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    language: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class TeamRow(SQLModel, table=True):
    """An organisation with members: a supplier under its own key, else a buyer's, officer's or operator's team."""

    __tablename__ = "team"

    team_key: str = Field(sa_column=Column(Text, primary_key=True))
    name: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class MembershipRow(SQLModel, table=True):
    """One role of one person in one team."""

    __tablename__ = "membership"
    __table_args__ = (Index("membership_by_team", "team_key"),)

    person_id: int = Field(sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="CASCADE"), primary_key=True))
    team_key: str = Field(sa_column=Column(Text, ForeignKey("team.team_key", ondelete="CASCADE"), primary_key=True))
    role: str = Field(sa_column=Column(Text, primary_key=True))
    since: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


async def save_person(session: AsyncSession, email: str, language: str, now: datetime) -> int:
    """The id of the person with this address, made when there is none; an existing person's language stays."""
    made = await session.scalar(
        insert(PersonRow)
        .values(email=email, language=language, created_at=now)
        .on_conflict_do_nothing(index_elements=["email"])
        .returning(col(PersonRow.person_id))
    )
    if made is not None:
        return int(made)
    return (await session.execute(select(col(PersonRow.person_id)).where(col(PersonRow.email) == email))).scalar_one()


async def save_team(session: AsyncSession, team_key: str, name: str, now: datetime) -> None:
    """Makes the team, or gives it this name."""
    made = insert(TeamRow).values(team_key=team_key, name=name, created_at=now)
    await session.execute(made.on_conflict_do_update(index_elements=["team_key"], set_={"name": name}))


async def team_name(session: AsyncSession, team_key: str) -> str | None:
    """The name of a team; None when there is none."""
    return await session.scalar(select(col(TeamRow.name)).where(col(TeamRow.team_key) == team_key))


async def add_member(session: AsyncSession, person_id: int, team_key: str, role: Role, now: datetime) -> bool:
    """Gives a person a role in a team; False when it was held already."""
    made = await session.scalar(
        insert(MembershipRow)
        .values(person_id=person_id, team_key=team_key, role=role.value, since=now)
        .on_conflict_do_nothing()
        .returning(col(MembershipRow.person_id))
    )
    return made is not None


async def remove_member(session: AsyncSession, person_id: int, team_key: str, role: Role) -> None:
    """Takes a role away; nothing happens when it was not held."""
    await session.execute(
        delete(MembershipRow).where(
            col(MembershipRow.person_id) == person_id,
            col(MembershipRow.team_key) == team_key,
            col(MembershipRow.role) == role.value,
        )
    )


async def person_id_of(session: AsyncSession, email: str) -> int | None:
    """The id of the person with this address."""
    return await session.scalar(select(col(PersonRow.person_id)).where(col(PersonRow.email) == email))


async def set_language(session: AsyncSession, person_id: int, language: str) -> None:
    """The language of this person's mails, and of pages in a new browser."""
    await session.execute(update(PersonRow).where(col(PersonRow.person_id) == person_id).values(language=language))


async def load_person(session: AsyncSession, person_id: int) -> Person | None:
    """One person with all memberships, in one query."""
    return (await load_people(session, [person_id])).get(person_id)


async def load_people(session: AsyncSession, person_ids: Sequence[int]) -> dict[int, Person]:
    """People by id with all memberships, ordered by team name and role."""
    rows = await session.execute(
        select(PersonRow, MembershipRow, TeamRow)
        .outerjoin(MembershipRow, col(MembershipRow.person_id) == col(PersonRow.person_id))
        .outerjoin(TeamRow, col(TeamRow.team_key) == col(MembershipRow.team_key))
        .where(col(PersonRow.person_id).in_(person_ids))
        .order_by(col(PersonRow.person_id), col(TeamRow.name).collate("C"), col(MembershipRow.role))
    )
    found: dict[int, Person] = {}
    for person, membership, team in rows:
        held = (Membership(team.team_key, team.name, Role(membership.role)),) if membership else ()
        known = found.get(person.person_id)
        found[person.person_id] = Person(
            person_id=person.person_id,
            email=person.email,
            language=person.language,
            memberships=(known.memberships if known else ()) + held,
        )
    return found
