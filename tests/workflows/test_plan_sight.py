"""What somebody who may not see a supplier's size can learn of it by moving what a plan assumes: its band, and no more."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from matchmaker.domain.match import Need
from matchmaker.domain.organisation import (
    Base,
    Capability,
    Organisation,
    Provenance,
    ServiceArea,
    SizeFigures,
    SocialStatus,
    StatusKind,
    Visibility,
)
from matchmaker.domain.sight import ANYONE, BUYERS, OPERATOR, Sight
from matchmaker.domain.values import CpvCode, Money, NutsCode, Period
from matchmaker.planning.plan import Assumptions, Plan, Role
from matchmaker.planning.planner_inputs import PlanContext
from matchmaker.storage.engine import SessionMaker
from matchmaker.workflows.plan_lot import plan_need
from matchmaker.workflows.tools import MatchTools

Store = Callable[..., Awaitable[None]]
TODAY = date(2026, 11, 24)
VALUES = (20_000, 60_000, 100_000, 117_000, 260_000)
"""Euro a year, around what the suppliers below could carry."""
DEPENDENCIES = (Decimal("0.05"), Decimal("0.3"), Decimal("0.31"), Decimal("0.9"))


def supplier(turnover: int, shown_to: Visibility = Visibility.BUYERS) -> Organisation:
    return Organisation(
        "own:alone",
        "Alone",
        Base("DE", city="München", nuts=NutsCode("DE212")),
        Provenance("own", "alone", claimed=True),
        statuses=(SocialStatus(StatusKind.WORK_INTEGRATION, integration_share=0.5, main_aim_integration=True),),
        size=SizeFigures(turnover=Money(Decimal(turnover), "EUR"), visibility=shown_to),
        area=ServiceArea(nuts=(NutsCode("DE21"),)),
        capabilities=(Capability("office cleaning", "de"),),
    )


async def plans(sessions: SessionMaker, tools: MatchTools, sight: Sight) -> list[Plan]:
    """The plan of one work for every value described and every bound assumed."""
    found = []
    for value, dependency in product(VALUES, DEPENDENCIES):
        amount = Money(Decimal(value), "EUR")
        need = Need(
            "purchase",
            {"de": "office cleaning"},
            language="de",
            cpvs=(CpvCode("90910000"),),
            nuts=(NutsCode("DE212"),),
            country="DE",
            yearly_value=amount,
            period=Period(months=12),
        )
        assumed = Assumptions(dependency=dependency)
        found.append(await plan_need(sessions, need, PlanContext(total=amount), tools, TODAY, assumed, sight))
    return found


def told(made: list[Plan]) -> list[Plan]:
    """All that is shown of them, but for who has seen the sizes."""
    return [replace(each, basis=()) for each in made]


@pytest.mark.parametrize(("sight", "shown_to"), [(ANYONE, Visibility.BUYERS), (BUYERS, Visibility.PRIVATE)])
async def test_whatever_is_moved_two_sizes_of_one_band_look_the_same(
    sessions: SessionMaker, store: Store, word_tools: MatchTools, sight: Sight, shown_to: Visibility
) -> None:
    await store(supplier(105_000, shown_to))
    smaller = await plans(sessions, word_tools, sight)
    await store(supplier(395_000, shown_to))
    larger = await plans(sessions, word_tools, sight)
    assert told(smaller) == told(larger)
    assert smaller[0].capable == 1, "the supplier stands in the plans at all"


async def test_whoever_may_see_the_size_is_told_what_it_really_can_carry(
    sessions: SessionMaker, store: Store, word_tools: MatchTools
) -> None:
    await store(supplier(105_000))
    smaller = await plans(sessions, word_tools, BUYERS)
    await store(supplier(395_000))
    larger = await plans(sessions, word_tools, BUYERS)
    assert told(smaller) != told(larger)
    roles = {each.suppliers[0].role for made in larger for each in made.regimes if each.suppliers}
    assert roles >= {Role.ALONE, Role.TOO_SMALL}


async def test_the_plan_says_how_many_sizes_count_as_a_band(sessions: SessionMaker, store: Store, word_tools: MatchTools) -> None:
    await store(supplier(105_000))
    (for_anyone, *_), (for_operator, *_) = [await plans(sessions, word_tools, each) for each in (ANYONE, OPERATOR)]
    said = [each for each in for_anyone.basis if "one of few bands" in each.text]
    assert [each.parameters["count"] for each in said] == [1]
    assert not [each for each in for_operator.basis if "one of few bands" in each.text]
