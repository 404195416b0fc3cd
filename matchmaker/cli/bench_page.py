"""``bench page``: how fast a lot's page with its matched suppliers is, in a database of the size the bound speaks of."""

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, cast

import httpx
import typer
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from matchmaker.cli.console import database, err, out, run
from matchmaker.cli.groups import bench
from matchmaker.cli.instance import services
from matchmaker.settings import Settings, read_settings
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.notices import count_notices
from matchmaker.storage.organisations import count_organisations
from matchmaker.web.app import create_app
from matchmaker.web.lot import lot_path

ENOUGH_SUPPLIERS = 25_000
ENOUGH_LOTS = 10_000


def register(_app: typer.Typer) -> None:
    """Adds the command to the group ``bench``."""
    bench.command("page")(page)


def page(
    count: Annotated[int, typer.Option("--lots", help="How many random lots to open.", min=1)] = 60,
    here: Annotated[bool, typer.Option("--here", help="Measure this instance as it is, however little it holds.")] = False,
) -> None:
    """Open random lots' pages, each twice: matches computed, then stored. Fills a temporary instance unless told --here."""
    settings = read_settings()
    if here:
        run(_measure(settings, count))
        return
    with tempfile.TemporaryDirectory(prefix="matchmaker-bench-") as folder:
        Path(folder).chmod(0o755)
        full = replace(settings, home=Path(folder), database_url=None)
        fill_with_all(full)
        run(_measure(full, count))


def fill_with_all(settings: Settings) -> None:
    """Registers, benchmark suppliers and all notices, by the commands a person would use."""
    shared = settings.shared
    commands = (
        ("migrate",),
        ("suppliers", "import", str(shared / "data/suppliers/registers.csv")),
        ("suppliers", "import", str(shared / "benchmark/suppliers.jsonl"), "--source", "benchmark"),
        ("ingest", str(shared / "data/notices")),
    )
    for command in commands:
        err.print(f"matchmaker {' '.join(command)}", markup=False)
        subprocess.run(  # noqa: S603  our own commands
            [sys.executable, "-m", "matchmaker", *command],
            check=True,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "MATCHMAKER_HOME": str(settings.home), "DATABASE_URL": ""},
        )


async def _measure(settings: Settings, count: int) -> None:
    async with database(settings) as sessions:
        async with sessions() as session:
            lots = (await count_notices(session))[1]
            suppliers = await count_organisations(session)
        made = await services(replace(settings, rate_per_minute=0), sessions)
        timed = _Timed(create_app(made))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=cast(Any, timed)), base_url="http://bench") as client:
            addresses = await _addresses(client, lots, count)
            with _counting(sessions) as statements:
                computed = [await _milliseconds(client, timed, address) for address in addresses]
                queries = len(statements) / len(addresses)
                statements.clear()
                stored = [await _milliseconds(client, timed, address) for address in addresses]
                queries_stored = len(statements) / len(addresses)
    enough = suppliers >= ENOUGH_SUPPLIERS and lots >= ENOUGH_LOTS
    out.print(f"{suppliers} suppliers, {lots} lots{'' if enough else ' (fewer than the bound speaks of)'}; {count} random lots")
    out.print(f"matches computed: {_summary(computed)}, {queries:.1f} queries a page")
    out.print(f"matches stored:   {_summary(stored)}, {queries_stored:.1f} queries a page")
    out.print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


async def _addresses(client: httpx.AsyncClient, lots: int, count: int) -> list[str]:
    """Random lots' pages, others each time so that their matches are not stored yet; the application is warm afterwards."""
    chosen: list[str] = []
    pages = random.sample(range(1, max(2, lots // 20)), min(count, max(1, lots // 20 - 1)))
    for number in pages:
        found = (await client.get("/api/lots", params={"page": number})).json()["lots"]
        chosen += [lot_path(lot["id"]) for lot in found[: max(1, count // len(pages) + 1)]]
    (await client.get(chosen[-1])).raise_for_status()
    return chosen[:count]


class _Timed:
    """The application, noting when a page was complete: what it stores afterwards keeps no reader waiting."""

    def __init__(self, app: Any) -> None:
        self.app, self.complete = app, 0.0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def noting(message: Any) -> None:
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                self.complete = time.perf_counter()

        await self.app(scope, receive, noting)


async def _milliseconds(client: httpx.AsyncClient, timed: _Timed, address: str) -> float:
    start = time.perf_counter()
    (await client.get(address)).raise_for_status()
    return (timed.complete - start) * 1000


@contextmanager
def _counting(sessions: SessionMaker) -> Iterator[list[str]]:
    """The statements run while it is open."""
    statements: list[str] = []
    engine: AsyncEngine = sessions.kw["bind"]

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine.sync_engine, "before_cursor_execute", note)


def _summary(milliseconds: list[float]) -> str:
    ordered = sorted(milliseconds)
    middle, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    return f"median {middle:.0f} ms, 95 of 100 within {late:.0f} ms"
