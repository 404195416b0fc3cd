"""``migrate``."""

from typing import Annotated

import typer

from matchmaker.cli.console import database_url, err, run, say
from matchmaker.domain.messages import Message
from matchmaker.settings import read_settings
from matchmaker.workflows.migrate import differences
from matchmaker.workflows.migrate import migrate as bring_to_newest


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    app.command()(migrate)


def migrate(
    check: Annotated[
        bool, typer.Option("--check", help="Then list where the database differs from the code; 1 if it does.")
    ] = False,
) -> None:
    """Bring the database to the newest form. Safe to run again, and from several processes at once."""
    url = database_url(read_settings())
    before, after = run(bring_to_newest(url))
    if before == after:
        say(Message("The database is in its newest form (%(revision)s).", {"revision": after or "-"}))
    else:
        names = {"before": before or "-", "after": after or "-"}
        say(Message("The database was brought from %(before)s to %(after)s.", names))
    if check:
        _check(url)


def _check(url: str) -> None:
    found = run(differences(url))
    for difference in found:
        err.print(str(difference), markup=False)
    if found:
        raise typer.Exit(1)
    say(Message("Its tables are those of the code."))
