"""``match``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer

from matchmaker.cli.console import database, out, run, say
from matchmaker.cli.instance import match_tools
from matchmaker.cli.match_all import match_all, read_part
from matchmaker.cli.notices import day_of
from matchmaker.cli.what_if import show_what_if
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.match import Match, Need, need_of
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation
from matchmaker.domain.values import CpvCode, Money, NutsCode, Period
from matchmaker.scoring.criteria.capability import Repeatable
from matchmaker.scoring.raise_match import what_blocks, what_would_raise
from matchmaker.scoring.reasons import strongest_reasons
from matchmaker.scoring.what_if import read_weights, what_if
from matchmaker.settings import Settings, read_settings
from matchmaker.storage.candidates import Scope
from matchmaker.storage.codec import json_line, to_builtins
from matchmaker.storage.notices import load_lot
from matchmaker.storage.organisations import load_organisations
from matchmaker.web.need_form import split_text
from matchmaker.workflows.match_lots import KEPT, match_lot, match_need

Today = Annotated[
    str | None, typer.Option("--today", metavar="DATE", help="The day it is, for deadlines and expiries: 2026-11-24.")
]


def register(app: typer.Typer) -> None:
    """Adds the command to ``app``."""
    app.command("match")(match)


def match(
    lot_id: Annotated[str | None, typer.Argument(metavar="LOT_ID", help="A published lot, NOTICE/LOT.")] = None,
    text: Annotated[str | None, typer.Option(help="Instead: what you plan to buy, in any language.")] = None,
    language: Annotated[str | None, typer.Option(help="Language of the text, two letters, where you know it.")] = None,
    nuts: Annotated[list[str] | None, typer.Option(metavar="CODE", help="Where: NUTS codes or countries.")] = None,
    value: Annotated[str | None, typer.Option(metavar="AMOUNT", help="Value per year.")] = None,
    currency: Annotated[str, typer.Option(help="Of the value, ISO 4217.")] = "EUR",
    cpv: Annotated[list[str] | None, typer.Option(metavar="CODE", help="CPV codes, the main one first.")] = None,
    start: Annotated[str | None, typer.Option(metavar="DATE", help="When the contract is to start.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Match every open and planned lot and store the result.")] = False,
    processes: Annotated[int, typer.Option(min=1, max=64, help="With --all: how many processes share the lots.")] = 1,
    part: Annotated[str | None, typer.Option(metavar="N/M", help="With --all: one part of the lots, 1/2.")] = None,
    scope: Annotated[Scope, typer.Option(help="How far to look.")] = Scope.EUROPE,
    top: Annotated[int, typer.Option(min=1, max=1000, help="How many suppliers.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: scores, criteria, reasons, features.")] = False,
    without: Annotated[list[str] | None, typer.Option(metavar="CRITERION", help="What if this criterion were left out?")] = None,
    weight: Annotated[
        list[str] | None, typer.Option(metavar="CRITERION=FACTOR", help="What if it counted more or less, scale=0.5?")
    ] = None,
    today: Today = None,
) -> None:
    """Rank suppliers for a lot or a planned purchase, and say why."""
    if sum((lot_id is not None, text is not None, everything)) != 1:
        raise typer.BadParameter(str(Message("Name one lot, or describe a purchase with --text, or give --all.")))
    settings, day = read_settings(), day_of(today)
    if everything:
        matched = run(match_all(settings, scope, day, processes, read_part(part) if part else None))
        say(Message("%(count)s lots matched.", {"count": matched}))
        return
    need = None if text is None else need_from(text, language, nuts or [], amount_of(value, currency), cpv or [], start)
    weights = read_weights(without or [], weight or [])
    found = run(_matched(settings, lot_id or "", need, scope, max(top, KEPT), day))
    if weights:
        show_what_if(what_if(found.matches, weights)[:top], found.organisations, as_json)
    elif as_json:
        typer.echo(json_line(as_plain(found, top)).decode(), nl=False)
    else:
        show(found, top)


def need_from(
    text: str, language: str | None, nuts: Sequence[str], value: Money | None, cpvs: Sequence[str], start: str | None
) -> Need:
    """The need the options express; the first region's country is the buyer's.

    Raises:
        InvalidValue: a code or amount that does not have its form.
        typer.BadParameter: a start that is no date.
    """
    title, description = split_text(text)
    regions = tuple(NutsCode.parse(code) for code in nuts)
    spoken = language or "und"
    return Need(
        need_id="draft",
        title={spoken: title},
        description={spoken: description} if description else {},
        language=language,
        cpvs=tuple(CpvCode.parse(code) for code in cpvs),
        nuts=regions,
        country=regions[0].country if regions else None,
        yearly_value=value,
        period=Period(start=day_of(start)) if start else Period(),
    )


def amount_of(value: str | None, currency: str) -> Money | None:
    """The money typed; spaces and commas between thousands are read over.

    Raises:
        InvalidValue: not an amount, or not a currency.
    """
    if value is None:
        return None
    try:
        return Money(Decimal(value.replace(" ", "").replace(",", "")), currency.upper())
    except InvalidOperation:
        raise InvalidValue(
            Message("“%(value)s” is not an amount.", {"value": value}), Message("Write it in digits, for example 50000.")
        ) from None


@dataclass(frozen=True)
class Found:
    """A need, its ranked matches, their suppliers by key, and the model that can score them again."""

    need: Need
    matches: list[Match]
    organisations: Mapping[str, Organisation]
    model: Repeatable


async def _matched(settings: Settings, lot_id: str, need: Need | None, scope: Scope, top: int, today: date) -> Found:
    async with database(settings) as sessions:
        tools = await match_tools(settings, sessions)
        if need is None:
            matches = await match_lot(sessions, lot_id, tools, today, top, scope)
        else:
            matches = await match_need(sessions, need, tools, today, top, scope)
        async with sessions() as session:
            found = await load_organisations(session, [each.supplier_key for each in matches])
            stored = await load_lot(session, lot_id) if need is None else None
    asked = need_of(*stored) if stored else need or Need(lot_id, {})
    return Found(asked, matches, {organisation.key: organisation for organisation in found}, tools.capability)


def show(found: Found, top: int) -> None:
    """The ``top`` matches for people: score, supplier, what speaks for it, what against, what is unknown, what would raise it.

    Then what in the need keeps suppliers away, of all that were found.
    """
    if not found.matches:
        say(Message("No supplier found. Look farther with --scope europe, or load suppliers with “matchmaker suppliers import”."))
    for position, match in enumerate(found.matches[:top], 1):
        supplier = found.organisations.get(match.supplier_key)
        name = supplier.name if supplier else match.supplier_key
        where = ", ".join(part for part in (supplier.base.city, supplier.base.country) if part) if supplier else ""
        out.print(f"{position:3}. {match.score:6.1%}  {name} ({where}) {match.supplier_key}", markup=False)
        reasons = strongest_reasons(match)
        for sign, results in (("+", reasons.supporting), ("-", reasons.opposing), ("?", reasons.unknown)):
            for result in results:
                out.print(f"       {sign} {result.contribution:+.2f} {result.criterion.value}: {result.sentence}", markup=False)
        for each in what_would_raise(found.need, match, found.model).raises:
            out.print(f"       > {each.gain:+.1%} {each.criterion.value}: {each.sentence}", markup=False)
    for block in what_blocks(found.need, found.matches, found.model):
        out.print(f"{block.criterion.value}: {block.sentence} (+{block.gained})", markup=False)


def as_plain(found: Found, top: int) -> list[dict[str, Any]]:
    """The ``top`` matches for programs."""
    names = {key: organisation.name for key, organisation in found.organisations.items()}
    prospects = [what_would_raise(found.need, match, found.model) for match in found.matches[:top]]
    return [
        {
            "rank": position,
            "supplier": match.supplier_key,
            "name": names.get(match.supplier_key),
            "score": match.score,
            "log_odds": match.log_odds,
            "intercept": match.intercept,
            "verdict": match.verdict.value,
            "criteria": [
                {
                    "criterion": result.criterion.value,
                    "value": result.value,
                    "contribution": result.contribution,
                    "sentence": str(result.sentence),
                    "evidence": [{"field": each.field, "quote": each.quote} for each in result.evidence],
                }
                for result in match.criteria
            ],
            "features": to_builtins(match.features),
            "contributions": to_builtins(match.contributions),
            "scorer_version": match.scorer_version,
            "near_miss": prospect.near_miss,
            "would_raise": [
                {"criterion": each.criterion.value, "sentence": str(each.sentence), "gain": each.gain} for each in prospect.raises
            ],
        }
        for position, (match, prospect) in enumerate(zip(found.matches, prospects, strict=False), 1)
    ]
