"""Plan one lot or planned purchase: can it be reserved, under which law, and what else would hold."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.errors import NotFound
from matchmaker.domain.match import Need, need_of
from matchmaker.domain.messages import Message
from matchmaker.domain.sight import ANYONE, Sight
from matchmaker.domain.values import Money
from matchmaker.planning.bids import default_bid_model
from matchmaker.planning.eligibility import national_regimes
from matchmaker.planning.plan import Assumptions, Plan
from matchmaker.planning.planner import plan
from matchmaker.planning.planner_inputs import PlanContext, PlanInputs, ToEuro, context_of
from matchmaker.storage.award_history import won_from_buyer
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.notices import load_lot
from matchmaker.workflows.plan_flags import flags_of_plan
from matchmaker.workflows.plan_supply import Supply, supply_of
from matchmaker.workflows.tools import MatchTools


async def plan_lot(
    sessions: SessionMaker,
    full_id: str,
    tools: MatchTools,
    today: date,
    assumptions: Assumptions | None = None,
    sight: Sight = ANYONE,
) -> Plan:
    """The plan of a published lot (``NOTICE_ID/LOT``) for a reader of ``sight``. Nothing is stored.

    Raises:
        NotFound: no such lot.
    """
    async with sessions() as session:
        found = await load_lot(session, full_id)
        if found is None:
            raise NotFound(
                Message("There is no lot %(lot)s.", {"lot": full_id}),
                Message("Lots are named NOTICE/LOT, for example 00123456-2024/LOT-0001."),
            )
        made = await planned(session, need_of(*found), context_of(*found), tools, today, assumptions, sight)
        return replace(made, flags=await flags_of_plan(session, *found, made, tools, euro_on(tools, today)))


async def plan_need(
    sessions: SessionMaker,
    need: Need,
    context: PlanContext,
    tools: MatchTools,
    today: date,
    assumptions: Assumptions | None = None,
    sight: Sight = ANYONE,
) -> Plan:
    """The plan of a need with the purchase around it. Nothing is stored."""
    async with sessions() as session:
        return await planned(session, need, context, tools, today, assumptions, sight)


async def planned(
    session: AsyncSession,
    need: Need,
    context: PlanContext,
    tools: MatchTools,
    today: date,
    assumptions: Assumptions | None = None,
    sight: Sight = ANYONE,
) -> Plan:
    """The same within a transaction of the caller's, which reads alone."""
    assumed = assumptions or Assumptions()
    to_euro = euro_on(tools, today)
    supply = await supply_of(session, need, tools, to_euro, today, assumed, sight)
    return plan(
        PlanInputs(
            need=need,
            context=context,
            suppliers=supply.suppliers,
            regimes=tools.reference.regimes,
            thresholds=tools.reference.thresholds,
            to_euro=to_euro,
            model=default_bid_model(),
            today=today,
            scorer_version=tools.version,
            assumptions=assumed,
            beyond=supply.beyond,
            partly=supply.partly,
            tasks=supply.tasks,
            places=supply.places,
            won=await _won(session, need, context, supply, tools, today),
            late=supply.late,
            looked_at=supply.looked_at,
            placed=supply.placed,
            banded=supply.banded,
            art77_codes=tools.reference.art77_codes,
        )
    )


async def _won(
    session: AsyncSession, need: Need, context: PlanContext, supply: Supply, tools: MatchTools, today: date
) -> Mapping[int, Mapping[str, bool | None]]:
    """What the award history tells of this buyer and these suppliers, by years of look-back; nothing of an unknown buyer, and
    nothing where no rule with a look-back covers the lot.
    """
    keys = [each.key for each in (*supply.suppliers, *supply.beyond, *supply.partly)]
    if context.buyer is None or not keys or not need.cpvs:
        return {}
    regimes = national_regimes(tools.reference.regimes, need, today)
    years = {each.exclusion_years for each in regimes if each.exclusion_years and each.covers(need.cpvs[0]) is not False}
    return {each: await won_from_buyer(session, context.buyer, keys, each, today, need.cpvs) for each in sorted(years)}


def euro_on(tools: MatchTools, today: date) -> ToEuro:
    """Amounts in euro by the rates of the year of ``today``."""

    def amount(money: Money) -> Decimal | None:
        euro = tools.reference.currencies.to_euro(money, today)
        return euro.amount if euro else None

    return amount
