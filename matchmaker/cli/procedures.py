"""``procedures show|check|rebuild|covered``: notices joined over time, and the award history they make."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.table import Table as Grid

from matchmaker.cli.console import database, out, progress, run, say
from matchmaker.cli.notices import day_of
from matchmaker.domain.messages import Message
from matchmaker.domain.values import iso_country
from matchmaker.settings import read_settings
from matchmaker.storage.codec import json_line, to_builtins
from matchmaker.storage.procedure_history import History, HistoryEntry
from matchmaker.workflows.award_history import declare_coverage, winner_figures
from matchmaker.workflows.link_procedures import figures_of_procedures, rebuild_procedures, show_procedure
from matchmaker.workflows.load_reference import stored_reference

group = typer.Typer(help="Notices joined into procedures over time, and who won what.", no_args_is_help=True)

LINES: dict[str, Message] = {
    "notices": Message("notices stored"),
    "not_joined": Message("of these not looked at yet: run “matchmaker procedures rebuild”"),
    "procedures": Message("procedures"),
    "of_several": Message("procedures of several notices"),
    "by_id": Message("notices joined by procedure id"),
    "by_link": Message("notices joined by citing one another"),
    "probable": Message("guessed links, probable"),
    "possible": Message("guessed links, possible"),
    "awards": Message("awards of a lot"),
    "current": Message("of these not stated anew by a later notice"),
    "with_call": Message("awards joined with the lot called for"),
    "reservation_known": Message("awards of which the reservation is known"),
    "reserved": Message("awards of reserved lots"),
    "end_stated": Message("awards with a stated end"),
    "end_estimated": Message("awards with an estimated end"),
    "sure": Message("winners that are a stored supplier for sure"),
    "ask": Message("winners that may be a stored supplier: ask"),
    "no": Message("winners that are no stored supplier"),
}


def register(app: typer.Typer) -> None:
    """Adds the group to ``app``."""
    app.add_typer(group, name="procedures")


@group.command()
def show(
    number: Annotated[str, typer.Argument(metavar="NOTICE_ID|PROCEDURE_ID", help="A notice's number, or BT-04.")],
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Show the notices of a procedure in the order of time, and why each belongs there."""
    history = run(_show(number))
    if as_json:
        out.print(json_line(to_builtins(asdict(history))).decode().strip(), markup=False)
        return
    grid = Grid("published", "stage", "notice", "lots", "joined by", box=None)
    for entry in history.entries:
        grid.add_row(str(entry.published or ""), _stage(entry), entry.notice_id, str(entry.lots), _reason(entry))
    out.print(grid)


def _stage(entry: HistoryEntry) -> str:
    notes = [note for note, holds in (("corrects", entry.corrects), ("superseded", entry.superseded)) if holds]
    return f"{entry.stage.value} ({', '.join(notes)})" if notes else entry.stage.value


def _reason(entry: HistoryEntry) -> str:
    return f"guess: {entry.guess.value}" if entry.guess else entry.basis.value


async def _show(number: str) -> History:
    async with database(read_settings()) as sessions:
        return await show_procedure(sessions, number)


@group.command()
def check() -> None:
    """Count procedures, how their notices were joined, awards with a known reservation, and winners among stored suppliers."""
    figures = run(_check())
    for name, label in LINES.items():
        out.print(f"{figures[name]:>9}  {label}", markup=False)


async def _check() -> dict[str, Any]:
    async with database(read_settings()) as sessions:
        winners = await winner_figures(sessions)
        return {**await figures_of_procedures(sessions), **{identity.value: count for identity, count in winners.items()}}


@group.command()
def rebuild() -> None:
    """Derive all procedures, awards and suppliers' keys anew. Ends in the same state; may be stopped and run again."""
    count = run(_rebuild())
    say(Message("%(count)s notices were joined anew.", {"count": count}))


async def _rebuild() -> int:
    async with database(read_settings()) as sessions:
        reference = await stored_reference(sessions)
        total = (await figures_of_procedures(sessions))["notices"]
        done = 0
        shown = progress(range(total), total, str(Message("Notices")))
        async for count in rebuild_procedures(sessions, reference):
            done += count
            for _ in zip(range(count), shown, strict=False):
                pass
        return done


@group.command()
def covered(
    country: Annotated[str, typer.Argument(help="Country of the buyers, two letters.")],
    since: Annotated[str, typer.Argument(help="First day of publication: 2023-01-01.")],
    until: Annotated[str, typer.Argument(help="Last day of publication.")],
    source: Annotated[str, typer.Option(metavar="NAME", help="Where the notices were read.")] = "ted",
) -> None:
    """Say that every result notice of a country in a period is at hand, so that the look-back of Art. 77 may answer no."""
    run(_covered(iso_country(country), since, until, source))
    say(
        Message(
            "Noted: all result notices of %(country)s from %(since)s to %(until)s.",
            {"country": country, "since": since, "until": until},
        )
    )


async def _covered(country: str, since: str, until: str, source: str) -> None:
    async with database(read_settings()) as sessions:
        await declare_coverage(sessions, country, day_of(since), day_of(until), source, datetime.now(UTC))
