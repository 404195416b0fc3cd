import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import text

from matchmaker.storage.engine import make_engine, make_sessions
from matchmaker.storage.statistics import WORTHWHILE, refresh_statistics
from matchmaker.workflows.migrate import migrate


async def test_the_planner_knows_the_tables_after_many_rows_and_not_after_few(
    new_database: Callable[[str], Awaitable[str]],
) -> None:
    url = await new_database("statistics")
    await asyncio.to_thread(asyncio.run, migrate(url))
    engine = make_engine(url)
    sessions = make_sessions(engine)

    async def looked_at() -> int:
        async with sessions() as session:
            seen = text("SELECT count(*) FROM pg_class WHERE relname IN ('lot', 'organisation') AND reltuples >= 0")
            return int((await session.execute(seen)).scalar_one())

    await refresh_statistics(sessions, WORTHWHILE - 1)
    assert await looked_at() == 0
    await refresh_statistics(sessions, WORTHWHILE)
    assert await looked_at() == 2
    await engine.dispose()
