"""The migrations that travel with the program make exactly the tables that the code describes."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from matchmaker.domain.errors import Refusal
from matchmaker.storage.engine import make_engine
from matchmaker.storage.migrating import (
    ADVISORY_LOCK,
    current_revision,
    newest_revision,
    require_newest,
    schema_differences,
    upgrade,
)


@pytest.fixture
async def empty(new_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(await new_database("migrating"))
    yield engine
    await engine.dispose()


async def test_an_empty_database_is_refused_until_it_is_migrated(empty: AsyncEngine) -> None:
    with pytest.raises(Refusal) as refused:
        await require_newest(empty)
    assert "migrate" in str(refused.value.next_step)
    await upgrade(empty)
    await require_newest(empty)


async def test_migrated_tables_have_the_form_the_code_describes(empty: AsyncEngine) -> None:
    assert await upgrade(empty) == newest_revision() is not None
    async with empty.connect() as connection:
        assert await connection.run_sync(schema_differences) == []


async def test_a_missing_column_is_noticed(empty: AsyncEngine) -> None:
    await upgrade(empty)
    async with empty.connect() as connection:
        await connection.execute(text("ALTER TABLE lot DROP COLUMN words"))
        assert await connection.run_sync(schema_differences) != []


MIGRATE = "import asyncio, sys; from matchmaker.workflows.migrate import migrate; asyncio.run(migrate(sys.argv[1]))"


async def test_several_processes_may_migrate_at_once(empty: AsyncEngine) -> None:
    command = (sys.executable, "-c", MIGRATE, empty.url.render_as_string(hide_password=False))
    started = [await asyncio.create_subprocess_exec(*command, stderr=subprocess.PIPE) for _ in range(2)]
    results = [(await process.communicate())[1] for process in started]
    assert [process.returncode for process in started] == [0, 0], results
    assert await current_revision(empty) == newest_revision()


async def test_a_migration_that_must_wait_too_long_gives_up_and_changes_nothing(empty: AsyncEngine) -> None:
    async with empty.connect() as other:
        await other.execute(text(f"SELECT pg_advisory_lock({ADVISORY_LOCK})"))
        with pytest.raises(Refusal) as refused:
            await upgrade(empty, lock_timeout="100ms")
        await other.execute(text(f"SELECT pg_advisory_unlock({ADVISORY_LOCK})"))
    assert "Nothing was changed" in str(refused.value.next_step)
    assert await current_revision(empty) is None
