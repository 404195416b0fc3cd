"""``regimes flags``: what is odd about what stored lots say of reservation."""

from collections import Counter
from datetime import date
from typing import Annotated, Any

import typer
from rich.table import Table as Grid

from matchmaker.cli.console import database, out, progress, run, say
from matchmaker.cli.instance import match_tools
from matchmaker.cli.notices import day_of
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.settings import Settings, read_settings
from matchmaker.storage.codec import json_line
from matchmaker.workflows.flag_lots import FlaggedLot, LookAt, flag_notice, notices_to_flag

TITLE = 60
"""Letters of a lot's title that are printed."""


def flags(
    country: Annotated[str | None, typer.Option(metavar="CODE", help="Only buyers of this country, two letters.")] = None,
    look_at: Annotated[LookAt, typer.Option("--look-at", help="Which lots; every lot takes a second or so.")] = LookAt.RESERVED,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="Look at the first N notices only.")] = None,
    today: Annotated[str | None, typer.Option(metavar="DAY", help="The day it is (2026-11-24); default today.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON Lines: one lot a line, flagged or not.")] = False,
) -> None:
    """List lots marked by mistake, that nobody may bid for, that break a rule, or that could be reserved."""
    found = run(_flagged(read_settings(), _country(country), look_at, limit, day_of(today)))
    if as_json:
        for lot in found:
            typer.echo(json_line(as_plain(lot)).decode(), nl=False)
        return
    show(found)


async def _flagged(settings: Settings, country: str | None, look_at: LookAt, limit: int | None, day: date) -> list[FlaggedLot]:
    async with database(settings) as sessions:
        tools = await match_tools(settings, sessions)
        async with sessions() as session:
            ids = [notice_id async for notice_id in notices_to_flag(session, day, look_at, country)][:limit]
        found = [await flag_notice(sessions, notice_id, tools, day, look_at) for notice_id in progress(ids, len(ids), "notices")]
        return [lot for lots in found for lot in lots]


def as_plain(lot: FlaggedLot) -> dict[str, Any]:
    """The lot as JSON: sentences in English."""
    return {
        "lot": lot.full_id,
        "country": lot.country,
        "title": lot.title,
        "marks": list(lot.marks),
        "lots_of_notice": lot.lots,
        "capable": lot.capable,
        "judged_on": lot.day.isoformat(),
        "flags": [{"kind": flag.kind.value, "sentence": str(flag.sentence)} for flag in lot.flags],
    }


def show(found: list[FlaggedLot]) -> None:
    """Lots of one notice with the same remark share a line."""
    grid = Grid("lot", "country", "title", "flag", "lots", box=None)
    lines: dict[tuple[str, str], tuple[FlaggedLot, int]] = {}
    for lot in found:
        for flag in lot.flags:
            key = (lot.full_id.rsplit("/", 1)[0], str(flag.sentence))
            first, count = lines.get(key, (lot, 0))
            lines[key] = (first, count + 1)
    for (_, sentence), (lot, count) in lines.items():
        grid.add_row(lot.full_id, lot.country or "", lot.title[:TITLE], sentence, str(count))
    out.print(grid)
    for kind, count in sorted(Counter(flag.kind.value for lot in found for flag in lot.flags).items()):
        out.print(f"{kind}: {count}")
    flagged = sum(bool(lot.flags) for lot in found)
    say(Message("%(flagged)s of %(count)s lots have a flag.", {"flagged": flagged, "count": len(found)}))


def _country(text: str | None) -> str | None:
    if text is None or (len(text) == 2 and text.isalpha()):
        return text and text.upper()
    raise InvalidValue(Message("“%(text)s” is not a country.", {"text": text}), Message("Give two letters, for example FR."))
