"""``ingest``, ``export lots`` and ``bench take-in``."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time
from typing import Annotated

import typer

from matchmaker.cli.console import database, err, progress, run, say
from matchmaker.cli.groups import bench, export
from matchmaker.domain.messages import Message
from matchmaker.ingestion.archives import documents
from matchmaker.scoring.encoder import default_encoder
from matchmaker.settings import read_settings
from matchmaker.storage.engine import SessionMaker
from matchmaker.workflows.load_reference import stored_reference
from matchmaker.workflows.quarantine import delete_overdue
from matchmaker.workflows.take_in import Incoming, TakeInTools, TakenIn, take_in
from matchmaker.workflows.write_lots import write_lots

Today = Annotated[str | None, typer.Option("--today", metavar="DATE", help="The day it is, for lists and deadlines: 2026-11-24.")]
Paths = Annotated[list[Path], typer.Argument(metavar="PATH…", help="Files, folders, .zip or .tar.gz with eForms, TED or OCDS.")]

SHOWN_REFUSALS = 20


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    app.command()(ingest)
    export.command("lots")(export_lots)
    bench.command("take-in")(bench_take_in)


def day_of(text: str | None) -> date:
    """The day named, else today's.

    Raises:
        typer.BadParameter: not a date.
    """
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(str(Message("“%(text)s” is not a date; write 2026-11-24.", {"text": text}))) from None


def fixed_day(text: str | None) -> date | None:
    """The day named; None lets the days pass while a process runs.

    Raises:
        typer.BadParameter: not a date.
    """
    return None if text is None else day_of(text)


async def tools_for(sessions: SessionMaker, today: str | None) -> TakeInTools:
    """What taking in works with on this instance."""
    return TakeInTools(await stored_reference(sessions), default_encoder(), day_of(today))


def ingest(
    paths: Paths,
    again: Annotated[bool, typer.Option("--again", help="Also replace what was stored of the same versions.")] = False,
    today: Today = None,
) -> None:
    """Read notices and store them. What was seen before is left alone; what cannot be read goes to quarantine."""
    show_taken_in(run(_ingest(paths, again, today)))


async def _ingest(paths: list[Path], again: bool, today: str | None) -> TakenIn:
    settings, now = read_settings(), datetime.now(UTC)
    async with database(settings) as sessions:
        tools = await tools_for(sessions, today)
        await delete_overdue(sessions, settings.quarantine_days, now)
        shown = progress(documents(paths), count_files(paths), str(Message("Notices")))
        return await take_in_all(sessions, shown, tools, now, again)


def count_files(paths: list[Path]) -> int | None:
    """How many documents there are, where telling needs no unpacking."""
    files = [file for path in paths for file in (path.rglob("*") if path.is_dir() else (path,))]
    if any(file.name.lower().endswith((".zip", ".gz", ".tgz", ".json", ".jsonl", ".ndjson")) for file in files):
        return None
    return sum(file.name.lower().endswith(".xml") for file in files)


async def take_in_all(
    sessions: SessionMaker, incoming: Iterable[Incoming], tools: TakeInTools, now: datetime, again: bool = False
) -> TakenIn:
    """Everything taken in; when stopped, says what is already stored."""
    total = TakenIn()
    finished = False
    try:
        async for part in take_in(sessions, incoming, tools, now, again):
            total += part
        finished = True
    finally:
        if not finished:
            err.print(
                str(
                    Message(
                        "Stopped after %(count)s documents, which are stored. Run the same command again to go on.",
                        {"count": total.documents},
                    )
                )
            )
    return total


def show_taken_in(total: TakenIn) -> None:
    """Figures on the output, each refusal with its next step on stderr."""
    for refusal in total.refused[:SHOWN_REFUSALS]:
        err.print(f"{refusal.sentence} {refusal.next_step or ''}", markup=False)
    if len(total.refused) > SHOWN_REFUSALS:
        rest = {"count": len(total.refused) - SHOWN_REFUSALS}
        err.print(str(Message("… and %(count)s more; “matchmaker quarantine list” shows all.", rest)))
    figures = {
        "documents": total.documents,
        "new": total.new,
        "newer": total.newer,
        "seen": total.seen,
        "refused": len(total.refused),
        "lots": total.lots,
    }
    say(
        Message(
            "%(documents)s documents: %(new)s new, %(newer)s newer versions, %(seen)s seen before, "
            "%(refused)s in quarantine; %(lots)s lots stored.",
            figures,
        )
    )


def export_lots(
    out_file: Annotated[Path, typer.Option("--out", metavar="FILE.jsonl", help="File to write, one lot a line.")],
) -> None:
    """Write every stored lot as one JSON object a line."""
    count = run(_export_lots(out_file))
    say(Message("%(count)s lots written to %(file)s.", {"count": count, "file": str(out_file)}))


async def _export_lots(out_file: Path) -> int:
    async with database(read_settings()) as sessions:
        with out_file.open("wb") as stream:
            return await write_lots(sessions, stream)


def bench_take_in(
    paths: Paths, limit: Annotated[int | None, typer.Option(help="Stop after so many documents.")] = None, today: Today = None
) -> None:
    """Read and store notices, and print documents per second end to end. It stores them: use an instance made for it."""
    started, worked = perf_counter(), process_time()
    total = run(_bench(paths, limit, today))
    seconds, core_seconds = perf_counter() - started, process_time() - worked
    show_taken_in(total)
    figures = {
        "rate": round(total.documents / seconds, 1),
        "core": round(total.documents / core_seconds, 1),
        "seconds": round(seconds, 1),
    }
    say(
        Message(
            "%(rate)s documents a second end to end, %(core)s a second and core of this process; %(seconds)s s in all.", figures
        )
    )


async def _bench(paths: list[Path], limit: int | None, today: str | None) -> TakenIn:
    async with database(read_settings()) as sessions:
        tools = await tools_for(sessions, today)
        return await take_in_all(sessions, islice(documents(paths), limit), tools, datetime.now(UTC), again=True)
