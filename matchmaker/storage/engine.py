"""Engine and sessions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

SessionMaker = async_sessionmaker[AsyncSession]


def make_engine(url: str, pool_size: int = 10) -> AsyncEngine:
    """An engine over asyncpg; ``url`` as SQLAlchemy wants it. JIT is off: our queries are short.

    JSON is read and written by msgspec, several times faster than the standard library: a page of matches reads some hundred
    kilobytes.
    """
    return create_async_engine(
        url,
        pool_size=pool_size,
        pool_pre_ping=True,
        json_serializer=_json_text,
        json_deserializer=msgspec.json.decode,
        connect_args={"server_settings": {"jit": "off", "timezone": "UTC", "application_name": "matchmaker"}},
    )


def _json_text(value: object) -> str:
    return msgspec.json.encode(value).decode()


def make_sessions(engine: AsyncEngine) -> SessionMaker:
    """Sessions whose objects stay readable after commit."""
    return async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def transaction(sessions: SessionMaker) -> AsyncIterator[AsyncSession]:
    """One transaction: committed at the end, rolled back on any error."""
    async with sessions() as session, session.begin():
        yield session
