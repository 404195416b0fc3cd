"""officers let into a purchase plan

Revision ID: 0012
Revises: 0011
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | Sequence[str] | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "purchase_plan_reader",
        sa.Column("plan_id", sa.Text(), sa.ForeignKey("purchase_plan.plan_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.person_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("purchase_plan_reader_by_person", "purchase_plan_reader", ["person_id"])


def downgrade() -> None:
    op.drop_table("purchase_plan_reader")
