"""Candidates: from every visible supplier to the few hundred worth scoring. A superset; scoring decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
import numpy as np
from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.organisation import Organisation
from matchmaker.storage.columns import VECTOR_DIMENSIONS
from matchmaker.storage.nearest_capabilities import Scope, Search, find_keys
from matchmaker.storage.organisation_tables import CapabilityRow, OrganisationRow

__all__ = ["Candidates", "Scope", "Search", "find_candidates", "load_candidates"]

Matrix = np.ndarray[tuple[int, int], np.dtype[np.float32]]

organisation = OrganisationRow.__table__  # type: ignore[attr-defined]
capability = CapabilityRow.__table__  # type: ignore[attr-defined]

_decode = msgspec.json.Decoder(Organisation).decode


@dataclass(frozen=True, slots=True)
class Candidates:
    """Suppliers with their vectors by key: capabilities in the profile's order, a row for each piece (one where not split)."""

    organisations: tuple[Organisation, ...]
    vectors: dict[str, Matrix]


def _any_of(column: ColumnElement[Any], texts: Iterable[str]) -> ColumnElement[bool]:
    return column == func.any(cast(list(texts), ARRAY(Text)))


async def find_candidates(session: AsyncSession, search: Search) -> Candidates:
    """The suppliers worth scoring, in the order of their keys, with what the features need."""
    return await load_candidates(session, await find_keys(session, search))


async def load_candidates(session: AsyncSession, keys: Sequence[str]) -> Candidates:
    """Suppliers by key with their vectors, whoever may see them; unknown keys are left out. Two queries."""
    documents = await session.execute(
        select(cast(organisation.c.doc, Text)).where(_any_of(organisation.c.key, keys)).order_by(organisation.c.key)
    )
    rows = await session.execute(
        select(capability.c.organisation_key, func.halfvec_send(capability.c.vector), capability.c.pieces)
        .where(_any_of(capability.c.organisation_key, keys))
        .order_by(capability.c.organisation_key, capability.c.position)
    )
    packed = [(key, pieces or _turned(vector)) for key, vector, pieces in rows.all()]
    return Candidates(tuple(_decode(text) for (text,) in documents.all()), _by_supplier(packed))


def _turned(vector: bytes | None) -> bytes | None:
    """halfvec's binary form (two 16-bit numbers, then big-endian half floats) as little-endian half floats."""
    return None if vector is None else np.frombuffer(vector, dtype=">f2", offset=4).astype("<f2").tobytes()


def _by_supplier(packed: Sequence[tuple[str, bytes | None]]) -> dict[str, Matrix]:
    """Rows sorted by supplier as one array a supplier; NULL is a zero row, and a supplier with nothing else is left out."""
    empty = bytes(2 * VECTOR_DIMENSIONS)
    rows = np.frombuffer(b"".join(vector or empty for _, vector in packed), dtype="<f2").reshape(-1, VECTOR_DIMENSIONS)
    numbers = rows.astype(np.float32)
    found, start = {}, 0
    for key, group in groupby(packed, key=itemgetter(0)):
        held = [vector for _, vector in group]
        end = start + sum(len(vector or empty) // len(empty) for vector in held)
        if any(held):
            found[key] = numbers[start:end]
        start = end
    return found
