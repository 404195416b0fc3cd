"""Invitation lists as they were computed: the log that shows who was treated how, and why."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Text, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from matchmaker.domain.engagement import Balance, InvitationList, Invitee, LeftOut, ListedLot, Selection
from matchmaker.storage.codec import Document, from_document, to_builtins, to_document
from matchmaker.storage.columns import Instant, Json


class InvitationListRow(SQLModel, table=True):
    """One list of one team. A list is never changed: another computation makes another list."""

    __tablename__ = "invitation_list"
    __table_args__: ClassVar[Any] = (Index("invitation_list_by_team", "team_key", "made_at"),)

    list_id: str = Field(sa_column=Column(Text, primary_key=True))
    team_key: str = Field(sa_column=Column(Text, ForeignKey("team.team_key"), nullable=False))
    title: str = Field(sa_column=Column(Text, nullable=False))
    person_id: int | None = Field(
        sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="SET NULL"), nullable=True)
    )
    made_by: str = Field(sa_column=Column(Text, nullable=False))
    made_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    lots: list[Document] = Field(sa_column=Column(Json, nullable=False))
    balance: Document = Field(sa_column=Column(Json, nullable=False))
    scorer_version: str = Field(sa_column=Column(Text, nullable=False))


class InvitationEntryRow(SQLModel, table=True):
    """One organisation considered for one list, invited or left out."""

    __tablename__ = "invitation_entry"
    __table_args__: ClassVar[Any] = (Index("invitation_entry_by_supplier", "supplier_key", "invited"),)

    list_id: str = Field(sa_column=Column(Text, ForeignKey("invitation_list.list_id", ondelete="CASCADE"), primary_key=True))
    position: int = Field(sa_column=Column(Integer, primary_key=True))
    supplier_key: str = Field(sa_column=Column(Text, nullable=False))
    invited: bool = Field(sa_column=Column(Boolean, nullable=False))
    entry: Document = Field(sa_column=Column(Json, nullable=False))


async def save_list(session: AsyncSession, made: InvitationList, person_id: int) -> None:
    """Stores a new list with everyone considered."""
    session.add(
        InvitationListRow(
            list_id=made.list_id,
            team_key=made.team_key,
            title=made.title,
            person_id=person_id,
            made_by=made.made_by,
            made_at=made.made_at,
            lots=to_builtins(made.lots),
            balance=to_document(made.balance),
            scorer_version=made.scorer_version,
        )
    )
    await session.flush()
    everyone = [(True, entry) for entry in made.selection.invited] + [(False, entry) for entry in made.selection.left_out]
    session.add_all(
        InvitationEntryRow(
            list_id=made.list_id, position=position, supplier_key=entry.key, invited=invited, entry=to_document(entry)
        )
        for position, (invited, entry) in enumerate(everyone)
    )
    await session.flush()


async def load_list(session: AsyncSession, list_id: str, team_keys: Sequence[str]) -> InvitationList | None:
    """A list, when it belongs to one of these teams; None otherwise."""
    row = await session.scalar(
        select(InvitationListRow).where(col(InvitationListRow.list_id) == list_id, col(InvitationListRow.team_key).in_(team_keys))
    )
    if row is None:
        return None
    entries = await session.scalars(
        select(InvitationEntryRow).where(col(InvitationEntryRow.list_id) == list_id).order_by(col(InvitationEntryRow.position))
    )
    invited: list[Invitee] = []
    left_out: list[LeftOut] = []
    for entry in entries:
        if entry.invited:
            invited.append(from_document(entry.entry, Invitee))
        else:
            left_out.append(from_document(entry.entry, LeftOut))
    return _list(row, Selection(tuple(invited), tuple(left_out)))


async def lists_of(session: AsyncSession, team_keys: Sequence[str], limit: int = 50) -> list[InvitationList]:
    """The newest lists of these teams, without their entries."""
    rows = await session.scalars(
        select(InvitationListRow)
        .where(col(InvitationListRow.team_key).in_(team_keys))
        .order_by(col(InvitationListRow.made_at).desc(), col(InvitationListRow.list_id))
        .limit(limit)
    )
    return [_list(row, Selection((), ())) for row in rows]


async def times_invited(session: AsyncSession, supplier_keys: Sequence[str]) -> dict[str, int]:
    """How often each supplier stood on a list of any team; those never invited are missing."""
    rows = await session.execute(
        select(col(InvitationEntryRow.supplier_key), func.count())
        .where(col(InvitationEntryRow.invited), col(InvitationEntryRow.supplier_key).in_(supplier_keys))
        .group_by(col(InvitationEntryRow.supplier_key))
    )
    return {key: int(count) for key, count in rows}


def _list(row: InvitationListRow, selection: Selection) -> InvitationList:
    return InvitationList(
        list_id=row.list_id,
        team_key=row.team_key,
        title=row.title,
        made_by=row.made_by,
        made_at=row.made_at,
        lots=tuple(from_document(lot, ListedLot) for lot in row.lots),
        balance=from_document(row.balance, Balance),
        scorer_version=row.scorer_version,
        selection=selection,
    )
