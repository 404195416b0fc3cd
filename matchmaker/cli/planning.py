"""``plan``: can this lot be reserved, under which law, and if not, what would hold."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated

import typer

from matchmaker.cli.console import database, out, run
from matchmaker.cli.instance import match_tools
from matchmaker.cli.matching import Today
from matchmaker.cli.notices import day_of
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation
from matchmaker.domain.sight import OPERATOR
from matchmaker.planning.bids import Participation
from matchmaker.planning.plan import Assumptions, Change, Plan, RegimePlan
from matchmaker.settings import Settings, read_settings
from matchmaker.storage.codec import json_line
from matchmaker.storage.organisations import load_organisations
from matchmaker.web.plan_record import plan_record
from matchmaker.workflows.plan_lot import plan_lot

SHOWN = 5
"""Suppliers and groups listed for people; --json has all."""


def register(app: typer.Typer) -> None:
    """Adds the command to ``app``."""
    app.command("plan")(plan)


def plan(
    lot_id: Annotated[str, typer.Argument(metavar="LOT_ID", help="A published lot, NOTICE/LOT.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole plan as JSON.")] = False,
    dependency: Annotated[
        float | None, typer.Option(min=0.01, max=1, help="Largest part of its turnover that the contract may become.")
    ] = None,
    members: Annotated[int | None, typer.Option(min=1, max=10, help="Most members of a joint bid; 1 admits none.")] = None,
    wanted: Annotated[int | None, typer.Option(min=1, max=20, help="Bids that make a competition.")] = None,
    bids: Annotated[
        str | None, typer.Option(metavar="LOW,LIKELY,HIGH", help="Which part of the able bids, for example 0.1,0.3,0.5.")
    ] = None,
    capable_from: Annotated[
        float | None, typer.Option(min=0.01, max=0.99, help="Capability from which a supplier counts as able to do the work.")
    ] = None,
    unknown_up_to: Annotated[
        float | None, typer.Option(min=0, help="Euro a year that a supplier of unknown size is thought possible to carry.")
    ] = None,
    labour_share: Annotated[float | None, typer.Option(min=0, max=1, help="Part of the value that is pay for work.")] = None,
    hourly_cost: Annotated[float | None, typer.Option(min=1, help="Euro an hour.")] = None,
    task: Annotated[
        list[str] | None, typer.Option(metavar="CPV=PART", help="Part of the value of a task, 90910000=0.6. Repeatable.")
    ] = None,
    today: Today = None,
) -> None:
    """Say whether a lot can be reserved, under which law, what would change the answer, and which social part would hold."""
    usual = Assumptions()
    assumed = Assumptions(
        dependency=_exact(dependency, usual.dependency),
        members=members or usual.members,
        wanted=wanted or usual.wanted,
        capable_from=capable_from or usual.capable_from,
        unknown_up_to=_exact(unknown_up_to, usual.unknown_up_to),
        labour_share=labour_share,
        hourly_cost=_exact(hourly_cost, usual.hourly_cost),
        task_parts=tuple(map(task_part, task or ())),
    )
    made, organisations = run(_planned(read_settings(), lot_id, with_bids(assumed, bids), day_of(today)))
    (print_json if as_json else show)(made, organisations)


def print_json(made: Plan, organisations: Mapping[str, Organisation]) -> None:
    """The whole plan as JSON, with the sizes of every supplier in it."""
    typer.echo(json_line(plan_record(made, organisations, "en")).decode(), nl=False)


def _exact(typed: float | None, usual: Decimal) -> Decimal:
    """What was typed as the decimal it was typed as; without it the usual."""
    return usual if typed is None else Decimal(str(typed))


def task_part(text: str) -> tuple[str, float]:
    """``90910000=0.6`` as a code and its part.

    Raises:
        InvalidValue: it does not have that form, or the part is not between 0 and 1.
    """
    code, _, part = text.partition("=")
    try:
        share = float(part)
    except ValueError:
        share = -1.0
    if not code.isdigit() or not 0 <= share <= 1:
        raise InvalidValue(
            Message("“%(text)s” is not a CPV code with its part of the value.", {"text": text}),
            Message("Write it as code=part, for example 90910000=0.6."),
        )
    return code.ljust(8, "0"), share


def with_bids(assumed: Assumptions, text: str | None) -> Assumptions:
    """The assumptions with three parts from ``0.1,0.3,0.5``; as they are without any.

    Raises:
        InvalidValue: these are not three numbers, or not in order between 0 and 1.
    """
    if text is None:
        return assumed
    try:
        low, likely, high = (float(part) for part in text.split(","))
    except ValueError:
        raise InvalidValue(
            Message("“%(text)s” is not three parts.", {"text": text}),
            Message("Give low, likely and high, for example 0.1,0.3,0.5."),
        ) from None
    Participation(low, likely, high)
    return replace(assumed, bid_low=low, bid_likely=likely, bid_high=high)


async def _planned(settings: Settings, lot_id: str, assumed: Assumptions, today: date) -> tuple[Plan, Mapping[str, Organisation]]:
    async with database(settings) as sessions:
        tools = await match_tools(settings, sessions)
        made = await plan_lot(sessions, lot_id, tools, today, assumed, OPERATOR)
        keys = {each.key for regime in made.regimes for each in regime.suppliers} | {
            member.key for group in made.consortia for member in group.members
        }
        async with sessions() as session:
            found = await load_organisations(session, sorted(keys))
    return made, {each.key: each for each in found}


def show(made: Plan, organisations: Mapping[str, Organisation]) -> None:
    """The plan for people: the answer, each law, what would change it, the target, groups, the notice, and what it rests on."""
    names = {key: each.name for key, each in organisations.items()}
    _heading(f"{made.need.need_id}  {next(iter(made.need.title.values()), '')}")
    _line(f"EUR {_euro(made.yearly)} a year, {_euro(made.total)} in all, {_euro(made.purchase_total)} with all lots")
    _sentences(made.answer)
    _sentences(made.threshold)
    for regime in made.regimes:
        _show_regime(regime, names)
    if made.changes:
        _heading(str(Message("What would change the answer")))
        for change in made.changes:
            _show_change(change)
    if made.target:
        _heading(str(Message("Social part")))
        _sentences((*made.target.sentences, *made.target.limits))
        for task in made.target.tasks:
            _line(
                f"{task.cpv or '-'} {task.label}: {task.part:.0%} of the value, {task.suppliers} suppliers,"
                f" {task.likely:.1%} ({task.low:.1%} to {task.high:.1%}) can be carried"
            )
    for group in made.consortia[:SHOWN]:
        members = " + ".join(f"{names.get(each.key, each.key)} (EUR {_euro(each.euro)})" for each in group.members)
        _line(f"{group.regime_id}: {members}: {group.verdict.value}. {group.sentence}")
    _heading(str(Message("Text for the notice")))
    for text in made.notice:
        _line(f"{text.regime_id or 'social clause'}: " + ", ".join(f"{each.term}={each.code}" for each in text.values))
        for sentence in text.sentences:
            _line(f"  {sentence.language}: {sentence.text}")
    _heading(str(Message("What this rests on")))
    _sentences(made.basis)


def _show_regime(regime: RegimePlan, names: Mapping[str, str]) -> None:
    _heading(f"{regime.regime_id}  {regime.legal_reference}  -> {regime.advice.value}")
    chance = (
        "?" if regime.p_at_least_n is None else f"{regime.p_at_least_n:.0%} ({regime.low or 0:.0%} to {regime.high or 0:.0%})"
    )
    _line(
        f"eligible {regime.eligible} (probably {regime.probably}), not {regime.not_eligible}, unknown {regime.unknown};"
        f" at least {regime.n} bids: {chance}"
    )
    _sentences(regime.sentences)
    for missing in regime.missing[:3]:
        _line(f"? {missing.field}: {missing.count}")
    for each in regime.suppliers[:SHOWN]:
        carries = "" if each.carries is None else f", carries EUR {_euro(each.carries)} a year"
        _line(f"  {names.get(each.key, each.key)} {each.score:.0%}: {each.verdict.value}, {each.role.value}{carries}")


def _show_change(change: Change) -> None:
    _line(f"{change.lever.value} ({change.regime_id}): {change.sentence}")
    _line(
        f"  able {change.able_before} -> {change.able_after}, enough bids {change.p_before:.0%} -> {change.p_after:.0%},"
        f" {change.advice_after.value}"
    )
    _sentences(change.cautions, "  ")


def _heading(text: str) -> None:
    out.print()
    out.print(text, style="bold", markup=False)


def _line(text: str) -> None:
    out.print(text, markup=False)


def _sentences(sentences: tuple[Message, ...], indent: str = "") -> None:
    for sentence in sentences:
        _line(f"{indent}{sentence}")


def _euro(amount: Decimal | None) -> str:
    return "?" if amount is None else f"{amount:,.0f}"
