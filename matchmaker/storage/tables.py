"""All tables in one metadata object: importing this module makes Alembic and the tests see every aggregate."""

from sqlmodel import SQLModel

from matchmaker.storage import audit, notice_tables, organisation_tables, quarantine, reference_tables

metadata = SQLModel.metadata

AGGREGATES = (audit, notice_tables, organisation_tables, quarantine, reference_tables)
"""The modules whose import fills the metadata; each aggregate is named here."""
