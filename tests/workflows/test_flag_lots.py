"""Flags over stored lots: each judged by the law and the suppliers of its day, and beside the other lots of its notice."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from matchmaker.domain.errors import NotFound
from matchmaker.domain.notice import Buyer, Lot, Notice, NoticeKind, ReservedParticipation
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance
from matchmaker.domain.values import CpvCode, Deadline, NutsCode
from matchmaker.planning.plan import FlagKind
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.notices import save_notice
from matchmaker.workflows.flag_lots import FlaggedLot, LookAt, flag_notice, notices_to_flag
from matchmaker.workflows.tools import MatchTools

Store = Callable[..., Awaitable[None]]
TODAY = date(2026, 11, 24)
PUBLISHED = date(2026, 3, 2)
WORKSHOP = frozenset({ReservedParticipation.SHELTERED})


def lecture(number: int) -> Lot:
    return Lot(f"LOT-{number:04}", {"pl": "zzzz wykład"}, main_cpv=CpvCode("80320000"), nuts=("PL91",), reserved=WORKSHOP)


def notice(notice_id: str, *lots: Lot, country: str = "PL", kind: NoticeKind = NoticeKind.COMPETITION) -> Notice:
    buyers = (Buyer("Miasto", country=country),)
    return Notice(notice_id, "01", kind, "eforms", "1.13", "pl", {"pl": "x"}, lots, buyers=buyers, published=PUBLISHED)


def gardener() -> Organisation:
    return Organisation(
        "shown:1",
        "Ogrody",
        Base("PL", nuts=NutsCode("PL91"), city="Miasto"),
        Provenance("shown", "1"),
        language="pl",
        capabilities=(Capability("ogrody", "pl", (CpvCode("77310000"),)),),
    )


async def keep(sessions: SessionMaker, *notices: Notice) -> None:
    async with sessions() as session:
        for each in notices:
            await save_notice(session, each)
        await session.commit()


async def wanted(sessions: SessionMaker, look_at: LookAt, country: str | None = None) -> list[str]:
    async with sessions() as session:
        return [notice_id async for notice_id in notices_to_flag(session, TODAY, look_at, country)]


async def flagged(sessions: SessionMaker, notice_id: str, tools: MatchTools, look_at: LookAt) -> list[FlaggedLot]:
    return await flag_notice(sessions, notice_id, tools, TODAY, look_at)


async def test_only_calls_with_marked_lots_are_looked_at_unless_more_is_asked_for(sessions: SessionMaker) -> None:
    plain = replace(lecture(1), reserved=frozenset[ReservedParticipation]())
    open_one = replace(plain, deadline=Deadline(TODAY + timedelta(days=9)))
    await keep(
        sessions,
        notice("00000001-2026", lecture(1)),
        notice("00000002-2026", plain),
        notice("00000003-2026", open_one, country="FR"),
        notice("00000004-2026", lecture(1), kind=NoticeKind.RESULT),
    )
    assert await wanted(sessions, LookAt.RESERVED) == ["00000001-2026"]
    assert await wanted(sessions, LookAt.OPEN) == ["00000001-2026", "00000003-2026"]
    assert await wanted(sessions, LookAt.ALL) == ["00000001-2026", "00000002-2026", "00000003-2026"]
    assert await wanted(sessions, LookAt.ALL, "FR") == ["00000003-2026"]


async def test_lectures_marked_sheltered_that_nobody_anywhere_gives_are_flagged_as_a_mistake(
    sessions: SessionMaker, word_tools: MatchTools, store: Store
) -> None:
    await store(gardener())
    await keep(sessions, notice("00000001-2026", *(lecture(number) for number in range(1, 8))))
    found = await flagged(sessions, "00000001-2026", word_tools, LookAt.RESERVED)
    assert len(found) == 7
    assert {flag.kind for lot in found for flag in lot.flags} == {FlagKind.PROBABLY_MISTAKEN}
    assert {lot.day for lot in found} == {PUBLISHED}


async def test_an_open_lot_is_judged_today(sessions: SessionMaker, word_tools: MatchTools, store: Store) -> None:
    await store(gardener())
    lot = replace(lecture(1), deadline=Deadline(TODAY + timedelta(days=9)))
    await keep(sessions, notice("00000001-2026", lot))
    found = await flagged(sessions, "00000001-2026", word_tools, LookAt.RESERVED)
    assert [each.day for each in found] == [TODAY]
    assert found[0].flags == ()
    """One supplier known in the country says nothing of who is missing."""


async def test_an_unknown_notice_is_not_found(sessions: SessionMaker, word_tools: MatchTools) -> None:
    with pytest.raises(NotFound):
        await flagged(sessions, "00000009-2026", word_tools, LookAt.RESERVED)
