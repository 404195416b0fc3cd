"""Brings a database to the newest form with Alembic, one process at a time, never waiting long for a lock."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from matchmaker.domain.errors import Refusal
from matchmaker.domain.messages import Message
from matchmaker.package_files import folder
from matchmaker.storage.tables import metadata

EXTENSIONS = ("vector", "pg_trgm", "unaccent", "btree_gin")
ADVISORY_LOCK = 7_262_417
"""Any number, the same in every version: two migrating processes wait for each other."""

LOCK_TIMEOUT = "15s"
STATEMENT_TIMEOUT = "15min"


def configuration(migrations: Path | None = None) -> Config:
    """Alembic's configuration; no file is needed. ``migrations`` defaults to those of the program."""
    config = Config()
    config.set_main_option("script_location", str(migrations or folder("migrations")).replace("%", "%%"))
    return config


def prepare(connection: Connection, lock_timeout: str = LOCK_TIMEOUT) -> None:
    """Time limits and the lock for the running transaction, then the extensions; called by ``migrations/env.py``.

    The extensions are made only where missing, so that an ordinary role can migrate once they are there.
    """
    connection.execute(text(f"SET LOCAL lock_timeout = '{lock_timeout}'"))
    connection.execute(text(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT}'"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ADVISORY_LOCK})
    for extension in EXTENSIONS:
        connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {extension}"))


def newest_revision() -> str | None:
    """The revision this program expects; None when it brings none."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


async def current_revision(engine: AsyncEngine) -> str | None:
    """The revision the database is at; None for an empty one."""
    async with engine.connect() as connection:
        return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())


async def require_newest(engine: AsyncEngine) -> None:
    """Raises:
    Refusal: the database lacks what this version of the program needs.
    """
    newest = newest_revision()
    if newest is not None and await current_revision(engine) != newest:
        raise Refusal(
            Message("The database is not in the form this version needs."),
            Message("Run “matchmaker migrate” first; it keeps what is stored."),
        )


async def upgrade(engine: AsyncEngine, lock_timeout: str = LOCK_TIMEOUT) -> str | None:
    """Brings the database to the newest revision, which it returns; safe to call from several processes.

    Raises:
        Refusal: another process keeps a table locked, or the role may not make the extensions.
    """

    def run(connection: Connection) -> None:
        config = configuration()
        config.attributes["connection"] = connection
        config.attributes["lock_timeout"] = lock_timeout
        command.upgrade(config, "head")

    try:
        async with engine.begin() as connection:
            await connection.run_sync(run)
    except DBAPIError as error:
        raise Refusal(
            Message("The database could not be brought to the newest form: %(reason)s", {"reason": str(error.orig)}),
            Message("Nothing was changed. Stop other processes that use it, check the role's rights, then run migrate again."),
        ) from error
    return await current_revision(engine)


def schema_differences(connection: Connection) -> list[object]:
    """What Alembic would still change so that the database has the form of the tables in the code; empty when equal."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))
