"""The tables of buyers' purchase plans: plans, their rows, and what teams decided about words."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, Text, text
from sqlmodel import Field, SQLModel

from matchmaker.storage.codec import Document
from matchmaker.storage.columns import Euro, Instant, Json, SortText

WAITING = text("summary IS NULL AND plannable AND removed_at IS NULL")
"""Rows still to be planned."""


class PurchasePlanRow(SQLModel, table=True):
    """A plan of one team; ``doc`` is the whole ``PurchasePlan``. A team has one plan of a name."""

    __tablename__ = "purchase_plan"
    __table_args__: ClassVar[Any] = (Index("ix_purchase_plan_team_name", "team_key", "name", unique=True),)

    plan_id: str = Field(sa_column=Column(Text, primary_key=True))
    team_key: str = Field(sa_column=Column(Text, ForeignKey("team.team_key", ondelete="CASCADE"), nullable=False))
    person_id: int | None = Field(
        sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="SET NULL"), nullable=True)
    )
    name: str = Field(sa_column=Column(Text, nullable=False))
    changed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    doc: Document = Field(sa_column=Column(Json, nullable=False))


class PlannedPurchaseRow(SQLModel, table=True):
    """A row of a plan. ``doc`` is the whole ``PlannedPurchase``, ``summary`` the ``PlanSummary``; NULL while it waits.

    ``removed_at`` is set when a newer version of the file no longer has the row; ``euro`` is about the whole contract's value.
    """

    __tablename__ = "planned_purchase"
    __table_args__: ClassVar[Any] = (Index("ix_planned_purchase_waiting", "plan_id", postgresql_where=WAITING),)

    plan_id: str = Field(sa_column=Column(Text, ForeignKey("purchase_plan.plan_id", ondelete="CASCADE"), primary_key=True))
    row_id: str = Field(sa_column=Column(SortText, primary_key=True))
    number: int = Field(sa_column=Column(Integer, nullable=False))
    work_words: str = Field(sa_column=Column(Text, nullable=False))
    work_state: str = Field(sa_column=Column(Text, nullable=False))
    place_words: str = Field(sa_column=Column(Text, nullable=False))
    place_state: str = Field(sa_column=Column(Text, nullable=False))
    plannable: bool = Field(sa_column=Column(Boolean, nullable=False))
    euro: Decimal | None = Field(sa_column=Column(Euro, nullable=True))
    removed_at: datetime | None = Field(sa_column=Column(Instant, nullable=True))
    doc: Document = Field(sa_column=Column(Json, nullable=False))
    summary: Document | None = Field(sa_column=Column(Json, nullable=True))
    planned_on: date | None = Field(sa_column=Column(Date, nullable=True))


class PurchasePlanReaderRow(SQLModel, table=True):
    """A market-engagement officer whom the team lets read a plan."""

    __tablename__ = "purchase_plan_reader"
    __table_args__: ClassVar[Any] = (Index("purchase_plan_reader_by_person", "person_id"),)

    plan_id: str = Field(sa_column=Column(Text, ForeignKey("purchase_plan.plan_id", ondelete="CASCADE"), primary_key=True))
    person_id: int = Field(sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="CASCADE"), primary_key=True))
    granted_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class PurchaseWordsRow(SQLModel, table=True):
    """What a team said that words stand for: a CPV code for work, a NUTS code for a place."""

    __tablename__ = "purchase_words"

    team_key: str = Field(sa_column=Column(Text, ForeignKey("team.team_key", ondelete="CASCADE"), primary_key=True))
    subject: str = Field(sa_column=Column(Text, primary_key=True))
    words: str = Field(sa_column=Column(SortText, primary_key=True))
    code: str = Field(sa_column=Column(Text, nullable=False))
    decided_at: datetime = Field(sa_column=Column(Instant, nullable=False))
