"""capability: the vector before the other columns of varying length

A scan of all vectors otherwise walks over four texts and lists in every row to reach it, which costs as much as comparing.

Revision ID: 0002
Revises: 0001
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE capability RENAME TO capability_before")
    op.execute("ALTER TABLE capability_before RENAME CONSTRAINT capability_pkey TO capability_before_pkey")
    op.execute(
        "ALTER TABLE capability_before"
        " RENAME CONSTRAINT capability_organisation_key_fkey TO capability_before_organisation_key_fkey"
    )
    op.execute(
        'CREATE TABLE capability (organisation_key text COLLATE "C" NOT NULL, position integer NOT NULL, vector halfvec(256),'
        " code_words text[] NOT NULL, places text[] NOT NULL, text text NOT NULL, language text, cpvs text[] NOT NULL,"
        " pieces bytea, CONSTRAINT capability_pkey PRIMARY KEY (organisation_key, position),"
        " CONSTRAINT capability_organisation_key_fkey"
        " FOREIGN KEY (organisation_key) REFERENCES organisation (key) ON DELETE CASCADE)"
    )
    columns = "organisation_key, position, text, language, cpvs, code_words, places, vector, pieces"
    op.execute(f"INSERT INTO capability ({columns}) SELECT {columns} FROM capability_before")  # noqa: S608  our own names
    op.execute("DROP TABLE capability_before")
    op.create_index("ix_capability_code_words", "capability", ["code_words"], unique=False, postgresql_using="gin")
    op.create_index("ix_capability_places", "capability", ["places"], unique=False, postgresql_using="gin")


def downgrade() -> None:
    """Nothing: the tables of the former revision are the same but for the order of columns, which no query relies on."""
