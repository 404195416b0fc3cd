from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.lot_state import LotState
from matchmaker.domain.notice import Buyer, Lot, LotResult, Notice, NoticeKind, ReservedParticipation, Winner
from matchmaker.domain.values import CpvCode, Deadline, Money, NutsCode
from matchmaker.storage.lots_search import LotFilter, LotPage, Reserved, search_lots
from matchmaker.storage.notices import Reading, save_notices

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = date(2026, 3, 1)


def a_notice(number: int, lots: Iterable[Lot], country: str = "DE", **changed: object) -> Notice:
    base = Notice(
        f"{number:08}-2026",
        "01",
        NoticeKind.COMPETITION,
        "eforms",
        "1.10",
        "de",
        {"de": "Leistungen"},
        tuple(lots),
        buyers=(Buyer("Stadt Köln" if country == "DE" else "Ville", country=country),),
        published=date(2026, 2, 1),
    )
    return replace(base, **changed)  # type: ignore[arg-type]


def due(day: date) -> Deadline:
    return Deadline(day)


@pytest.fixture
async def stored(session: AsyncSession) -> AsyncSession:
    """Five lots: two open, one planned, two closed."""
    late = Lot(
        "1",
        {"de": "Gebäudereinigung", "fr": "Nettoyage des bâtiments"},
        main_cpv=CpvCode("90911200"),
        nuts=("DEA23",),
        value=Money(Decimal(90000), "EUR"),
        deadline=due(date(2026, 5, 1)),
        reserved=frozenset({ReservedParticipation.SHELTERED}),
    )
    soon = Lot(
        "2",
        {"de": "Glasreinigung für die IT"},
        main_cpv=CpvCode("90911300"),
        extra_cpvs=(CpvCode("77310000"),),
        nuts=("DE212",),
        deadline=due(date(2026, 3, 1)),
        reserved=frozenset({ReservedParticipation.NONE}),
    )
    past = Lot("3", {"de": "Wäsche"}, main_cpv=CpvCode("98310000"), deadline=due(date(2026, 2, 28)))
    planned = Lot("1", {"fr": "Espaces verts"}, main_cpv=CpvCode("77310000"), nuts=("FRK26",))
    won = Lot("1", {"es": "Catering"}, deadline=None, result=LotResult((Winner("Ana García", natural_person=True),)))
    notices = [
        a_notice(1, [late, soon, past]),
        a_notice(2, [planned], "FR", kind=NoticeKind.PLANNING, language="fr", title={"fr": "Projet"}),
        a_notice(3, [won], "ES", kind=NoticeKind.RESULT, language="es", title={"es": "Servicios"}),
    ]
    await save_notices(session, [Reading(notice) for notice in notices], at=NOW)
    return session


async def ids(session: AsyncSession, wanted: LotFilter, today: date = TODAY) -> list[str]:
    page: LotPage = await search_lots(session, wanted, 1, 20, today)
    assert page.total == len(page.rows)
    return [row.card.full_id for row in page.rows]


async def test_open_lots_come_first_then_planned_then_closed(stored: AsyncSession) -> None:
    page = await search_lots(stored, LotFilter(), 1, 20, TODAY)
    assert [(row.card.full_id, row.state) for row in page.rows] == [
        ("00000001-2026/2", LotState.OPEN),
        ("00000001-2026/1", LotState.OPEN),
        ("00000002-2026/1", LotState.PLANNED),
        ("00000001-2026/3", LotState.CLOSED),
        ("00000003-2026/1", LotState.CLOSED),
    ]


async def test_a_lot_is_open_on_its_last_day_and_closed_on_the_next(stored: AsyncSession) -> None:
    wanted = LotFilter(state=LotState.OPEN)
    assert await ids(stored, wanted, date(2026, 3, 1)) == ["00000001-2026/2", "00000001-2026/1"]
    assert await ids(stored, wanted, date(2026, 3, 2)) == ["00000001-2026/1"]


async def test_a_planning_notice_is_planned_for_a_year(stored: AsyncSession) -> None:
    wanted = LotFilter(state=LotState.PLANNED)
    assert await ids(stored, wanted, date(2027, 2, 1)) == ["00000002-2026/1"]
    assert await ids(stored, wanted, date(2027, 2, 2)) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("gebäude", ["00000001-2026/1"]),
        ("REINIGUNG", ["00000001-2026/2", "00000001-2026/1"]),
        ("nettoyage batiments", ["00000001-2026/1"]),
        ("nettoyage wäsche", []),
        ("it", ["00000001-2026/2"]),
        ("koln", ["00000001-2026/2", "00000001-2026/1", "00000001-2026/3"]),
        ("98310000", ["00000001-2026/3"]),
        ("00000003-2026", ["00000003-2026/1"]),
        ("100 %_ \\ '", []),
        ("García", []),
    ],
)
async def test_every_word_must_occur_somewhere_in_any_language(stored: AsyncSession, words: str, found: list[str]) -> None:
    assert await ids(stored, LotFilter(words=words)) == found


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (LotFilter(cpv_prefixes=("773",)), ["00000001-2026/2", "00000002-2026/1"]),
        (LotFilter(cpv_prefixes=("98", "7731")), ["00000001-2026/2", "00000002-2026/1", "00000001-2026/3"]),
        (LotFilter(cpv_prefixes=("'; --",)), []),
        (LotFilter(country="FR"), ["00000002-2026/1"]),
        (LotFilter(nuts=NutsCode("DE2")), ["00000001-2026/2"]),
        (LotFilter(nuts=NutsCode("DE")), ["00000001-2026/2", "00000001-2026/1"]),
        (LotFilter(reserved=Reserved.ANY), ["00000001-2026/1"]),
        (LotFilter(reserved=Reserved.NONE), ["00000001-2026/2"]),
        (LotFilter(open_until=date(2026, 4, 1)), ["00000001-2026/1", "00000002-2026/1"]),
        (LotFilter(value_from=Decimal(90000)), ["00000001-2026/1"]),
        (LotFilter(value_to=Decimal(89999)), []),
    ],
)
async def test_each_filter_narrows(stored: AsyncSession, wanted: LotFilter, found: list[str]) -> None:
    assert await ids(stored, wanted) == found


async def test_counts_tell_what_another_choice_would_give(stored: AsyncSession) -> None:
    page = await search_lots(stored, LotFilter(country="FR"), 1, 20, TODAY)
    assert page.countries == {"DE": 3, "ES": 1, "FR": 1}
    assert page.divisions == {"77": 1}
    assert page.states == {"planned": 1}
    assert page.reserved == {}
    everything = await search_lots(stored, LotFilter(), 1, 20, TODAY)
    assert everything.reserved == {"none": 1, "res-ws": 1}
    assert everything.states == {"closed": 2, "open": 2, "planned": 1}


async def test_pages_cut_the_list_without_losing_or_doubling_a_lot(stored: AsyncSession) -> None:
    pages = [await search_lots(stored, LotFilter(), number, 2, TODAY) for number in (1, 2, 3, 4)]
    assert [len(page.rows) for page in pages] == [2, 2, 1, 0]
    assert len({row.card.full_id for page in pages for row in page.rows}) == 5
    assert {page.pages for page in pages} == {3}
    assert pages[3].total == 5
