"""One purchase plan: how far it is, what it holds by work, place and quarter, its rows, and the same as a file and as JSON."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from matchmaker.domain.access import Role
from matchmaker.domain.purchase_plan import PurchasePlan, quarter
from matchmaker.planning.purchase_overview import Overview, Tally, duties_of
from matchmaker.reference.tables import TableKind
from matchmaker.storage.engine import transaction
from matchmaker.storage.purchase_plan_rows import KeptRow, forget_summaries, load_rows
from matchmaker.storage.purchase_plans import Progress, progress_of
from matchmaker.web.forms import Form
from matchmaker.web.guards import allow
from matchmaker.web.i18n import language_of
from matchmaker.web.names import Names
from matchmaker.web.pages import page
from matchmaker.web.plan_words import ADVICE_SHORT
from matchmaker.web.purchase_plan_file import plan_file, plan_record
from matchmaker.web.purchase_plan_view import (
    CERTAINTIES,
    PER_PAGE,
    Words,
    euros,
    groups_for,
    overview_of,
    read_filter,
    value_bar,
)
from matchmaker.web.purchase_plans import plan_address
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.supplier_desk import signed
from matchmaker.workflows.purchase_plan import open_plan
from matchmaker.workflows.purchase_plan_readers import open_to_read, readers_of_plan

BUYER = [allow(Role.BUYER)]
READER = [allow(Role.BUYER, Role.OFFICER)]
"""An officer sees the plans it was let into, and changes nothing in them."""
COUNTS = ("new", "changed", "same", "removed", "refused")


async def loaded(request: WebRequest, services: Services, plan_id: str) -> tuple[PurchasePlan, list[KeptRow], Progress]:
    """A plan of one's own teams, or one that an officer was let into, with its rows.

    Raises:
        NotFound: it is neither.
    """
    async with services.sessions() as session:
        plan, _ = await open_to_read(session, signed(request), plan_id)
        rows = await load_rows(session, plan_id)
        progress = (await progress_of(session, [plan_id])).get(plan_id, Progress())
    return plan, rows, progress


@get("/purchase-plans/{plan_id:str}", guards=READER, include_in_schema=False)
async def purchase_plan_page(
    request: WebRequest, services: NamedDependency[Services], plan_id: FromPath[str], number: FromQuery[str] = "1"
) -> Template:
    """The overview and the rows that pass the filter of the address."""
    plan, rows, progress = await loaded(request, services, plan_id)
    reference = services.tools.reference
    groups, wanted = groups_for(rows, reference), read_filter(request.query_params)
    at_a_glance = overview_of(rows, groups)
    shown = [row for row in rows if groups.lets_in(wanted, row)]
    pages = max(1, -(-len(shown) // PER_PAGE))
    here = min(int(number), pages) if number.isdecimal() and 0 < len(number) < 6 else 1
    uploaded = {name: request.query_params.get(name, "") for name in COUNTS}
    return page(
        request,
        "purchase_plan.html",
        plan=plan,
        progress=progress,
        overview=at_a_glance,
        sections=_sections(at_a_glance),
        words=Words(Names(reference, language_of(request))),
        wanted=wanted,
        rows=shown[(max(here, 1) - 1) * PER_PAGE : max(here, 1) * PER_PAGE],
        found=len(shown),
        number=max(here, 1),
        pages=pages,
        address=plan_address(plan_id),
        advice_short=ADVICE_SHORT,
        certainties=CERTAINTIES,
        value_bar=value_bar,
        euros=euros,
        quarter=quarter,
        duties=duties_of(reference.regimes, plan.country, services.today),
        uploaded={name: int(value) for name, value in uploaded.items() if value.isdecimal() and len(value) < 7},
        postcodes=TableKind.POSTCODES in reference.loaded,
        **await _sharing(request, services, plan),
    )


async def _sharing(request: WebRequest, services: Services, plan: PurchasePlan) -> dict[str, Any]:
    """Whom the team let in, with the form for more; nothing of it for an officer."""
    own = signed(request).serves(plan.team_key, Role.BUYER)
    async with services.sessions() as session:
        let_into = await readers_of_plan(session, plan.plan_id) if own else []
    refused = request.query_params.get("shared") == "no"
    return {"own": own, "form": Form(), "let_into": let_into, "not_an_officer": refused}


def _sections(found: Overview) -> list[tuple[str, tuple[Tally, ...], float]]:
    """The groups of each kind with the largest value among them."""
    kinds = (("group", found.by_activity), ("place", found.by_place), ("quarter", found.by_quarter))
    return [(kind, tallies, float(max((each.euro for each in tallies), default=0))) for kind, tallies in kinds]


@get("/purchase-plans/{plan_id:str}/file", guards=READER, include_in_schema=False)
async def purchase_plan_file(
    request: WebRequest, services: NamedDependency[Services], plan_id: FromPath[str], kind: FromQuery[str] = "xlsx"
) -> Response[bytes]:
    """The rows that pass the filter, with what was understood and what the planner says."""
    plan, rows, _ = await loaded(request, services, plan_id)
    groups, wanted = groups_for(rows, services.tools.reference), read_filter(request.query_params)
    shown = [row for row in rows if groups.lets_in(wanted, row)]
    return plan_file(kind, plan, shown, Names(services.tools.reference, language_of(request)))


@post("/purchase-plans/{plan_id:str}/again", guards=BUYER, include_in_schema=False)
async def plan_again(request: WebRequest, services: NamedDependency[Services], plan_id: FromPath[str]) -> Redirect:
    """Lets every row be planned anew: suppliers and law change."""
    async with transaction(services.sessions) as session:
        plan = await open_plan(session, signed(request), plan_id)
        await forget_summaries(session, plan.plan_id)
    return Redirect(plan_address(plan_id), status_code=303)


@get("/api/purchase-plans/{plan_id:str}", guards=READER, tags=["purchase plans"], summary="One purchase plan of your team")
async def api_purchase_plan(request: WebRequest, services: NamedDependency[Services], plan_id: FromPath[str]) -> dict[str, Any]:
    """The plan with its rows, for programs of the team; kept out of the public description of the API."""
    plan, rows, progress = await loaded(request, services, plan_id)
    return plan_record(plan, rows, progress)
