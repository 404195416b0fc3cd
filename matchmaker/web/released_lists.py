"""Released lists of subcontractors: the same page for everybody who may see it, its files, and how one is made."""

from collections.abc import Collection
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from matchmaker.domain.access import Role, normal_email
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.domain.released_list import LOWEST_SCORE, Audience, ReleasedList, social_clause
from matchmaker.domain.values import text_in
from matchmaker.language.translate import translate
from matchmaker.web.forms import Form
from matchmaker.web.guards import allow, everyone, person_of
from matchmaker.web.i18n import language_of
from matchmaker.web.lot import find_lot, lot_path
from matchmaker.web.names import Names
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.spreadsheets import Cell, download
from matchmaker.web.supplier import web_address
from matchmaker.web.supplier_desk import signed
from matchmaker.workflows.released_list import (
    Release,
    foresee,
    read_released,
    release,
    released_for,
    released_for_lot,
    withdraw,
)
from matchmaker.workflows.write_to_listed import LONGEST_MESSAGE, write_to

BUYER = [allow(Role.BUYER)]
CONTRACTOR = [allow(Role.MAIN_CONTRACTOR)]
AUDIENCES = {
    Audience.PUBLIC: Message("Everyone"),
    Audience.MAIN_CONTRACTORS: Message("Main contractors signed in here; I put it into the procurement documents"),
}
COLUMNS = (Message("Supplier"), Message("Town"), Message("Country"), Message("Work"), Message("Website"), Message("Key"))
RULE = Message(
    "On it stands every supplier that agreed to be named, whose match with the lot is at least %(score)s of 100 and for which"
    " the place is not known to be out of reach; in the order of names. Nobody was picked or left out by hand."
)


@get("/released", guards=[everyone], include_in_schema=False)
async def released_page(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """Every list this reader may see."""
    return page(request, "released_lists.html", found=await released_for(services.sessions, person_of(request)))


@get("/released/{list_id:str}", guards=[everyone], include_in_schema=False)
async def released_list_page(request: WebRequest, services: NamedDependency[Services], list_id: FromPath[str]) -> Template:
    """One list, with the form to write to those on it for main contractors."""
    return await _list_page(request, services, list_id, Form())


async def _list_page(request: WebRequest, services: Services, list_id: str, form: Form, ticked: Collection[str] = ()) -> Template:
    person = person_of(request)
    released = await read_released(services.sessions, person, list_id)
    sent = request.query_params.get("sent", "")
    missed = request.query_params.get("missed", "")
    return page(
        request,
        "released_list.html",
        status=422 if form.errors else 200,
        released=released,
        form=form,
        ticked=ticked,
        rule=_rule(released.lowest_score),
        lot_link=lot_path(released.lot_id),
        web_address=web_address,
        may_withdraw=person is not None and person.serves(released.team_key, Role.BUYER),
        may_write=person is not None and Role.MAIN_CONTRACTOR in person.roles and released.withdrawn_at is None,
        audiences=AUDIENCES,
        sent=int(sent) if sent.isdecimal() and len(sent) < 5 else None,
        missed=int(missed) if missed.isdecimal() and len(missed) < 5 else 0,
    )


def _rule(score: float) -> Message:
    return Message(RULE.text, {"score": round(score * 100)})


@get("/released/{list_id:str}/file", guards=[everyone], include_in_schema=False)
async def released_file(request: WebRequest, services: NamedDependency[Services], list_id: FromPath[str]) -> Response[bytes]:
    """The list as CSV or XLSX."""
    released = await read_released(services.sessions, person_of(request), list_id)
    names = Names(services.tools.reference, language_of(request))
    header: list[Cell] = [translate(column, names.language) for column in COLUMNS]
    rows = [
        [each.name, each.town, names.country(each.country), "; ".join(each.work), web_address(each.website), each.key]
        for each in released.suppliers
    ]
    return download(request.query_params.get("kind", "csv"), f"subcontractors-{released.lot_id}", header, rows)


@get("/api/released", guards=[everyone], tags=["released lists"], summary="Released lists of subcontractors")
async def api_released_lists(request: WebRequest, services: NamedDependency[Services]) -> list[dict[str, Any]]:
    """Those you may see, the newest first."""
    return [_record(each) for each in await released_for(services.sessions, person_of(request))]


@get("/api/released/{list_id:str}", guards=[everyone], tags=["released lists"], summary="One released list")
async def api_released(request: WebRequest, services: NamedDependency[Services], list_id: FromPath[str]) -> dict[str, Any]:
    """``sealed`` is the text whose SHA-256 is ``hash``."""
    return _record(await read_released(services.sessions, person_of(request), list_id))


def _record(released: ReleasedList) -> dict[str, Any]:
    return {
        "list": released.list_id,
        "lot": released.lot_id,
        "released_at": released.released_at.isoformat(),
        "released_by": released.team_name,
        "audience": released.audience.value,
        "exhaustive": False,
        "equivalents_accepted": True,
        "rule": str(_rule(released.lowest_score)),
        "withdrawn_at": released.withdrawn_at.isoformat() if released.withdrawn_at else None,
        "withdrawn_because": released.withdrawn_because,
        "suppliers": [
            {"key": each.key, "name": each.name, "country": each.country, "town": each.town, "work": list(each.work)}
            for each in released.suppliers
        ],
        "sealed": released.sealed_text,
        "hash": released.digest,
    }


@get("/releases/new", guards=BUYER, include_in_schema=False)
async def new_release(request: WebRequest, services: NamedDependency[Services]) -> Response[Any]:
    """Who would stand on the list of the lot named in the address, and what the buyer must confirm."""
    lot_id = request.query_params.get("lot", "")
    out = await released_for_lot(services.sessions, signed(request), lot_id)
    if out is not None:
        return Redirect(f"/released/{out.list_id}", status_code=303)
    return await _new_page(request, services, lot_id, Form({"audience": Audience.PUBLIC.value}))


async def _new_page(request: WebRequest, services: Services, lot_id: str, form: Form) -> Template:
    async with services.sessions() as session:
        notice, lot = await find_lot(session, lot_id)
    title = text_in(lot.title or notice.title, language_of(request), notice.language)
    return page(
        request,
        "released_new.html",
        status=422 if form.errors else 200,
        form=form,
        lot_id=lot_id,
        lot_link=lot_path(lot_id),
        title=title,
        clause=social_clause(lot),
        rule=_rule(LOWEST_SCORE),
        suppliers=await foresee(services.sessions, lot_id, services.tools, services.today),
        audiences=AUDIENCES,
        buyers=[buyer.name for buyer in notice.buyers],
        teams=[(each.organisation_key, each.organisation_name) for each in signed(request).organisations_as(Role.BUYER)],
    )


@post("/releases", guards=BUYER, include_in_schema=False, status_code=200)
async def make_release(request: WebRequest, services: NamedDependency[Services]) -> Response[Any]:
    """Freezes the list and releases it."""
    form, person = Form(await request.form()), signed(request)
    teams = [each.organisation_key for each in person.organisations_as(Role.BUYER)]
    audience = form.choice("audience", set(Audience), Message("Choose from the list.")) or Audience.PUBLIC.value
    wanted = Release(
        team_key=form.value("team") if form.value("team") in teams else teams[0],
        lot_id=form.value("lot"),
        audience=Audience(audience),
        acts_for_buyer=bool(form.value("acts")),
        clause_in_documents=bool(form.value("clause")),
    )
    if not form.errors:
        try:
            made = await release(services.sessions, person, wanted, services.tools, services.today, services.clock())
            return Redirect(f"/released/{made}", status_code=303)
        except InvalidValue as refusal:
            form.refuse("release", refusal.sentence)
    return await _new_page(request, services, wanted.lot_id, form)


@post("/released/{list_id:str}/withdrawal", guards=BUYER, include_in_schema=False, status_code=200)
async def withdraw_list(request: WebRequest, services: NamedDependency[Services], list_id: FromPath[str]) -> Response[Any]:
    """Withdraws the list as a whole."""
    form = Form(await request.form())
    try:
        await withdraw(services.sessions, signed(request), list_id, form.value("because"), services.clock())
    except InvalidValue as refusal:
        form.refuse("because", refusal.sentence)
        return await _list_page(request, services, list_id, form)
    return Redirect(f"/released/{list_id}", status_code=303)


@post("/released/{list_id:str}/messages", guards=CONTRACTOR, include_in_schema=False, status_code=200)
async def write_to_suppliers(request: WebRequest, services: NamedDependency[Services], list_id: FromPath[str]) -> Response[Any]:
    """Sends one message to the suppliers ticked."""
    typed = await request.form()
    form = Form(typed)
    chosen = [str(key) for key in typed.getall("supplier", [])]
    text = form.text("text", Message("Write what work you look for."), longest=LONGEST_MESSAGE)
    if not chosen:
        form.refuse("supplier", Message("Tick those you want to write to."))
    try:
        answer_to = normal_email(form.value("answer_to"))
    except InvalidValue as refusal:
        form.refuse("answer_to", refusal.sentence)
    if form.errors:
        return await _list_page(request, services, list_id, form, chosen)
    try:
        sent, missed = await write_to(services.sessions, signed(request), list_id, chosen, text, answer_to, services.clock())
    except InvalidValue as refusal:
        form.refuse("text", refusal.sentence)
        return await _list_page(request, services, list_id, form, chosen)
    return Redirect(f"/released/{list_id}?sent={sent}&missed={missed}#write", status_code=303)
