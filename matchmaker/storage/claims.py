"""Claims of imported supplier records: who asked, how it is proved, what was decided."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Column, ColumnElement, DateTime, ForeignKey, Index, Text, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from matchmaker.storage.organisation_tables import OrganisationRow
from matchmaker.storage.people import PersonRow


class RecordClaimRow(SQLModel, table=True):
    """One claim. With ``address`` it waits for a button behind a link sent there until ``expires_at``, else for an operator."""

    __tablename__ = "record_claim"
    __table_args__ = (Index("record_claim_by_key", "organisation_key"), Index("record_claim_by_person", "person_id"))

    claim_id: str = Field(sa_column=Column(Text, primary_key=True))
    organisation_key: str = Field(sa_column=Column(Text, ForeignKey("organisation.key", ondelete="CASCADE"), nullable=False))
    person_id: int = Field(sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="CASCADE"), nullable=False))
    address: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    words: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    expires_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))
    accepted: bool | None = Field(default=None, sa_column=Column(Boolean, nullable=True))
    decided_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim with the words a reader needs."""

    claim_id: str
    organisation_key: str
    organisation_name: str
    person_id: int
    email: str
    address: str | None
    words: str
    created_at: datetime
    expires_at: datetime | None
    accepted: bool | None


async def save_claim(session: AsyncSession, row: RecordClaimRow) -> None:
    """Stores a new claim."""
    session.add(row)
    await session.flush()


async def load_claim(session: AsyncSession, claim_id: str) -> Claim | None:
    """One claim, whatever became of it."""
    found = await _claims(session, col(RecordClaimRow.claim_id) == claim_id)
    return found[0] if found else None


async def claims_to_decide(session: AsyncSession) -> list[Claim]:
    """Those that wait for an operator, the oldest first."""
    return await _claims(session, col(RecordClaimRow.address).is_(None) & col(RecordClaimRow.accepted).is_(None))


async def claims_of(session: AsyncSession, person_id: int, organisation_key: str) -> list[Claim]:
    """Those one person made of one record."""
    return await _claims(
        session, (col(RecordClaimRow.person_id) == person_id) & (col(RecordClaimRow.organisation_key) == organisation_key)
    )


async def decide_claim(session: AsyncSession, claim_id: str, accepted: bool, now: datetime) -> bool:
    """Decides an open claim; False when it is decided."""
    made = await session.scalar(
        update(RecordClaimRow)
        .where(col(RecordClaimRow.claim_id) == claim_id, col(RecordClaimRow.accepted).is_(None))
        .values(accepted=accepted, decided_at=now)
        .returning(col(RecordClaimRow.claim_id))
    )
    return made is not None


async def _claims(session: AsyncSession, wanted: ColumnElement[bool]) -> list[Claim]:
    rows = await session.execute(
        select(RecordClaimRow, col(OrganisationRow.name), col(PersonRow.email))
        .join(OrganisationRow, col(OrganisationRow.key) == col(RecordClaimRow.organisation_key))
        .join(PersonRow, col(PersonRow.person_id) == col(RecordClaimRow.person_id))
        .where(wanted)
        .order_by(col(RecordClaimRow.created_at), col(RecordClaimRow.claim_id))
        .execution_options(populate_existing=True)
    )
    return [
        Claim(
            claim_id=row.claim_id,
            organisation_key=row.organisation_key,
            organisation_name=name,
            person_id=row.person_id,
            email=email,
            address=row.address,
            words=row.words,
            created_at=row.created_at,
            expires_at=row.expires_at,
            accepted=row.accepted,
        )
        for row, name, email in rows
    ]
