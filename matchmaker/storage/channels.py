"""The ways news reaches a person besides the mail itself: addresses that are paused, private feeds, webhooks."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Text, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col


class AddressPauseRow(SQLModel, table=True):
    """An address that its mail server refused for good: nothing but sign-in links goes there until the person says so."""

    __tablename__ = "address_pause"

    person_id: int = Field(sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="CASCADE"), primary_key=True))
    since: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    answer: str = Field(sa_column=Column(Text, nullable=False))


class FeedRow(SQLModel, table=True):
    """A person's private feed; a new ``feed_key`` makes the former address worthless."""

    __tablename__ = "feed"

    person_id: int = Field(sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="CASCADE"), primary_key=True))
    feed_key: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    made_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class WebhookRow(SQLModel, table=True):
    """Where a person's programs want to be told; ``stopped_at`` when it was given up, with ``answer``."""

    __tablename__ = "webhook"

    person_id: int = Field(sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="CASCADE"), primary_key=True))
    url: str = Field(sa_column=Column(Text, nullable=False))
    secret: str = Field(sa_column=Column(Text, nullable=False))
    made_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    stopped_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))
    answer: str | None = Field(default=None, sa_column=Column(Text, nullable=True))


@dataclass(frozen=True, slots=True)
class Pause:
    """Since when an address is paused, and what its server said."""

    since: datetime
    answer: str


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told of news, and the key that signs what it is told."""

    url: str
    secret: str = field(repr=False)
    stopped_at: datetime | None = None
    answer: str | None = None


async def pause_address(session: AsyncSession, person_id: int, answer: str, now: datetime) -> bool:
    """Pauses an address; False when it is paused already."""
    made = await session.scalar(
        insert(AddressPauseRow)
        .values(person_id=person_id, since=now, answer=answer)
        .on_conflict_do_nothing()
        .returning(col(AddressPauseRow.person_id))
    )
    return made is not None


async def resume_address(session: AsyncSession, person_id: int) -> None:
    """Lets news go to the address again."""
    await session.execute(delete(AddressPauseRow).where(col(AddressPauseRow.person_id) == person_id))


async def load_pauses(session: AsyncSession, person_ids: Collection[int]) -> dict[int, Pause]:
    """Which of these people's addresses are paused."""
    rows = await session.scalars(
        select(AddressPauseRow).where(col(AddressPauseRow.person_id).in_(person_ids)).execution_options(populate_existing=True)
    )
    return {row.person_id: Pause(row.since, row.answer) for row in rows}


async def save_feed(session: AsyncSession, person_id: int, feed_key: str, now: datetime) -> None:
    """Gives the person a feed under a new key."""
    values = {"feed_key": feed_key, "made_at": now}
    made = insert(FeedRow).values(person_id=person_id, **values)
    await session.execute(made.on_conflict_do_update(index_elements=["person_id"], set_=values))


async def delete_feed(session: AsyncSession, person_id: int) -> None:
    """Ends the person's feed."""
    await session.execute(delete(FeedRow).where(col(FeedRow.person_id) == person_id))


async def feed_key_of(session: AsyncSession, person_id: int) -> str | None:
    """The key of the person's feed; None without one."""
    return await session.scalar(select(col(FeedRow.feed_key)).where(col(FeedRow.person_id) == person_id))


async def person_of_feed(session: AsyncSession, feed_key: str) -> int | None:
    """Whose feed it is."""
    return await session.scalar(select(col(FeedRow.person_id)).where(col(FeedRow.feed_key) == feed_key))


async def save_webhook(session: AsyncSession, person_id: int, url: str, secret: str, now: datetime) -> None:
    """Stores the person's webhook in place of any former one."""
    values = {"url": url, "secret": secret, "made_at": now, "stopped_at": None, "answer": None}
    made = insert(WebhookRow).values(person_id=person_id, **values)
    await session.execute(made.on_conflict_do_update(index_elements=["person_id"], set_=values))


async def delete_webhook(session: AsyncSession, person_id: int) -> None:
    """Ends the person's webhook."""
    await session.execute(delete(WebhookRow).where(col(WebhookRow.person_id) == person_id))


async def stop_webhook(session: AsyncSession, person_id: int, answer: str, now: datetime) -> None:
    """Gives a webhook up that keeps refusing; shown to the person."""
    await session.execute(update(WebhookRow).where(col(WebhookRow.person_id) == person_id).values(stopped_at=now, answer=answer))


async def load_webhooks(session: AsyncSession, person_ids: Collection[int]) -> dict[int, Webhook]:
    """The webhooks of these people, those given up too."""
    rows = await session.scalars(
        select(WebhookRow).where(col(WebhookRow.person_id).in_(person_ids)).execution_options(populate_existing=True)
    )
    return {row.person_id: Webhook(row.url, row.secret, row.stopped_at, row.answer) for row in rows}
