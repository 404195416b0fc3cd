"""All tables in one metadata object: importing this module makes Alembic and the tests see every aggregate."""

from sqlmodel import SQLModel

from matchmaker.storage import (
    alert_profiles,
    audit,
    exposure,
    invitations,
    matches,
    notice_tables,
    organisation_tables,
    outbox_tables,
    people,
    quarantine,
    reference_tables,
    shortlists,
    signed_sessions,
)

metadata = SQLModel.metadata

AGGREGATES = (
    alert_profiles,
    audit,
    exposure,
    invitations,
    matches,
    notice_tables,
    organisation_tables,
    outbox_tables,
    people,
    quarantine,
    reference_tables,
    shortlists,
    signed_sessions,
)
"""The modules whose import fills the metadata; each aggregate is named here."""
