"""Import a register: each row becomes a supplier, changes one, or is refused with a reason; the rest goes on."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Capability, Organisation
from matchmaker.ingestion.suppliers.organisations import ReadRow
from matchmaker.ingestion.tables.table import RowNote
from matchmaker.reference.bundle import Reference
from matchmaker.scoring.encoder import Encoder
from matchmaker.scoring.profile import capability_vectors
from matchmaker.storage.audit import record
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.lot_columns import conversions_of
from matchmaker.storage.organisations import WRITTEN, Stored, foresee, save_organisations
from matchmaker.storage.statistics import refresh_statistics

BATCH = 500


class Outcome(StrEnum):
    """What happened to a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


REFUSALS = {
    Stored.OBJECTED: Message("The organisation objected to being listed; its record stays hidden and was not changed."),
    Stored.CLAIMED: Message("The organisation keeps this record itself; the register’s row was not taken over."),
}


@dataclass(frozen=True, slots=True)
class RowResult:
    """A row's outcome: why it was refused, and what was left out of it."""

    number: int
    outcome: Outcome
    key: str | None
    reason: Message | None
    remarks: tuple[Message, ...]

    def note(self) -> RowNote:
        """In words, for the file that is handed back."""
        sentences = [*([self.reason] if self.reason else []), *self.remarks]
        return RowNote(self.outcome.value, " ".join(map(str, sentences)))


@dataclass
class TextVectors:
    """Vectors by text, each made once: registers repeat the same sector names thousands of times."""

    encoder: Encoder
    made: dict[str, NDArray[np.float32]] = field(default_factory=dict)

    def of(self, organisations: Sequence[Organisation]) -> dict[str, list[Any]]:
        """By supplier key, one array a capability in order, a row for each piece of its text; None for one that says nothing."""
        texts = {capability.text for organisation in organisations for capability in organisation.capabilities}
        if new := sorted(texts - self.made.keys()):
            self.made.update(zip(new, capability_vectors([Capability(text) for text in new], self.encoder), strict=True))
        return {
            organisation.key: [
                vector if (vector := self.made[capability.text]).any() else None for capability in organisation.capabilities
            ]
            for organisation in organisations
        }


@dataclass(frozen=True, slots=True)
class ImportTools:
    """Tables for current region codes, and what makes vectors of capabilities."""

    reference: Reference
    encoder: Encoder


async def import_suppliers(
    sessions: SessionMaker, rows: Iterable[ReadRow], tools: ImportTools, now: datetime, dry_run: bool
) -> AsyncIterator[list[RowResult]]:
    """Stores rows in batches, each committed before it is reported; a dry run reports the same and stores nothing."""
    vectors = TextVectors(tools.encoder)
    written = 0
    for batch in _batches(rows):
        results = await _import_batch(sessions, batch, tools, vectors, now, dry_run)
        written += 0 if dry_run else sum(result.outcome in {Outcome.CREATED, Outcome.UPDATED} for result in results)
        yield results
    await refresh_statistics(sessions, written)


def _batches(rows: Iterable[ReadRow]) -> Iterator[list[ReadRow]]:
    batch: list[ReadRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


async def _import_batch(
    sessions: SessionMaker, batch: list[ReadRow], tools: ImportTools, vectors: TextVectors, now: datetime, dry_run: bool
) -> list[RowResult]:
    organisations = [row.organisation for row in batch if row.organisation]
    async with sessions() as session:
        outcomes = await foresee(session, organisations)
    changed = [one for one, outcome in zip(organisations, outcomes, strict=True) if outcome in WRITTEN]
    if changed and not dry_run:
        made = vectors.of(changed)
        async with transaction(sessions) as session:
            await save_organisations(session, changed, made, conversions_of(tools.reference), now, tools.encoder.version)
    stored = {one.key: outcome for one, outcome in zip(organisations, outcomes, strict=True)}
    return [_result(row, stored) for row in batch]


def _result(row: ReadRow, stored: dict[str, Stored]) -> RowResult:
    if row.organisation is None:
        return RowResult(row.number, Outcome.REFUSED, None, row.refusal, row.remarks)
    done = stored[row.organisation.key]
    reason = REFUSALS.get(done)
    outcome = Outcome.REFUSED if reason else Outcome(done.value)
    return RowResult(row.number, outcome, row.organisation.key, reason, row.remarks)


async def note_import(sessions: SessionMaker, source: str, results: Iterable[RowResult], now: datetime) -> None:
    """Notes in the audit what an import did."""
    counts = Counter(result.outcome.value for result in results)
    async with transaction(sessions) as session:
        await record(session, now, "suppliers import", "import", source, after=dict(counts))
