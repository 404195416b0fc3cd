"""Whether the database answers."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession


async def reachable(session: AsyncSession) -> bool:
    """Whether a trivial query comes back."""
    try:
        return (await session.execute(text("SELECT 1"))).scalar() == 1
    except (SQLAlchemyError, OSError):
        return False
