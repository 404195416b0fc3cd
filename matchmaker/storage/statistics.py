"""The planner's statistics, brought up to date after many rows were written at once."""

from sqlalchemy import text

from matchmaker.storage.engine import SessionMaker, transaction

WORTHWHILE = 500
"""Fewer rows change no plan; the server's own housekeeping sees to them within minutes."""


async def refresh_statistics(sessions: SessionMaker, written: int) -> None:
    """Lets the server look at the large tables when ``written`` rows are worth it; well under a second."""
    if written >= WORTHWHILE:
        async with transaction(sessions) as session:
            await session.execute(text("ANALYZE notice, lot, organisation, capability"))
