"""sourcing records and released lists

Kept searches become sourcing records. No page or command could store one in the table ``shortlist``, so it goes.

Revision ID: 0003
Revises: 0002
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LOCK = """
CREATE OR REPLACE FUNCTION sourcing_record_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF current_setting('matchmaker.record_to_delete', true) = OLD.record_id THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'the events of a sourcing record are locked';
END
$$
"""


def upgrade() -> None:
    op.drop_table("shortlist")
    op.create_table(
        "sourcing_record",
        sa.Column("record_id", sa.Text(collation="C"), nullable=False),
        sa.Column("team_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("need_id", sa.Text(collation="C"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("awarded_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["team_key"], ["team.team_key"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("record_id"),
    )
    op.create_index("sourcing_record_by_team", "sourcing_record", ["team_key", "opened_at"])
    op.create_table(
        "sourcing_record_event",
        sa.Column("record_id", sa.Text(collation="C"), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["sourcing_record.record_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("record_id", "number"),
    )
    op.execute(LOCK)
    op.execute(
        "CREATE TRIGGER sourcing_record_event_locked BEFORE UPDATE OR DELETE ON sourcing_record_event"
        " FOR EACH ROW EXECUTE FUNCTION sourcing_record_locked()"
    )
    op.execute(
        "CREATE TRIGGER sourcing_record_events_locked BEFORE TRUNCATE ON sourcing_record_event"
        " FOR EACH STATEMENT EXECUTE FUNCTION sourcing_record_locked()"
    )
    op.create_table(
        "sourcing_record_person",
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(collation="C"), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["record_id"], ["sourcing_record.record_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("actor"),
        sa.UniqueConstraint("record_id", "person_id"),
    )
    op.create_index("sourcing_record_person_by_person", "sourcing_record_person", ["person_id"])
    op.create_table(
        "sourcing_record_reader",
        sa.Column("record_id", sa.Text(collation="C"), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["record_id"], ["sourcing_record.record_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("record_id", "person_id"),
    )
    op.create_index("sourcing_record_reader_by_person", "sourcing_record_reader", ["person_id"])
    op.create_table(
        "naming_consent",
        sa.Column("organisation_key", sa.Text(collation="C"), nullable=False),
        sa.Column("lot_id", sa.Text(collation="C"), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("given_by", sa.BigInteger(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["given_by"], ["person.person_id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["organisation_key"], ["organisation.key"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organisation_key", "lot_id"),
    )
    op.create_index("naming_consent_by_lot", "naming_consent", ["lot_id"])
    op.create_table(
        "released_list",
        sa.Column("list_id", sa.Text(collation="C"), nullable=False),
        sa.Column("lot_id", sa.Text(collation="C"), nullable=False),
        sa.Column("team_key", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=True),
        sa.Column("doc", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.person_id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["team_key"], ["team.team_key"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("list_id"),
    )
    op.create_index("released_list_by_team", "released_list", ["team_key"])
    op.create_index(
        "released_list_of_lot", "released_list", ["lot_id"], unique=True, postgresql_where=sa.text("withdrawn_at IS NULL")
    )


def downgrade() -> None:
    raise NotImplementedError("records and released lists are kept: restore a backup instead")
