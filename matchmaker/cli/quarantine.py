"""``quarantine list|show|retry``: for the operator."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from matchmaker.cli.console import database, out, run, say
from matchmaker.cli.notices import Today, show_taken_in, tools_for
from matchmaker.domain.messages import Message
from matchmaker.settings import read_settings
from matchmaker.storage.quarantine import Quarantined
from matchmaker.workflows.quarantine import list_documents, retry_documents, show_document
from matchmaker.workflows.take_in import TakenIn

group = typer.Typer(help="Documents that could not be read.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    app.add_typer(group, name="quarantine")


@group.command("list")
def list_all() -> None:
    """Show what is in quarantine, the newest first."""
    found = run(_list())
    for entry in found:
        out.print(f"{entry.document_id}\t{entry.name}\t{entry.size}\t{entry.last_seen_at:%Y-%m-%d}\t{entry.reason}", markup=False)
    if not found:
        say(Message("Nothing is in quarantine."))


async def _list() -> list[Quarantined]:
    async with database(read_settings()) as sessions:
        return await list_documents(sessions)


@group.command()
def show(
    number: Annotated[int, typer.Argument(help="Number in the list.")],
    save: Annotated[Path | None, typer.Option(metavar="FILE", help="Also write the document's bytes to this file.")] = None,
) -> None:
    """Show why a document could not be read, and what helps."""
    entry, data = run(_show(number))
    out.print(f"{entry.name} ({entry.size} bytes)", markup=False)
    out.print(str(entry.reason), markup=False)
    if entry.next_step:
        out.print(str(entry.next_step), markup=False)
    seen = {"first": entry.first_seen_at.date().isoformat(), "last": entry.last_seen_at.date().isoformat()}
    say(Message("First seen %(first)s, last %(last)s, tried %(tries)s times.", {**seen, "tries": entry.tries}))
    if save:
        save.write_bytes(data)
        say(Message("Written to %(file)s.", {"file": str(save)}))


async def _show(number: int) -> tuple[Quarantined, bytes]:
    async with database(read_settings()) as sessions:
        return await show_document(sessions, number)


@group.command()
def retry(
    numbers: Annotated[list[int] | None, typer.Argument(help="Numbers in the list; none means all.")] = None,
    today: Today = None,
) -> None:
    """Read documents again; those that can be read now are stored and leave quarantine."""
    show_taken_in(run(_retry(numbers or [], today)))


async def _retry(numbers: list[int], today: str | None) -> TakenIn:
    async with database(read_settings()) as sessions:
        return await retry_documents(sessions, numbers, await tools_for(sessions, today), datetime.now(UTC))
