"""``bench match --suppliers N``: matching against invented suppliers in any number, beside the plain scan of the same rows."""

import gc
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from matchmaker.cli.console import err, out, run
from matchmaker.domain.match import Need
from matchmaker.domain.values import NutsCode
from matchmaker.examples.many_suppliers import PEOPLE, SOURCE, WHOLE_COUNTRY, SupplierMaker
from matchmaker.reference.bundle import Reference, core_reference, reference_from_folder
from matchmaker.scoring.capability import default_capability
from matchmaker.scoring.encoder import default_encoder
from matchmaker.settings import Settings
from matchmaker.storage.candidates import Scope
from matchmaker.storage.embedded import start_embedded, stop_embedded
from matchmaker.storage.engine import SessionMaker, make_engine, make_sessions
from matchmaker.workflows.fill_synthetic import fill
from matchmaker.workflows.migrate import migrate
from matchmaker.workflows.time_matching import Day, Timed, late, middle, time_day, time_scope
from matchmaker.workflows.tools import MatchTools

EUROPE = 4_300_000
"""Social-economy organisations in the Union, for which the targets are set."""

TARGETS = {Scope.REGION: 30.0, Scope.COUNTRY: 250.0, Scope.EUROPE: 2500.0}
"""Milliseconds at the median, for one lot, with all of Europe's suppliers stored."""

DAY_LOTS, DAY_MINUTES = 3_300, 15.0
"""Lots that TED publishes on a day, and how long they may take."""

LEAST_SAMPLE = 100
"""Lots of the day that are matched: what a few cost together says little of thousands."""

MOST_OF_SCAN = 1.5
"""Times the plain scan that ours may take."""

TOP = 50
LINE = "{:<22}{:>12}{:>18}{:>18}{:>7}{:>18}{:>10}  {}"


@dataclass(frozen=True, slots=True)
class Bench:
    """What to measure, and where: a temporary instance unless ``home`` is given."""

    suppliers: int
    lots: int
    home: Path | None
    today: date


def bench_suppliers(settings: Settings, bench: Bench) -> None:
    """Fills the instance where it is not filled yet, measures, and prints one table."""
    folder = settings.shared / "reference"
    reference = reference_from_folder(folder) if folder.is_dir() else core_reference()
    if bench.home is not None:
        run(_measure(bench.home, reference, bench))
        return
    with tempfile.TemporaryDirectory(prefix="matchmaker-bench-") as temporary:
        home = Path(temporary)
        home.chmod(0o755)
        try:
            run(_measure(home, reference, bench))
        finally:
            stop_embedded(home)


@asynccontextmanager
async def _instance(home: Path) -> AsyncIterator[SessionMaker]:
    url = start_embedded(home, durable=False)
    await migrate(url)
    engine = make_engine(url)
    try:
        yield make_sessions(engine)
    finally:
        await engine.dispose()


async def _measure(home: Path, reference: Reference, bench: Bench) -> None:
    tools = MatchTools(reference, default_encoder(), default_capability(), frozenset({SOURCE}))
    maker = SupplierMaker(reference, tools.encoder, bench.suppliers)
    async with _instance(home) as sessions:
        await _fill(sessions, maker)
        gc.collect()
        gc.freeze()
        out.print(f"{bench.suppliers} suppliers, {3 * bench.suppliers} capability vectors; {bench.lots} lots for each scope")
        out.print("milliseconds, median / 95 of 100 within; raw scan: ORDER BY vector <#> lot LIMIT k over the same rows;")
        out.print("ratio: our search over the raw scan, 1.5 at most; target: for the ranked answer, with 4.3 million suppliers")
        out.print(LINE.format("scope", "suppliers", "raw scan", "our search", "ratio", "ranked, explained", "target", "met"))
        for scope, needs in _scopes(maker, bench.lots):
            timed = await time_scope(sessions, needs, tools, scope, bench.today, TOP)
            out.print(_line(timed, bench.suppliers), markup=False)
        day = await time_day(sessions, maker.needs(max(LEAST_SAMPLE, bench.lots * 20)), tools, bench.today, TOP)
        _print_day(day, bench.suppliers)


async def _fill(sessions: SessionMaker, maker: SupplierMaker) -> None:
    told = 0
    async for done in fill(sessions, maker, datetime.now(UTC)):
        if done * 20 // maker.total != told or done == maker.total:
            told = done * 20 // maker.total
            err.print(f"suppliers: {done} of {maker.total}")


def _scopes(maker: SupplierMaker, lots: int) -> Sequence[tuple[Scope, Sequence[Need]]]:
    """One region with about a thousandth of the suppliers, what reaches it, one country with about a 43rd, everybody."""
    everyone = sum(people for people, _ in PEOPLE.values())
    country = min(PEOPLE, key=lambda each: abs(PEOPLE[each][0] / everyone - 1 / 43))
    whole = {each: WHOLE_COUNTRY * people / everyone for each, (people, _) in PEOPLE.items()}
    regions = [(share + whole[each], region) for each in PEOPLE for region, share in maker.shares(each)]
    region: NutsCode = min(regions, key=lambda each: abs(each[0] - 0.001))[1]
    local = maker.needs(lots, region.country, region)
    return [
        (Scope.REGION, local),
        (Scope.REACH, local),
        (Scope.COUNTRY, maker.needs(lots, country)),
        (Scope.EUROPE, maker.needs(lots)),
    ]


def _line(timed: Timed, stored: int) -> str:
    raw, search, whole = (middle(times) for times in (timed.raw, timed.search, timed.whole))
    target = TARGETS.get(timed.scope)
    met = "" if target is None else f"time {_met(whole <= target)}, ratio {_met(search <= MOST_OF_SCAN * raw)}{_of(stored)}"
    return LINE.format(
        timed.scope.value,
        timed.suppliers,
        f"{raw:.1f} / {late(timed.raw):.1f}",
        f"{search:.1f} / {late(timed.search):.1f}",
        f"{search / raw:.2f}",
        f"{whole:.1f} / {late(timed.whole):.1f}",
        f"{target:.0f}" if target else "",
        met,
    )


def _print_day(day: Day, stored: int) -> None:
    minutes = day.seconds(DAY_LOTS) / 60
    out.print(
        f"a day of TED: {DAY_LOTS} lots against all {stored} suppliers, extrapolated from {day.lots} lots matched together:"
        f" {minutes:.1f} minutes on one core (target {DAY_MINUTES:.0f}; met: {_met(minutes <= DAY_MINUTES)}{_of(stored)})"
    )
    out.print(
        f"  one pass over all vectors {day.one_lot_search:.1f} s; search for {day.lots} lots {day.search:.1f} s;"
        f" ranking and explaining them {day.scoring:.1f} s; alerts for {day.alerts.profiles} profiles"
        f" {day.alerts.seconds:.1f} s, {day.alerts.news} pieces of news"
    )
    out.print(f"  the ten best of a lot matched alone that are among its ten best of the day: {day.agreeing:.0f} %")


def _met(met: bool) -> str:
    return "yes" if met else "no"


def _of(stored: int) -> str:
    return "" if stored >= EUROPE else f" (of {stored})"
