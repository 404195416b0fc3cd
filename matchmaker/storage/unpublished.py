"""Records that were begun and never published."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.storage.organisation_tables import OrganisationRow
from matchmaker.storage.people import TeamRow


async def delete_unpublished(session: AsyncSession, source: str, untouched_since: datetime) -> int:
    """Deletes unclaimed records of ``source`` last changed before the moment, with their teams; how many."""
    keys = list(
        await session.scalars(
            delete(OrganisationRow)
            .where(
                col(OrganisationRow.source) == source,
                ~col(OrganisationRow.claimed),
                col(OrganisationRow.updated_at) < untouched_since,
            )
            .returning(col(OrganisationRow.key))
        )
    )
    await session.execute(delete(TeamRow).where(col(TeamRow.team_key).in_(keys)))
    return len(keys)
