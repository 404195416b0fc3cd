"""``migrate``."""

import typer

from matchmaker.cli.console import database_url, run, say
from matchmaker.domain.messages import Message
from matchmaker.settings import read_settings
from matchmaker.workflows.migrate import migrate as bring_to_newest


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    app.command()(migrate)


def migrate() -> None:
    """Bring the database to the newest form. Safe to run again, and from several processes at once."""
    before, after = run(bring_to_newest(database_url(read_settings())))
    if before == after:
        say(Message("The database is in its newest form (%(revision)s).", {"revision": after or "-"}))
    else:
        names = {"before": before or "-", "after": after or "-"}
        say(Message("The database was brought from %(before)s to %(after)s.", names))
