"""``people add``: the first operator, and anybody who cannot be added on a page."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from matchmaker.cli.console import database, run, say
from matchmaker.domain.access import Role, normal_email
from matchmaker.domain.messages import Message
from matchmaker.language.translate import languages
from matchmaker.settings import read_settings
from matchmaker.workflows.enrol import Enrolment, enrol

group = typer.Typer(help="Who may sign in, and as what.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    app.add_typer(group, name="people")


@group.callback()
def _people() -> None:
    """Who may sign in, and as what."""


@group.command()
def add(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="Address that sign-in links are sent to.")],
    role: Annotated[Role, typer.Option(help="What the person does.")],
    organisation: Annotated[
        str, typer.Option(metavar="KEY", help="Key of the supplier, or of another role's team, which is made when it is new.")
    ],
    name: Annotated[str | None, typer.Option(help="Name of the team, when it is new or renamed.")] = None,
    language: Annotated[str, typer.Option(help="Two-letter language for pages and mails.")] = "en",
) -> None:
    """Give somebody a role in an organisation. Done twice it changes nothing."""
    if language not in languages():
        offered = ", ".join(languages())
        words: dict[str, str | int | float] = {"language": language, "offered": offered}
        raise typer.BadParameter(str(Message("“%(language)s” is not offered; choose from %(offered)s.", words)))
    added = run(_add(Enrolment(normal_email(email), role, organisation, name, language)))
    told = {"email": email, "role": role.value, "organisation": organisation}
    if added:
        say(Message("%(email)s is now %(role)s of %(organisation)s and can sign in with a link sent to that address.", told))
    else:
        say(Message("%(email)s was %(role)s of %(organisation)s already.", told))


async def _add(wanted: Enrolment) -> bool:
    async with database(read_settings()) as sessions:
        return await enrol(sessions, wanted, "people add", datetime.now(UTC))
