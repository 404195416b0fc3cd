"""Load the example suppliers and notices, written for this project, through the same doors as real ones."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from matchmaker.domain.errors import Refusal
from matchmaker.domain.messages import Message
from matchmaker.examples.notices import NUMBER_PREFIX, example_notices
from matchmaker.examples.suppliers import example_organisations
from matchmaker.ingestion.archives import Document
from matchmaker.scoring.profile import profile_vectors
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.example_data import StoredExamples, example_lots, stored_examples
from matchmaker.storage.lot_columns import conversions_of
from matchmaker.storage.organisations import save_organisations
from matchmaker.workflows.match_lots import match_lot
from matchmaker.workflows.take_in import TakeInTools, take_in
from matchmaker.workflows.tools import MatchTools

STALE_AFTER = timedelta(days=7)
"""Then the first deadlines of the example lots come near."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one loading stored."""

    suppliers: int
    notices: int
    lots: int


async def examples_stored(sessions: SessionMaker) -> StoredExamples | None:
    """What is stored of the example notices; None when they are not there."""
    async with sessions() as session:
        return await stored_examples(session, NUMBER_PREFIX)


def stale(stored: StoredExamples, now: datetime) -> bool:
    """Whether the dates of the stored example notices are old enough to offer fresh ones."""
    return now - stored.taken_in_at >= STALE_AFTER


async def load_examples(sessions: SessionMaker, tools: MatchTools, today: date, now: datetime) -> Loaded:
    """Stores the example suppliers, then the example notices with dates from ``today``.

    Where the notices are stored already, they come as a newer version with fresh dates and the suppliers, whom somebody may
    have edited, are left alone.

    Raises:
        Refusal: an example notice could not be read.
    """
    stored = await examples_stored(sessions)
    suppliers = 0 if stored else await _load_suppliers(sessions, tools, today, now)
    year, version = (stored.year, stored.version + 1) if stored else (today.year, 1)
    documents = [Document(each.name, each.data) for each in example_notices(today, year, version)]
    notices = lots = 0
    async for part in take_in(sessions, documents, TakeInTools(tools.reference, tools.encoder, today), now):
        if part.refused:
            raise _unreadable(part.refused[0])
        notices, lots = notices + part.new + part.newer, lots + part.lots
    return Loaded(suppliers, notices, lots)


async def lots_of_examples(sessions: SessionMaker) -> list[str]:
    """Full ids of the example lots, in order."""
    async with sessions() as session:
        return await example_lots(session, NUMBER_PREFIX)


async def match_examples(sessions: SessionMaker, lots: Sequence[str], tools: MatchTools, today: date) -> AsyncIterator[str]:
    """Matches each lot with the suppliers and stores the result; yields its id when that is done."""
    for full_id in lots:
        await match_lot(sessions, full_id, tools, today)
        yield full_id


async def _load_suppliers(sessions: SessionMaker, tools: MatchTools, today: date, now: datetime) -> int:
    organisations = example_organisations(today)
    by_key = profile_vectors(organisations, tools.encoder)
    async with transaction(sessions) as session:
        await save_organisations(session, organisations, by_key, conversions_of(tools.reference), now, tools.encoder.version)
    return len(organisations)


def _unreadable(refusal: Refusal) -> Refusal:
    return Refusal(
        Message("An example notice could not be read: %(reason)s", {"reason": str(refusal.sentence)}),
        Message("This is a fault of the program; please report it."),
    )
