"""From a need or a published lot to ranked, explained suppliers, through the database."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.errors import NotFound
from matchmaker.domain.match import Criterion, Match, Need
from matchmaker.domain.notice import Buyer, Lot, Notice, NoticeKind
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance, ServiceArea, SizeFigures
from matchmaker.domain.values import CpvCode, Deadline, Money, NutsCode
from matchmaker.storage.candidates import Scope
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.matches import MatchRow, matches_of_supplier, open_lot_ids
from matchmaker.storage.notices import save_notice
from matchmaker.storage.organisations import record_objection
from matchmaker.workflows.match_lots import match_lot, match_need, match_suppliers
from matchmaker.workflows.tools import MatchTools

Store = Callable[..., Awaitable[None]]
TODAY = date(2026, 11, 24)
CLEANING = CpvCode("90910000")
NEED = Need(
    "draft",
    {"fr": "nettoyage de bureaux"},
    language="fr",
    cpvs=(CLEANING,),
    nuts=(NutsCode("FR10"),),
    country="FR",
    yearly_value=Money(Decimal(50_000), "EUR"),
    deadline=Deadline(TODAY + timedelta(days=40)),
)
LOT = Lot(
    "LOT-0001",
    {"fr": "nettoyage de bureaux"},
    main_cpv=CLEANING,
    nuts=("FR10",),
    value=Money(Decimal(50_000), "EUR"),
    deadline=Deadline(TODAY + timedelta(days=40)),
)
NOTICE = Notice(
    "00000001-2026",
    "01",
    NoticeKind.COMPETITION,
    "eforms",
    "1.13",
    "fr",
    {"fr": "Nettoyage"},
    (LOT,),
    buyers=(Buyer("Ville", country="FR"),),
    published=TODAY,
)
LOT_ID = "00000001-2026/LOT-0001"


class Counting(Protocol):
    """A model that counts how often it was asked."""

    asked: int


def supplier(
    name: str, text: str, nuts: str = "FR10", source: str = "shown", area: ServiceArea | None = None, claimed: bool = False
) -> Organisation:
    return Organisation(
        f"{source}:{name}",
        name,
        Base(NutsCode(nuts).country, nuts=NutsCode(nuts), city="Ville"),
        Provenance(source, name, claimed=claimed),
        language="fr",
        size=SizeFigures(turnover=Money(Decimal(400_000), "EUR")),
        area=area or ServiceArea(),
        capabilities=(Capability(text, "fr", (CLEANING,)),),
    )


def names(matches: list[Match]) -> list[str]:
    return [match.supplier_key for match in matches]


async def test_a_need_gets_ranked_and_explained_suppliers(store: Store, sessions: SessionMaker, word_tools: MatchTools) -> None:
    text = "Nettoyage de bureaux et vitres"
    await store(supplier("near", text), supplier("far", text, nuts="FI1B"), supplier("other", "Jardinage et élagage"))
    found = await match_need(sessions, NEED, word_tools, TODAY, top=10)
    assert set(names(found)) == {"shown:near", "shown:far", "shown:other"}
    best = found[0]
    assert best.supplier_key == "shown:near"
    assert [result.criterion for result in best.criteria] == list(Criterion)
    assert best.log_odds == pytest.approx(best.intercept + sum(best.contributions.values()), abs=1e-12)
    assert best.criterion(Criterion.CAPABILITY).value == 1
    assert "Ville" in str(best.criterion(Criterion.PLACE).sentence)
    assert await match_need(sessions, NEED, word_tools, TODAY, top=1) == found[:1]


async def test_only_records_that_may_be_shown_are_matched(
    store: Store, session: AsyncSession, sessions: SessionMaker, word_tools: MatchTools
) -> None:
    await store(
        supplier("a", "nettoyage"),
        supplier("b", "nettoyage", source="hidden"),
        supplier("c", "nettoyage", source="hidden", claimed=True),
        supplier("d", "nettoyage"),
    )
    async with session.begin():
        assert await record_objection(session, "shown:d", at=func.now())  # type: ignore[arg-type]
    assert set(names(await match_need(sessions, NEED, word_tools, TODAY, top=10))) == {"shown:a", "hidden:c"}


async def test_the_scope_bounds_where_suppliers_come_from(store: Store, sessions: SessionMaker, word_tools: MatchTools) -> None:
    await store(
        supplier("paris", "nettoyage", nuts="FR10"),
        supplier("marseille", "nettoyage", nuts="FRL0"),
        supplier("helsinki", "nettoyage", nuts="FI1B"),
        supplier("helsinki-to-france", "nettoyage", nuts="FI1B", area=ServiceArea(countries=("FR",))),
        supplier("helsinki-to-paris", "nettoyage", nuts="FI1B", area=ServiceArea(nuts=(NutsCode("FR101"),))),
    )

    async def found(scope: Scope) -> set[str]:
        matches = await match_need(sessions, NEED, word_tools, TODAY, top=10, scope=scope)
        return {name.removeprefix("shown:") for name in names(matches)}

    assert await found(Scope.REACH) == {"paris", "helsinki-to-france", "helsinki-to-paris"}
    assert await found(Scope.COUNTRY) == {"paris", "marseille", "helsinki-to-france", "helsinki-to-paris"}
    assert len(await found(Scope.EUROPE)) == 5


async def test_an_empty_database_gives_an_empty_list(sessions: SessionMaker, word_tools: MatchTools) -> None:
    assert await match_need(sessions, NEED, word_tools, TODAY, top=10) == []


async def test_chosen_suppliers_score_as_they_do_in_the_list(
    store: Store, sessions: SessionMaker, word_tools: MatchTools
) -> None:
    await store(supplier("a", "nettoyage de bureaux"), supplier("b", "nettoyage"), supplier("c", "jardin"))
    listed = await match_need(sessions, NEED, word_tools, TODAY, top=10)
    chosen = await match_suppliers(sessions, NEED, ["shown:c", "shown:a", "shown:nobody"], word_tools, TODAY)
    assert chosen == [match for match in listed if match.supplier_key in ("shown:a", "shown:c")]


@pytest.fixture
async def published(store: Store, session: AsyncSession) -> None:
    await store(supplier("a", "nettoyage de bureaux"), supplier("b", "nettoyage"), supplier("c", "jardin"))
    await save_notice(session, NOTICE)
    await session.commit()


@pytest.mark.usefixtures("published")
async def test_a_published_lot_is_matched_once_and_read_from_then_on(
    sessions: SessionMaker, word_tools: MatchTools, word_model: Counting
) -> None:
    first = await match_lot(sessions, LOT_ID, word_tools, TODAY)
    assert names(first) == ["shown:a", "shown:b", "shown:c"]
    assert await match_lot(sessions, LOT_ID, word_tools, TODAY) == first
    assert await match_lot(sessions, LOT_ID, word_tools, TODAY, top=2) == first[:2]
    assert word_model.asked == 1
    assert await match_need(sessions, replace(NEED, need_id=LOT_ID), word_tools, TODAY, 10) == first


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("change", ["day", "supplier", "objection", "notice", "version", "shown", "scope", "more"])
async def test_whatever_changed_is_matched_again(
    change: str,
    store: Store,
    session: AsyncSession,
    sessions: SessionMaker,
    word_tools: MatchTools,
    word_model: Counting,
) -> None:
    await match_lot(sessions, LOT_ID, word_tools, TODAY)
    tools, today, scope, top = word_tools, TODAY, Scope.EUROPE, 10
    if change == "day":
        today += timedelta(days=1)
    elif change == "supplier":
        await store(supplier("b", "nettoyage de bureaux et plus"))
    elif change == "objection":
        await record_objection(session, "shown:b", at=func.now())  # type: ignore[arg-type]
        await session.commit()
    elif change == "notice":
        await save_notice(session, replace(NOTICE, version="02", lots=(replace(LOT, title={"fr": "nettoyage"}),)))
        await session.commit()
    elif change == "version":
        word_model.version = "shared-words-2"  # type: ignore[attr-defined]
    elif change == "shown":
        tools = replace(word_tools, shown_sources=frozenset())
    elif change == "scope":
        scope = Scope.REACH
    else:
        top = 1000
    await match_lot(sessions, LOT_ID, tools, today, top, scope)
    assert word_model.asked == 2


@pytest.mark.usefixtures("published")
async def test_an_objection_removes_a_supplier_from_the_list_at_once(
    session: AsyncSession, sessions: SessionMaker, word_tools: MatchTools
) -> None:
    await match_lot(sessions, LOT_ID, word_tools, TODAY)
    await record_objection(session, "shown:a", at=func.now())  # type: ignore[arg-type]
    await session.commit()
    assert names(await match_lot(sessions, LOT_ID, word_tools, TODAY)) == ["shown:b", "shown:c"]


@pytest.mark.usefixtures("published")
async def test_a_supplier_finds_its_own_stored_matches(
    session: AsyncSession, sessions: SessionMaker, word_tools: MatchTools
) -> None:
    ranked = await match_lot(sessions, LOT_ID, word_tools, TODAY)
    assert await matches_of_supplier(session, "shown:b", Scope.EUROPE.value, 10) == [ranked[1]]


@pytest.mark.usefixtures("published")
async def test_a_need_that_is_not_published_leaves_no_trace(
    session: AsyncSession, sessions: SessionMaker, word_tools: MatchTools
) -> None:
    await match_need(sessions, NEED, word_tools, TODAY, top=10)
    assert await session.scalar(select(func.count()).select_from(MatchRow)) == 0


@pytest.mark.usefixtures("published")
async def test_open_and_planned_lots_are_listed_for_matching_and_closed_ones_are_not(session: AsyncSession) -> None:
    assert await open_lot_ids(session, TODAY) == [LOT_ID]
    assert await open_lot_ids(session, TODAY + timedelta(days=41)) == []


async def test_a_lot_nobody_published_is_not_found(sessions: SessionMaker, word_tools: MatchTools) -> None:
    with pytest.raises(NotFound, match="There is no lot 00000009-2026/LOT-0001"):
        await match_lot(sessions, "00000009-2026/LOT-0001", word_tools, TODAY)
