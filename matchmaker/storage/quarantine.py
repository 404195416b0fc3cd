"""Documents that could not be read, with their bytes; for the operator only, and deleted after some days."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Integer, LargeBinary, Text
from sqlmodel import Field, SQLModel

from matchmaker.storage.columns import Instant, Json


class QuarantineRow(SQLModel, table=True):
    """One unreadable document. ``reason`` and ``next_step`` are messages ``{text, parameters}``."""

    __tablename__ = "quarantine"

    document_id: int | None = Field(sa_type=BigInteger, primary_key=True, default=None)
    name: str = Field(sa_type=Text)
    digest: str = Field(sa_type=Text, unique=True)
    """SHA-256 of name and bytes: the same document stays one row."""
    data: bytes = Field(sa_type=LargeBinary)
    reason: dict[str, Any] = Field(sa_type=Json)
    next_step: dict[str, Any] | None = Field(sa_type=Json, default=None, nullable=True)
    first_seen_at: datetime = Field(sa_type=Instant)
    last_seen_at: datetime = Field(sa_type=Instant)
    tries: int = Field(sa_type=Integer, default=1)

    __table_args__: ClassVar[Any] = ()
