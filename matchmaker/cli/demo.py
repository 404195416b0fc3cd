"""``demo``: the whole service on one machine with example data, in one command."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated
from urllib.parse import urlsplit

import typer

from matchmaker.cli.console import database_url, err, run, say
from matchmaker.cli.instance import services
from matchmaker.cli.logs import set_up_logs
from matchmaker.cli.notices import Today, fixed_day
from matchmaker.cli.serve import server_of
from matchmaker.domain.access import Role
from matchmaker.domain.errors import Refusal
from matchmaker.domain.messages import Message
from matchmaker.scoring.cpv_prediction import default_suggester
from matchmaker.settings import Settings, read_settings
from matchmaker.storage.engine import make_engine, make_sessions
from matchmaker.web.app import create_app
from matchmaker.web.services import Services
from matchmaker.web.sign_in import ROLES
from matchmaker.workflows.demo_desk import fill_demo_desk
from matchmaker.workflows.demo_people import demo_links
from matchmaker.workflows.demo_purchase_plan import fill_demo_purchase_plan
from matchmaker.workflows.load_examples import examples_stored, load_examples, lots_of_examples, match_examples, stale
from matchmaker.workflows.migrate import migrate

HOST = "127.0.0.1"
STOP_SECONDS = 8


def register(app: typer.Typer) -> None:
    """Adds the command to ``app``."""
    app.command()(demo)


def demo(
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the site, or only prepare it and end.")] = True,
    port: Annotated[int | None, typer.Option(help="Port to listen on; default that of MATCHMAKER_BASE_URL.", min=1)] = None,
    refresh: Annotated[bool, typer.Option("--refresh", help="Give the example notices fresh dates.")] = False,
    today: Today = None,
) -> None:
    """Try everything here: database, example data, site and worker. Ctrl-C stops all of it and keeps the data."""
    settings, day = read_settings(), fixed_day(today)
    if port is not None:
        settings = replace(settings, base_url=f"http://{HOST}:{port}")
    set_up_logs(settings.log_json)
    with _listener(settings) if serve else contextlib.nullcontext() as listener:
        run(_demo(settings, listener, refresh, day))


@contextlib.contextmanager
def _listener(settings: Settings) -> Iterator[socket.socket]:
    """The port, taken before anything long begins."""
    number = urlsplit(settings.base_url).port or 8000
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, number))
        except OSError as error:
            raise Refusal(
                Message("Port %(port)s cannot be used: %(reason)s.", {"port": number, "reason": str(error.strerror)}),
                Message("Stop what uses it, or choose another one: matchmaker demo --port %(port)s", {"port": number + 1}),
            ) from error
        yield listener


async def _demo(settings: Settings, listener: socket.socket | None, refresh: bool, day: date | None) -> None:
    url = database_url(settings)
    await migrate(url)
    engine = make_engine(url)
    try:
        made = await services(settings, make_sessions(engine), day)
        await _prepare(made, refresh)
        if listener is None:
            say(Message("Everything is ready. “make demo” or “matchmaker demo” serves it."))
            return
        await _serve(made, listener)
    finally:
        await engine.dispose()


async def _prepare(made: Services, refresh: bool) -> None:
    stored = await examples_stored(made.sessions)
    if stored and not refresh and stale(stored, made.clock()):
        refresh = _wants_fresh_dates((made.clock() - stored.taken_in_at).days)
    if stored and not refresh:
        say(Message("The example data are there: %(count)s notices.", {"count": stored.notices}))
        return
    say(Message("Loading example suppliers and notices, written for this project …"))
    loaded = await load_examples(made.sessions, made.tools, made.today, made.clock())
    counts = {"suppliers": loaded.suppliers, "notices": loaded.notices, "lots": loaded.lots}
    say(Message("%(suppliers)s suppliers, %(notices)s notices with %(lots)s lots stored.", counts))
    lots = await lots_of_examples(made.sessions)
    matched = 0
    async for _ in match_examples(made.sessions, lots, made.tools, made.today):
        matched += 1
        if err.is_terminal:
            err.print(str(Message("%(count)s of %(total)s lots matched", {"count": matched, "total": len(lots)})), end="\r")
    say(Message("%(count)s lots matched with the suppliers.", {"count": matched}))
    if made.settings.demo:
        await fill_demo_desk(made.sessions, made.tools, made.today, made.clock())
        await fill_demo_purchase_plan(made.sessions, made.tools, default_suggester(), made.today, made.clock())


def _wants_fresh_dates(days: int) -> bool:
    """Asks on a terminal; elsewhere says how."""
    question = Message("The dates of the example notices are %(days)s days old.", {"days": days})
    if sys.stdin.isatty():
        return typer.confirm(f"{question} {Message('Give them fresh dates?')}", default=True)
    say(question)
    say(Message("“matchmaker demo --refresh” gives them fresh ones."))
    return False


async def _serve(made: Services, listener: socket.socket) -> None:
    links = await demo_links(made.sessions, made.settings.base_url, made.clock()) if made.settings.demo else []
    server = server_of(create_app(made), HOST, listener.getsockname()[1])
    async with _worker(made):
        _show(made.settings, links)
        await server.serve(sockets=[listener])
    say(Message("Stopped. The data are kept in %(folder)s.", {"folder": str(made.settings.home)}))


@contextlib.asynccontextmanager
async def _worker(made: Services) -> AsyncIterator[Process]:
    """The worker as a process of the same group, so that Ctrl-C reaches it too; not while it is still starting."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "matchmaker", "worker", *(("--today", made.day.isoformat()) if made.day else ())),
        env=os.environ | {"MATCHMAKER_BASE_URL": made.settings.base_url},
        preexec_fn=_without_interrupts,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()


def _without_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _show(settings: Settings, links: Sequence[tuple[Role, str]]) -> None:
    say(Message("Matchmaker is at %(address)s", {"address": settings.base_url}))
    if links:
        say(Message("Sign in without a mail, good for a day:"))
        for role, link in links:
            say(Message("  %(role)s: %(link)s", {"role": str(ROLES[role]), "link": link}))
    else:
        say(Message("Sign-in links are printed when MATCHMAKER_DEMO=1 is set, as “make demo” does."))
    say(Message("Mails are written to %(folder)s. Ctrl-C stops everything.", {"folder": str(settings.home / "mail")}))
