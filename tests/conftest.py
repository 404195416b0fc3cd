"""One embedded PostgreSQL a session, a fresh outer transaction a test."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from matchmaker.storage.embedded import sqlalchemy_url, start_embedded, stop_embedded
from matchmaker.storage.engine import SessionMaker, make_engine
from matchmaker.storage.migrating import upgrade


def shared_folder() -> Path:
    """The folder with real material; a test that needs it skips with a reason where it is missing, except in CI."""
    folder = Path(os.environ.get("MATCHMAKER_SHARED", "../shared"))
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"MATCHMAKER_SHARED: {folder} is not there")
        pytest.skip(f"needs the real notices and registers; set MATCHMAKER_SHARED (looked in {folder})")
    return folder


@pytest.fixture(scope="session")
def shared() -> Path:
    return shared_folder()


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """A database server for this session: DATABASE_URL's, else an embedded one in a temporary folder."""
    if url := os.environ.get("MATCHMAKER_TEST_DATABASE_URL"):
        yield sqlalchemy_url(url)
        return
    home = Path(tempfile.mkdtemp(prefix="matchmaker-test-", dir=os.environ.get("TMPDIR")))
    home.chmod(0o755)
    yield start_embedded(home, durable=False)
    stop_embedded(home)
    shutil.rmtree(home)


@pytest.fixture(scope="session")
def new_database(server_url: str) -> Callable[[str], Awaitable[str]]:
    """Makes an empty database of that name on this session's server, for what must really commit; returns its URL."""

    async def make(name: str) -> str:
        engine = create_async_engine(server_url, isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            await connection.execute(text(f"CREATE DATABASE \"{name}\" TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"))
        await engine.dispose()
        return make_url(server_url).set(database=name).render_as_string(hide_password=False)

    return make


@pytest_asyncio.fixture(scope="session")
async def engine(server_url: str) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(server_url)
    await upgrade(engine)
    yield engine
    await engine.dispose()


@pytest_asyncio.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    async with engine.connect() as connection:
        outer = await connection.begin()
        yield connection
        await outer.rollback()


@pytest_asyncio.fixture
async def sessions(connection: AsyncConnection) -> SessionMaker:
    """A session maker whose commits stay inside this test's outer transaction."""
    return async_sessionmaker(bind=connection, expire_on_commit=False, join_transaction_mode="create_savepoint")


@pytest_asyncio.fixture
async def session(sessions: SessionMaker) -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session
