"""``bench plan``: how fast one lot is planned, with however many suppliers this instance holds."""

import time
from datetime import date
from typing import Annotated

import typer

from matchmaker.cli.console import database, out, progress, run
from matchmaker.cli.groups import bench
from matchmaker.cli.instance import match_tools
from matchmaker.cli.matching import Today
from matchmaker.cli.notices import day_of
from matchmaker.settings import Settings, read_settings
from matchmaker.storage.matches import lot_sample
from matchmaker.storage.organisations import count_organisations
from matchmaker.workflows.plan_lot import plan_lot

BOUND = 300
"""Milliseconds that planning one lot may take at 25,000 suppliers."""


def register(_app: typer.Typer) -> None:
    """Adds the command to the group ``bench``."""
    bench.command("plan")(plan)


def plan(
    count: Annotated[int, typer.Option("--lots", help="How many of the stored lots to plan.", min=2)] = 100,
    today: Today = None,
) -> None:
    """Plan stored lots, spread over all that there are, one after the other; the first is not counted."""
    run(_measure(read_settings(), count, day_of(today)))


async def _measure(settings: Settings, count: int, today: date) -> None:
    async with database(settings) as sessions:
        tools = await match_tools(settings, sessions)
        async with sessions() as session:
            lots = await lot_sample(session, count + 1)
            suppliers = await count_organisations(session)
        taken, computed, capable = list[float](), list[float](), 0
        for lot in progress(lots, len(lots), "Lots"):
            start, computing = time.perf_counter(), time.process_time()
            made = await plan_lot(sessions, lot, tools, today)
            taken.append((time.perf_counter() - start) * 1000)
            computed.append((time.process_time() - computing) * 1000)
            capable += made.capable > 0
    times, work = sorted(taken[1:]), sorted(computed[1:])
    within = sum(each <= BOUND for each in times) / max(1, len(times))
    out.print(f"{suppliers} suppliers, {len(times)} lots, {capable} of them with suppliers able to do the work")
    if times:
        middle, late = len(times) // 2, int(len(times) * 0.95)
        out.print(f"median {times[middle]:.0f} ms, 95 % within {times[late]:.0f} ms, {within:.0%} within {BOUND} ms")
        out.print(f"computing, without waiting: median {work[middle]:.0f} ms, 95 % within {work[late]:.0f} ms")
