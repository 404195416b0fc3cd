"""The tables of sourcing records. The database itself refuses to change an event, or to delete one before its time."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Column, Connection, Date, ForeignKey, Index, Integer, Text, UniqueConstraint, event, text
from sqlmodel import Field, SQLModel

from matchmaker.storage.columns import Instant, SortText


class SourcingRecordRow(SQLModel, table=True):
    """One record of one team: what lists and the retention need. ``digest`` and ``length`` are those of its chain."""

    __tablename__ = "sourcing_record"
    __table_args__: ClassVar[Any] = (Index("sourcing_record_by_team", "team_key", "opened_at"),)

    record_id: str = Field(sa_column=Column(SortText, primary_key=True))
    team_key: str = Field(sa_column=Column(Text, ForeignKey("team.team_key", ondelete="RESTRICT"), nullable=False))
    kind: str = Field(sa_column=Column(Text, nullable=False))
    title: str = Field(sa_column=Column(Text, nullable=False))
    need_id: str = Field(sa_column=Column(SortText, nullable=False))
    opened_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    last_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    length: int = Field(sa_column=Column(Integer, nullable=False))
    digest: str = Field(sa_column=Column(Text, nullable=False))
    outcome: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    decided_on: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    awarded_on: date | None = Field(default=None, sa_column=Column(Date, nullable=True))


class RecordEventRow(SQLModel, table=True):
    """One link of a record's chain: ``body`` is the very text that was hashed."""

    __tablename__ = "sourcing_record_event"

    record_id: str = Field(
        sa_column=Column(SortText, ForeignKey("sourcing_record.record_id", ondelete="CASCADE"), primary_key=True)
    )
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    body: str = Field(sa_column=Column(Text, nullable=False))
    digest: str = Field(sa_column=Column(Text, nullable=False))


class RecordPersonRow(SQLModel, table=True):
    """Who an actor of a record is. A person who is erased leaves this table; the events stay as they are."""

    __tablename__ = "sourcing_record_person"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("record_id", "person_id"),
        Index("sourcing_record_person_by_person", "person_id"),
    )

    actor: str = Field(sa_column=Column(Text, primary_key=True))
    record_id: str = Field(
        sa_column=Column(SortText, ForeignKey("sourcing_record.record_id", ondelete="CASCADE"), nullable=False)
    )
    person_id: int = Field(sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="CASCADE"), nullable=False))


class RecordReaderRow(SQLModel, table=True):
    """An officer whom the team lets read a record."""

    __tablename__ = "sourcing_record_reader"
    __table_args__: ClassVar[Any] = (Index("sourcing_record_reader_by_person", "person_id"),)

    record_id: str = Field(
        sa_column=Column(SortText, ForeignKey("sourcing_record.record_id", ondelete="CASCADE"), primary_key=True)
    )
    person_id: int = Field(sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="CASCADE"), primary_key=True))


RETENTION_SETTING = "matchmaker.record_to_delete"
"""Names, for one transaction, the record whose time is over; no other can be deleted."""

LOCK_FUNCTION = f"""
CREATE OR REPLACE FUNCTION sourcing_record_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF current_setting('{RETENTION_SETTING}', true) = OLD.record_id THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'the events of a sourcing record are locked';
END
$$
"""
LOCK_ROWS = """
CREATE TRIGGER sourcing_record_event_locked BEFORE UPDATE OR DELETE ON sourcing_record_event
FOR EACH ROW EXECUTE FUNCTION sourcing_record_locked()
"""
LOCK_TABLE = """
CREATE TRIGGER sourcing_record_events_locked BEFORE TRUNCATE ON sourcing_record_event
FOR EACH STATEMENT EXECUTE FUNCTION sourcing_record_locked()
"""


@event.listens_for(SQLModel.metadata.tables["sourcing_record_event"], "after_create")
def _lock(_table: Any, connection: Connection, **_: Any) -> None:
    """Tables made without Alembic, as tests make them, are locked the same."""
    for statement in (LOCK_FUNCTION, LOCK_ROWS, LOCK_TABLE):
        connection.execute(text(statement))
