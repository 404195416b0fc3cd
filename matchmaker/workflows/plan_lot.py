"""Plan one lot or planned purchase: can it be reserved, under which law, and what else would hold."""

from datetime import date
from decimal import Decimal

from matchmaker.domain.errors import NotFound
from matchmaker.domain.match import Criterion, Match, Need, need_of, out_of_reach
from matchmaker.domain.messages import Message
from matchmaker.domain.values import Money
from matchmaker.planning.bids import default_bid_model
from matchmaker.planning.plan import Assumptions, Plan
from matchmaker.planning.planner import plan
from matchmaker.planning.planner_inputs import PlanContext, PlanInputs, ToEuro, context_of, supplier_of
from matchmaker.scoring.matching import match
from matchmaker.scoring.narrowing import narrowing
from matchmaker.storage.candidates import Scope, Search, find_candidates
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.notices import load_lot
from matchmaker.workflows.tools import MatchTools

LOOKED_AT = 1000
"""Capabilities that each way in brings at most."""


async def plan_lot(
    sessions: SessionMaker, full_id: str, tools: MatchTools, today: date, assumptions: Assumptions | None = None
) -> Plan:
    """The plan of a published lot (``NOTICE_ID/LOT``). Nothing is stored.

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
    return await plan_need(sessions, need_of(*found), context_of(*found), tools, today, assumptions)


async def plan_need(
    sessions: SessionMaker,
    need: Need,
    context: PlanContext,
    tools: MatchTools,
    today: date,
    assumptions: Assumptions | None = None,
) -> Plan:
    """The plan of a need with the purchase around it. Nothing is stored."""
    assumed = assumptions or Assumptions()
    search = Search(
        narrowing(need, tools.reference, tools.encoder, tools.capability), Scope.EUROPE, tools.shown_sources, LOOKED_AT
    )
    async with sessions() as session:
        found = await find_candidates(session, search)
    matches = match(need, found.organisations, found.vectors, tools.capability, tools.reference, today)
    organisations = {each.key: each for each in found.organisations}
    to_euro = _to_euro(tools, today)
    suppliers = tuple(
        supplier_of(each, organisations[each.supplier_key], to_euro, today)
        for each in matches
        if _capable(each, assumed) and not out_of_reach(each)
    )
    return plan(
        PlanInputs(
            need=need,
            context=context,
            suppliers=suppliers,
            regimes=tools.reference.regimes,
            thresholds=tools.reference.thresholds,
            to_euro=to_euro,
            model=default_bid_model(),
            today=today,
            scorer_version=tools.version,
            assumptions=assumed,
        )
    )


def _capable(match: Match, assumed: Assumptions) -> bool:
    value = match.criterion(Criterion.CAPABILITY).value
    return value is not None and value >= assumed.capable_from


def _to_euro(tools: MatchTools, today: date) -> ToEuro:
    def amount(money: Money) -> Decimal | None:
        euro = tools.reference.currencies.to_euro(money, today)
        return euro.amount if euro else None

    return amount
