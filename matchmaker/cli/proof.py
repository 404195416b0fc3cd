"""``proof``: runs what is too long for the tests and writes one table with commit and machine."""

import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from matchmaker.cli.console import err, out
from matchmaker.settings import read_settings


@dataclass(frozen=True, slots=True)
class Step:
    """One measured command; ``lines`` is how many of its last printed lines are its result."""

    name: str
    arguments: tuple[str, ...]
    lines: int = 1


def steps(shared: Path) -> tuple[Step, ...]:
    """What is run, in order, on an instance made for it; ``shared`` holds the real material."""
    return (
        Step("An empty instance", ("migrate",)),
        Step("Parity over all notices", ("check", "parity", "--differences", "0"), 14),
        Step("Pairs in both schemas", ("check", "parity", "--pairs"), 12),
        Step("Match quality", ("evaluate", "capability", "cpv", "awards", "exposure"), 150),
        Step("Reading notices", ("bench", "read"), 3),
        Step("Taking notices in", ("bench", "take-in", str(shared / "data" / "notices")), 3),
        Step("Matching among many suppliers", ("bench", "match", "--suppliers", "20000", "--lots", "20"), 16),
        Step("A lot's page", ("bench", "page"), 5),
        Step("A day matched, stored and told", ("bench", "day"), 6),
        Step("Lots planned", ("bench", "plan", "--lots", "100"), 6),
        Step("Alerts although everything breaks", ("chaos", "alerts", "--runs", "200"), 2),
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step printed last, how it ended and how long it took (seconds)."""

    step: Step
    passed: bool
    result: str
    seconds: float


def register(app: typer.Typer) -> None:
    """Adds the command to ``app``."""
    app.command()(proof)


def run_step(step: Step, home: Path) -> Outcome:
    """Runs one step as its own process on the instance in ``home``, so that steps cannot warm each other's memory."""
    start = time.monotonic()
    done = subprocess.run(  # noqa: S603  our own command with fixed arguments
        [sys.executable, "-m", "matchmaker", *step.arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "120", "DATABASE_URL": "", "MATCHMAKER_HOME": str(home)},
    )
    printed = done.stdout.strip() or done.stderr.strip()
    result = "\n".join(printed.splitlines()[-step.lines :])
    return Outcome(step, done.returncode == 0, result, time.monotonic() - start)


def commit() -> str:
    """The commit of the checkout, with a mark when files differ from it; ``unknown`` outside one."""
    here = Path(__file__).parent
    done = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=here, capture_output=True, text=True)  # noqa: S607
    return done.stdout.strip() or "unknown"


def machine() -> str:
    """What the figures were measured on, without naming the host."""
    return f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def table(outcomes: list[Outcome]) -> str:
    """The outcomes as one Markdown page."""
    lines = [
        f"# Proof at {commit()}",
        "",
        f"Machine: {machine()}",
        "",
        "| step | command | ended | seconds |",
        "|---|---|---|---|",
    ]
    for outcome in outcomes:
        ended = "passed" if outcome.passed else "FAILED"
        command = "matchmaker " + " ".join(outcome.step.arguments)
        lines.append(f"| {outcome.step.name} | `{command}` | {ended} | {outcome.seconds:.0f} |")
    for outcome in outcomes:
        lines += ["", f"## {outcome.step.name}", "", "```", outcome.result, "```"]
    return "\n".join(lines) + "\n"


def proof(
    only: Annotated[str, typer.Option(help="Run only the steps whose command holds this word.")] = "",
    report: Annotated[Path | None, typer.Option(help="Also write the table to this file.")] = None,
) -> None:
    """Run everything that is too long for the tests and print one table with commit and machine."""
    outcomes = []
    with TemporaryDirectory(prefix="matchmaker-proof-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o755)
        for step in steps(read_settings().shared):
            if only in " ".join(step.arguments) or step.arguments == ("migrate",):
                err.print(f"{step.name} …")
                outcomes.append(run_step(step, home))
    text = table(outcomes)
    out.print(text, markup=False)
    if report:
        report.write_text(text, encoding="utf-8")
    if not all(outcome.passed for outcome in outcomes):
        raise typer.Exit(1)
