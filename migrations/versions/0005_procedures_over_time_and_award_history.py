"""procedures over time and award history

Revision ID: 0005
Revises: 0004
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0005"
down_revision: str | Sequence[str] | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "award_coverage",
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("country", "since", "until", "source"),
    )
    op.create_table(
        "award",
        sa.Column("full_id", sa.Text(collation="C"), nullable=False),
        sa.Column("notice_id", sa.Text(collation="C"), nullable=False),
        sa.Column("lot_id", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("concluded", sa.Date(), nullable=True),
        sa.Column("published", sa.Date(), nullable=True),
        sa.Column("value", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("value_eur", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("procedure_key", sa.Text(collation="C"), nullable=True),
        sa.Column("call_lot", sa.Text(collation="C"), nullable=True),
        sa.Column("call_basis", sa.Text(), nullable=True),
        sa.Column("reserved", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("ends_basis", sa.Text(), nullable=True),
        sa.Column("replaced_by", sa.Text(collation="C"), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.notice_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("full_id"),
    )
    op.create_index(op.f("ix_award_call_lot"), "award", ["call_lot"], unique=False)
    op.create_index(op.f("ix_award_ends"), "award", ["ends"], unique=False)
    op.create_index(op.f("ix_award_notice_id"), "award", ["notice_id"], unique=False)
    op.create_index(op.f("ix_award_procedure_key"), "award", ["procedure_key"], unique=False)
    op.create_table(
        "notice_buyer",
        sa.Column("notice_id", sa.Text(collation="C"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number_key", sa.Text(collation="C"), nullable=True),
        sa.Column("name_key", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("town", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.notice_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("notice_id", "position"),
    )
    op.create_index(op.f("ix_notice_buyer_name_key"), "notice_buyer", ["name_key"], unique=False)
    op.create_index(op.f("ix_notice_buyer_number_key"), "notice_buyer", ["number_key"], unique=False)
    op.create_table(
        "notice_facts",
        sa.Column("notice_id", sa.Text(collation="C"), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("published", sa.Date(), nullable=True),
        sa.Column("procedure_id", sa.Text(), nullable=True),
        sa.Column("buckets", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("doc", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.notice_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("notice_id"),
    )
    op.create_index("ix_notice_facts_buckets", "notice_facts", ["buckets"], unique=False, postgresql_using="gin")
    op.create_index(op.f("ix_notice_facts_procedure_id"), "notice_facts", ["procedure_id"], unique=False)
    op.create_table(
        "notice_tie",
        sa.Column("tie", sa.Text(collation="C"), nullable=False),
        sa.Column("notice_id", sa.Text(collation="C"), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.notice_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tie", "notice_id"),
    )
    op.create_index(op.f("ix_notice_tie_notice_id"), "notice_tie", ["notice_id"], unique=False)
    op.create_table(
        "procedure_guess",
        sa.Column("later", sa.Text(collation="C"), nullable=False),
        sa.Column("earlier", sa.Text(collation="C"), nullable=False),
        sa.Column("confidence", sa.Text(), nullable=False),
        sa.Column("likeness", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["earlier"], ["notice.notice_id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["later"], ["notice.notice_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("later"),
    )
    op.create_index(op.f("ix_procedure_guess_earlier"), "procedure_guess", ["earlier"], unique=False)
    op.create_table(
        "procedure_notice",
        sa.Column("procedure_key", sa.Text(collation="C"), nullable=False),
        sa.Column("notice_id", sa.Text(collation="C"), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("superseded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.notice_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("procedure_key", "notice_id"),
    )
    op.create_index(op.f("ix_procedure_notice_notice_id"), "procedure_notice", ["notice_id"], unique=False)
    op.create_table(
        "reference_answer",
        sa.Column("organisation_key", sa.Text(collation="C"), nullable=False),
        sa.Column("full_id", sa.Text(collation="C"), nullable=False),
        sa.Column("mine", sa.Boolean(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_key"], ["organisation.key"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organisation_key", "full_id"),
    )
    op.create_table(
        "supplier_key",
        sa.Column("organisation_key", sa.Text(collation="C"), nullable=False),
        sa.Column("known_by", sa.Text(collation="C"), nullable=False),
        sa.Column("is_number", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_key"], ["organisation.key"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organisation_key", "known_by"),
    )
    op.create_index(op.f("ix_supplier_key_known_by"), "supplier_key", ["known_by"], unique=False)
    op.create_table(
        "award_winner",
        sa.Column("full_id", sa.Text(collation="C"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(collation="C"), nullable=True),
        sa.Column("name_key", sa.Text(collation="C"), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("town", sa.Text(), nullable=True),
        sa.Column("nuts", sa.Text(collation="C"), nullable=True),
        sa.ForeignKeyConstraint(["full_id"], ["award.full_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("full_id", "position"),
    )
    op.create_index(op.f("ix_award_winner_name_key"), "award_winner", ["name_key"], unique=False)
    op.create_index(op.f("ix_award_winner_number_key"), "award_winner", ["number_key"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_award_winner_number_key"), table_name="award_winner")
    op.drop_index(op.f("ix_award_winner_name_key"), table_name="award_winner")
    op.drop_table("award_winner")
    op.drop_index(op.f("ix_supplier_key_known_by"), table_name="supplier_key")
    op.drop_table("supplier_key")
    op.drop_table("reference_answer")
    op.drop_index(op.f("ix_procedure_notice_notice_id"), table_name="procedure_notice")
    op.drop_table("procedure_notice")
    op.drop_index(op.f("ix_procedure_guess_earlier"), table_name="procedure_guess")
    op.drop_table("procedure_guess")
    op.drop_index(op.f("ix_notice_tie_notice_id"), table_name="notice_tie")
    op.drop_table("notice_tie")
    op.drop_index(op.f("ix_notice_facts_procedure_id"), table_name="notice_facts")
    op.drop_index("ix_notice_facts_buckets", table_name="notice_facts", postgresql_using="gin")
    op.drop_table("notice_facts")
    op.drop_index(op.f("ix_notice_buyer_number_key"), table_name="notice_buyer")
    op.drop_index(op.f("ix_notice_buyer_name_key"), table_name="notice_buyer")
    op.drop_table("notice_buyer")
    op.drop_index(op.f("ix_award_procedure_key"), table_name="award")
    op.drop_index(op.f("ix_award_notice_id"), table_name="award")
    op.drop_index(op.f("ix_award_ends"), table_name="award")
    op.drop_index(op.f("ix_award_call_lot"), table_name="award")
    op.drop_table("award")
    op.drop_table("award_coverage")
