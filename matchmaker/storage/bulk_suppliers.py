"""Many invented suppliers at once, by COPY: what measuring speed at the size of Europe is done with."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Index, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.schema import CreateIndex, DropIndex

from matchmaker.domain.organisation import Organisation
from matchmaker.storage.codec import json_text
from matchmaker.storage.columns import VECTOR_DIMENSIONS
from matchmaker.storage.copying import copy_rows, driver_of
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.lot_columns import Conversions
from matchmaker.storage.organisation_columns import capability_columns, organisation_columns
from matchmaker.storage.organisation_tables import CapabilityRow, OrganisationRow

organisation = OrganisationRow.__table__  # type: ignore[attr-defined]
capability = CapabilityRow.__table__  # type: ignore[attr-defined]

HEADER = np.array([VECTOR_DIMENSIONS, 0], dtype=">u2").tobytes()
"""What a half-precision vector's binary form begins with: its length, and two unused bytes."""


@asynccontextmanager
async def half_vectors(session: AsyncSession) -> AsyncIterator[Any]:
    """The driver's own connection of the session's transaction, taking vectors in their binary form meanwhile."""
    driver = await driver_of(session)
    extension = "SELECT nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname = 'vector'"
    schema = await session.scalar(text(extension))
    await driver.set_type_codec("halfvec", schema=schema, encoder=bytes, decoder=bytes, format="binary")
    try:
        yield driver
    finally:
        await driver.reset_type_codec("halfvec", schema=schema)


async def copy_suppliers(
    session: AsyncSession,
    suppliers: Sequence[Organisation],
    vectors: NDArray[np.float32],
    conversions: Conversions,
    encoder: str,
    at: datetime,
) -> None:
    """Writes suppliers that are not stored yet, in the transaction of ``session``.

    ``vectors`` is ``(suppliers, capabilities, 256)``. That each capability has its supplier is not checked row by row.
    """
    await session.execute(text("SET LOCAL session_replication_role = replica"))
    common = {"encoder": encoder, "version": 1, "updated_at": at, "objected_at": None}
    rows, capabilities = [], []
    for supplier, given in zip(suppliers, vectors, strict=True):
        row = organisation_columns(supplier, conversions) | common
        for capability_row in capability_columns(supplier, None, row):
            packed = HEADER + given[capability_row["position"]].astype(">f2").tobytes()
            capabilities.append(capability_row | {"vector": packed})
        rows.append(row | {"doc": json_text(row["doc"])})
    async with half_vectors(session):
        await copy_rows(session, OrganisationRow.__tablename__, rows)
        await copy_rows(session, CapabilityRow.__tablename__, capabilities)


async def count_by_source(session: AsyncSession) -> dict[str, int]:
    """How many suppliers each source has."""
    counted = select(organisation.c.source, func.count().label("count")).group_by(organisation.c.source)
    return {source: number for source, number in (await session.execute(counted)).all()}  # noqa: C416  a row is no pair for mypy


async def first_source_id(session: AsyncSession, source: str) -> str | None:
    """The identifier of any one supplier of a source."""
    found = select(organisation.c.source_id).where(organisation.c.source == source).limit(1)
    return await session.scalar(found)


NOT_REMADE = frozenset({"ix_organisation_words"})
"""What a person's search by words needs and matching does not; of millions it takes longer to make than all others."""


def _indexes() -> list[Index]:
    """Of both tables, without their primary keys."""
    return sorted((*organisation.indexes, *capability.indexes), key=lambda index: str(index.name))


async def drop_indexes(sessions: SessionMaker) -> None:
    """Before a long COPY: keeping trigram and code indexes current row by row takes many times as long as making them after."""
    async with transaction(sessions) as session:
        for index in _indexes():
            await session.execute(DropIndex(index, if_exists=True))


async def make_indexes(sessions: SessionMaker) -> None:
    """Makes those that are missing, then lets the server look at the tables and mark what everybody may read."""
    async with transaction(sessions) as session:
        await session.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
        for index in _indexes():
            if index.name not in NOT_REMADE:
                await session.execute(CreateIndex(index, if_not_exists=True))
    async with sessions() as session:
        connection = await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        await connection.execute(text("VACUUM (ANALYZE) organisation, capability"))
