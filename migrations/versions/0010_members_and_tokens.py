"""members invited, asking to join, claiming records; tokens for programs

Revision ID: 0010
Revises: 0009
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | Sequence[str] | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _person(name: str = "person_id", ondelete: str = "CASCADE") -> sa.Column[Any]:
    reference = sa.ForeignKey("person.person_id", ondelete=ondelete)
    return sa.Column(name, sa.BigInteger(), reference, nullable=ondelete == "SET NULL")


def _team() -> sa.Column[Any]:
    return sa.Column("team_key", sa.Text(), sa.ForeignKey("team.team_key", ondelete="CASCADE"), nullable=False)


def _moment(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "team_invitation",
        sa.Column("invitation_id", sa.Text(), primary_key=True),
        _team(),
        _person(),
        sa.Column("role", sa.Text(), nullable=False),
        _person("invited_by", "SET NULL"),
        _moment("created_at"),
        _moment("expires_at"),
        _moment("accepted_at", nullable=True),
    )
    op.create_index("team_invitation_by_team", "team_invitation", ["team_key"])
    op.create_index("team_invitation_by_person", "team_invitation", ["person_id"])
    op.create_table(
        "join_request",
        sa.Column("request_id", sa.BigInteger(), sa.Identity(), primary_key=True),
        _team(),
        _person(),
        sa.Column("words", sa.Text(), nullable=False),
        _moment("created_at"),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.UniqueConstraint("team_key", "person_id"),
    )
    op.create_index("join_request_by_person", "join_request", ["person_id"])
    op.create_table(
        "record_claim",
        sa.Column("claim_id", sa.Text(), primary_key=True),
        sa.Column("organisation_key", sa.Text(), sa.ForeignKey("organisation.key", ondelete="CASCADE"), nullable=False),
        _person(),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        _moment("created_at"),
        _moment("expires_at", nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        _moment("decided_at", nullable=True),
    )
    op.create_index("record_claim_by_key", "record_claim", ["organisation_key"])
    op.create_index("record_claim_by_person", "record_claim", ["person_id"])
    op.create_table(
        "api_token",
        sa.Column("token_id", sa.Text(), primary_key=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, unique=True),
        _person(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        _moment("created_at"),
        _moment("expires_at"),
        _moment("revoked_at", nullable=True),
        sa.Column("last_used_on", sa.Date(), nullable=True),
    )
    op.create_index("api_token_by_person", "api_token", ["person_id"])


def downgrade() -> None:
    for table in ("api_token", "record_claim", "join_request", "team_invitation"):
        op.drop_table(table)
