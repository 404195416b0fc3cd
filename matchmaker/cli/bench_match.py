"""``bench match``: how long one lot takes against all suppliers of this instance, stage by stage, or against invented ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from matchmaker.cli.bench_suppliers import Bench, bench_suppliers
from matchmaker.cli.console import database, out, run
from matchmaker.cli.groups import bench
from matchmaker.cli.instance import match_tools
from matchmaker.cli.notices import day_of
from matchmaker.domain.match import Need, need_of
from matchmaker.scoring.matching import match
from matchmaker.scoring.narrowing import narrowing
from matchmaker.settings import Settings, read_settings
from matchmaker.storage.candidates import Scope, Search, find_candidates
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.matches import lot_sample
from matchmaker.storage.notices import load_lot
from matchmaker.storage.organisations import count_organisations
from matchmaker.workflows.match_lots import match_lot
from matchmaker.workflows.tools import MatchTools

TOP = 50


class Stages:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self.taken: dict[str, list[float]] = {}

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Adds the time that passes inside."""
        start = perf_counter()
        yield
        self.taken.setdefault(stage, []).append((perf_counter() - start) * 1000)

    def lines(self) -> Iterator[str]:
        """Median and 95th percentile of each stage."""
        for stage, times in self.taken.items():
            ordered = sorted(times)
            middle, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
            yield f"{stage:24} median {middle:7.1f} ms, 95 of 100 within {late:7.1f} ms"


def register(_app: typer.Typer) -> None:
    """Adds the command to the group ``bench``."""
    bench.command("match")(bench_match)


def bench_match(
    lots: Annotated[int, typer.Option(help="How many lots to match.", min=1)] = 60,
    scope: Annotated[Scope, typer.Option(help="How far to look, in this instance.")] = Scope.EUROPE,
    suppliers: Annotated[
        int | None, typer.Option(help="Measure with so many invented suppliers in an instance of their own.", min=100)
    ] = None,
    home: Annotated[Path | None, typer.Option(help="Keep that instance in this folder, to measure again.")] = None,
    today: Annotated[str | None, typer.Option("--today", metavar="DATE", help="The day it is.")] = None,
) -> None:
    """Match stored lots of this instance with all its suppliers, and say where the time goes.

    With --suppliers: match invented lots with invented suppliers in one region, one country and everywhere, beside the plain
    scan of the same rows, and a day's lots together.
    """
    settings = read_settings()
    if suppliers is not None:
        bench_suppliers(settings, Bench(suppliers, lots, home, day_of(today)))
        return
    run(_bench(settings, lots, scope, day_of(today)))


async def _bench(settings: Settings, count: int, scope: Scope, today: date) -> None:
    stages, found = Stages(), 0
    async with database(settings) as sessions:
        tools = await match_tools(settings, sessions)
        async with sessions() as session:
            suppliers = await count_organisations(session)
            lots = await lot_sample(session, count)
        for lot in lots:
            async with sessions() as session:
                stored = await load_lot(session, lot)
            if stored is None:
                continue
            with stages.timed("whole match"):
                found += await _match(sessions, need_of(*stored), tools, scope, today, stages)
        for lot in lots:
            await match_lot(sessions, lot, tools, today, scope=scope)
        for lot in lots:
            with stages.timed("stored match read again"):
                await match_lot(sessions, lot, tools, today, TOP, scope)
    out.print(
        f"{suppliers} suppliers, {len(lots)} lots, {found / max(1, len(lots)):.0f} candidates a lot, the {TOP} best returned"
    )
    for line in stages.lines():
        out.print(line, markup=False)


async def _match(sessions: SessionMaker, need: Need, tools: MatchTools, scope: Scope, today: date, stages: Stages) -> int:
    """The same steps as ``match_need``, timed apart; how many candidates there were."""
    with stages.timed("reading the need"):
        narrowed = narrowing(need, tools.reference, tools.encoder, tools.capability)
    with stages.timed("finding candidates"):
        async with sessions() as session:
            candidates = await find_candidates(session, Search(narrowed, scope, tools.shown_sources))
    with stages.timed("scoring and ranking"):
        match(need, candidates.organisations, candidates.vectors, tools.capability, tools.reference, today, TOP)
    return len(candidates.organisations)
