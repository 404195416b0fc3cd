"""Buyers' shortlists: every read names the teams that may see it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Text, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from matchmaker.domain.shortlist import Shortlist
from matchmaker.storage.codec import Document, from_document, to_document
from matchmaker.storage.columns import Instant, Json


class ShortlistRow(SQLModel, table=True):
    """One shortlist of one team; ``doc`` is the whole ``Shortlist``."""

    __tablename__ = "shortlist"
    __table_args__: ClassVar[Any] = (Index("ix_shortlist_team_key", "team_key", "made_at"),)

    shortlist_id: str = Field(sa_column=Column(Text, primary_key=True))
    team_key: str = Field(sa_column=Column(Text, ForeignKey("team.team_key", ondelete="CASCADE"), nullable=False))
    person_id: int | None = Field(
        sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="SET NULL"), nullable=True)
    )
    title: str = Field(sa_column=Column(Text, nullable=False))
    made_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    looked_at: date = Field(sa_column=Column(Date, nullable=False))
    scorer_version: str = Field(sa_column=Column(Text, nullable=False))
    doc: Document = Field(sa_column=Column(Json, nullable=False))


async def save_shortlist(session: AsyncSession, shortlist: Shortlist, person_id: int) -> None:
    """Stores a new shortlist in the transaction of ``session``."""
    session.add(
        ShortlistRow(
            shortlist_id=shortlist.shortlist_id,
            team_key=shortlist.team_key,
            person_id=person_id,
            title=shortlist.title,
            made_at=shortlist.made_at,
            looked_at=shortlist.looked_at,
            scorer_version=shortlist.scorer_version,
            doc=to_document(shortlist),
        )
    )
    await session.flush()


async def load_shortlist(session: AsyncSession, shortlist_id: str, team_keys: Sequence[str]) -> Shortlist | None:
    """A shortlist of one of these teams; None when there is none, or it is another team's."""
    doc = await session.scalar(
        select(col(ShortlistRow.doc)).where(
            col(ShortlistRow.shortlist_id) == shortlist_id, col(ShortlistRow.team_key).in_(team_keys)
        )
    )
    return from_document(doc, Shortlist) if doc is not None else None


async def list_shortlists(session: AsyncSession, team_keys: Sequence[str], limit: int = 100) -> list[Shortlist]:
    """The newest shortlists of these teams, without their matches."""
    docs = await session.scalars(
        select(col(ShortlistRow.doc).op("-")("matches"))
        .where(col(ShortlistRow.team_key).in_(team_keys))
        .order_by(col(ShortlistRow.made_at).desc(), col(ShortlistRow.shortlist_id))
        .limit(limit)
    )
    return [from_document(doc, Shortlist) for doc in docs]
