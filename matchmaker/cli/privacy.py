"""``privacy``: hand a person's data over, or erase it, when the person asks the operator instead of the site."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from matchmaker.cli.console import database, out, run, say
from matchmaker.domain.access import normal_email
from matchmaker.domain.messages import Message
from matchmaker.settings import read_settings
from matchmaker.workflows.personal_data import erase_person, export_person, person_with

group = typer.Typer(help="What is stored about a person.", no_args_is_help=True)

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The person's e-mail address.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    app.add_typer(group, name="privacy")


@group.callback()
def _privacy() -> None:
    """What is stored about a person."""


@group.command()
def export(address: Address) -> None:
    """Print everything stored about a person as JSON."""
    run(_export(normal_email(address)))


@group.command()
def erase(address: Address, yes: Annotated[bool, typer.Option("--yes", help="Do not ask: it cannot be undone.")] = False) -> None:
    """Erase a person; what organisations must keep stays under a pseudonym."""
    email = normal_email(address)
    if not yes:
        typer.confirm(str(Message("Erase everything about %(email)s? This cannot be undone.", {"email": email})), abort=True)
    run(_erase(email))
    say(Message("Erased: %(email)s.", {"email": email}))


async def _export(email: str) -> None:
    async with database(read_settings()) as sessions:
        found = await export_person(sessions, await person_with(sessions, email))
    out.print_json(json.dumps(found, ensure_ascii=False))


async def _erase(email: str) -> None:
    async with database(read_settings()) as sessions:
        await erase_person(sessions, await person_with(sessions, email), datetime.now(UTC))
