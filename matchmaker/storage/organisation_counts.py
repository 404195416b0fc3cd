"""How many suppliers are known where."""

from collections.abc import Collection, Mapping

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, func, select

from matchmaker.storage.organisation_tables import OrganisationRow
from matchmaker.storage.organisations import visible


async def suppliers_by_country(session: AsyncSession, public_sources: Collection[str]) -> Mapping[str, int]:
    """Visible suppliers by the country (ISO-2) of their base; countries without any are left out."""
    country = col(OrganisationRow.country)
    found = await session.execute(select(country, func.count()).where(visible(public_sources)).group_by(country))
    return {code: count for code, count in found.all() if code}
