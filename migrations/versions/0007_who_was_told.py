"""find who was told of a lot

Revision ID: 0007
Revises: 0006
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | Sequence[str] | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(
        "outbox_item_by_need",
        "outbox_item",
        [sa.text("(content ->> 'need_id')")],
        postgresql_where=sa.text("kind = 'lot-alert'"),
    )


def downgrade() -> None:
    op.drop_index("outbox_item_by_need", "outbox_item")
