"""A buyer's desk and sourcing records: kept searches and plans, with notes, decisions, proof and files, for one team."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from matchmaker.domain.access import Role
from matchmaker.domain.errors import Refusal
from matchmaker.domain.messages import Message
from matchmaker.domain.sourcing_record import Decision, Outcome, RecordKind
from matchmaker.storage.released_lists import list_released
from matchmaker.web.forms import Form
from matchmaker.web.guards import allow
from matchmaker.web.i18n import language_of
from matchmaker.web.lot import lot_path
from matchmaker.web.names import Names
from matchmaker.web.pages import page
from matchmaker.web.record_file import record_file, record_json
from matchmaker.web.record_view import OUTCOMES, record_view, record_words
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.supplier_desk import signed
from matchmaker.workflows.prove_record import prove
from matchmaker.workflows.sourcing_record import (
    add_note,
    buyer_teams,
    decide,
    export_record,
    read_record,
    readers,
    records_of,
    share,
    stop_sharing,
)

BUYER = [allow(Role.BUYER)]
READER = [allow(Role.BUYER, Role.OFFICER)]
"""An officer sees the records it was let into."""
SHOWN = 10
"""Matches in sight before the rest is unfolded."""
DESK_SHOWN = 6


@get("/buyer", guards=BUYER, include_in_schema=False)
async def buyer_desk(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """What the buyer's teams have kept, decided and released."""
    person = signed(request)
    found = await records_of(services.sessions, person)
    async with services.sessions() as session:
        released = await list_released(session, (), buyer_teams(person))
    return page(
        request,
        "buyer_desk.html",
        waiting=[head for head in found if head.outcome is None][:DESK_SHOWN],
        decided=[head for head in found if head.outcome is not None][:DESK_SHOWN],
        total=len(found),
        released=released,
        teams=person.organisations_as(Role.BUYER),
        **record_words(),
    )


@get("/records", guards=READER, include_in_schema=False)
async def records_page(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """Every record one may see, the newest first."""
    return await _list_page(request, services, None)


@get("/shortlists", guards=READER, include_in_schema=False)
async def shortlists_page(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """Those of searches."""
    return await _list_page(request, services, RecordKind.SEARCH)


async def _list_page(request: WebRequest, services: Services, kind: RecordKind | None) -> Template:
    found = await records_of(services.sessions, signed(request), kind)
    return page(request, "records.html", found=found, kind=kind, years=services.settings.record_years, **record_words())


@get("/records/{record_id:str}", guards=READER, include_in_schema=False)
async def record_page(request: WebRequest, services: NamedDependency[Services], record_id: FromPath[str]) -> Template:
    """One record; with ``proof`` in the address it is proven and the page says what came of it."""
    return await _record_page(request, services, record_id, Form())


async def _record_page(request: WebRequest, services: Services, record_id: str, form: Form) -> Template:
    person = signed(request)
    record = await read_record(services.sessions, person, record_id)
    proof = prove(record, services.tools.capability) if "proof" in request.query_params else None
    own = person.serves(record.head.team_key, Role.BUYER)
    return page(
        request,
        "record.html",
        status=422 if form.errors else 200,
        form=form,
        record=record,
        view=record_view(record),
        proof=proof,
        own=own,
        let_in=await readers(services.sessions, record) if own else [],
        years=services.settings.record_years,
        shown=SHOWN,
        lot_link=lot_path(record.head.need_id) if "/" in record.head.need_id else None,
        not_an_officer=request.query_params.get("shared") == "no",
        **record_words(),
    )


@post("/records/{record_id:str}/notes", guards=READER, include_in_schema=False, status_code=200)
async def note_record(request: WebRequest, services: NamedDependency[Services], record_id: FromPath[str]) -> Response[Any]:
    """Adds a note."""
    form = Form(await request.form())
    try:
        await add_note(services.sessions, signed(request), record_id, form.value("note"), services.clock())
    except Refusal as refusal:
        return await _refused(request, services, record_id, form, "note", refusal)
    return Redirect(f"/records/{record_id}#notes", status_code=303)


@post("/records/{record_id:str}/decision", guards=BUYER, include_in_schema=False, status_code=200)
async def decide_record(request: WebRequest, services: NamedDependency[Services], record_id: FromPath[str]) -> Response[Any]:
    """Writes down a decision."""
    typed = await request.form()
    form = Form(typed)
    outcome = form.choice("outcome", {each.value for each in OUTCOMES}, Message("Choose from the list."))
    if outcome is None:
        form.refuse("outcome", Message("Say what was decided."))
    because = form.text("because", Message("Say why, in a sentence or two."), longest=4000)
    awarded_on = form.day("awarded_on")
    if form.errors or outcome is None:
        return await _record_page(request, services, record_id, form)
    chosen = tuple(str(key) for key in dict.fromkeys(typed.getall("supplier", [])))
    decision = Decision(Outcome(outcome), because, chosen, awarded_on)
    try:
        await decide(services.sessions, signed(request), record_id, decision, services.today, services.clock())
    except Refusal as refusal:
        return await _refused(request, services, record_id, form, "because", refusal)
    return Redirect(f"/records/{record_id}#decision", status_code=303)


async def _refused(request: WebRequest, services: Services, record_id: str, form: Form, field: str, refusal: Refusal) -> Template:
    form.refuse(field, refusal.sentence)
    return await _record_page(request, services, record_id, form)


@post("/records/{record_id:str}/readers", guards=BUYER, include_in_schema=False, status_code=200)
async def share_record(request: WebRequest, services: NamedDependency[Services], record_id: FromPath[str]) -> Response[Any]:
    """Lets an officer in, or shuts one out (``end`` names the person)."""
    form, person, now = Form(await request.form()), signed(request), services.clock()
    if form.value("end").isdecimal():
        await stop_sharing(services.sessions, person, record_id, int(form.value("end")[:18]), now)
        return Redirect(f"/records/{record_id}#readers", status_code=303)
    try:
        known = await share(services.sessions, person, record_id, form.value("email"), now)
    except Refusal as refusal:
        return await _refused(request, services, record_id, form, "email", refusal)
    return Redirect(f"/records/{record_id}" + ("#readers" if known else "?shared=no#readers"), status_code=303)


@get("/records/{record_id:str}/file", guards=READER, include_in_schema=False)
async def record_download(request: WebRequest, services: NamedDependency[Services], record_id: FromPath[str]) -> Response[bytes]:
    """The record as JSON or as HTML to print; that it was exported is written into it first."""
    kind = "html" if request.query_params.get("kind") == "html" else "json"
    record = await export_record(services.sessions, signed(request), record_id, kind, services.clock())
    return record_file(kind, record, Names(services.tools.reference, language_of(request)))


@get("/api/records", guards=READER, tags=["records"], summary="Sourcing records of your teams")
async def api_records(request: WebRequest, services: NamedDependency[Services]) -> list[dict[str, Any]]:
    """The newest first, without their events."""
    found = await records_of(services.sessions, signed(request))
    return [
        {
            "record": head.record_id,
            "kind": head.kind.value,
            "title": head.title,
            "team": head.team_name,
            "opened_at": head.opened_at.isoformat(),
            "outcome": head.outcome.value if head.outcome else None,
            "hash": head.digest,
        }
        for head in found
    ]


@get("/api/records/{record_id:str}", guards=READER, tags=["records"], summary="One sourcing record")
async def api_record(request: WebRequest, services: NamedDependency[Services], record_id: FromPath[str]) -> dict[str, Any]:
    """With every event as the text that was hashed, so that anybody can verify the chain."""
    return record_json(await read_record(services.sessions, signed(request), record_id))
