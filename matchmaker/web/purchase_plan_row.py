"""One row of a purchase plan: its whole plan, and what its words stand for."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from matchmaker.domain.access import Role
from matchmaker.domain.messages import Message
from matchmaker.domain.purchase_plan import Decision, PurchasePlan, Subject
from matchmaker.storage.purchase_plan_rows import KeptRow
from matchmaker.web.forms import Form
from matchmaker.web.guards import allow
from matchmaker.web.i18n import language_of
from matchmaker.web.names import Names
from matchmaker.web.pages import page
from matchmaker.web.plan import plan_page
from matchmaker.web.plan_form import assumptions_form, read_assumptions, with_published
from matchmaker.web.plan_view import PlanPlace
from matchmaker.web.purchase_plan_check import chosen_code, offered
from matchmaker.web.purchase_plans import plan_address
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.supplier_desk import signed
from matchmaker.workflows.purchase_plan import open_row
from matchmaker.workflows.purchase_plan_decisions import decide, decide_row
from matchmaker.workflows.purchase_plan_planning import plan_row

BUYER = [allow(Role.BUYER)]
UNSETTLED = Message(
    "The words of this row are not settled: the answer is for the likeliest meaning. Say what they stand for first."
)


@get("/purchase-plans/{plan_id:str}/rows/{row_id:str}", guards=BUYER, include_in_schema=False)
async def planned_purchase_page(
    request: WebRequest, services: NamedDependency[Services], plan_id: FromPath[str], row_id: FromPath[str]
) -> Template:
    """The whole plan of one row; the address carries the assumptions that the reader moved."""
    async with services.sessions() as session:
        plan, row = await open_row(session, signed(request), plan_id, row_id)
    language = language_of(request)
    form = assumptions_form(request.query_params, language)
    assumed = read_assumptions(form, language)
    plans = [
        await plan_row(services.sessions, plan, row, services.tools, services.today, each) for each in with_published(assumed)
    ]
    address = plan_address(plan_id, f"/rows/{row_id}")
    place = PlanPlace(
        back=plan_address(plan_id),
        back_words=Message("Back to the purchase plan"),
        action=address,
        method="get",
        links=((f"{address}/words", Message("What the row says, and what its words stand for")),),
        remark=None if row.purchase.settled else UNSETTLED,
        kept_as={"purchase_plan": plan_id, "row": row_id},
    )
    return await plan_page(request, services, plans, place, form)


@get("/purchase-plans/{plan_id:str}/rows/{row_id:str}/words", guards=BUYER, include_in_schema=False)
async def row_words_page(
    request: WebRequest, services: NamedDependency[Services], plan_id: FromPath[str], row_id: FromPath[str]
) -> Template:
    """What one row says and was understood as, to be put right."""
    async with services.sessions() as session:
        plan, row = await open_row(session, signed(request), plan_id, row_id)
    return _row_page(request, services, plan, row, Form())


@post("/purchase-plans/{plan_id:str}/rows/{row_id:str}/words", guards=BUYER, include_in_schema=False, status_code=200)
async def save_row_words(
    request: WebRequest, services: NamedDependency[Services], plan_id: FromPath[str], row_id: FromPath[str]
) -> Response[Any]:
    """Keeps what the row stands for: for it alone, or for all rows with the same words, now and later."""
    async with services.sessions() as session:
        plan, row = await open_row(session, signed(request), plan_id, row_id)
    form = Form(await request.form())
    reference = services.tools.reference
    names = Names(reference, language_of(request))
    for number, subject in enumerate(Subject):
        code = chosen_code(form, number, subject, plan, names)
        if code is None or form.errors:
            continue
        words = row.purchase.reading(subject).words
        if words and form.value(f"all-{number}"):
            decisions = [Decision(subject, words, code)]
            await decide(services.sessions, signed(request), plan_id, decisions, reference, services.clock())
        else:
            await decide_row(services.sessions, signed(request), plan_id, row_id, subject, code, reference)
    if form.errors:
        return _row_page(request, services, plan, row, form)
    return Redirect(plan_address(plan_id, f"/rows/{row_id}"), status_code=303)


def _row_page(request: WebRequest, services: Services, plan: PurchasePlan, row: KeptRow, form: Form) -> Template:
    parts = [(subject, row.purchase.reading(subject), offered(services, request, plan, subject)) for subject in Subject]
    return page(
        request,
        "purchase_plan_row.html",
        status=422 if form.errors else 200,
        plan=plan,
        row=row,
        form=form,
        parts=parts,
        address=plan_address(plan.plan_id),
    )
