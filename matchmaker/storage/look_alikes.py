"""Public suppliers that may be the same organisation as one that is about to be registered."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.organisation import Organisation
from matchmaker.storage.codec import from_document
from matchmaker.storage.organisation_tables import OrganisationRow
from matchmaker.storage.organisations import visible
from matchmaker.storage.organisations_search import OrganisationFilter, search_organisations
from matchmaker.storage.party_keys import supplier_keys
from matchmaker.storage.procedure_tables import SupplierKeyRow


async def organisations_like(
    session: AsyncSession, wanted: Organisation, public_sources: Collection[str], limit: int
) -> list[Organisation]:
    """Up to ``limit``: those with its register number or name first, then those whose text has all words of its name."""
    known = [each.key for each in supplier_keys(wanted)]
    query = (
        select(col(OrganisationRow.doc))
        .join(SupplierKeyRow, col(SupplierKeyRow.organisation_key) == col(OrganisationRow.key))
        .where(col(SupplierKeyRow.known_by).in_(known), visible(public_sources))
        .order_by(col(SupplierKeyRow.is_number).desc(), col(OrganisationRow.key))
        .limit(limit)
    )
    found = [from_document(doc, Organisation) for doc in await session.scalars(query)]
    similar = await search_organisations(
        session, OrganisationFilter(words=wanted.name, country=wanted.base.country), 1, limit, public_sources
    )
    by_key = {each.key: each for each in (*found, *similar.rows)}
    return list(by_key.values())[:limit]
