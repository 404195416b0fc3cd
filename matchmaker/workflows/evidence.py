"""Documents that show a supplier's status: taken in, scanned, read by those allowed, decided on by operators."""

import asyncio
import os
import shlex
from asyncio.subprocess import DEVNULL
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from uuid import uuid4

from matchmaker.domain.access import Person, Role
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation, SocialStatus, Tier
from matchmaker.storage.audit import record
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.evidence import (
    EvidenceRow,
    EvidenceState,
    count_evidence,
    delete_evidence,
    load_evidence,
    save_evidence,
    stored_names,
)
from matchmaker.storage.organisations import load_organisation
from matchmaker.workflows.complete_profile import own, rewrite
from matchmaker.workflows.tools import MatchTools

MOST_BYTES = 5_000_000
"""Of one document; a scan of a few pages is far below."""
MOST_DOCUMENTS = 10
SCAN_SECONDS = 60
ORPHAN_AGE = timedelta(days=1)
"""A file this old that no document names is deleted."""

_BEGINNINGS = ((b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))


@dataclass(frozen=True)
class EvidenceFolder:
    """Where documents lie, outside everything that is served. ``scan`` is run on each with its path; other than 0 refuses it."""

    path: Path
    scan: str = ""
    most_bytes: int = MOST_BYTES


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was sent. ``status_name`` is what it is to show."""

    file_name: str
    content: bytes
    status_name: str
    valid_until: date | None


def media_type_of(content: bytes) -> str | None:
    """PDF, PNG or JPEG by how the bytes begin; None for anything else, whatever its name says."""
    return next((kind for start, kind in _BEGINNINGS if content.startswith(start)), None)


async def take_document(
    sessions: SessionMaker, person: Person, key: str, document: Document, folder: EvidenceFolder, now: datetime
) -> str:
    """Keeps a document under a random name, waiting to be looked at; its id.

    Raises:
        NotFound: no such supplier among those this person serves.
        InvalidValue: it is empty, too large, of another type, one too many, or the scanner refused it.
    """
    kind = await _acceptable(sessions, person, key, document, folder)
    stored_as = token_hex(24)
    await asyncio.to_thread(_write, folder.path, stored_as, document.content)
    if not await _clean(folder, stored_as):
        await asyncio.to_thread((folder.path / stored_as).unlink, missing_ok=True)
        raise InvalidValue(Message("The scanner for harmful files refused this file."), Message("Scan the paper anew, as a PDF."))
    row = EvidenceRow(
        evidence_id=uuid4().hex,
        organisation_key=key,
        status_name=document.status_name,
        file_name=document.file_name,
        media_type=kind,
        size=len(document.content),
        sha256=sha256(document.content).hexdigest(),
        stored_as=stored_as,
        valid_until=document.valid_until,
        uploaded_by=person.person_id,
        uploaded_at=now,
        state=EvidenceState.WAITING.value,
    )
    made = row.evidence_id
    async with transaction(sessions) as session:
        await save_evidence(session, row)
        await record(session, now, str(person.person_id), "document added", key, after={"document": made})
    return made


async def _acceptable(sessions: SessionMaker, person: Person, key: str, document: Document, folder: EvidenceFolder) -> str:
    """Its media type; refuses what may not be kept before anything is written."""
    kind = media_type_of(document.content)
    if kind is None:
        raise InvalidValue(Message("The file is neither PDF nor PNG nor JPEG."), Message("Save or scan it as a PDF."))
    if len(document.content) > folder.most_bytes:
        most: dict[str, str | int | float] = {"most": folder.most_bytes // 1_000_000}
        raise InvalidValue(
            Message("The file is larger than %(most)s MB.", most),
            Message("Scan it in black and white, or only the page that counts."),
        )
    async with sessions() as session:
        await own(session, person, key)
        if await count_evidence(session, key) >= MOST_DOCUMENTS:
            raise InvalidValue(
                Message("%(count)s documents are kept already.", {"count": MOST_DOCUMENTS}),
                Message("Delete one that is out of date."),
            )
    return kind


async def read_document(
    sessions: SessionMaker, person: Person, evidence_id: str, folder: EvidenceFolder
) -> tuple[EvidenceRow, bytes]:
    """A document with its bytes, for members of its organisation and for operators.

    Raises:
        NotFound: it is unknown, refused, or not for this person.
    """
    async with sessions() as session:
        row = await load_evidence(session, evidence_id)
    if row is None or not (Role.OPERATOR in person.roles or person.serves(row.organisation_key, Role.SUPPLIER)):
        raise _unknown()
    path = folder.path / row.stored_as
    if row.state == EvidenceState.REFUSED.value or not path.is_file():
        raise _unknown()
    return row, await asyncio.to_thread(path.read_bytes)


async def remove_document(sessions: SessionMaker, person: Person, evidence_id: str, folder: EvidenceFolder, now: datetime) -> str:
    """Deletes a document of one's own organisation for good; the organisation's key.

    Raises:
        NotFound: it is unknown or not of this person's organisation.
    """
    async with transaction(sessions) as session:
        row = await load_evidence(session, evidence_id)
        if row is None or not person.serves(row.organisation_key, Role.SUPPLIER):
            raise _unknown()
        key, stored_as = row.organisation_key, row.stored_as
        await delete_evidence(session, evidence_id)
        await record(session, now, str(person.person_id), "document deleted", key, before={"document": evidence_id})
    await asyncio.to_thread((folder.path / stored_as).unlink, missing_ok=True)
    return key


async def refuse_document(
    sessions: SessionMaker, operator: Person, evidence_id: str, why: str, folder: EvidenceFolder, now: datetime
) -> None:
    """Refuses a document (it names workers, shows something else): its bytes are deleted, the organisation reads why.

    Raises:
        NotFound: it is unknown.
    """
    async with transaction(sessions) as session:
        row = await load_evidence(session, evidence_id)
        if row is None:
            raise _unknown()
        row.state, row.note, row.decided_at = EvidenceState.REFUSED.value, why, now
        stored_as = row.stored_as
        after = {"document": evidence_id, "refused": why}
        await record(session, now, str(operator.person_id), "document refused", row.organisation_key, after=after)
    await asyncio.to_thread((folder.path / stored_as).unlink, missing_ok=True)


@dataclass(frozen=True, slots=True)
class Verification:
    """What an operator found: ``position`` of the status in the record, how sure, who says so, and the document looked at."""

    position: int
    status_name: str
    tier: Tier
    source: str
    evidence_id: str = ""


async def verify_status(
    sessions: SessionMaker, operator: Person, key: str, found: Verification, tools: MatchTools, now: datetime
) -> None:
    """Writes down how far a status is verified, by whom and on which day; a document looked at counts as seen.

    Raises:
        NotFound: no such supplier, status or document, or the status was changed meanwhile.
    """
    async with transaction(sessions) as session:
        before = await load_organisation(session, key)
        if before is None or not 0 <= found.position < len(before.statuses):
            raise _unknown()
        status = before.statuses[found.position]
        if (status.name or status.kind.value) != found.status_name:
            raise NotFound(Message("The organisation has changed this status meanwhile."), Message("Look at it again."))
        row = await load_evidence(session, found.evidence_id) if found.evidence_id else None
        if found.evidence_id and (row is None or row.organisation_key != key):
            raise _unknown()
        after = with_status(before, found.position, _verified(status, found, row, now.date()))
        if row is not None:
            row.state, row.decided_at = EvidenceState.SEEN.value, now
        await rewrite(session, after, tools, now)
        words = {"status": found.status_name, "tier": found.tier.value, "source": found.source}
        await record(session, now, str(operator.person_id), "status verified", key, {"tier": status.tier.value}, words)


def with_status(organisation: Organisation, position: int, status: SocialStatus) -> Organisation:
    """The organisation with one status put in place of another."""
    statuses = list(organisation.statuses)
    statuses[position] = status
    return replace(organisation, statuses=tuple(statuses))


def _verified(status: SocialStatus, found: Verification, row: EvidenceRow | None, today: date) -> SocialStatus:
    if found.tier is Tier.SELF_DECLARED:
        return replace(status, verified_by=None, verified_as=None, verified_on=None)
    return replace(
        status,
        verified_by=found.source,
        verified_as=found.tier,
        verified_on=today,
        evidence=status.evidence or (row.file_name if row else None),
        evidence_date=row.uploaded_at.date() if row else status.evidence_date,
        valid_until=row.valid_until if row and row.valid_until else status.valid_until,
    )


async def sweep_folder(sessions: SessionMaker, folder: Path, now: datetime) -> int:
    """Deletes files that belong to no document any more (its organisation is gone, a write was cut off); how many."""
    async with sessions() as session:
        known = await stored_names(session)
    return await asyncio.to_thread(_sweep, folder, known, (now - ORPHAN_AGE).timestamp())


def _sweep(folder: Path, known: set[str], before: float) -> int:
    found = [path for path in folder.glob("*") if path.name not in known and path.stat().st_mtime < before]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _write(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


async def _clean(folder: EvidenceFolder, name: str) -> bool:
    """What the scanner says of a file; it may stay where no scanner is set. One that cannot be started refuses everything."""
    if not folder.scan:
        return True
    try:
        scanner = await asyncio.create_subprocess_exec(
            *shlex.split(folder.scan), str(folder.path / name), stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL
        )
    except OSError:
        return False
    try:
        return await asyncio.wait_for(scanner.wait(), SCAN_SECONDS) == 0
    except TimeoutError:
        scanner.kill()
        await scanner.wait()
        return False


def _unknown() -> NotFound:
    return NotFound(
        Message("There is no such document or status here."), Message("It may have been deleted. Open the list again.")
    )
