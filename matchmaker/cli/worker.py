"""``worker``: raises alerts and sends mail until it is asked to stop."""

import asyncio
import signal
from datetime import UTC, date, datetime
from typing import Annotated

import structlog
import typer

from matchmaker.alerts.compose import Composer
from matchmaker.alerts.webhooks import HttpPoster
from matchmaker.cli.console import database, run, say
from matchmaker.cli.instance import mailer, match_tools
from matchmaker.cli.logs import set_up_logs
from matchmaker.cli.notices import Today, fixed_day
from matchmaker.domain.messages import Message
from matchmaker.settings import Settings, read_settings
from matchmaker.storage.engine import SessionMaker
from matchmaker.web.security import signing_secret
from matchmaker.workflows.keep_rankings import Rankings
from matchmaker.workflows.keep_working import Round, Worker, tidy_up, work_once

TIDY_EVERY = 3600.0
"""Seconds between two clean-ups."""
LONGEST_PAUSE = 60.0
"""Seconds waited at most after failures in a row, for example while the database is away."""

log = structlog.get_logger("worker")


def register(app: typer.Typer) -> None:
    """Adds the command to ``app``."""
    app.command()(worker)


def worker(
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, then end.")] = False,
    pause: Annotated[float, typer.Option(help="Seconds to wait when there is nothing to do.", min=0.1, max=600)] = 2.0,
    today: Today = None,
) -> None:
    """Raise alerts for new lots, send mail that is due, delete what is past its time. Several may run at once.

    Meanwhile it keeps the matches of open and planned lots up to date (with --once it does not: see match --all).

    Ctrl-C or SIGTERM lets the piece of work at hand finish, then stops.
    """
    settings, day = read_settings(), fixed_day(today)
    set_up_logs(settings.log_json)
    run(_run(settings, once, pause, day))


async def _run(settings: Settings, once: bool, pause: float, day: date | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with database(settings) as sessions:
        made = await _worker(settings, sessions, day)
        if once:
            await _all_that_is_due(made, stop)
            return
        say(Message("The worker is ready. Ctrl-C stops it."))
        await _until(stop, made, pause)
        say(Message("The worker has stopped; nothing is lost."))


async def _worker(settings: Settings, sessions: SessionMaker, day: date | None) -> Worker:
    return Worker(
        sessions=sessions,
        tools=await match_tools(settings, sessions),
        mailer=mailer(settings),
        composer=Composer(settings.base_url, signing_secret(settings), settings.mail_from),
        clock=lambda: datetime.now(UTC),
        quarantine_days=settings.quarantine_days,
        poster=HttpPoster(),
        record_years=settings.record_years,
        audit_years=settings.audit_years,
        day=day,
        evidence_folder=settings.home / "evidence",
    )


async def _all_that_is_due(made: Worker, stop: asyncio.Event) -> None:
    await tidy_up(made)
    while not stop.is_set():
        done = await work_once(made)
        if done.idle:
            return
        _tell(done)


async def _until(stop: asyncio.Event, made: Worker, pause: float) -> None:
    loop = asyncio.get_running_loop()
    next_tidying, failures = loop.time(), 0
    rankings = Rankings(made.sessions, made.tools)
    while not stop.is_set():
        try:
            if loop.time() >= next_tidying:
                await tidy_up(made)
                next_tidying = loop.time() + TIDY_EVERY
            done = await work_once(made)
            wait, failures = 0.0, 0
            if not done.idle:
                _tell(done)
            elif not await rankings.advance(made.day or made.clock().date(), made.clock()):
                wait = pause
        except Exception as mistake:  # a worker outlives a database that restarts and a message that cannot be written
            failures += 1
            wait = min(LONGEST_PAUSE, pause * 2**failures)
            log.error("round failed", error=type(mistake).__name__, failures=failures, next_try_seconds=wait)
        await _wait(stop, wait)


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    if seconds <= 0:
        await asyncio.sleep(0)
        return
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


def _tell(done: Round) -> None:
    sent = done.dispatched
    log.info(
        "round",
        lots=done.raised.lots,
        news=done.raised.news,
        sent=sent.sent,
        retried_later=sent.retried_later,
        failed=sent.failed,
        dropped=sent.dropped,
        unknown=sent.unknown,
        rows_planned=done.planned,
    )
