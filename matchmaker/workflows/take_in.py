"""Take in documents: each becomes a notice with its lots, or goes to quarantine; the rest goes on."""

import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.lot_state import LotState, lot_state
from matchmaker.domain.match import need_of
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Notice
from matchmaker.ingestion.archives import Document
from matchmaker.ingestion.notices import read_notice
from matchmaker.reference.bundle import Reference
from matchmaker.scoring.encoder import Encoder
from matchmaker.scoring.narrowing import search_vector
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.lot_columns import conversions_of
from matchmaker.storage.notice_batches import save_apart, settle_quarantine
from matchmaker.storage.notices import Reading, Saved, already_stored
from matchmaker.storage.statistics import refresh_statistics

BATCH_DOCUMENTS = 50
BATCH_BYTES = 20_000_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TakeInTools:
    """Tables for converting values and codes; an encoder for the lots that can still be won ``today`` (None: no vectors)."""

    reference: Reference
    encoder: Encoder | None
    today: date
    read: Callable[[bytes, str], Notice] = read_notice


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of some documents. ``refused`` names each one now in quarantine."""

    new: int = 0
    newer: int = 0
    seen: int = 0
    lots: int = 0
    refused: tuple[UnreadableDocument, ...] = ()

    @property
    def documents(self) -> int:
        """All of them."""
        return self.new + self.newer + self.seen + len(self.refused)

    def __add__(self, other: "TakenIn") -> "TakenIn":
        return TakenIn(
            self.new + other.new,
            self.newer + other.newer,
            self.seen + other.seen,
            self.lots + other.lots,
            self.refused + other.refused,
        )


Incoming = Document | UnreadableDocument


async def take_in(
    sessions: SessionMaker, documents: Iterable[Incoming], tools: TakeInTools, now: datetime, again: bool = False
) -> AsyncIterator[TakenIn]:
    """Reads and stores ``documents`` in small batches, each committed before it is reported.

    Stopping in between loses nothing but the running batch. Notices seen before are left alone, unless ``again`` asks to
    replace what an earlier reading of the same version stored.
    """
    stored_lots = 0
    for batch in _batches(documents):
        taken = await _take_in_batch(sessions, batch, tools, now, again)
        stored_lots += taken.lots
        yield taken
    await refresh_statistics(sessions, stored_lots)


def _batches(documents: Iterable[Incoming]) -> Iterator[list[Incoming]]:
    batch: list[Incoming] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.data) if isinstance(document, Document) else 0
        if len(batch) >= BATCH_DOCUMENTS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


Unreadable = tuple[str, bytes, UnreadableDocument]


async def _take_in_batch(
    sessions: SessionMaker, batch: list[Incoming], tools: TakeInTools, now: datetime, again: bool
) -> TakenIn:
    read, unreadable = _read_all(batch, tools)
    readings = await _with_vectors(sessions, read, tools, again)
    outcomes = await save_apart(sessions, readings, conversions_of(tools.reference), now, again) if readings else []
    kept: list[tuple[str, bytes]] = []
    stored_lots = 0
    for (document, notice), outcome in zip(read, outcomes, strict=True):
        if isinstance(outcome, UnreadableDocument):
            unreadable.append((document.name, document.data, outcome))
        else:
            kept.append((document.name, document.data))
            stored_lots += 0 if outcome is Saved.SEEN else len(notice.lots)
    await settle_quarantine(sessions, unreadable, kept, now)
    return TakenIn(
        new=outcomes.count(Saved.NEW),
        newer=outcomes.count(Saved.NEWER),
        seen=outcomes.count(Saved.SEEN),
        lots=stored_lots,
        refused=tuple(refusal for *_, refusal in unreadable),
    )


def _read_all(batch: list[Incoming], tools: TakeInTools) -> tuple[list[tuple[Document, Notice]], list[Unreadable]]:
    read: list[tuple[Document, Notice]] = []
    unreadable: list[Unreadable] = []
    for document in batch:
        if isinstance(document, UnreadableDocument):
            unreadable.append((_name_of(document), b"", document))
            continue
        try:
            read.append((document, read_safely(document, tools)))
        except UnreadableDocument as refusal:
            unreadable.append((document.name, document.data, refusal))
    return read, unreadable


def _name_of(refusal: UnreadableDocument) -> str:
    """The document's name; a member of an archive has its own, so that the refusal of another does not take its place."""
    named = refusal.sentence.parameters
    return "/".join(str(named[part]) for part in ("name", "member") if named.get(part))


async def _with_vectors(
    sessions: SessionMaker, read: list[tuple[Document, Notice]], tools: TakeInTools, again: bool
) -> list[Reading]:
    """Vectors are made only for what will be stored: they take longer than everything else."""
    async with sessions() as session:
        seen = set() if again else await already_stored(session, [notice for _, notice in read])
    return [
        Reading(notice, document.name, {} if notice.notice_id in seen else lot_vectors(notice, tools))
        for document, notice in read
    ]


def read_safely(document: Document, tools: TakeInTools) -> Notice:
    """The notice; a fault of our own reader also becomes a refusal, so that one document never stops the others.

    Raises:
        UnreadableDocument: says what and where.
    """
    try:
        return tools.read(document.data, document.name)
    except UnreadableDocument:
        raise
    except Exception as error:
        log.exception("reader failed on %s", document.name)
        raise UnreadableDocument(
            Message(
                "“%(name)s” could not be read because of a fault in this program (%(fault)s).",
                {"name": document.name, "fault": f"{type(error).__name__}: {error}"[:200]},
            ),
            Message("Tell those who look after the program; the document is kept in quarantine."),
        ) from error


def lot_vectors(notice: Notice, tools: TakeInTools) -> Mapping[str, Any]:
    """Vectors of the lots that can still be won, by lot id; none for a lot that says nothing."""
    if tools.encoder is None:
        return {}
    needs = {
        lot.lot_id: need_of(notice, lot) for lot in notice.lots if lot_state(notice, lot, tools.today) is not LotState.CLOSED
    }
    vectors = {
        lot_id: np.asarray(search_vector(need, tools.reference, tools.encoder), np.float32) for lot_id, need in needs.items()
    }
    return {lot_id: vector for lot_id, vector in vectors.items() if vector.any()}
