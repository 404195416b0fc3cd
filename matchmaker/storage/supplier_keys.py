"""The register numbers and names by which stored suppliers are recognised among winners."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.organisation import Organisation
from matchmaker.storage.codec import from_document
from matchmaker.storage.organisation_tables import OrganisationRow
from matchmaker.storage.party_keys import supplier_keys
from matchmaker.storage.procedure_tables import SupplierKeyRow

PORTION = 2000


async def store_supplier_keys(session: AsyncSession, organisations: Sequence[Organisation]) -> None:
    """Replaces the keys of these suppliers, in the transaction of ``session``."""
    keys = [organisation.key for organisation in organisations]
    await session.execute(delete(SupplierKeyRow).where(col(SupplierKeyRow.organisation_key).in_(keys)))
    rows = [
        {"organisation_key": organisation.key, "known_by": known.key, "is_number": known.is_number}
        for organisation in organisations
        for known in supplier_keys(organisation)
    ]
    if rows:
        await session.execute(insert(SupplierKeyRow), rows)


async def store_all_supplier_keys(session: AsyncSession) -> int:
    """The keys of every stored supplier anew; how many suppliers there are."""
    count, last = 0, ""
    while True:
        query = select(col(OrganisationRow.doc)).where(col(OrganisationRow.key) > last).order_by(col(OrganisationRow.key))
        found = [from_document(doc, Organisation) for doc in await session.scalars(query.limit(PORTION))]
        if not found:
            return count
        await store_supplier_keys(session, found)
        count, last = count + len(found), found[-1].key
