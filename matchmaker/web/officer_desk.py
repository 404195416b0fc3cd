"""A market-engagement officer's pages: pick upcoming published lots, get one invitation list with reasons, keep it."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from matchmaker.domain.access import Role
from matchmaker.domain.engagement import Balance, InvitationList
from matchmaker.domain.errors import NotFound, Refusal
from matchmaker.domain.lot_state import LotState
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot, Notice
from matchmaker.reference.activities import GROUPS
from matchmaker.storage.invitations import lists_of, load_list
from matchmaker.storage.lots_search import LotFilter, search_lots
from matchmaker.storage.notices import load_lot
from matchmaker.web.forms import Form
from matchmaker.web.guards import allow
from matchmaker.web.i18n import language_of
from matchmaker.web.invitation_export import invitation_file
from matchmaker.web.names import Names
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.supplier_desk import signed
from matchmaker.workflows.invite import MOST_LOTS, InvitationRequest, invite

OFFICER = [allow(Role.OFFICER)]
PER_PAGE = 25
LEFT_OUT_SHOWN = 200


@get("/officer", guards=OFFICER, include_in_schema=False)
async def officer_desk(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """Lots that are open or planned, to tick; what was ticked stays while one searches on."""
    form = Form(dict(request.query_params))
    chosen = _chosen(request)
    names = Names(services.tools.reference, language_of(request))
    wanted = _filter(form, names, services)
    typed_page = form.value("page")
    number = int(typed_page) if typed_page.isdecimal() and len(typed_page) < 6 else 1
    async with services.sessions() as session:
        found = await search_lots(session, wanted, number, PER_PAGE, services.today)
        shown = {listing.card.full_id for listing in found.rows}
        elsewhere = [await load_lot(session, full_id) for full_id in chosen if full_id not in shown]
        lists = await lists_of(session, _teams(request))
    return page(
        request,
        "officer/desk.html",
        form=form,
        found=found,
        chosen=set(chosen),
        elsewhere=[_named(lot) for lot in elsewhere if lot],
        lists=lists,
        countries=[(code, names.country(code)) for code in found.countries],
        groups=[(group.key, group.label) for group in GROUPS],
        most=MOST_LOTS,
        nothing_ticked=bool(form.value("none")),
    )


def _chosen(request: WebRequest) -> list[str]:
    return [str(value) for value in dict.fromkeys(request.query_params.getall("lot", []))][:MOST_LOTS]


def _named(lot: tuple[Notice, Lot]) -> dict[str, Any]:
    notice, found = lot
    return {"full_id": f"{notice.notice_id}/{found.lot_id}", "title": found.title or notice.title, "language": notice.language}


def _teams(request: WebRequest) -> list[str]:
    return [membership.organisation_key for membership in signed(request).organisations_as(Role.OFFICER)]


def _filter(form: Form, names: Names, services: Services) -> LotFilter:
    activities = names.reference.activities
    prefixes = tuple(prefix for each in activities if each.group == form.value("group") for prefix in each.cpv_prefixes)
    state = form.value("state")
    return LotFilter(
        words=form.value("q")[:200],
        cpv_prefixes=prefixes,
        country=form.value("country")[:2] or None,
        open_until=services.today,
        state=LotState(state) if state in (LotState.OPEN, LotState.PLANNED) else None,
    )


@get("/officer/lists/new", guards=OFFICER, include_in_schema=False)
async def new_list(request: WebRequest, services: NamedDependency[Services]) -> Response[Any]:
    """The lots ticked, and the rule for drawing up the list."""
    chosen = _chosen(request)
    if not chosen:
        return Redirect("/officer?none=1", status_code=303)
    balance = Balance()
    form = Form(
        {
            "seats": str(balance.seats),
            "minimum": str(round(balance.minimum_score * 100)),
            "small": str(round(balance.small_share * 100)),
            "newcomers": str(round(balance.newcomer_share * 100)),
        }
    )
    return await _new_list_page(request, services, form, chosen)


@post("/officer/lists", guards=OFFICER, include_in_schema=False, status_code=200)
async def make_list(request: WebRequest, services: NamedDependency[Services]) -> Response[Any]:
    """Computes and stores the list."""
    typed = await request.form()
    chosen = [str(value) for value in dict.fromkeys(typed.getall("lot", []))]
    form = Form(typed)
    title = form.text("title", Message("Give the list a name."), longest=150)
    balance = _balance(form)
    team = form.value("team") if form.value("team") in _teams(request) else _teams(request)[0]
    if not form.errors:
        wanted = InvitationRequest(team, title, tuple(chosen), balance)
        try:
            made = await invite(services.sessions, signed(request), wanted, services.tools, services.today, services.clock())
            return Redirect(f"/officer/lists/{made}", status_code=303)
        except Refusal as refusal:
            form.refuse("lots", refusal.sentence)
    return await _new_list_page(request, services, form, chosen)


def _balance(form: Form) -> Balance:
    def whole(name: str, low: int, high: int) -> int:
        typed = form.value(name)
        if typed.isdecimal() and len(typed) < 5 and low <= int(typed) <= high:
            return int(typed)
        form.refuse(name, Message("Give a whole number from %(low)s to %(high)s.", {"low": low, "high": high}))
        return low

    return Balance(
        seats=whole("seats", 1, 500),
        small_share=whole("small", 0, 100) / 100,
        newcomer_share=whole("newcomers", 0, 100) / 100,
        minimum_score=whole("minimum", 0, 100) / 100,
    )


async def _new_list_page(request: WebRequest, services: Services, form: Form, chosen: Sequence[str]) -> Template:
    async with services.sessions() as session:
        lots = [await load_lot(session, full_id) for full_id in chosen[:MOST_LOTS]]
    return page(
        request,
        "officer/new_list.html",
        status=422 if form.errors else 200,
        form=form,
        lots=[_named(lot) for lot in lots if lot],
        teams=[(each.organisation_key, each.organisation_name) for each in signed(request).organisations_as(Role.OFFICER)],
    )


@get("/officer/lists/{list_id:str}", guards=OFFICER, include_in_schema=False)
async def invitation_list(request: WebRequest, services: NamedDependency[Services], list_id: FromPath[str]) -> Template:
    """Who is invited and why, and who is not and why not."""
    made = await _own_list(request, services, list_id)
    return page(request, "officer/list.html", made=made, left_out_shown=LEFT_OUT_SHOWN)


@get("/officer/lists/{list_id:str}/file", guards=OFFICER, include_in_schema=False)
async def invitation_list_file(
    request: WebRequest, services: NamedDependency[Services], list_id: FromPath[str]
) -> Response[bytes]:
    """The whole list, everyone considered, as CSV or XLSX."""
    made = await _own_list(request, services, list_id)
    names = Names(services.tools.reference, language_of(request))
    return invitation_file(request.query_params.get("kind", "csv"), made, names)


async def _own_list(request: WebRequest, services: Services, list_id: str) -> InvitationList:
    async with services.sessions() as session:
        made = await load_list(session, list_id, _teams(request))
    if made is None:
        raise NotFound(Message("There is no such list in your team."), Message("Choose one of the lists on your page."))
    return made
