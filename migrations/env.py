"""Run by Alembic: on the connection it is given, else on the instance's database (DATABASE_URL or the embedded one)."""

import asyncio

from alembic import context
from sqlalchemy import Connection

from matchmaker.cli.console import database_url
from matchmaker.settings import read_settings
from matchmaker.storage.engine import make_engine
from matchmaker.storage.migrating import LOCK_TIMEOUT, prepare
from matchmaker.storage.tables import metadata


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, compare_type=True)
    with context.begin_transaction():
        prepare(connection, context.config.attributes.get("lock_timeout", LOCK_TIMEOUT))
        context.run_migrations()


async def run_on_instance() -> None:
    engine = make_engine(database_url(read_settings()))
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


if (given := context.config.attributes.get("connection")) is not None:
    run(given)
else:
    asyncio.run(run_on_instance())
