"""The tables of suppliers and what they can do."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Boolean, Date, Float, ForeignKey, Index, Integer, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

from matchmaker.storage.columns import Instant, Json, SortText, Texts, Vector


class OrganisationRow(SQLModel, table=True):
    """One supplier; ``doc`` is the whole ``Organisation``, the columns are what queries need.

    ``nuts`` is the base's region in its current code, ``area_nuts`` and ``area_countries`` (ISO-2) where it works,
    ``statuses`` the kinds of social status it states. ``reusable`` is false when the licence of an imported record forbids
    showing it. ``objected_at`` hides it from everyone and survives every import. ``version`` counts its changes.
    """

    __tablename__ = "organisation"

    key: str = Field(sa_type=SortText, primary_key=True)
    name: str = Field(sa_type=Text)
    sort_key: str = Field(sa_type=SortText, index=True)
    country: str = Field(sa_type=Text, index=True)
    nuts: str | None = Field(sa_type=SortText, default=None, index=True)
    latitude: float | None = Field(sa_type=Float, default=None)
    """WGS 84, degrees."""
    longitude: float | None = Field(sa_type=Float, default=None)
    area_nuts: list[str] = Field(sa_type=Texts, default_factory=list)
    area_countries: list[str] = Field(sa_type=Texts, default_factory=list)
    area_radius_km: float | None = Field(sa_type=Float, default=None)
    statuses: list[str] = Field(sa_type=Texts, default_factory=list)
    cpvs: list[str] = Field(sa_type=Texts, default_factory=list)
    """Of all its capabilities together."""
    source: str = Field(sa_type=Text, index=True)
    source_id: str = Field(sa_type=Text)
    licence: str | None = Field(sa_type=Text, default=None)
    imported_on: date | None = Field(sa_type=Date, default=None)
    reusable: bool = Field(sa_type=Boolean, default=True)
    claimed: bool = Field(sa_type=Boolean, default=False)
    objected_at: datetime | None = Field(sa_type=Instant, default=None)
    words: str = Field(sa_type=Text)
    """Name, town, capabilities and description, folded."""
    doc: dict[str, Any] = Field(sa_type=Json)
    fingerprint: str = Field(sa_type=Text)
    """Of ``doc`` without the day of import: equal means nothing to write."""
    encoder: str | None = Field(sa_type=Text, default=None)
    """Version of the encoder that made the vectors of its capabilities."""
    version: int = Field(sa_type=Integer, default=1)
    updated_at: datetime = Field(sa_type=Instant)

    __table_args__: ClassVar[Any] = (
        Index("ix_organisation_area_nuts", "area_nuts", postgresql_using="gin"),
        Index("ix_organisation_area_countries", "area_countries", postgresql_using="gin"),
        Index("ix_organisation_radius", "country", postgresql_where=text("area_radius_km IS NOT NULL")),
        Index("ix_organisation_point", "latitude", "longitude"),
        Index("ix_organisation_cpvs", "cpvs", postgresql_using="gin"),
        Index("ix_organisation_changes", "version", "updated_at"),
        Index("ix_organisation_objected_at", "objected_at", postgresql_where=text("objected_at IS NOT NULL")),
        Index("ix_organisation_words", "words", postgresql_using="gin", postgresql_ops={"words": "gin_trgm_ops"}),
    )


class CapabilityRow(SQLModel, table=True):
    """One capability of a supplier, in the order of its profile.

    ``vector`` is what it means as a whole, for searching; ``pieces`` holds a vector for each piece of its text, one after the
    other in little-endian half floats, for scoring.
    """

    __tablename__ = "capability"

    organisation_key: str = Field(
        sa_type=SortText, primary_key=True, sa_column_args=(ForeignKey("organisation.key", ondelete="CASCADE"),)
    )
    position: int = Field(sa_type=Integer, primary_key=True)
    vector: Any = Field(sa_type=Vector, default=None, nullable=True)
    """Before the other columns of varying length, so that a scan of all vectors need not walk over them."""
    code_words: list[str] = Field(sa_type=Texts, default_factory=list)
    """``cpvs`` in the words of ``storage.places``."""
    places: list[str] = Field(sa_type=Texts, default_factory=list)
    """Where its supplier is and works, in the words of ``storage.places``: narrowing then needs no other table."""
    text: str = Field(sa_type=Text)
    language: str | None = Field(sa_type=Text, default=None)
    cpvs: list[str] = Field(sa_type=Texts, default_factory=list)
    pieces: bytes | None = Field(sa_type=LargeBinary, default=None)

    __table_args__: ClassVar[Any] = (
        Index("ix_capability_code_words", "code_words", postgresql_using="gin"),
        Index("ix_capability_places", "places", postgresql_using="gin"),
    )
