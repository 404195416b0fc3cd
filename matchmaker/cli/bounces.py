"""``bounces``: the hook for a mail server that hands back what could not be delivered."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from matchmaker.alerts.bounces import Bounce, read_bounce
from matchmaker.cli.console import database, run, say
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.settings import Settings, read_settings
from matchmaker.workflows.take_back import take_back

MOST_BYTES = 1_000_000

bounces_app = typer.Typer(help="Mails that came back.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the commands to ``app``."""
    bounces_app.command("read")(read)
    app.add_typer(bounces_app, name="bounces")


def read(
    file: Annotated[Path | None, typer.Argument(help="A delivery status notification; default: what is piped in.")] = None,
) -> None:
    """Read one delivery status notification (RFC 3464) and pause the address that refused for good.

    In Postfix, an alias for the sender's address does it: alerts: "|matchmaker bounces read".
    """
    data = file.read_bytes() if file else sys.stdin.buffer.read(MOST_BYTES + 1)
    bounce = read_bounce(data[:MOST_BYTES])
    if bounce is None:
        raise InvalidValue(
            Message("This mail is no delivery status notification about one of ours."),
            Message("Give the whole mail with its parts, as the mail server wrote it."),
        )
    known = run(_take_back(read_settings(), bounce))
    say(Message("Kept.") if known else Message("No mail with that Message-ID was sent from here; nothing was changed."))


async def _take_back(settings: Settings, bounce: Bounce) -> bool:
    async with database(settings) as sessions:
        return await take_back(sessions, bounce, datetime.now(UTC))
