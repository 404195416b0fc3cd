"""``reference load``, ``reference fetch``, ``reference show``; and the tables for commands that need no database."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.table import Column
from rich.table import Table as Grid

from matchmaker.cli.console import database, err, out, run
from matchmaker.domain.errors import InvalidValue, Refusal, UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.reference.bundle import CORE_FILES, Reference, core_reference, core_table, reference_from_folder
from matchmaker.reference.publishers import DownloadFailed, Source, fetch, fetch_all, make_client, sources_with
from matchmaker.reference.reading import Reading, Skipped, add, read_path
from matchmaker.reference.tables import Table, TableKind
from matchmaker.settings import read_settings
from matchmaker.storage.engine import SessionMaker
from matchmaker.workflows.load_reference import Stored, load_reference, stored_tables

reference = typer.Typer(help="Official tables: CPV, NUTS, countries, postcodes and other code lists.", no_args_is_help=True)

ReferenceFolder = Annotated[
    Path | None,
    typer.Option(
        "--reference", metavar="DIR", help="Folder of reference tables; default $MATCHMAKER_SHARED/reference, else the core."
    ),
]
"""The option of commands that work without a database."""

LARGEST_DOWNLOAD = 200_000_000


def register(app: typer.Typer) -> None:
    """Adds the group to ``app``."""
    reference.command("load")(load)
    reference.command("fetch")(fetch_tables)
    reference.command("show")(show)
    app.add_typer(reference, name="reference")


def offline_reference(directory: Path | None, shared: Path) -> Reference:
    """The tables of ``directory``, else of ``shared/reference``, else the core; which of them is said on stderr.

    Raises:
        NotFound: ``directory`` was given and is not there.
    """
    folder = directory or shared / "reference"
    if directory is None and not folder.is_dir():
        _tell(
            Message(
                "Reference tables: the small core (no folder %(folder)s; give one with --reference).", {"folder": str(folder)}
            )
        )
        return core_reference()
    found = reference_from_folder(folder)
    loaded = ", ".join(sorted(found.loaded)) or "–"
    _tell(Message("Reference tables: %(folder)s (%(loaded)s).", {"folder": str(folder), "loaded": loaded}))
    return found


def load(
    places: Annotated[list[str], typer.Argument(metavar="PATH_OR_URL…", help="Files, folders or addresses of tables.")],
    replace: Annotated[bool, typer.Option("--replace", help="Forget what was stored of the same tables before.")] = False,
) -> None:
    """Store reference tables: genericode (.gc), the CSV forms, GISCO label points, GeoNames postcodes; plain or zipped."""
    run(_load(places, replace))


async def _load(places: list[str], replace: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="matchmaker-reference-") as folder:
        reading = await _read(places, Path(folder))
        if not reading.tables:
            raise UnreadableDocument(
                Message("None of the files holds a table we know."), Message("Try one file alone to see why it is not read.")
            )
        async with database(read_settings()) as sessions:
            await _store(sessions, reading, replace)


def fetch_tables(
    only: Annotated[list[str] | None, typer.Option("--only", metavar="TABLE", help="Only this table; may be repeated.")] = None,
    address: Annotated[
        list[str] | None, typer.Option("--address", metavar="TABLE=URL", help="Another address for a table; may be repeated.")
    ] = None,
    folder: Annotated[Path | None, typer.Option("--folder", metavar="DIR", help="Where the files are kept.")] = None,
) -> None:
    """Get the tables from their publishers, where they changed since the last time, and store them."""
    addresses = dict(_pair(text) for text in address or ())
    wanted = sources_with(addresses, frozenset(only or ()))
    run(_fetch(wanted, folder or read_settings().home / "reference"))


async def _fetch(sources: tuple[Source, ...], folder: Path) -> None:
    """Fetches and stores; what did not change and is stored already is not read again."""
    tables: dict[TableKind, Table] = {}
    skipped: list[Skipped] = []
    async with database(read_settings()) as sessions, make_client() as client:
        stored = {url for table, _ in await stored_tables(sessions) for url in table.source.split("; ")}
        async for source, fetched in fetch_all(sources, client, folder):
            if isinstance(fetched, DownloadFailed):
                skipped.append(Skipped(source.key, fetched.sentence))
                continue
            words = {"table": source.key, "publisher": source.publisher, "licence": source.licence}
            if fetched.changed:
                _tell(Message("%(table)s: new (%(publisher)s, %(licence)s)", words))
            else:
                _tell(Message("%(table)s: unchanged (%(publisher)s, %(licence)s)", words))
            try:
                found = read_path(fetched.path).tables if fetched.changed or source.url not in stored else {}
            except UnreadableDocument as refusal:
                skipped.append(Skipped(source.key, refusal.sentence))
                continue
            for table in found.values():
                add(tables, Table(table.kind, table.columns, table.rows, source.url))
        await _store(sessions, Reading(tables, tuple(skipped)), replace=False)
    if len(skipped) == len(sources):
        raise UnreadableDocument(Message("No table was fetched."), Message("See the reasons above."))


async def _read(places: list[str], folder: Path) -> Reading:
    """All places as one reading. A single place that cannot be read is refused; of several the others go on."""
    tables: dict[TableKind, Table] = {}
    skipped: list[Skipped] = []
    for place in places:
        try:
            found = await _read_one(place, folder)
        except Refusal as refusal:
            if len(places) == 1:
                raise
            skipped.append(Skipped(place, refusal.sentence))
            continue
        for table in found.tables.values():
            add(tables, table)
        skipped.extend(found.skipped)
    return Reading(tables, tuple(skipped))


async def _read_one(place: str, folder: Path) -> Reading:
    if not place.startswith(("http://", "https://")):
        return read_path(Path(place))
    source = Source(Path(httpx.URL(place).path).stem or "table", place, "", "", LARGEST_DOWNLOAD)
    async with make_client() as client:
        fetched = await fetch(source, client, folder)
    return Reading(
        {kind: Table(kind, table.columns, table.rows, place) for kind, table in read_path(fetched.path).tables.items()}, ()
    )


async def _store(sessions: SessionMaker, reading: Reading, replace: bool) -> None:
    for skip in reading.skipped:
        _tell(Message("Skipped %(name)s: %(reason)s", {"name": skip.name, "reason": str(skip.reason)}))
    stored = await load_reference(sessions, reading, datetime.now(UTC), replace)
    if stored:
        _print([(table, None) for table in stored])


def show() -> None:
    """What is stored, from where and since when; and what comes from the small core."""
    run(_show())


async def _show() -> None:
    async with database(read_settings()) as sessions:
        stored = await stored_tables(sessions)
    kinds = {table.kind for table, _ in stored}
    core = [Stored(kind, len(core_table(kind).rows), "core") for kind in CORE_FILES if kind not in kinds]
    _print([*((table, moment) for table, moment in stored), *((table, None) for table in core)])


def _tell(message: Message) -> None:
    err.print(str(message), markup=False)


def _print(tables: list[tuple[Stored, datetime | None]]) -> None:
    grid = Grid("table", "rows", "loaded", Column("source", overflow="fold"), box=None)
    for table, moment in tables:
        grid.add_row(table.kind.value, str(table.rows), f"{moment:%Y-%m-%d %H:%M}" if moment else "", table.source)
    out.print(grid)


def _pair(text: str) -> tuple[str, str]:
    key, separator, url = text.partition("=")
    if not separator or not url.startswith(("http://", "https://")):
        raise InvalidValue(
            Message("“%(text)s” is not TABLE=URL.", {"text": text}),
            Message("For example: --address cpv=https://example.org/cpv.gc"),
        )
    return key, url
