"""messages between buyers and suppliers, and soundings before a call

Revision ID: 0011
Revises: 0010
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | Sequence[str] | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _sort_text(name: str, *arguments: Any, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(collation="C"), *arguments, **options)


def _moment(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _team() -> sa.Column[Any]:
    return sa.Column("team_key", sa.Text(), sa.ForeignKey("team.team_key", ondelete="CASCADE"), nullable=False)


def upgrade() -> None:
    _messages()
    _soundings()


def _messages() -> None:
    op.create_table(
        "conversation",
        sa.Column("conversation_id", sa.Text(), primary_key=True),
        _team(),
        sa.Column("team_name", sa.Text(), nullable=False),
        _sort_text("supplier_key", sa.ForeignKey("organisation.key", ondelete="SET NULL"), nullable=True),
        sa.Column("supplier_name", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        _sort_text("lot_id", nullable=True),
        sa.Column("purchase", sa.Text(), nullable=True),
        _moment("opened_at"),
    )
    op.create_index("conversation_by_team", "conversation", ["team_key", "lot_id"])
    op.create_index("conversation_by_supplier", "conversation", ["supplier_key"])
    thread = sa.ForeignKey("conversation.conversation_id", ondelete="CASCADE")
    op.create_table(
        "conversation_message",
        sa.Column("message_id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("conversation_id", sa.Text(), thread, nullable=False),
        sa.Column("from_buyer", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.person_id", ondelete="SET NULL"), nullable=True),
        _moment("at"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=True),
    )
    op.create_index("conversation_message_by_thread", "conversation_message", ["conversation_id", "message_id"])
    op.create_index("ix_conversation_message_person_id", "conversation_message", ["person_id"])
    reader = sa.ForeignKey("person.person_id", ondelete="CASCADE")
    op.create_table(
        "conversation_read",
        sa.Column(
            "conversation_id", sa.Text(), sa.ForeignKey("conversation.conversation_id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("person_id", sa.BigInteger(), reader, primary_key=True),
        _moment("until"),
    )
    op.create_index("ix_conversation_read_person_id", "conversation_read", ["person_id"])
    op.create_table(
        "role_address_use",
        _sort_text("supplier_key", sa.ForeignKey("organisation.key", ondelete="CASCADE"), primary_key=True),
        _moment("at"),
    )


def _soundings() -> None:
    op.create_table(
        "sounding",
        sa.Column("sounding_id", sa.Text(), primary_key=True),
        _team(),
        sa.Column("team_name", sa.Text(), nullable=False),
        _sort_text("lot_id", nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        _moment("opened_at"),
        sa.UniqueConstraint("team_key", "lot_id"),
    )
    op.create_table(
        "sounding_asked",
        sa.Column("sounding_id", sa.Text(), sa.ForeignKey("sounding.sounding_id", ondelete="CASCADE"), primary_key=True),
        _sort_text("supplier_key", sa.ForeignKey("organisation.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("supplier_name", sa.Text(), nullable=False),
        sa.Column("could", sa.Boolean(), nullable=True),
        sa.Column("named", sa.Boolean(), nullable=False),
        _moment("answered_at", nullable=True),
    )
    op.create_index("ix_sounding_asked_supplier_key", "sounding_asked", ["supplier_key"])


def downgrade() -> None:
    for table in ("sounding_asked", "sounding", "role_address_use", "conversation_read", "conversation_message", "conversation"):
        op.drop_table(table)
