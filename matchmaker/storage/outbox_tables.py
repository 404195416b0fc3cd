"""The tables of the outbox."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Boolean, Column, DateTime, ForeignKey, Identity, Index, Integer, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel, col

from matchmaker.storage.codec import Document
from matchmaker.storage.columns import SortText


class MessageState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    """Refused for good by the receiving server, or too often."""
    DROPPED = "dropped"
    """No longer wanted: the link in it has expired, or alerts were stopped."""


class OutboxMessageRow(SQLModel, table=True):
    """One mail to one person. ``attempts`` also tells one claim from the next."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index("outbox_message_open", "state", "due_at", postgresql_where=sql("state IN ('waiting', 'claimed')")),
        Index("outbox_message_by_person", "person_id"),
        Index("outbox_message_doubtful", "doubtful", postgresql_where=sql("doubtful")),
    )

    message_id: str = Field(sa_column=Column(Text, primary_key=True))
    person_id: int = Field(sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="CASCADE"), nullable=False))
    kind: str = Field(sa_column=Column(Text, nullable=False))
    state: str = Field(sa_column=Column(Text, nullable=False))
    attempts: int = Field(sa_column=Column(Integer, nullable=False))
    doubtful: bool = Field(sa_column=Column(Boolean, nullable=False))
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    claimed_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True), nullable=True))
    due_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    finished_at: datetime | None = Field(default=None, sa_column=Column(DateTime(timezone=True), nullable=True))
    last_answer: str | None = Field(default=None, sa_column=Column(Text, nullable=True))


class OutboxItemRow(SQLModel, table=True):
    """One piece of news, to leave at ``due_at``. ``withheld`` items have nobody to go to and are never claimed."""

    __tablename__ = "outbox_item"
    __table_args__ = (
        Index("outbox_item_open", "due_at", postgresql_where=sql("message_id IS NULL AND NOT withheld")),
        Index("outbox_item_by_message", "message_id"),
        Index("outbox_item_by_person", "person_id"),
        Index("outbox_item_by_need", sql("(content ->> 'need_id')"), postgresql_where=sql("kind = 'lot-alert'")),
    )

    item_id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    key: str = Field(sa_column=Column(SortText, nullable=False, unique=True))
    person_id: int | None = Field(
        default=None, sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="CASCADE"), nullable=True)
    )
    kind: str = Field(sa_column=Column(Text, nullable=False))
    content: Document = Field(sa_column=Column(JSONB, nullable=False))
    withheld: bool = Field(default=False, sa_column=Column(Boolean, nullable=False))
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    due_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    message_id: str | None = Field(
        default=None, sa_column=Column(Text, ForeignKey("outbox_message.message_id", ondelete="CASCADE"), nullable=True)
    )


NEED_ID = col(OutboxItemRow.content)["need_id"].astext
"""The lot a piece of news is about."""
