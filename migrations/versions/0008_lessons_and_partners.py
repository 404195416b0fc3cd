"""rules undone by a supplier; suppliers that agree to be shown to possible partners

Revision ID: 0008
Revises: 0007
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | Sequence[str] | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _team() -> sa.Column[str]:
    return sa.Column("team_key", sa.Text(), sa.ForeignKey("team.team_key", ondelete="CASCADE"), primary_key=True)


def upgrade() -> None:
    op.create_table(
        "lesson_undone",
        _team(),
        sa.Column("lesson_key", sa.Text(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "partner_consent",
        _team(),
        sa.Column("full_id", sa.Text(collation="C"), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("partner_consent_by_lot", "partner_consent", ["full_id"])


def downgrade() -> None:
    op.drop_table("partner_consent")
    op.drop_table("lesson_undone")
