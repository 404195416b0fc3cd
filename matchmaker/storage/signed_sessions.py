"""Sessions and sign-in links. Of every secret only the SHA-256 is stored; ``hashed`` makes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Text,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col


class SessionRow(SQLModel, table=True):
    """A browser signed in as a person until ``expires_at``."""

    __tablename__ = "signed_session"
    __table_args__ = (Index("signed_session_by_person", "person_id"), Index("signed_session_by_expiry", "expires_at"))

    token_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    person_id: int = Field(sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="CASCADE"), nullable=False))
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    expires_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class SignInLinkRow(SQLModel, table=True):
    """A link sent by mail. ``person_id`` is empty for an address nobody has: the row is made all the same."""

    __tablename__ = "sign_in_link"
    __table_args__ = (Index("sign_in_link_by_expiry", "expires_at"),)

    link_id: str = Field(sa_column=Column(Text, primary_key=True))
    token_hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False, unique=True))
    person_id: int | None = Field(
        default=None, sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="CASCADE"), nullable=True)
    )
    browser_hash: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    code_hash: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    next_path: str = Field(sa_column=Column(Text, nullable=False))
    wrong_codes: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    reusable: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default="false"))
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    expires_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))


class RateEventRow(SQLModel, table=True):
    """One counted request of one subject (a hashed address or e-mail)."""

    __tablename__ = "rate_event"
    __table_args__ = (Index("rate_event_by_subject", "subject_hash", "at"), Index("rate_event_by_time", "at"))

    event_id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    subject_hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


@dataclass(frozen=True, slots=True)
class SignInLink:
    """A sign-in link as stored. ``person_id`` None: sent to nobody."""

    link_id: str
    person_id: int | None
    browser_hash: bytes | None
    code_hash: bytes | None
    next_path: str
    wrong_codes: int
    reusable: bool
    expires_at: datetime
    used_at: datetime | None


def hashed(secret: str) -> bytes:
    """What is stored of a random secret of at least 128 bits, or of a keyed value; never use it for passwords."""
    return sha256(secret.encode()).digest()


async def save_session(session: AsyncSession, token: str, person_id: int, now: datetime, expires_at: datetime) -> None:
    """Signs a browser in."""
    session.add(SessionRow(token_hash=hashed(token), person_id=person_id, created_at=now, expires_at=expires_at))
    await session.flush()


async def session_person(session: AsyncSession, token: str, now: datetime) -> int | None:
    """Who a session token belongs to; None when unknown or past its time."""
    return await session.scalar(
        select(col(SessionRow.person_id)).where(
            col(SessionRow.token_hash) == hashed(token),
            col(SessionRow.expires_at) > now,
        )
    )


async def end_session(session: AsyncSession, token: str) -> None:
    """Signs one browser out."""
    await session.execute(delete(SessionRow).where(col(SessionRow.token_hash) == hashed(token)))


async def save_link(session: AsyncSession, row: SignInLinkRow) -> None:
    """Stores a new link."""
    session.add(row)
    await session.flush()


async def load_link(session: AsyncSession, token: str, lock: bool = False) -> SignInLink | None:
    """The link with this token, locked against a second use at the same moment when ``lock``."""
    query = select(SignInLinkRow).where(col(SignInLinkRow.token_hash) == hashed(token)).execution_options(populate_existing=True)
    row = await session.scalar(query.with_for_update() if lock else query)
    return _link(row) if row else None


async def load_link_by_id(session: AsyncSession, link_id: str) -> SignInLink | None:
    """The link with this id."""
    row = await session.get(SignInLinkRow, link_id, populate_existing=True)
    return _link(row) if row else None


def _link(row: SignInLinkRow) -> SignInLink:
    return SignInLink(
        link_id=row.link_id,
        person_id=row.person_id,
        browser_hash=row.browser_hash,
        code_hash=row.code_hash,
        next_path=row.next_path,
        wrong_codes=row.wrong_codes,
        reusable=row.reusable,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )


async def mark_link_used(session: AsyncSession, link_id: str, now: datetime) -> None:
    """The link cannot be used again."""
    await session.execute(update(SignInLinkRow).where(col(SignInLinkRow.link_id) == link_id).values(used_at=now))


async def count_wrong_code(session: AsyncSession, link_id: str) -> int:
    """Counts one wrong code and returns how many there were."""
    query = update(SignInLinkRow).where(col(SignInLinkRow.link_id) == link_id)
    counted = await session.scalar(
        query.values(wrong_codes=SignInLinkRow.wrong_codes + 1).returning(col(SignInLinkRow.wrong_codes))
    )
    return int(counted or 0)


async def count_request(session: AsyncSession, subjects: Sequence[str], now: datetime, since: datetime) -> dict[str, int]:
    """Counts one request for each subject and returns how many each has made after ``since``, this one included."""
    keys = {hashed(subject): subject for subject in subjects}
    session.add_all(RateEventRow(subject_hash=key, at=now) for key in keys)
    await session.flush()
    rows = await session.execute(
        select(col(RateEventRow.subject_hash), func.count())
        .where(col(RateEventRow.subject_hash).in_(list(keys)), col(RateEventRow.at) > since)
        .group_by(col(RateEventRow.subject_hash))
    )
    return {keys[bytes(key)]: int(count) for key, count in rows}


async def forget_expired(session: AsyncSession, now: datetime, events_before: datetime) -> None:
    """Deletes sessions and links past their time, and rate events older than ``events_before``."""
    await session.execute(delete(SessionRow).where(col(SessionRow.expires_at) <= now))
    await session.execute(delete(SignInLinkRow).where(col(SignInLinkRow.expires_at) <= now))
    await session.execute(delete(RateEventRow).where(col(RateEventRow.at) < events_before))
