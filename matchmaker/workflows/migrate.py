"""Bring the database to the newest form."""

from matchmaker.storage.engine import make_engine
from matchmaker.storage.migrating import current_revision, schema_differences, upgrade


async def migrate(url: str) -> tuple[str | None, str | None]:
    """The revision before and after; safe to run from several processes at once.

    Raises:
        Refusal: the database could not be changed; nothing was.
    """
    engine = make_engine(url, pool_size=1)
    try:
        before = await current_revision(engine)
        return before, await upgrade(engine)
    finally:
        await engine.dispose()


async def differences(url: str) -> list[object]:
    """What a migration would still have to change so that the database has the form of the tables in the code."""
    engine = make_engine(url, pool_size=1)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(schema_differences)
    finally:
        await engine.dispose()
