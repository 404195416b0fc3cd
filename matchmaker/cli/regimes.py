"""``regimes check``: what the reservation law at hand rests on; ``regimes flags`` beside it."""

from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table as Grid

from matchmaker.cli.console import out, say
from matchmaker.cli.reference import ReferenceFolder, offline_reference
from matchmaker.cli.regime_flags import flags
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.reference.clauses import ClauseState
from matchmaker.reference.law import Regime
from matchmaker.settings import read_settings

regimes = typer.Typer(help="Reservation law: what is known, from where, and what is due for review.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the group to ``app``."""
    regimes.command("check")(check)
    regimes.command("flags")(flags)
    app.add_typer(regimes, name="regimes")


def check(
    folder: ReferenceFolder = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DAY", help="As of this day (2026-11-24); default today.")] = None,
    every: Annotated[bool, typer.Option("--clauses", help="List every clause that is stale or missing.")] = False,
) -> None:
    """Count rows, jurisdictions, and clauses verified, stale and missing; by jurisdiction."""
    day = _day(on)
    rows = _reference_rows(folder)
    by_country: defaultdict[str, list[Regime]] = defaultdict(list)
    for row in rows:
        by_country[row.country].append(row)
    grid = Grid("jurisdiction", "rows", "in force", *(state.value for state in ClauseState), box=None)
    totals = dict.fromkeys(ClauseState, 0)
    for country, mine in sorted(by_country.items()):
        counts = {state: sum(regime.states(day)[state] for regime in mine) for state in ClauseState}
        totals = {state: totals[state] + counts[state] for state in ClauseState}
        in_force = len([regime for regime in mine if regime.holds_on(day)])
        grid.add_row(country, str(len(mine)), str(in_force), *(str(counts[state]) for state in ClauseState))
    out.print(grid)
    if every:
        _list_doubtful(rows, day)
    say(
        Message(
            "%(rows)s rows, %(jurisdictions)s jurisdictions; clauses: %(verified)s verified, %(stale)s stale,"
            " %(missing)s missing.",
            {
                "rows": len(rows),
                "jurisdictions": len(by_country),
                "verified": totals[ClauseState.VERIFIED],
                "stale": totals[ClauseState.STALE],
                "missing": totals[ClauseState.MISSING],
            },
        )
    )


def _reference_rows(folder: Path | None) -> tuple[Regime, ...]:
    return offline_reference(folder, read_settings().shared).regimes.rows


def _list_doubtful(rows: tuple[Regime, ...], day: date) -> None:
    grid = Grid("regime", "clause", "state", "legal reference", "text of", "review by", box=None)
    for regime in rows:
        for clause in regime.clauses:
            state = clause.state(day)
            if state is not ClauseState.VERIFIED:
                dates = (str(clause.text_version or ""), str(clause.review_by or ""))
                grid.add_row(regime.regime_id, clause.kind.value, state.value, clause.legal_reference, *dates)
    out.print(grid)


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidValue(
            Message("“%(text)s” is not a day.", {"text": text}), Message("Write it as year-month-day, for example 2026-11-24.")
        ) from None
