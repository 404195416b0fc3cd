"""Suppliers' consents to be named, and the frozen lists made of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Text, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from matchmaker.domain.released_list import NamingConsent, ReleasedList
from matchmaker.storage.codec import Document, from_document, to_document
from matchmaker.storage.columns import Instant, Json, SortText
from matchmaker.storage.organisation_tables import OrganisationRow


class NamingConsentRow(SQLModel, table=True):
    """A supplier's consent for one lot, or for all where ``lot_id`` is empty. Withdrawing it deletes the row."""

    __tablename__ = "naming_consent"
    __table_args__: ClassVar[Any] = (Index("naming_consent_by_lot", "lot_id"),)

    organisation_key: str = Field(
        sa_column=Column(SortText, ForeignKey("organisation.key", ondelete="CASCADE"), primary_key=True)
    )
    lot_id: str = Field(sa_column=Column(SortText, primary_key=True))
    contact: str = Field(sa_column=Column(Text, nullable=False))
    given_by: int | None = Field(sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="SET NULL"), nullable=True))
    given_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class ReleasedListRow(SQLModel, table=True):
    """One list; ``doc`` is the whole ``ReleasedList`` as released. One lot has at most one that is not withdrawn."""

    __tablename__ = "released_list"
    __table_args__: ClassVar[Any] = (
        Index("released_list_of_lot", "lot_id", unique=True, postgresql_where=text("withdrawn_at IS NULL")),
        Index("released_list_by_team", "team_key"),
    )

    list_id: str = Field(sa_column=Column(SortText, primary_key=True))
    lot_id: str = Field(sa_column=Column(SortText, nullable=False))
    team_key: str = Field(sa_column=Column(Text, ForeignKey("team.team_key", ondelete="RESTRICT"), nullable=False))
    person_id: int | None = Field(
        sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="SET NULL"), nullable=True)
    )
    audience: str = Field(sa_column=Column(Text, nullable=False))
    released_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    withdrawn_because: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    doc: Document = Field(sa_column=Column(Json, nullable=False))


async def save_consent(session: AsyncSession, consent: NamingConsent, person_id: int) -> None:
    """Stores a consent in place of an earlier one for the same lot."""
    values = {"contact": consent.contact, "given_by": person_id, "given_at": consent.given_at}
    statement = insert(NamingConsentRow).values(organisation_key=consent.organisation_key, lot_id=consent.lot_id, **values)
    await session.execute(statement.on_conflict_do_update(index_elements=["organisation_key", "lot_id"], set_=values))


async def delete_consent(session: AsyncSession, organisation_key: str, lot_id: str) -> bool:
    """Takes a consent back; False when there was none."""
    row = await session.get(NamingConsentRow, (organisation_key, lot_id))
    if row is None:
        return False
    await session.delete(row)
    await session.flush()
    return True


async def consents_of(session: AsyncSession, organisation_keys: Sequence[str]) -> list[NamingConsent]:
    """All consents of these suppliers, the general one first."""
    mine = col(NamingConsentRow.organisation_key).in_(organisation_keys)
    return await _consents(session, mine)


async def consents_for(session: AsyncSession, lot_id: str) -> dict[str, NamingConsent]:
    """Who may be named for a lot, by supplier: for this lot, else in general. Suppliers that objected to being listed are not."""
    wanted = or_(col(NamingConsentRow.lot_id) == "", col(NamingConsentRow.lot_id) == lot_id)
    return {each.organisation_key: each for each in await _consents(session, wanted)}


async def _consents(session: AsyncSession, condition: Any) -> list[NamingConsent]:
    rows = await session.scalars(
        select(NamingConsentRow)
        .join(OrganisationRow, col(OrganisationRow.key) == col(NamingConsentRow.organisation_key))
        .where(condition, col(OrganisationRow.objected_at).is_(None))
        .order_by(col(NamingConsentRow.organisation_key), col(NamingConsentRow.lot_id))
        .execution_options(populate_existing=True)
    )
    return [NamingConsent(row.organisation_key, row.lot_id, row.contact, row.given_at) for row in rows]


async def save_released(session: AsyncSession, released: ReleasedList, person_id: int) -> bool:
    """Stores a new list; False when the lot has one that is not withdrawn."""
    made = await session.scalar(
        insert(ReleasedListRow)
        .values(
            list_id=released.list_id,
            lot_id=released.lot_id,
            team_key=released.team_key,
            person_id=person_id,
            audience=released.audience.value,
            released_at=released.released_at,
            doc=to_document(released),
        )
        .on_conflict_do_nothing(index_elements=["lot_id"], index_where=text("withdrawn_at IS NULL"))
        .returning(col(ReleasedListRow.list_id))
    )
    return made is not None


async def withdraw_released(session: AsyncSession, list_id: str, because: str, now: datetime) -> bool:
    """Withdraws a list as a whole; False when it was withdrawn before."""
    open_list = (col(ReleasedListRow.list_id) == list_id) & col(ReleasedListRow.withdrawn_at).is_(None)
    statement = update(ReleasedListRow).where(open_list).values(withdrawn_at=now, withdrawn_because=because)
    return await session.scalar(statement.returning(col(ReleasedListRow.list_id))) is not None


async def load_released(session: AsyncSession, list_id: str) -> ReleasedList | None:
    """A list whoever may see it, with its withdrawal."""
    found = await _lists(session, col(ReleasedListRow.list_id) == list_id, 1)
    return found[0] if found else None


async def released_of_lot(session: AsyncSession, lot_id: str) -> ReleasedList | None:
    """The list of a lot that is not withdrawn."""
    found = await _lists(session, (col(ReleasedListRow.lot_id) == lot_id) & col(ReleasedListRow.withdrawn_at).is_(None), 1)
    return found[0] if found else None


async def list_released(
    session: AsyncSession, audiences: Sequence[str], team_keys: Sequence[str], limit: int = 200
) -> list[ReleasedList]:
    """Lists for these audiences, and every list of these teams; the newest first."""
    seen = or_(col(ReleasedListRow.audience).in_(audiences), col(ReleasedListRow.team_key).in_(team_keys))
    return await _lists(session, seen, limit)


async def _lists(session: AsyncSession, condition: Any, limit: int) -> list[ReleasedList]:
    rows = await session.execute(
        select(col(ReleasedListRow.doc), col(ReleasedListRow.withdrawn_at), col(ReleasedListRow.withdrawn_because))
        .where(condition)
        .order_by(col(ReleasedListRow.released_at).desc(), col(ReleasedListRow.list_id))
        .limit(limit)
    )
    return [_released({**doc, "withdrawn_at": at and at.isoformat(), "withdrawn_because": why}) for doc, at, why in rows]


def _released(document: Document) -> ReleasedList:
    return from_document(document, ReleasedList)
