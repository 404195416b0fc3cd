"""Taking in documents: stored once, in batches, unreadable ones kept apart."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Notice
from matchmaker.examples.notices import example_notices
from matchmaker.ingestion.archives import Document
from matchmaker.reference.bundle import core_reference
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.notice_tables import LotRow
from matchmaker.storage.notices import count_notices, load_notice
from matchmaker.workflows.quarantine import delete_overdue, list_documents, retry_documents, show_document
from matchmaker.workflows.take_in import Incoming, TakeInTools, TakenIn, take_in
from matchmaker.workflows.tools import MatchTools
from matchmaker.workflows.write_lots import write_lots

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
BROKEN = Document("broken.xml", b"<a>")


@pytest.fixture(scope="module")
def three() -> list[Document]:
    """The first three example notices as genuine eForms XML."""
    return [Document(example.name, example.data) for example in example_notices(TODAY)[:3]]


@pytest.fixture
def tools() -> TakeInTools:
    return TakeInTools(core_reference(), None, TODAY)


async def all_of(
    sessions: SessionMaker, documents: list[Incoming], tools: TakeInTools, now: datetime = NOW, again: bool = False
) -> TakenIn:
    total = TakenIn()
    async for part in take_in(sessions, documents, tools, now, again):
        total += part
    return total


async def test_documents_are_stored_once(sessions: SessionMaker, three: list[Document], tools: TakeInTools) -> None:
    first = await all_of(sessions, [*three], tools)
    assert (first.new, first.seen, first.refused) == (3, 0, ())
    async with sessions() as session:
        assert await count_notices(session) == (3, first.lots)
    second = await all_of(sessions, [*three], tools)
    assert (second.new, second.newer, second.seen, second.lots) == (0, 0, 3, 0)


async def test_unreadable_documents_go_to_quarantine_and_the_rest_goes_on(
    sessions: SessionMaker, three: list[Document], tools: TakeInTools
) -> None:
    refused_member = UnreadableDocument(Message("“%(name)s” holds too much.", {"name": "day.zip"}))
    total = await all_of(sessions, [three[0], BROKEN, Document("empty.xml", b""), refused_member, three[1]], tools)
    assert (total.new, total.documents, len(total.refused)) == (2, 5, 3)
    kept = {entry.name: entry for entry in await list_documents(sessions)}
    assert set(kept) == {"broken.xml", "empty.xml", "day.zip"}
    entry, data = await show_document(sessions, kept["broken.xml"].document_id)
    assert (data, entry.size, entry.tries) == (b"<a>", 3, 1)
    assert "broken.xml" in str(entry.reason)
    assert entry.next_step is not None


async def test_the_same_unreadable_document_stays_one_entry_and_counts_its_tries(
    sessions: SessionMaker, tools: TakeInTools
) -> None:
    await all_of(sessions, [BROKEN], tools)
    later = NOW + timedelta(days=1)
    await all_of(sessions, [BROKEN], tools, later)
    (entry,) = await list_documents(sessions)
    assert (entry.tries, entry.first_seen_at, entry.last_seen_at) == (2, NOW, later)


async def test_what_can_be_read_later_leaves_quarantine_by_retry(
    sessions: SessionMaker, three: list[Document], tools: TakeInTools
) -> None:
    def cannot(data: bytes, name: str) -> Notice:
        raise UnreadableDocument(Message("Not yet."))

    await all_of(sessions, [three[0], BROKEN], replace(tools, read=cannot))
    assert len(await list_documents(sessions)) == 2
    total = await retry_documents(sessions, [], tools, NOW)
    assert (total.new, len(total.refused)) == (1, 1)
    assert [entry.name for entry in await list_documents(sessions)] == ["broken.xml"]


async def test_a_fault_of_the_reader_stops_neither_the_batch_nor_hides(
    sessions: SessionMaker, three: list[Document], tools: TakeInTools
) -> None:
    def faulty(data: bytes, name: str) -> Notice:
        if name == three[1].name:
            raise KeyError("surprise")
        return tools.read(data, name)

    total = await all_of(sessions, [*three], replace(tools, read=faulty))
    assert (total.new, len(total.refused)) == (2, 1)
    assert "KeyError" in str(total.refused[0].sentence)


async def test_a_notice_the_database_cannot_store_goes_to_quarantine_alone(
    sessions: SessionMaker, three: list[Document], tools: TakeInTools
) -> None:
    def with_zero(data: bytes, name: str) -> Notice:
        notice = tools.read(data, name)
        return replace(notice, title={"en": "zero \x00"}) if name == three[1].name else notice

    total = await all_of(sessions, [*three], replace(tools, read=with_zero))
    assert (total.new, len(total.refused)) == (2, 1)
    assert "could not be stored" in str(total.refused[0].sentence)
    assert [entry.name for entry in await list_documents(sessions)] == [three[1].name]


async def test_stopping_in_between_keeps_what_was_reported(
    sessions: SessionMaker, three: list[Document], tools: TakeInTools
) -> None:
    def interrupted() -> Iterator[Incoming]:
        yield from three
        for number in range(47):
            yield replace(BROKEN, name=f"{number}.xml")
        raise KeyboardInterrupt

    parts = take_in(sessions, interrupted(), tools, NOW)
    assert (await anext(parts)).documents == 50
    with pytest.raises(KeyboardInterrupt):
        await anext(parts)
    async with sessions() as session:
        assert (await count_notices(session))[0] == 3


async def test_reading_again_replaces_what_an_earlier_reading_stored(
    sessions: SessionMaker, three: list[Document], tools: TakeInTools
) -> None:
    def poorly(data: bytes, name: str) -> Notice:
        return replace(tools.read(data, name), title={"en": "poor"})

    await all_of(sessions, [*three], replace(tools, read=poorly))
    notice = tools.read(three[0].data, three[0].name)
    total = await all_of(sessions, [*three], tools, again=True)
    assert (total.new, total.seen) == (0, 3)
    async with sessions() as session:
        assert await load_notice(session, notice.notice_id) == notice


async def test_only_lots_that_can_still_be_won_get_vectors(
    sessions: SessionMaker, three: list[Document], tools: TakeInTools, word_tools: MatchTools
) -> None:
    await all_of(sessions, [*three], replace(tools, encoder=word_tools.encoder))
    async with sessions() as session:
        rows = (await session.execute(LotRow.__table__.select())).all()  # type: ignore[attr-defined]
    open_or_planned = [row for row in rows if row.basis != "closed" and (row.open_until is None or row.open_until >= TODAY)]
    assert open_or_planned
    assert {row.full_id for row in rows if row.vector is not None} == {row.full_id for row in open_or_planned}


async def test_quarantine_is_emptied_after_the_days_set(sessions: SessionMaker, tools: TakeInTools) -> None:
    await all_of(sessions, [BROKEN], tools)
    assert await delete_overdue(sessions, 30, NOW + timedelta(days=30)) == 0
    assert await delete_overdue(sessions, 30, NOW + timedelta(days=30, seconds=1)) == 1
    assert await list_documents(sessions) == []


async def test_lots_are_written_one_a_line(
    sessions: SessionMaker, three: list[Document], tools: TakeInTools, tmp_path: Path
) -> None:
    total = await all_of(sessions, [*three], tools)
    file = tmp_path / "lots.jsonl"
    with file.open("wb") as stream:
        assert await write_lots(sessions, stream) == total.lots
    assert file.read_bytes().count(b"\n") == total.lots
