"""All tables in one metadata object: importing this module makes Alembic and the tests see every aggregate."""

from sqlmodel import SQLModel

from matchmaker.storage import (
    alert_profiles,
    api_tokens,
    audit,
    channels,
    claims,
    deliveries,
    evidence,
    exposure,
    invitations,
    joining,
    lessons,
    lot_answers,
    matches,
    notice_tables,
    organisation_tables,
    outbox_tables,
    partners,
    people,
    procedure_tables,
    purchase_plan_tables,
    quarantine,
    record_tables,
    reference_tables,
    released_lists,
    signed_sessions,
)

metadata = SQLModel.metadata

AGGREGATES = (
    alert_profiles,
    api_tokens,
    audit,
    channels,
    claims,
    deliveries,
    evidence,
    exposure,
    invitations,
    joining,
    lessons,
    lot_answers,
    partners,
    matches,
    notice_tables,
    organisation_tables,
    outbox_tables,
    people,
    procedure_tables,
    purchase_plan_tables,
    quarantine,
    record_tables,
    reference_tables,
    released_lists,
    signed_sessions,
)
"""The modules whose import fills the metadata; each aggregate is named here."""
