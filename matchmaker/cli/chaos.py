"""``chaos``: proofs by breaking things, on a database of their own that is thrown away."""

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from matchmaker.cli.console import err, out, progress, run, say
from matchmaker.domain.messages import Message
from matchmaker.storage.embedded import crash_embedded, start_embedded, stop_embedded
from matchmaker.storage.engine import make_engine, make_sessions
from matchmaker.workflows.chaos_alerts import Outcome, chaos
from matchmaker.workflows.chaos_market import settle_people
from matchmaker.workflows.chaos_worker import default_tools
from matchmaker.workflows.migrate import migrate

chaos_app = typer.Typer(help="Proofs by breaking things, on a database of their own.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    chaos_app.command("alerts")(chaos_alerts)
    app.add_typer(chaos_app, name="chaos")


def chaos_alerts(
    runs: Annotated[int, typer.Option(min=1, help="How many runs.")] = 200,
    seed: Annotated[int, typer.Option(help="Of the dice; the moments at which processes are killed differ all the same.")] = 1,
) -> None:
    """Kill workers with SIGKILL, crash the database, let the mail server misbehave: does every alert arrive?

    Ends with one line of counts; the exit code is 1 when an alert was lost, or came twice without being marked doubtful.
    """
    with tempfile.TemporaryDirectory(prefix="matchmaker-chaos-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o755)  # the database may run as another user, who has to reach its folder
        try:
            outcome = run(_prove(home, runs, seed))
        finally:
            stop_embedded(home)
    for how, times in sorted(outcome.deaths.items()):
        err.print(f"killed {how}: {times}")
    say(Message("Workers killed: %(deaths)s. Database crashes: %(crashes)s.", _numbers(outcome)))
    out.print(outcome.line)
    if not outcome.good:
        raise typer.Exit(1)


def _numbers(outcome: Outcome) -> dict[str, str | int | float]:
    return {"deaths": outcome.deaths.total(), "crashes": outcome.crashes}


async def _prove(home: Path, runs: int, seed: int) -> Outcome:
    url = start_embedded(home)
    await migrate(url)
    engine = make_engine(url)
    sessions = make_sessions(engine)

    async def crash() -> None:
        await asyncio.to_thread(crash_embedded, home)

    try:
        await settle_people(sessions, default_tools().encoder)
        async with chaos(sessions, url, home, seed, crash) as made:
            for number in progress(range(runs), runs, str(Message("Runs"))):
                await made.run(number)
        return made.outcome
    finally:
        await engine.dispose()
