"""Loading the example data: once, through the real doors, and anew with fresh dates."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import distinct, func, select
from sqlmodel import col

from matchmaker.examples.suppliers import example_organisations
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.matches import MatchRow
from matchmaker.storage.notices import count_notices, load_lot, notice_changes
from matchmaker.storage.organisations import load_organisation
from matchmaker.workflows.load_examples import (
    STALE_AFTER,
    examples_stored,
    load_examples,
    lots_of_examples,
    match_examples,
    stale,
)
from matchmaker.workflows.tools import MatchTools

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


async def test_nothing_is_stored_before_and_everything_after(sessions: SessionMaker, word_tools: MatchTools) -> None:
    assert await examples_stored(sessions) is None
    loaded = await load_examples(sessions, word_tools, NOW.date(), NOW)
    assert loaded.suppliers == len(example_organisations())
    stored = await examples_stored(sessions)
    assert stored is not None
    assert (stored.notices, stored.year, stored.version) == (loaded.notices, 2026, 1)
    async with sessions() as session:
        assert await count_notices(session) == (loaded.notices, loaded.lots)


async def test_loading_again_brings_the_same_notices_as_a_newer_version_with_fresh_dates(
    sessions: SessionMaker, word_tools: MatchTools
) -> None:
    first = await load_examples(sessions, word_tools, NOW.date(), NOW)
    later = NOW + timedelta(days=42)
    second = await load_examples(sessions, word_tools, later.date(), later)
    assert (second.suppliers, second.notices, second.lots) == (0, first.notices, first.lots)
    async with sessions() as session:
        assert await count_notices(session) == (first.notices, first.lots)
        found = await load_lot(session, "EX000009-2026/LOT-0001")
        assert found is not None
        notice, lot = found
        assert notice.version == "02"
        assert lot.deadline is not None
        assert lot.deadline.days_left(later.date()) > 14
        assert len(await notice_changes(session, "EX000009-2026")) == 1


async def test_dates_are_stale_after_a_week_and_not_before(sessions: SessionMaker, word_tools: MatchTools) -> None:
    await load_examples(sessions, word_tools, NOW.date(), NOW)
    stored = await examples_stored(sessions)
    assert stored is not None
    assert not stale(stored, NOW + STALE_AFTER - timedelta(seconds=1))
    assert stale(stored, NOW + STALE_AFTER)


async def test_a_supplier_edited_meanwhile_is_left_alone(sessions: SessionMaker, word_tools: MatchTools) -> None:
    await load_examples(sessions, word_tools, NOW.date(), NOW)
    async with sessions() as session:
        before = await load_organisation(session, "example:ie-hearth")
    later = NOW + timedelta(days=400)
    await load_examples(sessions, word_tools, later.date(), later)
    async with sessions() as session:
        assert await load_organisation(session, "example:ie-hearth") == before


async def test_example_lots_are_matched_and_their_matches_stored(sessions: SessionMaker, word_tools: MatchTools) -> None:
    loaded = await load_examples(sessions, word_tools, NOW.date(), NOW)
    lots = await lots_of_examples(sessions)
    assert len(lots) == loaded.lots
    some = [lot for lot in lots if lot.startswith(("EX000001-", "EX000012-"))]
    assert [lot async for lot in match_examples(sessions, some, word_tools, NOW.date())] == some
    async with sessions() as session:
        assert await session.scalar(select(func.count(distinct(col(MatchRow.lot_id))))) == len(some)
