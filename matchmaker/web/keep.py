"""The buttons with which a buyer keeps a list of suppliers or a plan for its team."""

from typing import Any

from litestar import Response, post
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency
from litestar.response import Redirect

from matchmaker.domain.access import Person, Role
from matchmaker.domain.match import Need
from matchmaker.domain.sight import sight_of
from matchmaker.domain.values import text_in
from matchmaker.planning.plan import Plan
from matchmaker.planning.planner_inputs import PlanContext
from matchmaker.storage.organisations import load_organisations
from matchmaker.web.forms import Form
from matchmaker.web.guards import allow, person_of
from matchmaker.web.i18n import language_of
from matchmaker.web.lot import find_lot
from matchmaker.web.names import Names
from matchmaker.web.need_form import read_need
from matchmaker.web.plan_form import assumptions_form, read_assumptions
from matchmaker.web.plan_sharing import seen_by
from matchmaker.web.purchase import form_page
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.sharing import note_figures_shown
from matchmaker.web.supplier_desk import signed
from matchmaker.workflows.plan_lot import plan_lot, plan_need
from matchmaker.workflows.purchase_plan import open_row
from matchmaker.workflows.purchase_plan_planning import context_of_row
from matchmaker.workflows.shortlist import Keep, keep_lot, keep_plan, keep_shortlist
from matchmaker.workflows.understand import understand

BUYER = [allow(Role.BUYER)]
FILTERS = ("sort", "only", "show")
LONGEST_TITLE = 120


@post("/shortlists", guards=BUYER, include_in_schema=False, status_code=200)
async def keep_list(request: WebRequest, services: NamedDependency[Services]) -> Response[Any]:
    """Keeps the suppliers of a published lot (``lot``) or of the purchase described, as they are ranked today."""
    form, person = Form(await request.form()), signed(request)
    sessions, tools, today, now = services.sessions, services.tools, services.today, services.clock()
    if lot := form.value("lot"):
        async with sessions() as session:
            notice, found = await find_lot(session, lot)
        keep = _keep(form, person, text_in(found.title or notice.title, language_of(request), notice.language))
        return _to_record(await keep_lot(sessions, person, keep, lot, tools, today, now))
    need = _need(request, services, form)
    if need is None:
        return form_page(request, form)
    keep = _keep(form, person, text_in(need.title, language_of(request)))
    return _to_record(await keep_shortlist(sessions, person, keep, need, tools, today, now))


@post("/records", guards=BUYER, include_in_schema=False, status_code=200)
async def keep_a_plan(request: WebRequest, services: NamedDependency[Services]) -> Response[Any]:
    """Plans a published lot (``lot``), a row of a purchase plan (``purchase_plan``, ``row``) or the purchase described, under the
    assumptions given, and keeps the answer.
    """
    typed, person = await request.form(), signed(request)
    form = Form(typed)
    plan = await _plan(request, services, form, typed)
    if plan is None:
        return form_page(request, form)
    keys = list(dict.fromkeys(each.key for regime in plan.regimes for each in regime.suppliers))
    async with services.sessions() as session:
        organisations = await load_organisations(session, keys)
    seen = seen_by(person, organisations)
    await note_figures_shown(request, [each for each in organisations if each.key in seen])
    keep = _keep(form, person, text_in(plan.need.title, language_of(request), plan.need.language))
    return _to_record(await keep_plan(services.sessions, person, keep, plan, seen, services.tools, services.clock()))


async def _plan(request: WebRequest, services: Services, form: Form, typed: FormMultiDict) -> Plan | None:
    language = language_of(request)
    assumed = read_assumptions(assumptions_form(typed, language), language)
    sight = sight_of(person_of(request))
    if lot := form.value("lot"):
        return await plan_lot(services.sessions, lot, services.tools, services.today, assumed, sight)
    if plan_id := form.value("purchase_plan"):
        async with services.sessions() as session:
            bought, row = await open_row(session, signed(request), plan_id, form.value("row"))
        need, context = row.purchase.need(bought.country), context_of_row(row.purchase)
        return await plan_need(services.sessions, need, context, services.tools, services.today, assumed, sight)
    described = _need(request, services, form)
    if described is None:
        return None
    return await plan_need(services.sessions, described, PlanContext(), services.tools, services.today, assumed, sight)


def _need(request: WebRequest, services: Services, form: Form) -> Need | None:
    need = read_need(form, Names(services.tools.reference, language_of(request)))
    return understand(need, services.tools).need if need is not None else None


def _keep(form: Form, person: Person, title: tuple[str, str] | None) -> Keep:
    """For the team named, else the person's first; under the name typed, else the purchase's own."""
    teams = [membership.organisation_key for membership in person.organisations_as(Role.BUYER)]
    team = form.value("team") if form.value("team") in teams else teams[0]
    name = form.value("title") or (title[1] if title else "")
    return Keep(team, name[:LONGEST_TITLE], {each: form.value(each) for each in FILTERS if form.value(each)})


def _to_record(record_id: str) -> Redirect:
    return Redirect(f"/records/{record_id}", status_code=303)
