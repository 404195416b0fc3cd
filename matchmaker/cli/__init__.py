"""The command line: parse, call, print. One file per family of commands; each registers itself below."""

import sys

import typer

from matchmaker.cli import (
    bench_day,
    bench_index,
    bench_match,
    bench_page,
    bench_plan,
    bounces,
    catalogues,
    chaos,
    checks,
    database,
    demo,
    groups,
    matching,
    notices,
    people,
    planning,
    privacy,
    procedures,
    proof,
    purchase_plan,
    quarantine,
    records,
    reference,
    regimes,
    scoring,
    serve,
    suppliers,
    worker,
)
from matchmaker.cli.console import show_refusal
from matchmaker.domain.errors import Refusal

app = typer.Typer(
    name="matchmaker",
    help="Matches social enterprises with upcoming public tenders and lots.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


for family in (
    groups,
    database,
    demo,
    checks,
    notices,
    privacy,
    procedures,
    quarantine,
    records,
    proof,
    purchase_plan,
    reference,
    regimes,
    serve,
    suppliers,
    matching,
    scoring,
    catalogues,
    bench_day,
    bench_index,
    bench_match,
    bench_page,
    bench_plan,
    people,
    planning,
    worker,
    bounces,
    chaos,
):
    family.register(app)


def main() -> None:
    """Runs a command; a refusal is one clear sentence and exit code 2, Ctrl-C is exit code 130."""
    try:
        app()
    except Refusal as refusal:
        show_refusal(refusal)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
