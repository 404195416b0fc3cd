"""``bench day``: a day's lots matched, stored and told to those who keep alerts, in an instance of real size."""

import resource
import tempfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from time import perf_counter, process_time
from typing import Annotated

import typer

from matchmaker.cli.bench_page import ENOUGH_SUPPLIERS, fill_with_all
from matchmaker.cli.console import database, out, progress, run
from matchmaker.cli.groups import bench
from matchmaker.cli.instance import match_tools
from matchmaker.cli.match_all import helpers, read_part
from matchmaker.cli.notices import day_of
from matchmaker.settings import Settings, read_settings
from matchmaker.storage.candidates import Scope
from matchmaker.storage.matches import lot_sample
from matchmaker.storage.organisations import count_organisations, organisation_sample
from matchmaker.workflows.match_many import match_many
from matchmaker.workflows.time_matching import Alerts, time_alerts_of_lots

DAY_LOTS, MOST_MINUTES, MOST_MEGABYTES = 3_300, 5.0, 700
"""Lots that TED publishes on a day; how long a run for all of them may take with 25,000 suppliers, and how much memory."""

ONE_IN = 100
"""Suppliers of which one keeps an alert that asks for every lot."""


@dataclass(frozen=True, slots=True)
class _Matched:
    lots: int
    seconds: float
    busy: float
    """Seconds of a core, the database's apart."""
    megabytes: float


def register(_app: typer.Typer) -> None:
    """Adds the command to the group ``bench``."""
    bench.command("day")(day)


def day(
    lots: Annotated[int, typer.Option(help="How many lots the day has.", min=1)] = DAY_LOTS,
    processes: Annotated[int, typer.Option(min=1, max=64, help="How many processes match them.")] = 2,
    here: Annotated[bool, typer.Option("--here", help="Measure this instance, on a day it has no rankings of.")] = False,
    part: Annotated[
        str | None, typer.Option(metavar="N/M", help="Match one part of the lots, 1/2, and say how long it took.")
    ] = None,
    today: Annotated[str | None, typer.Option("--today", metavar="DATE", help="The day it is.")] = None,
) -> None:
    """Match a day's lots with all suppliers, store the rankings, raise the alerts. Fills a temporary instance unless --here."""
    settings, on = read_settings(), day_of(today)
    if part:
        out.print(_line(run(_match(settings, lots, on, read_part(part)))), markup=False)
        return
    if here:
        _measure(settings, lots, on, processes)
        return
    with tempfile.TemporaryDirectory(prefix="matchmaker-bench-") as folder:
        Path(folder).chmod(0o755)
        full = replace(settings, home=Path(folder), database_url=None)
        fill_with_all(full)
        _measure(full, lots, on, processes)


def _measure(settings: Settings, lots: int, today: date, processes: int) -> None:
    arguments = ("bench", "day", "--lots", str(lots), "--today", today.isoformat())
    start = perf_counter()
    with helpers(processes, arguments, settings):
        matched = run(_match(settings, lots, today, slice(0, None, processes)))
    seconds = perf_counter() - start
    out.print(_line(matched), markup=False)
    suppliers, alerts = run(_alerts(settings, lots, today))
    minutes = (seconds + alerts.seconds) / 60
    enough = suppliers >= ENOUGH_SUPPLIERS and lots >= DAY_LOTS
    out.print(f"{suppliers} suppliers, {lots} lots")
    out.print(f"matched and stored by {processes} processes, models loaded: {seconds:.0f} s")
    out.print(
        f"alerts for {alerts.profiles} profiles that ask for every lot: {alerts.seconds:.0f} s, {alerts.news} pieces of news"
    )
    out.print(f"together {minutes:.1f} minutes (target {MOST_MINUTES:.0f}; {_met(minutes <= MOST_MINUTES, enough)})")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    out.print(
        f"peak memory of a process {most:.0f} MB (target {MOST_MEGABYTES}; met: {'yes' if most <= MOST_MEGABYTES else 'no'})"
    )


async def _match(settings: Settings, lots: int, today: date, part: slice) -> _Matched:
    async with database(settings) as sessions:
        tools = await match_tools(settings, sessions)
        async with sessions() as session:
            sample = (await lot_sample(session, lots))[part]
        start, busy, matching = perf_counter(), process_time(), match_many(sessions, sample, tools, today, Scope.EUROPE)
        for _ in progress(sample, len(sample), "Lots"):
            await anext(matching, None)
        seconds, busy = perf_counter() - start, process_time() - busy
    return _Matched(len(sample), seconds, busy, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _line(matched: _Matched) -> str:
    each = 1000 * matched.busy / max(1, matched.lots)
    return (
        f"one process: {matched.lots} lots in {matched.seconds:.0f} s, {each:.0f} ms of a core each,"
        f" peak memory {matched.megabytes:.0f} MB"
    )


def _met(met: bool, enough: bool) -> str:
    return f"met: {'yes' if met else 'no'}{'' if enough else ' (with fewer than the target speaks of)'}"


async def _alerts(settings: Settings, lots: int, today: date) -> tuple[int, Alerts]:
    async with database(settings) as sessions:
        tools = await match_tools(settings, sessions)
        async with sessions() as session:
            suppliers = await count_organisations(session)
            sample = await lot_sample(session, lots)
            keys = await organisation_sample(session, max(1, suppliers // ONE_IN))
        return suppliers, await time_alerts_of_lots(sessions, sample, keys, tools, today)
