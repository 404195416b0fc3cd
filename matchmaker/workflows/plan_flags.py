"""What is odd about what one published lot says of reservation, on top of its plan."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.match import Need
from matchmaker.domain.notice import Lot, Notice, NoticeKind, ReservedParticipation
from matchmaker.domain.sight import ANYONE
from matchmaker.planning.eligibility import reserving_laws
from matchmaker.planning.flags import Supply, flags_of
from matchmaker.planning.plan import Flag, Plan, RegimePlan
from matchmaker.planning.planner_inputs import ToEuro
from matchmaker.storage.organisation_counts import suppliers_by_country
from matchmaker.workflows.plan_supply import supply_of
from matchmaker.workflows.tools import MatchTools


def is_marked(lot: Lot) -> bool:
    """Whether the notice says that the lot is reserved, in whatever form."""
    return bool(lot.reserved - {ReservedParticipation.NONE})


async def flags_of_plan(
    session: AsyncSession, notice: Notice, lot: Lot, plan: Plan, tools: MatchTools, to_euro: ToEuro
) -> tuple[Flag, ...]:
    """The flags of a lot under ``plan``, judged alone: what its notice's other lots find is not looked at."""
    supply = await _supply(session, plan, tools, to_euro) if is_marked(lot) else Supply(plan.capable)
    return flags_for_supply(notice, lot, plan.need, supply, tools, plan.today, plan.regimes)


def flags_for_supply(
    notice: Notice,
    lot: Lot,
    need: Need,
    supply: Supply,
    tools: MatchTools,
    today: date,
    plans: Sequence[RegimePlan] = (),
) -> tuple[Flag, ...]:
    """The flags of a lot that ``supply`` is known for; ``plans`` are its plan's regimes, without which fewer flags are seen.

    A lot that is over is held against the law of the day it was published on.
    """
    if notice.kind not in (NoticeKind.COMPETITION, NoticeKind.PLANNING):
        return ()
    over = lot.closes is None or lot.closes.day < today
    day = min(notice.published, today) if over and notice.published else today
    law = reserving_laws(tools.reference.regimes, need)
    return flags_of(notice, lot, need, law, plans, supply, day, tools.reference.art77_codes)


async def _supply(session: AsyncSession, plan: Plan, tools: MatchTools, to_euro: ToEuro) -> Supply:
    """Who is known for the lot; those out of reach are counted only where nobody is in reach."""
    need = plan.need
    known = await suppliers_by_country(session, tools.shown_sources)
    in_country = known.get(need.country, 0) if need.country else None
    if plan.capable:
        return Supply(plan.capable, in_country=in_country)
    found = await supply_of(session, need, tools, to_euro, plan.today, plan.assumptions, ANYONE)
    return Supply(0, anywhere=len(found.beyond), in_country=in_country)
