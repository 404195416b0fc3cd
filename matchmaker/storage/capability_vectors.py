"""Vectors of capabilities, and which encoder made them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.organisation import Organisation
from matchmaker.storage.codec import from_document
from matchmaker.storage.organisation_columns import vector_columns
from matchmaker.storage.organisation_tables import CapabilityRow, OrganisationRow


def _outdated(encoder: str) -> ColumnElement[bool]:
    return col(OrganisationRow.encoder).is_distinct_from(encoder)


async def count_outdated(session: AsyncSession, encoder: str) -> int:
    """How many suppliers' vectors are not of this encoder."""
    query = select(func.count()).select_from(OrganisationRow).where(_outdated(encoder))
    return (await session.execute(query)).scalar_one()


async def outdated_organisations(session: AsyncSession, encoder: str, limit: int) -> list[Organisation]:
    """Some suppliers whose vectors are not of this encoder, locked against other processes that do the same."""
    query = select(col(OrganisationRow.doc)).where(_outdated(encoder)).order_by(col(OrganisationRow.key)).limit(limit)
    docs = await session.scalars(query.with_for_update(skip_locked=True))
    return [from_document(doc, Organisation) for doc in docs]


async def save_vectors(session: AsyncSession, vectors: Mapping[str, Sequence[Any]], encoder: str) -> None:
    """Stores what was made for each capability, in order, by supplier key: one vector, or an array with a row for each piece."""
    rows = [
        {"organisation_key": key, "position": position, **vector_columns(vector)}
        for key, found in vectors.items()
        for position, vector in enumerate(found)
    ]
    if rows:
        await session.execute(update(CapabilityRow), rows)
    marked = update(OrganisationRow).where(col(OrganisationRow.key).in_(list(vectors))).values(encoder=encoder)
    await session.execute(marked.execution_options(synchronize_session=False))
