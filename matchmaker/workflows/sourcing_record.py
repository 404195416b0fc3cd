"""Read and continue a team's sourcing records. Whoever may not see one is told that there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from secrets import token_hex, token_urlsafe
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import Person, Role, normal_email
from matchmaker.domain.errors import InvalidValue, NotAllowed, NotFound
from matchmaker.domain.hash_chain import BEGINNING, canonical_json, linked
from matchmaker.domain.messages import Message
from matchmaker.domain.sourcing_record import Decision, EventKind, RecordHead, RecordKind, SourcingRecord
from matchmaker.storage.codec import to_builtins, to_document
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.people import load_person, person_id_of
from matchmaker.storage.sourcing_records import (
    actor_of,
    add_link,
    add_reader,
    add_record,
    delete_overdue,
    last_link,
    list_records,
    load_record,
    may_read,
    readers_of,
    record_ids,
    remove_reader,
)

LONGEST_NOTE = 4000
LONGEST_TITLE = 200
OPERATOR = "operator"
"""The actor of what is done on the command line."""


@dataclass(frozen=True, slots=True)
class NewRecord:
    """What a record begins with; ``content`` is a document: the search or plan in full."""

    team_key: str
    kind: RecordKind
    title: str
    need_id: str
    content: Mapping[str, Any]


async def open_record(session: AsyncSession, person: Person, wanted: NewRecord, now: datetime) -> str:
    """Opens a record in the transaction of ``session``; returns its id.

    Raises:
        NotAllowed: the person is no buyer in that team.
    """
    if not person.serves(wanted.team_key, Role.BUYER):
        raise NotAllowed(
            Message("You are not a buyer in this team."), Message("Choose one of your own teams, or ask a colleague to add you.")
        )
    record_id = token_urlsafe(12)
    title = wanted.title.strip()[:LONGEST_TITLE] or wanted.need_id
    head = RecordHead(record_id, wanted.team_key, "", wanted.kind, title, wanted.need_id, now, now, 0, BEGINNING)
    await add_record(session, head)
    opened = {"record": wanted.kind.value, "team": wanted.team_key, "title": title, "need_id": wanted.need_id, **wanted.content}
    await _append(session, record_id, person.person_id, EventKind.OPENED, opened, now)
    return record_id


async def _append(
    session: AsyncSession,
    record_id: str,
    person_id: int | None,
    kind: EventKind,
    content: Mapping[str, Any],
    now: datetime,
    **columns: Any,
) -> None:
    found = await last_link(session, record_id)
    if found is None:
        raise _no_record()
    length, digest = found
    body = {
        "record": record_id,
        "number": length + 1,
        "kind": kind.value,
        "at": now.astimezone(UTC).isoformat(),
        "actor": OPERATOR if person_id is None else await actor_of(session, record_id, person_id, _new_mark()),
        "content": to_builtins(content),
    }
    await add_link(session, record_id, linked(digest, length + 1, canonical_json(body)), now, **columns)


async def records_of(sessions: SessionMaker, person: Person, kind: RecordKind | None = None) -> list[RecordHead]:
    """The records of the person's buyer teams, and those an officer was let into; the newest first."""
    async with sessions() as session:
        return await list_records(session, may_read(buyer_teams(person), _as_officer(person)), kind)


async def read_record(sessions: SessionMaker, person: Person, record_id: str) -> SourcingRecord:
    """One of them in full.

    Raises:
        NotFound: there is none, or the person may not see it; both look the same.
    """
    async with sessions() as session:
        return await _visible(session, person, record_id)


async def _visible(session: AsyncSession, person: Person, record_id: str) -> SourcingRecord:
    found = await load_record(session, record_id, may_read(buyer_teams(person), _as_officer(person)))
    if found is None:
        raise _no_record()
    return found


async def add_note(sessions: SessionMaker, person: Person, record_id: str, text: str, now: datetime) -> None:
    """Adds a note of the team, or of an officer let in.

    Raises:
        NotFound: the person may not see the record.
        InvalidValue: an empty or too long text.
    """
    content = {"text": _words(text)}
    async with transaction(sessions) as session:
        await _visible(session, person, record_id)
        await _append(session, record_id, person.person_id, EventKind.NOTED, content, now)


async def decide(sessions: SessionMaker, person: Person, record_id: str, decision: Decision, today: date, now: datetime) -> None:
    """Writes down what the team decided and why; a later decision stands beside the earlier one and counts from then on.

    Raises:
        NotFound: it is no record of the person's teams.
        InvalidValue: no reason, or a chosen supplier that the record does not name.
    """
    because = _words(decision.because)
    async with transaction(sessions) as session:
        record = await _own(session, person, record_id)
        known = {supplier["key"] for supplier in record.opened.content.get("suppliers", ())}
        if not set(decision.chosen) <= known:
            raise InvalidValue(
                Message("A chosen supplier does not stand in this record."), Message("Choose from the suppliers listed.")
            )
        content = {**to_document(decision), "because": because}
        columns = {"outcome": decision.outcome.value, "decided_on": today, "awarded_on": decision.awarded_on}
        await _append(session, record_id, person.person_id, EventKind.DECIDED, content, now, **columns)


async def share(sessions: SessionMaker, person: Person, record_id: str, email: str, now: datetime) -> bool:
    """Lets a market-engagement officer of this service read the record; False when nobody of that address can be let in.

    Raises:
        NotFound: it is no record of the person's teams.
        InvalidValue: no e-mail address.
    """
    address = normal_email(email)
    async with transaction(sessions) as session:
        await _own(session, person, record_id)
        person_id = await person_id_of(session, address)
        reader = await load_person(session, person_id) if person_id is not None else None
        if reader is None or Role.OFFICER not in reader.roles:
            return False
        if await add_reader(session, record_id, reader.person_id):
            await _sharing(session, record_id, person, reader.person_id, EventKind.SHARED, now)
        return True


async def stop_sharing(sessions: SessionMaker, person: Person, record_id: str, reader_id: int, now: datetime) -> None:
    """Shuts an officer out again.

    Raises:
        NotFound: it is no record of the person's teams.
    """
    async with transaction(sessions) as session:
        await _own(session, person, record_id)
        if await remove_reader(session, record_id, reader_id):
            await _sharing(session, record_id, person, reader_id, EventKind.SHARING_ENDED, now)


async def _sharing(session: AsyncSession, record_id: str, person: Person, reader_id: int, kind: EventKind, now: datetime) -> None:
    mark = await actor_of(session, record_id, reader_id, _new_mark())
    await _append(session, record_id, person.person_id, kind, {"with": mark}, now)


async def readers(sessions: SessionMaker, record: SourcingRecord) -> list[tuple[int, str]]:
    """Number and address of the officers let into a record."""
    async with sessions() as session:
        return await readers_of(session, record.head.record_id)


async def export_record(sessions: SessionMaker, person: Person, record_id: str, form: str, now: datetime) -> SourcingRecord:
    """The record with its export written down, so that the file carries the hash it will be known by.

    Raises:
        NotFound: the person may not see it.
    """
    async with transaction(sessions) as session:
        await _visible(session, person, record_id)
        await _append(session, record_id, person.person_id, EventKind.EXPORTED, {"form": form}, now)
        return await _visible(session, person, record_id)


async def every_record(sessions: SessionMaker) -> list[str]:
    """The ids of all records, for the operator; what stands in them is for the teams."""
    async with sessions() as session:
        return await record_ids(session)


async def record_for_operator(sessions: SessionMaker, record_id: str) -> SourcingRecord:
    """One record whoever asks: for the command line, whose user has the database anyway.

    Raises:
        NotFound: there is none.
    """
    async with sessions() as session:
        found = await load_record(session, record_id)
    if found is None:
        raise _no_record()
    return found


async def export_for_operator(sessions: SessionMaker, record_id: str, form: str, now: datetime) -> SourcingRecord:
    """The same for the command line: the entry names the operator of the service, who is no person of the record.

    Raises:
        NotFound: there is none.
    """
    async with transaction(sessions) as session:
        await _append(session, record_id, None, EventKind.EXPORTED, {"form": form}, now)
    return await record_for_operator(sessions, record_id)


async def delete_records_overdue(sessions: SessionMaker, years: int, today: date) -> int:
    """Deletes records ``years`` after the award, else the decision, else the last event; how many."""
    async with transaction(sessions) as session:
        return len(await delete_overdue(session, years, today))


def _new_mark() -> str:
    return f"person-{token_hex(6)}"


def buyer_teams(person: Person) -> list[str]:
    """The teams this person buys for."""
    return [membership.organisation_key for membership in person.organisations_as(Role.BUYER)]


def _as_officer(person: Person) -> int | None:
    return person.person_id if Role.OFFICER in person.roles else None


async def _own(session: AsyncSession, person: Person, record_id: str) -> SourcingRecord:
    record = await _visible(session, person, record_id)
    if not person.serves(record.head.team_key, Role.BUYER):
        raise _no_record()
    return record


def _words(text: str) -> str:
    words = text.replace("\x00", "").strip()
    if not words:
        raise InvalidValue(Message("Nothing is written."), Message("Write at least a few words."))
    if len(words) > LONGEST_NOTE:
        length = {"length": len(words), "longest": LONGEST_NOTE}
        raise InvalidValue(
            Message("This text has %(length)s characters. Shorten it to %(longest)s.", length), Message("Shorten it.")
        )
    return words


def _no_record() -> NotFound:
    return NotFound(Message("There is no such record in your teams."), Message("Open your list of records."))
