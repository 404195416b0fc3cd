"""OCDS releases in the database: procedures over time, updates, and the same state whatever comes when."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path

import pytest
from sqlmodel import col, select

from matchmaker.ingestion.archives import Document, documents
from matchmaker.reference.bundle import core_reference
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.notice_tables import LotRow, NoticeRow
from matchmaker.storage.procedure_history import history_of
from matchmaker.workflows.quarantine import list_documents
from matchmaker.workflows.take_in import Incoming, TakeInTools, TakenIn, take_in

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
OCID = "ocds-9x9x9x-1"


def release(number: int, tag: str, **parts: object) -> dict[str, object]:
    buyer = {"name": "Town of Lakeside", "address": {"country": "FR", "locality": "Lakeside"}}
    day = f"2026-11-{number:02}T10:00:00Z"
    return {"ocid": OCID, "id": f"{OCID}-{number}", "date": day, "tag": [tag], "language": "en", "buyer": buyer, **parts}


def tender(title: str, **changed: object) -> dict[str, object]:
    return {"id": "t", "title": title, "status": "active", "tenderPeriod": {"endDate": "2026-12-20T12:00:00Z"}, **changed}


PLAN = release(1, "planning", tender=tender("Laundry", status="planned"))
CALL = release(2, "tender", tender=tender("Laundry"))
UPDATE = release(3, "tenderUpdate", tender=tender("Laundry and ironing"))
SECOND = release(4, "tenderUpdate", tender=tender("Laundry, ironing, mending"))
NOTE = release(5, "tenderAmendment", tender={"id": "t", "tenderPeriod": {"endDate": "2026-12-21T12:00:00Z"}})
AWARD = release(6, "award", tender=tender("Laundry"), awards=[{"id": "a", "suppliers": [{"name": "Lake Workshops Ltd"}]}])


@pytest.fixture
def tools() -> TakeInTools:
    return TakeInTools(core_reference(), None, date(2026, 11, 24))


async def taken(sessions: SessionMaker, tools: TakeInTools, incoming: Iterable[Incoming]) -> TakenIn:
    total = TakenIn()
    async for part in take_in(sessions, incoming, tools, NOW):
        total += part
    return total


async def one_by_one(sessions: SessionMaker, tools: TakeInTools, releases: Iterable[Mapping[str, object]]) -> TakenIn:
    total = TakenIn()
    for found in releases:
        total += await taken(sessions, tools, [Document("x.json", json.dumps(found).encode())])
    return total


async def state(sessions: SessionMaker) -> list[tuple[str, str | None, bool | None]]:
    """Every notice with the one in its place, and whether its lot is listed."""
    columns = (col(NoticeRow.notice_id), col(NoticeRow.superseded_by), col(LotRow.listed))
    query = select(*columns).outerjoin(LotRow, col(LotRow.notice_id) == col(NoticeRow.notice_id)).order_by(*columns)
    async with sessions() as session:
        return [(notice_id, by, listed) for notice_id, by, listed in (await session.execute(query)).all()]


async def test_plan_call_and_award_of_one_ocid_are_one_procedure(sessions: SessionMaker, tools: TakeInTools) -> None:
    await one_by_one(sessions, tools, [AWARD, PLAN, CALL])
    async with sessions() as session:
        history = await history_of(session, f"{OCID}-2")
    assert [entry.stage.value for entry in history.entries] == ["planned", "called", "awarded"]


async def test_an_update_takes_the_place_of_the_call_and_a_bare_change_replaces_nothing(
    sessions: SessionMaker, tools: TakeInTools
) -> None:
    await one_by_one(sessions, tools, [CALL, UPDATE, SECOND, NOTE])
    assert await state(sessions) == [
        (f"{OCID}-2", f"{OCID}-4", False),
        (f"{OCID}-3", f"{OCID}-4", False),
        (f"{OCID}-4", None, True),
        (f"{OCID}-5", None, None),
    ]


async def test_a_tender_that_is_called_off_is_no_longer_listed(sessions: SessionMaker, tools: TakeInTools) -> None:
    off = release(7, "tenderCancellation", tender=tender("Laundry", status="cancelled"))
    await one_by_one(sessions, tools, [off, CALL])
    assert (f"{OCID}-2", f"{OCID}-7", False) in await state(sessions)


@pytest.mark.parametrize("order", list(permutations(range(3)))[1:])
async def test_any_order_and_any_repetition_end_in_the_same_state(
    sessions: SessionMaker, tools: TakeInTools, order: tuple[int, ...]
) -> None:
    releases = [CALL, UPDATE, SECOND]
    arrived = [releases[index] for index in order]
    await one_by_one(sessions, tools, [*arrived, *arrived[:2]])
    assert await state(sessions) == [
        (f"{OCID}-2", f"{OCID}-4", False),
        (f"{OCID}-3", f"{OCID}-4", False),
        (f"{OCID}-4", None, True),
    ]


async def test_a_bad_release_goes_to_quarantine_with_its_bytes_and_the_rest_is_stored(
    sessions: SessionMaker, tools: TakeInTools, tmp_path: Path
) -> None:
    path = tmp_path / "feed.json"
    path.write_text(json.dumps({"releases": [CALL, {"ocid": "ocds-9x9x9x-2", "id": "9", "date": "x"}, AWARD]}))
    total = await taken(sessions, tools, documents([path]))
    assert (total.new, len(total.refused)) == (2, 1)
    (kept,) = await list_documents(sessions)
    assert kept.name == "feed.json/releases/2"


async def test_the_real_feeds_read_whole_and_twice_is_once(sessions: SessionMaker, tools: TakeInTools, shared: Path) -> None:
    first = await taken(sessions, tools, documents([shared / "data" / "ocds"]))
    assert (first.documents, first.new, first.seen, first.refused) == (346, 337, 9, ())
    before = await state(sessions)
    second = await taken(sessions, tools, documents([shared / "data" / "ocds"]))
    assert (second.new, second.newer, second.seen) == (0, 0, 346)
    assert await state(sessions) == before
