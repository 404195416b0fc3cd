"""Command groups that several families of commands add to."""

import typer

bench = typer.Typer(help="Measure speed.", no_args_is_help=True)
check = typer.Typer(help="Compare what was read with an independent reading.", no_args_is_help=True)
export = typer.Typer(help="Write what is stored to a file.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the groups to ``app``."""
    app.add_typer(bench, name="bench")
    app.add_typer(check, name="check")
    app.add_typer(export, name="export")
