"""Whom a team lets read one of its purchase plans, and the list of those an officer was let into."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from matchmaker.domain.access import Role
from matchmaker.domain.errors import InvalidValue
from matchmaker.web.forms import Form
from matchmaker.web.guards import allow
from matchmaker.web.pages import page
from matchmaker.web.purchase_plans import plan_address
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.supplier_desk import signed
from matchmaker.workflows.purchase_plan_readers import let_in, plans_let_into, shut_out


@post("/purchase-plans/{plan_id:str}/readers", guards=[allow(Role.BUYER)], include_in_schema=False)
async def share_plan(request: WebRequest, services: NamedDependency[Services], plan_id: FromPath[str]) -> Redirect:
    """Lets an officer in, or shuts one out (``end`` names the person)."""
    form, person, now = Form(await request.form()), signed(request), services.clock()
    if form.value("end").isdecimal():
        await shut_out(services.sessions, person, plan_id, int(form.value("end")[:18]), now)
        return Redirect(plan_address(plan_id, "#readers"), status_code=303)
    try:
        known = await let_in(services.sessions, person, plan_id, form.value("email"), now)
    except InvalidValue:
        known = False
    return Redirect(plan_address(plan_id, "#readers" if known else "?shared=no#readers"), status_code=303)


@get("/officer/purchase-plans", guards=[allow(Role.OFFICER)], include_in_schema=False)
async def plans_shared_with_me(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """The plans that buyers let this officer read."""
    plans = await plans_let_into(services.sessions, signed(request))
    return page(request, "officer/purchase_plans.html", plans=plans)
