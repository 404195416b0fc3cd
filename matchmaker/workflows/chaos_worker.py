"""Workers to be killed: one process loads the tools once and forks a worker for each line it is told.

``python -m matchmaker.workflows.chaos_worker DATABASE_URL SMTP_PORT CLOCK_FILE``; a line ``go`` starts a worker that works until
there is nothing to do, ``go before 3`` one that kills itself with SIGKILL just before its third commit, ``go after 3`` just after
it. The worker's process number is answered. The file holds the seconds by which the workers' clock runs ahead.
"""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from matchmaker.alerts.compose import Composer
from matchmaker.alerts.mailers import SmtpMailer
from matchmaker.alerts.unreliable_server import HOST
from matchmaker.reference.bundle import core_reference
from matchmaker.scoring.capability import default_capability
from matchmaker.scoring.encoder import default_encoder
from matchmaker.storage.engine import make_engine, make_sessions
from matchmaker.workflows.keep_working import Worker, work_once
from matchmaker.workflows.tools import MatchTools

DAY = date(2026, 11, 24)
"""The day all lots of the proof are open."""
SENDER = "alerts@matchmaker.example"
MOST_FAILURES = 60
"""Failures in a row, a twentieth of a second apart, after which a worker takes the database to be gone for good."""


@dataclass(frozen=True, slots=True)
class Nursery:
    """What all workers share."""

    database_url: str
    smtp_port: int
    clock_file: Path
    tools: MatchTools

    def now(self) -> datetime:
        """The moment it is taken to be."""
        return datetime.now(UTC) + timedelta(seconds=float(self.clock_file.read_text()))


def default_tools() -> MatchTools:
    """Our core tables and the weights of the package."""
    return MatchTools(core_reference(), default_encoder(), default_capability(), frozenset())


def main(arguments: list[str]) -> None:
    """Loads the tools, then forks workers as told until its input ends."""
    url, port, clock_file = arguments
    nursery = Nursery(url, int(port), Path(clock_file), default_tools())
    nursery.tools.encoder.encode(["warm"])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them: the kernel may bury the dead
    _answer("ready")
    for line in sys.stdin:
        words = line.split()
        child = os.fork()
        if child == 0:
            _be_a_worker(nursery, words[1:])
        _answer(str(child))


def _answer(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _be_a_worker(nursery: Nursery, death: list[str]) -> None:
    status = 1
    with suppress(BaseException):
        if death:
            die_at_commit(death[0], int(death[1]), deaths_file(nursery.clock_file))
        asyncio.run(_work(nursery))
        status = 0
    os._exit(status)


def deaths_file(clock_file: Path) -> Path:
    """Where a worker writes how it dies, one line each: it may end before it gets that far."""
    return clock_file.with_name("deaths")


def die_at_commit(when: str, number: int, deaths: Path) -> None:
    """Kills this process ``before`` or ``after`` its commit with that number, and says so in ``deaths``."""
    seen = 0

    def at_commit(_: Session) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            with deaths.open("a") as lines:
                lines.write(f"{when} commit {number}\n")
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Session, f"{when}_commit", at_commit)


async def _work(nursery: Nursery) -> None:
    engine = make_engine(nursery.database_url, pool_size=2)
    worker = Worker(
        sessions=make_sessions(engine),
        tools=nursery.tools,
        mailer=SmtpMailer(HOST, nursery.smtp_port, SENDER, timeout=5),
        composer=Composer("https://matchmaker.example", "a key for proofs only, nothing is signed in with it", SENDER),
        clock=nursery.now,
        quarantine_days=30,
        day=DAY,
    )
    try:
        await _until_idle(worker)
    finally:
        await engine.dispose()


async def _until_idle(worker: Worker) -> None:
    failures = 0
    while failures < MOST_FAILURES:
        try:
            if (await work_once(worker)).idle:
                return
            failures = 0
        except (SQLAlchemyError, OSError, ExceptionGroup):  # the database is being restarted: a worker outlives that
            failures += 1
            await asyncio.sleep(0.05)


if __name__ == "__main__":
    main(sys.argv[1:])
