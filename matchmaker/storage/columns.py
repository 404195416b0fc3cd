"""Column types every table uses, spelled once so that Alembic's comparison stays clean."""

from typing import Any

from pgvector.sqlalchemy import HALFVEC
from sqlalchemy import DateTime, Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

VECTOR_DIMENSIONS = 256

Instant: Any = DateTime(timezone=True)
"""A moment, ``timestamptz``; the session's zone is UTC."""

SortText: Any = Text(collation="C")
"""Text ordered by code point: a folded sort key, a code compared by prefix."""

Texts: Any = ARRAY(Text)
Euro: Any = Numeric(18, 2)
Json: Any = JSONB(none_as_null=True)
Vector: Any = HALFVEC(VECTOR_DIMENSIONS)
