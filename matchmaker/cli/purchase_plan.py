"""``purchase-plan import``, ``purchase-plan run``."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from matchmaker.cli.console import database, err, run, say
from matchmaker.cli.instance import match_tools
from matchmaker.cli.notices import Today, day_of
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.messages import Message
from matchmaker.domain.purchase_plan import UploadCounts
from matchmaker.domain.values import NutsCode
from matchmaker.reference.bundle import Reference, find_region
from matchmaker.scoring.cpv_prediction import default_suggester
from matchmaker.settings import read_settings
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.purchase_plans import Progress, progress_of
from matchmaker.workflows.load_reference import stored_reference
from matchmaker.workflows.purchase_plan import PlanTools, Upload, Uploaded, import_plan
from matchmaker.workflows.purchase_plan_planning import Batches, plan_waiting

group = typer.Typer(help="Purchase plans of buyers’ teams: seen by the team alone.", no_args_is_help=True)
SHOWN_REFUSALS = 20
WORTH_A_PROCESS = 300
"""Rows from which loading the weights a second time pays."""


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    app.add_typer(group, name="purchase-plan")


@group.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Purchase plan in CSV or XLSX.")],
    team: Annotated[str, typer.Option(metavar="KEY", help="The buyer’s team it belongs to.")],
    country: Annotated[str, typer.Option(metavar="CC", help="Country of the buyer, two letters: its law applies.")],
    name: Annotated[str | None, typer.Option(metavar="NAME", help="The plan’s name; else the file’s.")] = None,
    place: Annotated[
        str | None, typer.Option(metavar="PLACE", help="Place of rows that name none; else the whole country.")
    ] = None,
    currency: Annotated[str, typer.Option(metavar="CUR", help="Currency of amounts that name none.")] = "EUR",
    language: Annotated[str | None, typer.Option(metavar="LL", help="Language of the months in the file, two letters.")] = None,
    later: Annotated[bool, typer.Option("--later", help="Leave the planning to the worker.")] = False,
    today: Today = None,
) -> None:
    """Take a purchase plan in and plan every row. Run twice it changes nothing; a newer file updates the plan of that name."""
    if not file.is_file():
        raise NotFound(Message("There is no file “%(path)s”.", {"path": str(file)}), Message("Check the spelling of the path."))
    upload = Upload(
        name or file.stem, file.name, file.read_bytes(), country.upper(), currency=currency.upper(), language=language
    )
    run(_import(upload, team, place, later, day_of(today)))


@group.command("run")
def plan_rows(today: Today = None) -> None:
    """Plan every row of every purchase plan that still waits, as the worker does."""
    run(_plan_all(day_of(today)))


async def _import(upload: Upload, team: str, place: str | None, later: bool, today: date) -> None:
    settings = read_settings()
    async with database(settings) as sessions:
        reference = await stored_reference(sessions)
        _require_country(reference, upload.country)
        started = perf_counter()
        tools = PlanTools(reference, default_suggester())
        filled = Upload(
            upload.name,
            upload.file_name,
            upload.data,
            upload.country,
            _place(reference, place, upload.country),
            upload.currency,
            upload.language,
        )
        done = await import_plan(sessions, team, filled, tools, datetime.now(UTC), "purchase-plan import")
        _show(done)
        if not later:
            async with _helped(done.counts.new + done.counts.changed, today):
                await _plan(sessions, Batches(sessions, await match_tools(settings, sessions), today), done.plan.plan_id)
            await _tell(sessions, done.plan.plan_id)
            say(Message("Done in %(seconds)s seconds.", {"seconds": f"{perf_counter() - started:.1f}"}))


def _require_country(reference: Reference, country: str) -> None:
    if country not in reference.countries.codes():
        raise InvalidValue(
            Message("“%(country)s” is not a country known here.", {"country": country}),
            Message("Give two letters, for example FR."),
        )


def _place(reference: Reference, text: str | None, country: str) -> NutsCode | None:
    if text is None:
        return None
    found = find_region(reference, text, country)
    if found is None:
        raise InvalidValue(
            Message("We know no place called “%(place)s” in %(country)s.", {"place": text, "country": country}),
            Message("Give a NUTS code, the name of a region or a town."),
        )
    return found


def _show(done: Uploaded) -> None:
    for remark in done.plan.remarks:
        err.print(str(remark), markup=False)
    for number, reason in done.refused[:SHOWN_REFUSALS]:
        err.print(str(Message("Row %(number)s: %(reason)s", {"number": number, "reason": str(reason)})), markup=False)
    say(_counted(done.counts))


def _counted(counts: UploadCounts) -> Message:
    return Message(
        "%(new)s rows new, %(changed)s changed, %(unchanged)s unchanged, %(removed)s removed, %(refused)s refused.",
        {
            "new": counts.new,
            "changed": counts.changed,
            "unchanged": counts.unchanged,
            "removed": counts.removed,
            "refused": counts.refused,
        },
    )


@asynccontextmanager
async def _helped(rows: int, today: date) -> AsyncIterator[None]:
    """A second process plans along where there are many rows and a processor for it; both share the queue."""
    if rows < WORTH_A_PROCESS or (os.cpu_count() or 1) < 2:
        yield
        return
    command = (sys.executable, "-m", "matchmaker", "purchase-plan", "run", "--today", today.isoformat())
    helper = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL)
    try:
        yield
        await helper.wait()
    finally:
        with suppress(ProcessLookupError):
            helper.terminate()


async def _plan(sessions: SessionMaker, batches: Batches, plan_id: str) -> None:
    while await plan_waiting(batches, plan_id):
        async with sessions() as session:
            now = (await progress_of(session, [plan_id])).get(plan_id, Progress())
        err.print(str(Message("Planned: %(done)s of %(all)s", {"done": now.planned, "all": now.plannable})), markup=False)


async def _tell(sessions: SessionMaker, plan_id: str) -> None:
    async with sessions() as session:
        now = (await progress_of(session, [plan_id])).get(plan_id, Progress())
    say(
        Message(
            "%(planned)s of %(rows)s rows are planned; words to choose for: %(choose)s rows, not understood: %(unknown)s rows.",
            {"planned": now.planned, "rows": now.rows, "choose": now.to_choose, "unknown": now.unknown},
        )
    )


async def _plan_all(today: date) -> None:
    settings = read_settings()
    async with database(settings) as sessions:
        batches, done = Batches(sessions, await match_tools(settings, sessions), today), 0
        while count := await plan_waiting(batches):
            done += count
            err.print(str(Message("Planned: %(done)s", {"done": done})), markup=False)
    say(Message("Rows planned: %(count)s.", {"count": done}))
