"""``suppliers import``, ``suppliers encode``, ``suppliers object``."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from matchmaker.cli.console import database, err, out, progress, run, say
from matchmaker.cli.notices import Today, day_of
from matchmaker.domain.errors import NotFound
from matchmaker.domain.messages import Message
from matchmaker.ingestion.suppliers.headers import layout_of
from matchmaker.ingestion.suppliers.locating import Locator
from matchmaker.ingestion.suppliers.organisations import Origin, read_organisations
from matchmaker.ingestion.suppliers.reading import read_table, write_table
from matchmaker.ingestion.tables.table import TextTable
from matchmaker.scoring.encoder import default_encoder
from matchmaker.settings import read_settings
from matchmaker.storage.engine import transaction
from matchmaker.storage.organisations import record_objection
from matchmaker.workflows.import_suppliers import ImportTools, Outcome, RowResult, import_suppliers, note_import
from matchmaker.workflows.load_reference import stored_reference
from matchmaker.workflows.refresh_vectors import outdated, refresh_vectors

group = typer.Typer(help="Suppliers and the registers they come from.", no_args_is_help=True)
SHOWN_REFUSALS = 20


@dataclass(frozen=True, slots=True)
class _Job:
    table: TextTable
    origin: Origin
    dry_run: bool


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    app.add_typer(group, name="suppliers")


@group.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Register in CSV, XLSX or JSON Lines.")],
    source: Annotated[str | None, typer.Option(metavar="NAME", help="Register it comes from; else the column “source”.")] = None,
    licence: Annotated[str | None, typer.Option(metavar="TEXT", help="Licence the register is published under.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and store nothing.")] = False,
    annotated: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Write the file again with what happened to each row.")
    ] = None,
    today: Today = None,
) -> None:
    """Import a register. Run twice it changes nothing; a row that cannot be used is refused alone, with a reason."""
    if not file.is_file():
        raise NotFound(Message("There is no file “%(path)s”.", {"path": str(file)}), Message("Check the spelling of the path."))
    table = read_table(file.read_bytes(), file.name)
    _show_remarks(table)
    results = run(_import(_Job(table, Origin(source, licence, day_of(today)), dry_run)))
    _show_results(results, dry_run)
    if annotated:
        annotated.write_bytes(write_table(table, {result.number: result.note() for result in results}))
        say(Message("Every row with its result is in %(file)s.", {"file": str(annotated)}))


async def _import(job: _Job) -> list[RowResult]:
    settings, now = read_settings(), datetime.now(UTC)
    results: list[RowResult] = []
    async with database(settings) as sessions:
        reference = await stored_reference(sessions)
        rows = read_organisations(job.table, job.origin, Locator(reference))
        shown = progress(rows, len(job.table.rows), str(Message("Suppliers")))
        try:
            async for part in import_suppliers(sessions, shown, ImportTools(reference, default_encoder()), now, job.dry_run):
                results += part
        except asyncio.CancelledError:
            stopped = Message("Stopped after %(count)s rows. Run the same command again to go on.", {"count": len(results)})
            err.print(str(stopped), markup=False)
            raise
        sources = {result.key.partition(":")[0] for result in results if result.key}
        if not job.dry_run:
            for source in sorted(sources):
                await note_import(sessions, source, [one for one in results if (one.key or "").startswith(f"{source}:")], now)
    for source in sorted(sources - settings.show_imported_suppliers):
        hint = "Unclaimed records from “%(source)s” are not public: MATCHMAKER_SHOW_IMPORTED does not name it."
        err.print(str(Message(hint, {"source": source})), markup=False)
    return results


def _show_remarks(table: TextTable) -> None:
    layout = layout_of(table.headers)
    for remark in table.remarks:
        err.print(str(remark), markup=False)
    if layout.ignored:
        ignored = Message("Columns that were not understood: %(names)s.", {"names": ", ".join(layout.ignored)})
        err.print(str(ignored), markup=False)
    if layout.personal:
        personal = Message("Columns about persons were not read: %(names)s.", {"names": ", ".join(layout.personal)})
        err.print(str(personal), markup=False)


def _show_results(results: list[RowResult], dry_run: bool) -> None:
    refused = [result for result in results if result.outcome is Outcome.REFUSED]
    for result in refused[:SHOWN_REFUSALS]:
        err.print(
            str(Message("Row %(number)s: %(reason)s", {"number": result.number, "reason": str(result.reason)})), markup=False
        )
    if len(refused) > SHOWN_REFUSALS:
        rest = {"count": len(refused) - SHOWN_REFUSALS}
        err.print(str(Message("… and %(count)s more; --annotated writes them all into a file.", rest)), markup=False)
    counts = Counter(result.outcome for result in results)
    figures = {outcome.value: counts[outcome] for outcome in Outcome} | {"rows": len(results)}
    remarks = sum(bool(result.remarks) for result in results)
    say(
        Message("%(rows)s rows: %(created)s created, %(updated)s updated, %(unchanged)s unchanged, %(refused)s refused.", figures)
    )
    if remarks:
        say(Message("From %(count)s rows something was left out; --annotated says what.", {"count": remarks}))
    if dry_run:
        say(Message("This was a dry run: nothing was stored."))


@group.command()
def encode() -> None:
    """Make the vectors of capabilities again where another version of the encoder made them."""
    count = run(_encode())
    say(Message("%(count)s suppliers brought up to date.", {"count": count}))


async def _encode() -> int:
    encoder = default_encoder()
    done = 0
    async with database(read_settings()) as sessions:
        total = await outdated(sessions, encoder)
        async for count in refresh_vectors(sessions, encoder):
            done += count
            out.print(f"{done}/{total}")
    return done


@group.command("object")
def object_to_listing(
    key: Annotated[str, typer.Argument(help="The supplier’s key, as in the address of its page.")],
) -> None:
    """Hide a supplier that objects to being listed; later imports leave it hidden."""
    if not run(_object(key)):
        raise NotFound(
            Message("There is no visible supplier “%(key)s”.", {"key": key}), Message("Copy the key from its page’s address.")
        )
    say(Message("“%(key)s” is hidden from now on.", {"key": key}))


async def _object(key: str) -> bool:
    async with database(read_settings()) as sessions, transaction(sessions) as session:
        return await record_objection(session, key, datetime.now(UTC), "suppliers object")
