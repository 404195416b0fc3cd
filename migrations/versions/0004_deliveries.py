"""news is due at a chosen hour; paused addresses, private feeds, webhooks; answers to lots

Revision ID: 0004
Revises: 0003
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | Sequence[str] | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INSTANT = sa.DateTime(timezone=True)


def _person(**options: object) -> sa.Column[int]:
    return sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.person_id", ondelete="CASCADE"), **options)


def upgrade() -> None:
    op.add_column("outbox_item", sa.Column("due_at", INSTANT, nullable=True))
    op.execute("UPDATE outbox_item SET due_at = created_at")
    op.alter_column("outbox_item", "due_at", nullable=False)
    op.drop_index("outbox_item_open", "outbox_item")
    op.create_index(
        "outbox_item_open", "outbox_item", ["due_at"], postgresql_where=sa.text("message_id IS NULL AND NOT withheld")
    )
    op.create_table(
        "delivery",
        _person(primary_key=True),
        sa.Column("rhythm", sa.Text(), nullable=False),
        sa.Column("hour", sa.SmallInteger(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
    )
    op.create_table(
        "address_pause",
        _person(primary_key=True),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
    )
    op.create_table(
        "feed",
        _person(primary_key=True),
        sa.Column("feed_key", sa.Text(), nullable=False, unique=True),
        sa.Column("made_at", INSTANT, nullable=False),
    )
    op.create_table(
        "webhook",
        _person(primary_key=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("stopped_at", INSTANT, nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
    )
    op.create_table(
        "lot_answer",
        sa.Column("team_key", sa.Text(), sa.ForeignKey("team.team_key", ondelete="CASCADE"), primary_key=True),
        sa.Column("full_id", sa.Text(collation="C"), primary_key=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.person_id", ondelete="SET NULL"), nullable=True),
    )
    op.create_index("lot_answer_by_lot", "lot_answer", ["full_id"])


def downgrade() -> None:
    for table in ("lot_answer", "webhook", "feed", "address_pause", "delivery"):
        op.drop_table(table)
    op.drop_index("outbox_item_open", "outbox_item")
    op.create_index(
        "outbox_item_open", "outbox_item", ["created_at"], postgresql_where=sa.text("message_id IS NULL AND NOT withheld")
    )
    op.drop_column("outbox_item", "due_at")
