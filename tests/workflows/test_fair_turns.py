"""Stored lists share exposure among suppliers whose scores cannot be told apart, and record what decided."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from math import log2

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.match import need_of, rank
from matchmaker.domain.notice import Lot, Notice, NoticeKind
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance
from matchmaker.domain.values import NutsCode
from matchmaker.planning.exposure import take_turns
from matchmaker.storage.codec import from_document, to_document
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.exposure import load_exposure
from matchmaker.storage.matches import MatchRow, load_turns
from matchmaker.storage.notices import load_lot, save_notice
from matchmaker.workflows.match_lots import match_lot, match_need
from matchmaker.workflows.tools import MatchTools

Store = Callable[..., Awaitable[None]]
TODAY = date(2026, 11, 24)
KEYS = [f"shown:{letter}" for letter in "abcdef"]
LOTS = [f"00000001-2026/LOT-{number:04}" for number in range(1, 13)]


def supplier(key: str) -> Organisation:
    name = key.removeprefix("shown:")
    return Organisation(
        key,
        name,
        Base("FR", nuts=NutsCode("FR10")),
        Provenance("shown", name),
        capabilities=(Capability("nettoyage de bureaux", "fr"),),
    )


@pytest.fixture
async def twelve_lots(store: Store, session: AsyncSession) -> None:
    await store(*(supplier(key) for key in KEYS))
    lots = tuple(Lot(lot.split("/")[1], {"fr": "nettoyage de bureaux"}, nuts=("FR10",)) for lot in LOTS)
    await save_notice(session, Notice("00000001-2026", "01", NoticeKind.COMPETITION, "eforms", "1.13", "fr", {"fr": "N"}, lots))
    await session.commit()


@pytest.mark.usefixtures("twelve_lots")
async def test_equal_suppliers_share_the_first_place_over_the_lots(
    sessions: SessionMaker, session: AsyncSession, word_tools: MatchTools
) -> None:
    firsts = [(await match_lot(sessions, lot, word_tools, TODAY))[0].supplier_key for lot in LOTS]
    assert {firsts.count(key) for key in KEYS} <= {1, 2, 3}
    received = [each.received for each in (await load_exposure(session, KEYS)).values()]
    assert sum(received) == pytest.approx(12 * sum(1 / log2(place + 1) for place in range(1, 7)))
    assert max(received) - min(received) < 1


@pytest.mark.usefixtures("twelve_lots")
async def test_both_orders_and_the_state_used_are_kept_and_find_the_order_again(
    sessions: SessionMaker, session: AsyncSession, word_tools: MatchTools
) -> None:
    await match_lot(sessions, LOTS[0], word_tools, TODAY)
    shown = await match_lot(sessions, LOTS[1], word_tools, TODAY)
    turns = await load_turns(session, LOTS[1], "europe")
    assert turns is not None
    assert [each.supplier_key for each in shown] == list(turns.order)
    assert [each.supplier_key for each in rank(shown)] == list(turns.base) == KEYS
    odds = {each.supplier_key: each.log_odds for each in shown}
    assert take_turns(LOTS[1], [(key, odds[key]) for key in turns.base], turns.state, turns.width) == turns
    assert from_document(to_document(turns), type(turns)) == turns
    rows = await session.execute(
        select(col(MatchRow.supplier_key), col(MatchRow.base_position))
        .where(col(MatchRow.lot_id) == LOTS[1])
        .order_by(col(MatchRow.position))
    )
    assert [(key, KEYS.index(key) + 1) for key in turns.order] == [tuple(row) for row in rows]


@pytest.mark.usefixtures("twelve_lots")
async def test_taking_turns_changes_no_score(sessions: SessionMaker, word_tools: MatchTools) -> None:
    shown = await match_lot(sessions, LOTS[0], word_tools, TODAY)
    async with sessions() as session:
        loaded = await load_lot(session, LOTS[0])
    assert loaded is not None
    need = need_of(*loaded)
    assert rank(shown) == await match_need(sessions, need, word_tools, TODAY, 10)


@pytest.mark.usefixtures("twelve_lots")
async def test_a_list_made_again_on_the_same_day_counts_once_and_keeps_its_order(
    sessions: SessionMaker, session: AsyncSession, word_tools: MatchTools
) -> None:
    first = await match_lot(sessions, LOTS[0], word_tools, TODAY)
    before = await load_exposure(session, KEYS)
    again = await match_lot(sessions, LOTS[0], word_tools, TODAY, top=500)
    assert [each.supplier_key for each in again] == [each.supplier_key for each in first]
    after = await load_exposure(session, KEYS)
    assert {key: each.received for key, each in after.items()} == pytest.approx(
        {key: each.received for key, each in before.items()}
    )


@pytest.mark.usefixtures("twelve_lots")
async def test_on_another_day_whoever_came_last_comes_first(sessions: SessionMaker, word_tools: MatchTools) -> None:
    first = await match_lot(sessions, LOTS[0], word_tools, TODAY)
    second = await match_lot(sessions, LOTS[0], word_tools, TODAY + timedelta(days=1))
    assert [each.supplier_key for each in second] == [each.supplier_key for each in reversed(first)]
