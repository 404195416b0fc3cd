"""purchase plans

Revision ID: 0006
Revises: 0005
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | Sequence[str] | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INSTANT = sa.DateTime(timezone=True)


def _json() -> postgresql.JSONB:
    return postgresql.JSONB(none_as_null=True, astext_type=sa.Text())


def upgrade() -> None:
    op.create_table(
        "purchase_plan",
        sa.Column("plan_id", sa.Text(), primary_key=True),
        sa.Column("team_key", sa.Text(), sa.ForeignKey("team.team_key", ondelete="CASCADE"), nullable=False),
        sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.person_id", ondelete="SET NULL"), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("doc", _json(), nullable=False),
    )
    op.create_index("ix_purchase_plan_team_name", "purchase_plan", ["team_key", "name"], unique=True)
    op.create_table(
        "planned_purchase",
        sa.Column("plan_id", sa.Text(), sa.ForeignKey("purchase_plan.plan_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("row_id", sa.Text(collation="C"), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("work_words", sa.Text(), nullable=False),
        sa.Column("work_state", sa.Text(), nullable=False),
        sa.Column("place_words", sa.Text(), nullable=False),
        sa.Column("place_state", sa.Text(), nullable=False),
        sa.Column("plannable", sa.Boolean(), nullable=False),
        sa.Column("euro", sa.Numeric(18, 2), nullable=True),
        sa.Column("removed_at", INSTANT, nullable=True),
        sa.Column("doc", _json(), nullable=False),
        sa.Column("summary", _json(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
    )
    op.create_index(
        "ix_planned_purchase_waiting",
        "planned_purchase",
        ["plan_id"],
        postgresql_where=sa.text("summary IS NULL AND plannable AND removed_at IS NULL"),
    )
    op.create_table(
        "purchase_words",
        sa.Column("team_key", sa.Text(), sa.ForeignKey("team.team_key", ondelete="CASCADE"), primary_key=True),
        sa.Column("subject", sa.Text(), primary_key=True),
        sa.Column("words", sa.Text(collation="C"), primary_key=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
    )


def downgrade() -> None:
    for table in ("purchase_words", "planned_purchase", "purchase_plan"):
        op.drop_table(table)
