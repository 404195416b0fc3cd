"""Can this lot be reserved? The planner's answer for a published lot, open to everyone, and for a described purchase.

A described purchase is kept nowhere: its page is sent by a form, so that no word of it stands in an address.
"""

from urllib.parse import urlencode

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from matchmaker.domain.lot_state import LotState, lot_state
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot, Notice, full_lot_id
from matchmaker.domain.sight import sight_of
from matchmaker.planning.plan import Plan
from matchmaker.planning.planner_inputs import PlanContext
from matchmaker.web.forms import Form
from matchmaker.web.guards import everyone, person_of
from matchmaker.web.i18n import choose, language_cookie, language_of
from matchmaker.web.lot import find_lot, lot_path, plan_path
from matchmaker.web.names import Names
from matchmaker.web.need_form import read_need
from matchmaker.web.pages import page
from matchmaker.web.plan_form import assumptions_form, read_assumptions, with_published
from matchmaker.web.plan_sharing import sizes_told
from matchmaker.web.plan_view import PlanPlace, organisations_of, plan_context
from matchmaker.web.purchase import form_page
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.sharing import note_figures_shown
from matchmaker.workflows.plan_lot import plan_lot, plan_need
from matchmaker.workflows.understand import understand

PURCHASE_FIELDS = ("text", "country", "place", "value", "currency", "start", "activity", "cpv")
"""What the form of a plan carries along of the need it plans."""

LOOKING_BACK = Message("This lot is closed. Read this as what could have been done, and for the next time.")


def place_of_lot(notice: Notice, lot: Lot, services: Services) -> PlanPlace:
    """Where the plan of a published lot stands."""
    full_id = full_lot_id(notice.notice_id, lot.lot_id)
    closed = lot_state(notice, lot, services.today) is LotState.CLOSED
    return PlanPlace(
        back=lot_path(full_id),
        back_words=Message("Back to the lot"),
        action=plan_path(full_id),
        method="get",
        lot_id=full_id,
        links=(
            (lot_path(full_id), Message("The lot as it was published")),
            (lot_path(full_id) + "#suppliers", Message("Every supplier that matches this lot")),
            ("/what-if?" + urlencode({"lot": full_id}), Message("What if other things counted more?")),
            ("/how-matching-works", Message("How matching works")),
        ),
        remark=LOOKING_BACK if closed else None,
    )


@get("/plan/lots/{notice_id:str}/{lot_id:path}", guards=[everyone], include_in_schema=False)
async def lot_plan_page(
    request: WebRequest, services: NamedDependency[Services], notice_id: FromPath[str], lot_id: FromPath[str]
) -> Template:
    """The page; the address carries the assumptions that the reader moved. Status 422 where one of them is wrong."""
    async with services.sessions() as session:
        notice, lot = await find_lot(session, f"{notice_id}/{lot_id.lstrip('/')}")
    place = place_of_lot(notice, lot, services)
    form = assumptions_form(request.query_params, language_of(request))
    assumed = read_assumptions(form, language_of(request))
    sight = sight_of(person_of(request))
    plans = [
        await plan_lot(services.sessions, place.lot_id or "", services.tools, services.today, each, sight)
        for each in with_published(assumed)
    ]
    return await plan_page(request, services, plans, place, form)


@post("/purchase/plan", guards=[everyone], include_in_schema=False, status_code=200)
async def purchase_plan_page(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """The same for a described purchase. Nothing of it is stored."""
    sent = await request.form()
    if sent.get("language"):
        await choose(request, str(sent["language"]))
    language = language_of(request)
    form = assumptions_form(sent, language)
    need = read_need(form, Names(services.tools.reference, language))
    if need is None:
        return form_page(request, form)
    understood = understand(need, services.tools)
    assumed = read_assumptions(form, language)
    sight = sight_of(person_of(request))
    plans = [
        await plan_need(services.sessions, understood.need, PlanContext(), services.tools, services.today, each, sight)
        for each in with_published(assumed)
    ]
    answer = await plan_page(request, services, plans, place_of_purchase(form), form)
    if sent.get("language"):
        answer.set_cookie(language_cookie(request))
    return answer


def place_of_purchase(form: Form) -> PlanPlace:
    """Where the plan of a described purchase stands; its form carries the need along."""
    return PlanPlace(
        back="/purchase",
        back_words=Message("Describe another purchase"),
        action="/purchase/plan",
        method="post",
        hidden={name: form.value(name) for name in PURCHASE_FIELDS},
        links=(("/how-matching-works", Message("How matching works")),),
    )


async def plan_page(request: WebRequest, services: Services, plans: list[Plan], place: PlanPlace, form: Form) -> Template:
    """The page of ``plans``: the one asked for and, where assumptions were moved, the one under the published ones."""
    asked, *published = plans
    show_all = bool(form.value("all"))
    async with services.sessions() as session:
        organisations = await organisations_of(session, asked, show_all)
    context = plan_context(
        asked,
        organisations,
        person_of(request),
        place,
        form,
        language_of(request),
        next(iter(published), None),
        show_all,
    )
    told = sizes_told(asked, context["size_seen"])
    await note_figures_shown(request, [each for each in organisations.values() if each.key in told])
    query = {name: value for name, value in request.query_params.items() if name != "all"}
    return page(
        request,
        "plan.html",
        status=422 if form.errors else 200,
        all_link=f"{place.action}?{urlencode({**query, 'all': '1'})}",
        **context,
    )
