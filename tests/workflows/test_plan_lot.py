"""Planning a lot or a purchase from what is stored."""

from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.errors import NotFound
from matchmaker.domain.match import Need
from matchmaker.domain.notice import Buyer, Lot, Notice, NoticeKind
from matchmaker.domain.organisation import (
    Base,
    Capability,
    Organisation,
    Provenance,
    ServiceArea,
    SizeFigures,
    SocialStatus,
    StatusKind,
)
from matchmaker.domain.values import CpvCode, Money, NutsCode, Period
from matchmaker.planning.feasibility import Advice
from matchmaker.planning.plan import Assumptions, Lever, Role
from matchmaker.planning.planner_inputs import PlanContext
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.notices import save_notice
from matchmaker.workflows.plan_lot import plan_lot, plan_need
from matchmaker.workflows.plan_supply import tasks_of
from matchmaker.workflows.tools import MatchTools

Store = Callable[..., Awaitable[None]]
TODAY = date(2026, 11, 24)
LOT_ID = "00000009-2026/LOT-0001"
CLEANING = CpvCode("90910000")
GARDENS = CpvCode("77310000")


def lot(**changes: Any) -> Lot:
    made: dict[str, Any] = {
        "main_cpv": CLEANING,
        "nuts": ("DE212",),
        "nature": "services",
        "value": Money(Decimal(200_000), "EUR"),
        "period": Period(months=24),
    }
    return Lot("LOT-0001", {"de": "office cleaning"}, **(made | changes))


def notice(only: Lot) -> Notice:
    return Notice(
        "00000009-2026",
        "01",
        NoticeKind.COMPETITION,
        "eforms",
        "1.13",
        "de",
        {"de": "office cleaning"},
        (only,),
        buyers=(Buyer("Stadt", country="DE", legal_type="la"),),
        procedure_type="open",
        published=date(2026, 11, 20),
    )


def supplier(name: str, text: str, turnover: int | None = 1_000_000, **changes: Any) -> Organisation:
    made: dict[str, Any] = {
        "area": ServiceArea(nuts=(NutsCode("DE21"),)),
        "statuses": (SocialStatus(StatusKind.WORK_INTEGRATION, integration_share=0.5, main_aim_integration=True),),
        "size": SizeFigures(turnover=None if turnover is None else Money(Decimal(turnover), "EUR")),
        "capabilities": (Capability(text, "de"),),
    }
    base = changes.pop("base", Base("DE", city="München", nuts=NutsCode("DE212")))
    return Organisation(f"own:{name}", name, base, Provenance("own", name, claimed=True), **(made | changes))


async def test_a_stored_lot_is_planned_from_the_suppliers_that_can_do_it(
    sessions: SessionMaker, session: AsyncSession, store: Store, word_tools: MatchTools
) -> None:
    await save_notice(session, notice(lot()))
    await store(*(supplier(f"firm{number}", "office cleaning") for number in range(5)), supplier("bakery", "bread"))
    made = await plan_lot(sessions, LOT_ID, word_tools, TODAY)
    found = made.regimes[0]
    assert (made.yearly, made.total, made.capable) == (Decimal(100_000), Decimal(200_000), 5)
    assert (found.regime_id, found.eligible) == ("DE-118", 5)
    assert {each.role for each in found.suppliers} == {Role.ALONE}
    assert made.advice is Advice.DIALOGUE or (found.p_at_least_n or 0) < 0.3


async def test_a_lot_that_is_not_there_is_refused(sessions: SessionMaker, word_tools: MatchTools) -> None:
    with pytest.raises(NotFound):
        await plan_lot(sessions, "00000000-2026/LOT-0009", word_tools, TODAY)


async def test_a_supplier_out_of_reach_is_no_part_of_the_answer_but_of_what_would_change_it(
    sessions: SessionMaker, session: AsyncSession, store: Store, word_tools: MatchTools
) -> None:
    await save_notice(session, notice(lot()))
    far = Base("DE", city="Kiel", nuts=NutsCode("DEF02"))
    only_there = ServiceArea(nuts=(NutsCode("DEF02"),))
    await store(
        *(supplier(f"near{number}", "office cleaning") for number in range(2)),
        *(supplier(f"far{number}", "office cleaning", base=far, area=only_there) for number in range(3)),
    )
    made = await plan_lot(sessions, LOT_ID, word_tools, TODAY)
    area = next(each for each in made.changes if each.lever is Lever.AREA)
    assert made.capable == 2
    assert (area.able_before, area.able_after) == (2, 5)


async def test_a_supplier_of_unknown_place_counts_and_is_told(
    sessions: SessionMaker, session: AsyncSession, store: Store, word_tools: MatchTools
) -> None:
    await save_notice(session, notice(lot()))
    await store(supplier("somewhere", "office cleaning", base=Base("DE"), area=ServiceArea()))
    made = await plan_lot(sessions, LOT_ID, word_tools, TODAY)
    assert made.capable == 1
    assert "where 1 of them work is not known" in " ".join(map(str, made.answer))


async def test_more_are_looked_at_where_many_can_do_the_work(
    sessions: SessionMaker, session: AsyncSession, store: Store, word_tools: MatchTools
) -> None:
    await save_notice(session, notice(lot()))
    await store(*(supplier(f"firm{number:03}", "office cleaning") for number in range(200)))
    made = await plan_lot(sessions, LOT_ID, word_tools, TODAY)
    assert made.capable == 200


async def test_a_lot_of_two_kinds_of_work_counts_who_does_one_of_them(
    sessions: SessionMaker, session: AsyncSession, store: Store, word_tools: MatchTools
) -> None:
    await save_notice(session, notice(lot(extra_cpvs=(GARDENS,))))
    label = word_tools.reference.cpv.label(GARDENS, "en") or GARDENS.code
    await store(supplier("cleaner", "office cleaning"), supplier("gardener", label))
    made = await plan_lot(sessions, LOT_ID, word_tools, TODAY, Assumptions(task_parts=(("90910000", 0.8),)))
    assert made.target is not None
    gardens = next(task for task in made.target.tasks if task.cpv == "77310000")
    assert gardens.part == pytest.approx(0.2)
    assert gardens.suppliers == 1
    assert made.capable == 1


async def test_planning_stores_nothing(
    sessions: SessionMaker, session: AsyncSession, store: Store, word_tools: MatchTools
) -> None:
    await store(*(supplier(f"firm{number}", "office cleaning") for number in range(3)))
    need = Need("draft", {"de": "office cleaning"}, language="de", cpvs=(CLEANING,), nuts=(NutsCode("DE212"),), country="DE")
    before = (await session.execute(sql("SELECT count(*) FROM match_run"))).scalar_one()
    made = await plan_need(sessions, need, PlanContext(), word_tools, TODAY)
    assert (await session.execute(sql("SELECT count(*) FROM match_run"))).scalar_one() == before
    assert made.yearly is None
    assert made.advice is Advice.DIALOGUE


def test_a_code_above_another_of_the_lot_is_no_task_of_its_own() -> None:
    assert tasks_of((CpvCode("90900000"), CLEANING, GARDENS, CLEANING)) == (CLEANING, GARDENS)
