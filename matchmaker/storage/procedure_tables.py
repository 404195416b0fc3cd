"""The tables of procedures over time, of awards and of who buys and wins."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import Boolean, Date, Float, ForeignKey, Index, Integer, Text
from sqlmodel import Field, SQLModel

from matchmaker.storage.columns import Euro, Instant, Json, SortText, Texts


class NoticeFactsRow(SQLModel, table=True):
    """What joins need of a notice: ``doc`` is its ``NoticeFacts``, ``buckets`` name the notices it may be guessed to follow."""

    __tablename__ = "notice_facts"

    notice_id: str = Field(
        sa_type=SortText, primary_key=True, sa_column_args=(ForeignKey("notice.notice_id", ondelete="CASCADE"),)
    )
    stage: str = Field(sa_type=Text)
    published: date | None = Field(sa_type=Date, default=None)
    procedure_id: str | None = Field(sa_type=Text, default=None, index=True)
    buckets: list[str] = Field(sa_type=Texts, default_factory=list)
    doc: dict[str, Any] = Field(sa_type=Json)

    __table_args__: ClassVar[Any] = (Index("ix_notice_facts_buckets", "buckets", postgresql_using="gin"),)


class NoticeTieRow(SQLModel, table=True):
    """A name, citation or procedure id of a notice: notices with a tie in common may belong together."""

    __tablename__ = "notice_tie"

    tie: str = Field(sa_type=SortText, primary_key=True)
    notice_id: str = Field(
        sa_type=SortText, primary_key=True, sa_column_args=(ForeignKey("notice.notice_id", ondelete="CASCADE"),), index=True
    )


class NoticeBuyerRow(SQLModel, table=True):
    """A buyer as a notice names it. ``number_key`` is its register number where one stands, ``name_key`` name and town."""

    __tablename__ = "notice_buyer"

    notice_id: str = Field(
        sa_type=SortText, primary_key=True, sa_column_args=(ForeignKey("notice.notice_id", ondelete="CASCADE"),)
    )
    position: int = Field(sa_type=Integer, primary_key=True)
    number_key: str | None = Field(sa_type=SortText, default=None, index=True)
    name_key: str = Field(sa_type=SortText, index=True)
    name: str = Field(sa_type=Text)
    town: str | None = Field(sa_type=Text, default=None)
    country: str | None = Field(sa_type=Text, default=None)


class ProcedureNoticeRow(SQLModel, table=True):
    """A notice of a procedure, and why it belongs there. A planning notice may stand in several procedures."""

    __tablename__ = "procedure_notice"

    procedure_key: str = Field(sa_type=SortText, primary_key=True)
    notice_id: str = Field(
        sa_type=SortText, primary_key=True, sa_column_args=(ForeignKey("notice.notice_id", ondelete="CASCADE"),), index=True
    )
    stage: str = Field(sa_type=Text)
    basis: str = Field(sa_type=Text)
    superseded: bool = Field(sa_type=Boolean, default=False)


class ProcedureGuessRow(SQLModel, table=True):
    """A notice that probably follows another one although neither says so. Shown as a guess; no rule of law reads this."""

    __tablename__ = "procedure_guess"

    later: str = Field(sa_type=SortText, primary_key=True, sa_column_args=(ForeignKey("notice.notice_id", ondelete="CASCADE"),))
    earlier: str = Field(sa_type=SortText, sa_column_args=(ForeignKey("notice.notice_id", ondelete="CASCADE"),), index=True)
    confidence: str = Field(sa_type=Text)
    likeness: float = Field(sa_type=Float)


class AwardRow(SQLModel, table=True):
    """The award of one lot as a result notice states it, and what its procedure adds.

    ``full_id`` is the lot of the result notice, whose row in ``lot`` holds title, codes and places. From the procedure come
    ``call_lot`` (full id of the lot called for) with its ``call_basis``, ``reserved``, the end and ``replaced_by``.
    """

    __tablename__ = "award"

    full_id: str = Field(sa_type=SortText, primary_key=True)
    notice_id: str = Field(sa_type=SortText, sa_column_args=(ForeignKey("notice.notice_id", ondelete="CASCADE"),), index=True)
    lot_id: str = Field(sa_type=Text)
    stage: str = Field(sa_type=Text)
    concluded: date | None = Field(sa_type=Date, default=None)
    published: date | None = Field(sa_type=Date, default=None)
    value: Decimal | None = Field(sa_type=Euro, default=None)
    """As stated, in ``currency``."""
    currency: str | None = Field(sa_type=Text, default=None)
    value_eur: Decimal | None = Field(sa_type=Euro, default=None)
    persons: int = Field(sa_type=Integer, default=0)
    """How many winners are natural persons: they are counted, and never named."""
    procedure_key: str | None = Field(sa_type=SortText, default=None, index=True)
    call_lot: str | None = Field(sa_type=SortText, default=None, index=True)
    call_basis: str | None = Field(sa_type=Text, default=None)
    reserved: list[str] = Field(sa_type=Texts, default_factory=list)
    ends: date | None = Field(sa_type=Date, default=None, index=True)
    ends_basis: str | None = Field(sa_type=Text, default=None)
    replaced_by: str | None = Field(sa_type=SortText, default=None)


class AwardWinnerRow(SQLModel, table=True):
    """An organisation that won, never a natural person. ``number_key`` and ``name_key`` say who it is."""

    __tablename__ = "award_winner"

    full_id: str = Field(sa_type=SortText, primary_key=True, sa_column_args=(ForeignKey("award.full_id", ondelete="CASCADE"),))
    position: int = Field(sa_type=Integer, primary_key=True)
    name: str = Field(sa_type=Text)
    number_key: str | None = Field(sa_type=SortText, default=None, index=True)
    name_key: str = Field(sa_type=SortText, index=True)
    country: str | None = Field(sa_type=Text, default=None)
    town: str | None = Field(sa_type=Text, default=None)
    nuts: str | None = Field(sa_type=SortText, default=None)


class SupplierKeyRow(SQLModel, table=True):
    """A register number or a name by which a stored supplier is known among winners."""

    __tablename__ = "supplier_key"

    organisation_key: str = Field(
        sa_type=SortText, primary_key=True, sa_column_args=(ForeignKey("organisation.key", ondelete="CASCADE"),)
    )
    known_by: str = Field(sa_type=SortText, primary_key=True, index=True)
    is_number: bool = Field(sa_type=Boolean)


class ReferenceAnswerRow(SQLModel, table=True):
    """What a supplier says of an award that may be its own; the newest answer counts."""

    __tablename__ = "reference_answer"

    organisation_key: str = Field(
        sa_type=SortText, primary_key=True, sa_column_args=(ForeignKey("organisation.key", ondelete="CASCADE"),)
    )
    full_id: str = Field(sa_type=SortText, primary_key=True)
    """The award; no foreign key, so that the answer stays when its notice is read again."""
    mine: bool = Field(sa_type=Boolean)
    who: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=Instant)


class AwardCoverageRow(SQLModel, table=True):
    """A period of which every result notice of a country is at hand, so that no award means: none was published."""

    __tablename__ = "award_coverage"

    country: str = Field(sa_type=Text, primary_key=True)
    since: date = Field(sa_type=Date, primary_key=True)
    until: date = Field(sa_type=Date, primary_key=True)
    source: str = Field(sa_type=Text, primary_key=True)
    noted_at: datetime = Field(sa_type=Instant)
