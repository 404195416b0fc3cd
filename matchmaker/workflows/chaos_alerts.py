"""Proof by breaking it: alerts arrive although workers are killed, the mail server misbehaves and the database crashes.

One run publishes lots that concern several people, lets two workers at a time raise and send alerts, kills them with SIGKILL at
chosen commits, at every step of the mail conversation or at any moment, crashes the database now and then, and ends when nothing
waits. Then what the mail server accepted is compared with what had to arrive.
"""

import asyncio
import os
import random
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from matchmaker.alerts.unreliable_server import Accepted, Mood, Step, UnreliableServer, listening
from matchmaker.storage.engine import SessionMaker
from matchmaker.workflows.chaos_market import Expected, nothing_waits, publish_lots, those_doubtful
from matchmaker.workflows.chaos_worker import deaths_file

WORKERS = 2
BROKEN_ROUNDS = 3
"""Rounds of a run in which the mail server misbehaves and workers are killed; then all must arrive."""
MOST_ROUNDS = 40
BETWEEN_ROUNDS = timedelta(hours=13)
"""How far the workers' clock is put forward: past every back-off, and past the time after which a claim is doubtful."""
COMMITS = 8
"""A worker is killed at one of its first commits: raising, claiming, and marking each message."""
CRASH_ONE_IN = 8
WORKER_SECONDS = 120.0
MOODS = (Mood.ACCEPT, Mood.ACCEPT, Mood.ACCEPT, Mood.SLOW, Mood.REFUSE, Mood.DROP_BEFORE, Mood.DROP_AFTER, Mood.DROP_AFTER)


@dataclass
class Outcome:
    """Counts over all runs. An alert is one person and one lot; ``duplicated`` are messages the server accepted more than once,
    or alerts that arrived in two messages; ``unmarked`` those of them that are not marked doubtful; ``deaths`` says where workers
    were killed.
    """

    runs: int = 0
    expected: int = 0
    delivered: int = 0
    duplicated: int = 0
    unmarked: int = 0
    crashes: int = 0
    deaths: Counter[str] = field(default_factory=Counter)

    @property
    def lost(self) -> int:
        """Alerts that never arrived."""
        return self.expected - self.delivered

    @property
    def good(self) -> bool:
        """Whether nothing was lost and nothing came twice unmarked."""
        return self.lost == 0 and self.unmarked == 0

    @property
    def line(self) -> str:
        """The result in one line."""
        return (
            f"runs {self.runs} expected {self.expected} delivered {self.delivered} lost {self.lost}"
            f" duplicated {self.duplicated} unmarked {self.unmarked}"
        )


@dataclass
class Chaos:
    """One proof: its database, its server of mail, its nursery of workers. ``crash`` crashes and restarts the database."""

    sessions: SessionMaker
    server: UnreliableServer
    nursery: Process
    clock_file: Path
    dice: random.Random
    crash: Callable[[], Awaitable[None]] | None
    outcome: Outcome
    alive: set[int] = field(default_factory=set)
    kill_at: Step | None = None

    async def run(self, number: int) -> None:
        """One run, counted in ``outcome``."""
        expected = await publish_lots(self.sessions, number)
        self.server.accepted.clear()
        for turn in range(MOST_ROUNDS):
            await self._round(turn < BROKEN_ROUNDS)
            self._put_clock_forward()
            if turn >= BROKEN_ROUNDS - 1 and await nothing_waits(self.sessions):
                break
        doubtful = await those_doubtful(self.sessions, {mail.message_id for mail in self.server.accepted})
        count(self.outcome, expected, self.server.accepted, doubtful)

    async def _round(self, broken: bool) -> None:
        self.server.mood = (lambda: self.dice.choice(MOODS)) if broken else (lambda: Mood.ACCEPT)
        self.kill_at, words, after = None, "", None
        if broken:
            words, after = self._choose_death()
        for position in range(WORKERS):
            self.alive.add(await self._start(words if position == 0 else ""))
        tasks = [asyncio.create_task(self._kill_after(after))] if after is not None else []
        if broken and self.crash is not None and self.dice.randrange(CRASH_ONE_IN) == 0:
            tasks.append(asyncio.create_task(self._crash_after(self.dice.random() * 0.3)))
        await self._until_all_ended()
        for task in tasks:
            await task

    def _choose_death(self) -> tuple[str, float | None]:
        """How one of the workers is to die: at a commit (words for the nursery), at a step, or after some seconds."""
        kind = self.dice.choice(("commit", "commit", "step", "moment"))
        if kind == "commit":
            return f"{self.dice.choice(('before', 'after'))} {self.dice.randint(1, COMMITS)}", None
        if kind == "step":
            self.kill_at = self.dice.choice(tuple(Step))
            return "", None
        return "", self.dice.random() * 0.5

    def at_step(self, step: Step) -> None:
        """Called by the mail server: kills every worker when it is the step chosen."""
        if step is self.kill_at:
            self.kill_at = None
            self.outcome.deaths[f"at {step.value}"] += 1
            for process in tuple(self.alive):
                _kill(process)

    async def _kill_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        living = [process for process in sorted(self.alive) if _is_alive(process)]
        if living:
            self.outcome.deaths["at some moment"] += 1
            _kill(self.dice.choice(living))

    async def _crash_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if self.crash is not None:
            await self.crash()
            self.outcome.crashes += 1

    async def _start(self, words: str) -> int:
        if self.nursery.stdin is None or self.nursery.stdout is None:
            raise RuntimeError("the nursery has no pipes")
        self.nursery.stdin.write(f"go {words}\n".encode())
        await self.nursery.stdin.drain()
        return int(await self.nursery.stdout.readline())

    async def _until_all_ended(self) -> None:
        async with asyncio.timeout(WORKER_SECONDS):
            while self.alive:
                self.alive = {process for process in self.alive if _is_alive(process)}
                await asyncio.sleep(0.01)

    def _put_clock_forward(self) -> None:
        ahead = float(self.clock_file.read_text()) + BETWEEN_ROUNDS.total_seconds()
        draft = self.clock_file.with_suffix(".new")
        draft.write_text(str(ahead))
        draft.replace(self.clock_file)


def count(outcome: Outcome, expected: Expected, accepted: list[Accepted], doubtful: set[str]) -> None:
    """Adds one run: what had to arrive against what the server accepted."""
    times = Counter(mail.message_id for mail in accepted)
    messages_of: dict[tuple[str, str], set[str]] = {}
    for mail in accepted:
        for lot in expected.lots:
            if f"/lots/{lot}" in mail.text:
                messages_of.setdefault((mail.to, lot), set()).add(mail.message_id)
    twice = [message for message, number in times.items() if number > 1]
    in_two = [alert for alert, messages in messages_of.items() if len(messages) > 1]
    wanted = {(person, lot) for person in expected.people for lot in expected.lots}
    outcome.runs += 1
    outcome.expected += len(wanted)
    outcome.delivered += len(wanted & set(messages_of))
    outcome.duplicated += len(twice) + len(in_two)
    outcome.unmarked += sum(message not in doubtful for message in twice) + len(in_two)


@asynccontextmanager
async def chaos(
    sessions: SessionMaker, database_url: str, folder: Path, seed: int, crash: Callable[[], Awaitable[None]] | None
) -> AsyncIterator[Chaos]:
    """A proof ready to run; ``folder`` holds the workers' clock."""
    clock_file = folder / "clock"
    clock_file.write_text("0")
    async with listening(UnreliableServer()) as server:
        nursery = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "matchmaker.workflows.chaos_worker", database_url, str(server.port), str(clock_file)),
            stdin=PIPE,
            stdout=PIPE,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        made = Chaos(sessions, server, nursery, clock_file, random.Random(seed), crash, Outcome())  # noqa: S311  a proof, no secret
        server.at_step = made.at_step
        try:
            if nursery.stdout is None or (await nursery.stdout.readline()).strip() != b"ready":
                raise RuntimeError("the workers' process did not start")
            yield made
            with suppress(FileNotFoundError):
                made.outcome.deaths.update(deaths_file(clock_file).read_text().splitlines())
        finally:
            with suppress(ProcessLookupError):
                nursery.kill()
            await nursery.wait()


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
