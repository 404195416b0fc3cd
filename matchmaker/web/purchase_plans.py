"""A buyer team's purchase plans: the list, a new file, the empty template, deletion. Everybody else finds nothing here."""

from typing import Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from matchmaker.domain.access import Role
from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.domain.values import NutsCode
from matchmaker.examples.purchase_plan import template_table
from matchmaker.ingestion.purchase_plans.rows import MAX_BYTES
from matchmaker.language.formats import day
from matchmaker.reference.bundle import find_region
from matchmaker.reference.tables import TableKind
from matchmaker.scoring.cpv_prediction import default_suggester
from matchmaker.web.forms import Form
from matchmaker.web.guards import allow
from matchmaker.web.i18n import language_of
from matchmaker.web.names import Names
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest, services_of
from matchmaker.web.spreadsheets import download
from matchmaker.web.supplier_desk import signed
from matchmaker.workflows.purchase_plan import PlanTools, Upload, open_plan, plans_of, remove_plan, upload_plan

BUYER = [allow(Role.BUYER)]
LARGEST_REQUEST = MAX_BYTES + 100_000
"""Bytes of a file with the fields around it."""
LONGEST_NAME = 120


def plan_address(plan_id: str, rest: str = "") -> str:
    """The address of a plan, or of something in it."""
    return f"/purchase-plans/{plan_id}{rest}"


@get("/purchase-plans", guards=BUYER, include_in_schema=False)
async def purchase_plans_page(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """The plans of one's teams."""
    plans = await plans_of(services.sessions, signed(request))
    deleted = request.query_params.get("deleted", "")
    return page(request, "purchase_plans.html", plans=plans, deleted=bool(deleted))


@get("/purchase-plans/new", guards=BUYER, include_in_schema=False)
async def new_purchase_plan(request: WebRequest, services: NamedDependency[Services], plan: FromQuery[str] = "") -> Template:
    """The form for a file; for a newer version of a plan it is filled with what is known."""
    values: dict[str, str] = {"currency": "EUR"}
    if plan:
        async with services.sessions() as session:
            known = await open_plan(session, signed(request), plan)
        names = Names(services.tools.reference, language_of(request))
        values = {
            "name": known.name,
            "team": known.team_key,
            "country": known.country,
            "currency": known.currency,
            "place": names.region(known.place) if known.place and known.place.level else "",
            "newer": known.plan_id,
        }
    return _form_page(request, Form(values))


@post("/purchase-plans", guards=BUYER, include_in_schema=False, status_code=200, request_max_body_size=LARGEST_REQUEST)
async def take_purchase_plan(request: WebRequest, services: NamedDependency[Services]) -> Response[Any]:
    """Takes the file in and leads to its plan; with status 422 the form again, saying what to put right."""
    sent = await request.form()
    form = Form(sent)
    file = sent.get("file")
    upload = await _read(form, file if isinstance(file, UploadFile) else None, request)
    if upload is None:
        return _form_page(request, form)
    tools = PlanTools(services.tools.reference, default_suggester())
    try:
        done = await upload_plan(services.sessions, signed(request), _team(request, form), upload, tools, services.clock())
    except UnreadableDocument as refusal:
        form.refuse("file", refusal.sentence)
        return _form_page(request, form, refusal.next_step)
    counts = done.counts
    query = (
        f"?new={counts.new}&changed={counts.changed}&same={counts.unchanged}&removed={counts.removed}&refused={counts.refused}"
    )
    return Redirect(plan_address(done.plan.plan_id, query), status_code=303)


async def _read(form: Form, file: UploadFile | None, request: WebRequest) -> Upload | None:
    services = services_of(request)
    reference = services.tools.reference
    names = Names(reference, language_of(request))
    data = await file.read() if file is not None and file.filename else b""
    if not data:
        form.refuse("file", Message("Choose a file: CSV or Excel (XLSX)."))
    if len(data) > services.settings.max_upload_bytes:
        form.refuse("file", Message("The file is too large. Divide it into several files."))
    country = form.choice("country", set(reference.countries.codes()), Message("Choose a country from the list."))
    if country is None:
        form.refuse("country", Message("Choose the country of the buyer: its law applies."))
    currency = form.choice("currency", set(reference.currencies.convertible()), Message("Choose a currency from the list."))
    file_name = (file.filename if file is not None else "").replace("\\", "/").rpartition("/")[2][:200]
    name = form.text("name", longest=LONGEST_NAME) or file_name.rpartition(".")[0][:LONGEST_NAME]
    place = _place(form, names, country)
    if form.errors or country is None:
        return None
    return Upload(name or day(services.today, "en"), file_name, data, country, place, currency or "EUR", language_of(request))


def _place(form: Form, names: Names, country: str | None) -> NutsCode | None:
    text = form.text("place", longest=100)
    if not text or country is None:
        return None
    found = find_region(names.reference, text, country)
    if found is None:
        where: dict[str, str | int | float] = {"place": text[:60], "country": names.country(country)}
        form.refuse(
            "place",
            Message(
                "We know no place called “%(place)s” in %(country)s. "
                "Try the name of the region, or leave it empty for the whole country.",
                where,
            ),
        )
    return found


def _team(request: WebRequest, form: Form) -> str:
    """The team chosen, else one's only or first one; whether it is one's own is asked again where the file is stored."""
    teams = [each.organisation_key for each in signed(request).organisations_as(Role.BUYER)]
    return form.value("team") or teams[0]


def _form_page(request: WebRequest, form: Form, next_step: Message | None = None) -> Template:
    """The form with what was typed; ``next_step`` helps where the file could not be read."""
    services = services_of(request)
    reference = services.tools.reference
    return page(
        request,
        "purchase_plan_new.html",
        status=422 if form.errors else 200,
        form=form,
        next_step=next_step,
        teams=[(each.organisation_key, each.organisation_name) for each in signed(request).organisations_as(Role.BUYER)],
        countries=Names(reference, language_of(request)).countries(),
        currencies=[(code, code) for code in reference.currencies.convertible()],
        postcodes=TableKind.POSTCODES in reference.loaded,
        megabytes=min(services.settings.max_upload_bytes, MAX_BYTES) // 1_000_000,
    )


@get("/purchase-plans/template", guards=BUYER, include_in_schema=False)
async def purchase_plan_template(request: WebRequest, kind: FromQuery[str] = "xlsx") -> Response[bytes]:
    """An empty plan with headers in the reader's language and two example rows."""
    header, rows = template_table(services_of(request).today, language_of(request))
    return download(kind, "purchase-plan", header, rows)


@get("/purchase-plans/{plan_id:str}/delete", guards=BUYER, include_in_schema=False)
async def ask_delete(request: WebRequest, services: NamedDependency[Services], plan_id: FromPath[str]) -> Template:
    """Asks before everything is gone."""
    async with services.sessions() as session:
        plan = await open_plan(session, signed(request), plan_id)
    return page(request, "purchase_plan_delete.html", plan=plan)


@post("/purchase-plans/{plan_id:str}/delete", guards=BUYER, include_in_schema=False)
async def delete_purchase_plan(request: WebRequest, services: NamedDependency[Services], plan_id: FromPath[str]) -> Redirect:
    """Deletes the plan and everything in it."""
    words_too = (await request.form()).get("words") == "1"
    await remove_plan(services.sessions, signed(request), plan_id, services.clock(), words_too=words_too)
    return Redirect("/purchase-plans?deleted=1", status_code=303)
