"""``match --all``: the rankings of every open and planned lot, by as many processes as are asked for."""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date

from matchmaker.cli.console import database, progress
from matchmaker.cli.instance import match_tools
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.settings import Settings
from matchmaker.storage.candidates import Scope
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.matches import open_lot_ids
from matchmaker.workflows.match_many import match_many
from matchmaker.workflows.tools import MatchTools


def read_part(text: str) -> slice:
    """``2/3`` as every third item, beginning with the second.

    Raises:
        InvalidValue: not of this form.
    """
    number, _, of = text.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 0 < int(number) <= int(of)):
        raise InvalidValue(Message("“%(part)s” names no part.", {"part": text}), Message("Write 1/2 for the first of two parts."))
    return slice(int(number) - 1, None, int(of))


def helpers(processes: int, arguments: Sequence[str], settings: Settings) -> ExitStack:
    """The same command for all parts but the first, as processes of their own; leaving the stack waits for them."""
    stack = ExitStack()
    environment = {**os.environ, "MATCHMAKER_HOME": str(settings.home), "DATABASE_URL": settings.database_url or ""}
    for number in range(2, processes + 1):
        command = [sys.executable, "-m", "matchmaker", *arguments, "--part", f"{number}/{processes}"]
        stack.enter_context(subprocess.Popen(command, env=environment))  # noqa: S603  our own command
    return stack


async def match_all(settings: Settings, scope: Scope, today: date, processes: int, part: slice | None) -> int:
    """Brings the rankings of all open and planned lots, or of a part of them, up to date; how many are, by this process."""
    arguments = ("match", "--all", "--scope", scope.value, "--today", today.isoformat())
    async with database(settings) as sessions:
        tools = await match_tools(settings, sessions)
        with helpers(1 if part else processes, arguments, settings):
            return await match_every_lot(sessions, tools, scope, today, part or slice(0, None, processes))


async def match_every_lot(sessions: SessionMaker, tools: MatchTools, scope: Scope, today: date, part: slice = slice(None)) -> int:
    """Matches and stores every open and planned lot of ``part`` that is not up to date, one transaction each; how many are."""
    async with sessions() as session:
        lots = (await open_lot_ids(session, today))[part]
    matching, matched = match_many(sessions, lots, tools, today, scope), 0
    for _ in progress(lots, len(lots), str(Message("Lots"))):
        matched += await anext(matching, None) is not None
    return matched
