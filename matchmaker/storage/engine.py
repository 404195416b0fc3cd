"""Engine and sessions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message

NO_TEXT = frozenset({"22021", "22P05"})
"""SQLSTATEs of PostgreSQL for text it cannot hold: a zero byte, in text and in JSON. Only programs send such."""

SessionMaker = async_sessionmaker[AsyncSession]


def make_engine(url: str, pool_size: int = 10) -> AsyncEngine:
    """An engine over asyncpg; ``url`` as SQLAlchemy wants it. JIT is off: our queries are short.

    JSON is read and written by msgspec, several times faster than the standard library: a page of matches reads some hundred
    kilobytes.
    """
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        pool_pre_ping=True,
        json_serializer=_json_text,
        json_deserializer=msgspec.json.decode,
        connect_args={"server_settings": {"jit": "off", "timezone": "UTC", "application_name": "matchmaker"}},
    )
    event.listen(engine.sync_engine, "handle_error", _refuse_what_is_no_text)
    return engine


def _refuse_what_is_no_text(context: ExceptionContext) -> None:
    """Text that no database row can hold is the sender's mistake, wherever it came in.

    Raises:
        InvalidValue: instead of the driver's error.
    """
    if getattr(context.original_exception, "sqlstate", None) in NO_TEXT:
        raise InvalidValue(
            Message("A part of the address or of what was sent is not valid."),
            Message("Check it, or start from the home page."),
        ) from context.original_exception


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
