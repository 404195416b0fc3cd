"""Asking suppliers before a call whether they could deliver a planned lot, and answering that."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from matchmaker.alerts.signed_links import Purpose, read_signed_for
from matchmaker.domain.access import Person, Role
from matchmaker.domain.conversation import LONGEST_TEXT, ContactClosed
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.lot_state import LotState, lot_state
from matchmaker.domain.messages import Message
from matchmaker.domain.sounding import MOST_ASKED
from matchmaker.domain.values import text_in
from matchmaker.web.alert_delivery import PRIVATE
from matchmaker.web.contact import TEXT_MISSING
from matchmaker.web.forms import Form
from matchmaker.web.guards import allow, everyone, person_of
from matchmaker.web.i18n import language_of
from matchmaker.web.lot import find_lot, lot_path, source_address
from matchmaker.web.pages import page
from matchmaker.web.security import signing_secret
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.supplier_desk import signed
from matchmaker.workflows.contact import lot_is_open
from matchmaker.workflows.sounding import SoundingSeen, give_answer, read_sounding, sound, sounding_by_link

BUYER = [allow(Role.BUYER)]
SUPPLIER = [allow(Role.SUPPLIER)]
ANSWERS = {
    "yes-named": Message("Yes, and the buyer may see our name"),
    "yes-counted": Message("Yes, but only count us"),
    "no-named": Message("No, and the buyer may see our name"),
    "no-counted": Message("No, and only count us"),
}


@get("/soundings/new", guards=BUYER, include_in_schema=False)
async def new_sounding(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """What will be asked about the lot named in the address."""
    return await _new_page(request, services, Form({"lot": request.query_params.get("lot", "")}))


@post("/soundings", guards=BUYER, include_in_schema=False, status_code=200)
async def ask_suppliers(request: WebRequest, services: NamedDependency[Services]) -> Response[Any]:
    """Asks the suppliers that match."""
    form, person = Form(await request.form()), signed(request)
    text = form.text("text", TEXT_MISSING, longest=LONGEST_TEXT)
    teams = [each.organisation_key for each in person.organisations_as(Role.BUYER)]
    team = form.value("team") if form.value("team") in teams else teams[0]
    if not form.errors:
        try:
            made = await sound(
                services.sessions, person, team, form.value("lot"), text, services.tools, services.today, services.clock()
            )
            return Redirect(f"/soundings/{made}", status_code=303)
        except (InvalidValue, ContactClosed) as refusal:
            form.refuse("text", refusal.sentence)
    return await _new_page(request, services, form)


async def _new_page(request: WebRequest, services: Services, form: Form) -> Template:
    lot_id = form.value("lot")
    async with services.sessions() as session:
        notice, lot = await find_lot(session, lot_id)
    title = text_in(lot.title or notice.title, language_of(request), notice.language)
    return page(
        request,
        "contact/sounding_new.html",
        status=422 if form.errors else 200,
        form=form,
        lot_id=lot_id,
        lot_link=lot_path(lot_id),
        title=title[1] if title else lot_id,
        planned=lot_state(notice, lot, services.today) is LotState.PLANNED,
        is_open=await lot_is_open(services.sessions, lot_id, services.today),
        source=source_address(notice),
        most=MOST_ASKED,
        teams=[(each.organisation_key, each.organisation_name) for each in signed(request).organisations_as(Role.BUYER)],
        longest=LONGEST_TEXT,
    )


@get("/soundings/{sounding_id:str}", guards=[everyone], include_in_schema=False)
async def sounding_page(request: WebRequest, services: NamedDependency[Services], sounding_id: FromPath[str]) -> Template:
    """The answers so far for the team that asked; the question for those asked; for anybody else there is no such page."""
    seen = await read_sounding(services.sessions, person_of(request), sounding_id, services.today)
    return _page(request, seen, f"/soundings/{sounding_id}", Form())


@post("/soundings/{sounding_id:str}", guards=SUPPLIER, include_in_schema=False, status_code=200)
async def answer_signed_in(request: WebRequest, services: NamedDependency[Services], sounding_id: FromPath[str]) -> Response[Any]:
    """Keeps the answer of a supplier's member."""
    person = signed(request)
    seen = await read_sounding(services.sessions, person, sounding_id, services.today)
    return await _answer(request, services, person, seen, f"/soundings/{sounding_id}")


@get("/sounding/{token:str}", guards=[everyone], include_in_schema=False)
async def sounding_by_mail(request: WebRequest, services: NamedDependency[Services], token: FromPath[str]) -> Template:
    """The question, for who holds the link of the mail. Opening it changes nothing."""
    _, seen = await _by_link(services, token)
    return _page(request, seen, f"/sounding/{token}", Form())


@post("/sounding/{token:str}", guards=[everyone], include_in_schema=False, status_code=200)
async def answer_by_mail(request: WebRequest, services: NamedDependency[Services], token: FromPath[str]) -> Response[Any]:
    """Keeps the answer without signing in; the same link changes it."""
    person, seen = await _by_link(services, token)
    return await _answer(request, services, person, seen, f"/sounding/{token}")


async def _by_link(services: Services, token: str) -> tuple[Person, SoundingSeen]:
    read = read_signed_for(signing_secret(services.settings), Purpose.SOUNDING, token)
    if read is None:
        raise NotFound(Message("This link is not complete."), Message("Copy the whole link from the mail, or sign in."))
    return await sounding_by_link(services.sessions, *read, services.tools, services.today)


async def _answer(request: WebRequest, services: Services, person: Person, seen: SoundingSeen, address: str) -> Response[Any]:
    form = Form(await request.form())
    answer = form.choice("answer", set(ANSWERS), Message("Choose an answer."))
    if answer is None:
        form.refuse("answer", Message("Choose an answer."))
        return _page(request, seen, address, form)
    could, how = answer.split("-")
    key = form.value("organisation") or next((each.supplier_key for each in seen.organisations), "")
    try:
        await give_answer(services.sessions, person, seen, key, could == "yes", how == "named", services.clock())
    except ContactClosed as refusal:
        form.refuse("answer", refusal.sentence)
        return _page(request, seen, address, form)
    return Redirect(f"{address}?saved=1", status_code=303, headers=PRIVATE)


def _page(request: WebRequest, seen: SoundingSeen, address: str, form: Form) -> Template:
    return page(
        request,
        "contact/sounding.html",
        status=422 if form.errors else 200,
        headers=PRIVATE,
        seen=seen,
        sounding=seen.sounding,
        address=address,
        form=form,
        answers=ANSWERS,
        lot_link=lot_path(seen.sounding.lot_id),
        saved=bool(request.query_params.get("saved")),
    )
