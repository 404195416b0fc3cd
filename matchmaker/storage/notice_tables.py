"""The tables of notices and their lots."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from matchmaker.storage.columns import Euro, Instant, Json, SortText, Texts, Vector


class NoticeRow(SQLModel, table=True):
    """One notice in its newest version; ``doc`` is the whole ``Notice`` with its lots.

    ``aliases`` are the names a later change notice may cite it by.
    ``superseded_by`` is the notice that corrects this one (BT-758); its lots are then no longer listed.
    """

    __tablename__ = "notice"

    notice_id: str = Field(sa_type=SortText, primary_key=True)
    version: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    country: str | None = Field(sa_type=Text, default=None)
    language: str = Field(sa_type=Text)
    published: date | None = Field(sa_type=Date, default=None, index=True)
    procedure_id: str | None = Field(sa_type=Text, default=None, index=True)
    aliases: list[str] = Field(sa_type=Texts, default_factory=list)
    changes: str | None = Field(sa_type=Text, default=None, index=True)
    superseded_by: str | None = Field(sa_type=Text, default=None)
    document: str = Field(sa_type=Text)
    """Name of the file it was read from."""
    doc: dict[str, Any] = Field(sa_type=Json)
    taken_in_at: datetime = Field(sa_type=Instant)

    __table_args__: ClassVar[Any] = (Index("ix_notice_aliases", "aliases", postgresql_using="gin"),)


class NoticeChangeRow(SQLModel, table=True):
    """What a newer version, or a change notice, altered: a list of ``{field, lot, before, after}``."""

    __tablename__ = "notice_change"

    change_id: int | None = Field(sa_type=BigInteger, primary_key=True, default=None)
    notice_id: str = Field(sa_type=SortText, sa_column_args=(ForeignKey("notice.notice_id", ondelete="CASCADE"),), index=True)
    """The notice as it is now."""
    from_notice_id: str = Field(sa_type=Text)
    from_version: str = Field(sa_type=Text)
    to_version: str = Field(sa_type=Text)
    changes: list[dict[str, Any]] = Field(sa_type=Json)
    at: datetime = Field(sa_type=Instant)

    __table_args__: ClassVar[Any] = (UniqueConstraint("notice_id", "from_notice_id", "from_version", "to_version"),)


class LotRow(SQLModel, table=True):
    """One lot with the columns searches need; ``card`` is what a list shows of it.

    ``basis`` is ``open``, ``planned`` or ``closed`` by the kind of notice; the first two last until ``open_until``.
    ``nuts`` holds current codes with every region around them, in NUTS spelling; ``words`` the folded texts in all
    languages. ``value_eur`` is converted at a yearly rate.
    """

    __tablename__ = "lot"

    full_id: str = Field(sa_type=SortText, primary_key=True)
    notice_id: str = Field(sa_type=SortText, sa_column_args=(ForeignKey("notice.notice_id", ondelete="CASCADE"),), index=True)
    lot_id: str = Field(sa_type=Text)
    position: int = Field(sa_type=Integer)
    sort_key: str = Field(sa_type=SortText)
    language: str = Field(sa_type=Text)
    country: str | None = Field(sa_type=Text, default=None, index=True)
    published: date | None = Field(sa_type=Date, default=None)
    listed: bool = Field(sa_type=Boolean, default=True)
    """False when another notice supersedes this one, and for awards that name no known lot."""
    basis: str = Field(sa_type=Text)
    open_until: date | None = Field(sa_type=Date, default=None, index=True)
    deadline: date | None = Field(sa_type=Date, default=None)
    main_cpv: str | None = Field(sa_type=SortText, default=None)
    division: str | None = Field(sa_type=Text, default=None)
    cpvs: list[str] = Field(sa_type=Texts, default_factory=list)
    nuts: list[str] = Field(sa_type=Texts, default_factory=list)
    reserved: list[str] = Field(sa_type=Texts, default_factory=list)
    value_eur: Decimal | None = Field(sa_type=Euro, default=None)
    words: str = Field(sa_type=Text)
    card: dict[str, Any] = Field(sa_type=Json)
    vector: Any = Field(sa_type=Vector, default=None, nullable=True)

    __table_args__: ClassVar[Any] = (
        Index("ix_lot_cpvs", "cpvs", postgresql_using="gin"),
        Index("ix_lot_nuts", "nuts", postgresql_using="gin"),
        Index("ix_lot_words", "words", postgresql_using="gin", postgresql_ops={"words": "gin_trgm_ops"}),
    )
