"""The plans' JSON twins: the whole answer as the page shows it, for programs.

Assumptions go by the names and in the units of the page (``dependency=30`` is 30 percent), so that a page's address and its
twin's take the same query. Sentences come in the language of the header ``Accept-Language``.
"""

from dataclasses import dataclass, field
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from matchmaker.domain.sight import sight_of
from matchmaker.planning.plan import Plan
from matchmaker.planning.planner_inputs import PlanContext
from matchmaker.storage.organisations import load_organisations
from matchmaker.web.api import need_values, wrong_fields
from matchmaker.web.api_models import PlannedPurchase
from matchmaker.web.guards import everyone, person_of
from matchmaker.web.i18n import language_of
from matchmaker.web.names import Names
from matchmaker.web.need_form import read_need
from matchmaker.web.plan_form import assumptions_form, read_assumptions
from matchmaker.web.plan_record import plan_record
from matchmaker.web.plan_sharing import seen_by, sizes_told
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.sharing import note_figures_shown
from matchmaker.workflows.plan_lot import plan_lot, plan_need
from matchmaker.workflows.understand import understand

PlanRecord = dict[str, Any]
"""A ``Plan`` as JSON; ``plan_record`` says how."""


@dataclass(frozen=True)
class PurchaseToPlan(PlannedPurchase):
    """A planned purchase with the assumptions to move, each by its name on the page and in its unit."""

    assumptions: dict[str, float] = field(default_factory=dict)


@get("/api/plan/lots/{notice_id:str}/{lot_id:path}", guards=[everyone], tags=["plans"], summary="Can a lot be reserved?")
async def api_lot_plan(
    request: WebRequest, services: NamedDependency[Services], notice_id: FromPath[str], lot_id: FromPath[str]
) -> Response[PlanRecord] | Response[Any]:
    """Per regime who may bid and who is able, the chance of enough bids, what would change it, and the text for the notice."""
    form = assumptions_form(request.query_params, "en")
    assumed = read_assumptions(form, "en")
    if form.errors:
        return wrong_fields(request, form)
    full_id = f"{notice_id}/{lot_id.lstrip('/')}"
    sight = sight_of(person_of(request))
    plan = await plan_lot(services.sessions, full_id, services.tools, services.today, assumed, sight)
    return await _answer(request, services, plan)


@post(
    "/api/plan/purchase",
    guards=[everyone],
    tags=["plans"],
    summary="Can a planned purchase be reserved?",
    status_code=200,
    exclude_from_csrf=True,
)
async def api_purchase_plan(
    request: WebRequest, services: NamedDependency[Services], data: JSONBody[PurchaseToPlan]
) -> Response[PlanRecord] | Response[Any]:
    """Nothing is stored and nothing is logged of what is sent."""
    moved = {name: str(value) for name, value in data.assumptions.items()}
    form = assumptions_form({**need_values(data), **moved}, "en")
    need = read_need(form, Names(services.tools.reference, "en"))
    assumed = read_assumptions(form, "en")
    if need is None or form.errors:
        return wrong_fields(request, form)
    understood = understand(need, services.tools)
    sight = sight_of(person_of(request))
    plan = await plan_need(services.sessions, understood.need, PlanContext(), services.tools, services.today, assumed, sight)
    return await _answer(request, services, plan)


async def _answer(request: WebRequest, services: Services, plan: Plan) -> Response[PlanRecord]:
    """The plan with the sizes that this reader may see."""
    person = person_of(request)
    shown: frozenset[str] = frozenset()
    if person is not None:
        keys = {each.key for regime in plan.regimes for each in regime.suppliers}
        async with services.sessions() as session:
            organisations = await load_organisations(session, sorted(keys))
        shown = seen_by(person, organisations)
        told = sizes_told(plan, shown)
        await note_figures_shown(request, [each for each in organisations if each.key in told])
    return Response(plan_record(plan, shown, language_of(request)))
