"""What was done in an organisation's name or to its record: who, what, before and after, for its members."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from matchmaker.domain.access import Person
from matchmaker.domain.errors import NotFound
from matchmaker.domain.messages import Message
from matchmaker.storage.audit import AuditFilter, AuditRow, team_history
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.joining import members_of
from matchmaker.storage.people import load_people, team_name

SHOWN = 500
"""Entries shown or written to a file at most; a filter by date leads further back."""


class Actor(StrEnum):
    """Who did it, as far as the organisation may know."""

    MEMBER = "member"
    """``name`` is the address of somebody who belongs or belonged to the team."""
    OUTSIDER = "outsider"
    """Somebody else: which buyer looked at a figure, for example, is that buyer's own affair."""
    PROGRAM = "program"
    """``name`` is a command or a step of the service."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One act; ``before`` and ``after`` hold what changed, without what belongs to others."""

    at: datetime
    actor: Actor
    name: str
    action: str
    subject: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TeamLog:
    """The entries that a filter lets through, the newest first, and what can be filtered by."""

    name: str
    entries: tuple[LogEntry, ...]
    actions: tuple[str, ...]
    members: tuple[tuple[int, str], ...]


async def read_log(sessions: SessionMaker, person: Person, key: str, wanted: AuditFilter) -> TeamLog:
    """The log of a team this person belongs to.

    Raises:
        NotFound: this person is no member.
    """
    async with sessions() as session:
        name = await team_name(session, key) if person.serves(key) else None
        if name is None:
            raise NotFound(
                Message("We could not find that organisation among yours."), Message("Choose one on your account page.")
            )
        rows = await team_history(session, key, wanted, SHOWN)
        everything = rows if wanted == AuditFilter() else await team_history(session, key, AuditFilter(), SHOWN)
        members = {member.person_id: member.email for member in await members_of(session, key)}
        former = {number for row in everything if (number := _added(row)) is not None} - set(members)
        members |= {number: known.email for number, known in (await load_people(session, sorted(former))).items()}
    return TeamLog(
        name,
        tuple(_entry(row, key, members) for row in rows),
        tuple(sorted({row.action for row in everything})),
        tuple(sorted(members.items(), key=lambda each: each[1])),
    )


def _added(row: AuditRow) -> int | None:
    number = (row.after or {}).get("person") if row.action in {"member added", "request accepted"} else None
    return number if isinstance(number, int) else None


def _entry(row: AuditRow, key: str, members: Mapping[int, str]) -> LogEntry:
    number = int(row.who) if row.who.isdecimal() else None
    if number is not None and number in members:
        actor, name = Actor.MEMBER, members[number]
    elif row.who in members.values():
        actor, name = Actor.MEMBER, row.who
    elif number is None and "@" not in row.who:
        actor, name = Actor.PROGRAM, row.who
    else:
        actor, name = Actor.OUTSIDER, ""
    ours = actor is not Actor.OUTSIDER
    before, after = (_readable(document or {}, members, ours) for document in (row.before, row.after))
    return LogEntry(row.at, actor, name, row.action, "" if row.subject == key else row.subject, before, after)


def _readable(document: Mapping[str, Any], members: Mapping[int, str], ours: bool) -> dict[str, Any]:
    """A member's number becomes the address; an outsider's team and number go."""
    shown = {name: value for name, value in document.items() if ours or name not in {"team", "person"}}
    if isinstance(number := shown.get("person"), int):
        shown["person"] = members.get(number, "")
    return {name: value for name, value in shown.items() if value not in ("", None)}
