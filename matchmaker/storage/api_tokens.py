"""Tokens with which a person's programs use the API. Only their SHA-256 is stored."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKey, Index, LargeBinary, Text, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from matchmaker.domain.access import Scope
from matchmaker.storage.columns import Texts
from matchmaker.storage.signed_sessions import hashed


class ApiTokenRow(SQLModel, table=True):
    """One token; ``last_used_on`` is a day, so that a busy program writes once a day."""

    __tablename__ = "api_token"
    __table_args__ = (Index("api_token_by_person", "person_id"),)

    token_id: str = Field(sa_column=Column(Text, primary_key=True))
    token_hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False, unique=True))
    person_id: int = Field(sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="CASCADE"), nullable=False))
    name: str = Field(sa_column=Column(Text, nullable=False))
    scopes: list[str] = Field(sa_column=Column(Texts, nullable=False))
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    expires_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))
    last_used_on: date | None = Field(default=None, sa_column=Column(Date, nullable=True))


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token as its owner sees it; the secret itself is known to nobody but the owner."""

    token_id: str
    person_id: int
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_on: date | None


async def save_token(
    session: AsyncSession, token: str, owner: int, name: str, scopes: Collection[Scope], now: datetime, expires_at: datetime
) -> str:
    """Stores the hash of a new ``token`` and returns the id under which its owner finds it."""
    token_hash = hashed(token)
    token_id = token_hash.hex()[:12]
    session.add(
        ApiTokenRow(
            token_id=token_id,
            token_hash=token_hash,
            person_id=owner,
            name=name,
            scopes=sorted(scope.value for scope in scopes),
            created_at=now,
            expires_at=expires_at,
        )
    )
    await session.flush()
    return token_id


async def find_token(session: AsyncSession, token: str, now: datetime) -> ApiToken | None:
    """The token with this secret; None when unknown, lapsed or revoked."""
    row = await session.scalar(
        select(ApiTokenRow)
        .where(
            col(ApiTokenRow.token_hash) == hashed(token),
            col(ApiTokenRow.revoked_at).is_(None),
            col(ApiTokenRow.expires_at) > now,
        )
        .execution_options(populate_existing=True)
    )
    return _token(row) if row else None


async def note_token_used(session: AsyncSession, token_id: str, day: date) -> None:
    """Writes down the day a token was used last."""
    await session.execute(update(ApiTokenRow).where(col(ApiTokenRow.token_id) == token_id).values(last_used_on=day))


async def tokens_of(session: AsyncSession, person_id: int) -> list[ApiToken]:
    """All tokens of one person, the newest first."""
    rows = await session.scalars(
        select(ApiTokenRow)
        .where(col(ApiTokenRow.person_id) == person_id)
        .order_by(col(ApiTokenRow.created_at).desc(), col(ApiTokenRow.token_id))
        .execution_options(populate_existing=True)
    )
    return [_token(row) for row in rows]


async def revoke_token(session: AsyncSession, person_id: int, token_id: str, now: datetime) -> bool:
    """Ends a token of this person; False when it has none of this id that works."""
    ended = await session.scalar(
        update(ApiTokenRow)
        .where(
            col(ApiTokenRow.person_id) == person_id,
            col(ApiTokenRow.token_id) == token_id,
            col(ApiTokenRow.revoked_at).is_(None),
        )
        .values(revoked_at=now)
        .returning(col(ApiTokenRow.token_id))
    )
    return ended is not None


def _token(row: ApiTokenRow) -> ApiToken:
    return ApiToken(
        token_id=row.token_id,
        person_id=row.person_id,
        name=row.name,
        scopes=frozenset(Scope(scope) for scope in row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_on=row.last_used_on,
    )
