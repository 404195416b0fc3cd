"""The steps in which a supplier fills its record, each a page of its own that saves; the preview, and publishing."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from matchmaker.domain.access import Role
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation
from matchmaker.storage.awards import Identity
from matchmaker.storage.evidence import evidence_of
from matchmaker.web.award_view import AwardView, award_views
from matchmaker.web.detail_parts import PARTS, Asked, DetailPart
from matchmaker.web.forms import Form
from matchmaker.web.guards import allow
from matchmaker.web.i18n import language_of
from matchmaker.web.names import Names
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest, services_of
from matchmaker.web.sharing import as_buyers_see
from matchmaker.web.supplier import supplier_facts
from matchmaker.web.supplier_desk import own_organisation, signed
from matchmaker.workflows.award_history import answer, references_of, sure_references
from matchmaker.workflows.complete_profile import change_record, publish, worth

SUPPLIER = [allow(Role.SUPPLIER)]
LATER = "later"
"""The button that saves and leads back to the desk."""
CONTRACTS_ASKED = 20


def step_path(key: str, slug: str) -> str:
    """The address of a step; the last one is the preview."""
    start = f"/supplier/{quote(key, safe='')}"
    return f"{start}/preview" if slug == "preview" else f"{start}/details/{slug}"


@get("/supplier/{key:str}/details/{part:str}", guards=SUPPLIER, include_in_schema=False)
async def detail_form(
    request: WebRequest, services: NamedDependency[Services], key: FromPath[str], part: FromPath[str]
) -> Template:
    """One step, filled with what is stored."""
    asked = await _asked(request, services, key)
    step = _part(part)
    return await _step_page(request, asked, step, Form(step.values(asked)))


@post("/supplier/{key:str}/details/{part:str}", guards=SUPPLIER, include_in_schema=False, status_code=200)
async def save_detail(
    request: WebRequest, services: NamedDependency[Services], key: FromPath[str], part: FromPath[str]
) -> Response[Any]:
    """Saves one step and leads to the next, or says what to put right; the button for one more field gives the form back."""
    asked = await _asked(request, services, key)
    step = _part(part)
    typed = await request.form()
    form = Form(typed)
    if "more" in typed:
        count = form.value("places")
        wider = {**typed, "places": str(int(count) + 1 if count.isdecimal() and len(count) < 4 else 1)}
        return await _step_page(request, asked, step, Form(wider))
    change = step.read(form, typed, asked)
    if change is None:
        return await _step_page(request, asked, step, form)
    await change_record(services.sessions, signed(request), key, change, step.slug, services.tools, services.clock())
    if step.slug == "proof":
        await _answer_contracts(services, typed, asked.organisation, str(signed(request).person_id))
    if LATER in typed:
        return Redirect("/supplier?saved=profile", status_code=303)
    slugs = [each.slug for each in PARTS] + ["preview"]
    return Redirect(step_path(key, slugs[slugs.index(step.slug) + 1]), status_code=303)


@get("/supplier/{key:str}/preview", guards=SUPPLIER, include_in_schema=False)
async def preview(request: WebRequest, services: NamedDependency[Services], key: FromPath[str]) -> Template:
    """The record as a buyer who is signed in sees it, what it lacks and what that would be worth."""
    return await _preview_page(request, await own_organisation(request, services, key), Form())


@post("/supplier/{key:str}/publish", guards=SUPPLIER, include_in_schema=False, status_code=200)
async def publish_record(request: WebRequest, services: NamedDependency[Services], key: FromPath[str]) -> Response[Any]:
    """Makes the record public; says what is missing where nobody could find it yet."""
    organisation = await own_organisation(request, services, key)
    form = Form()
    try:
        await publish(services.sessions, signed(request), key, services.tools, services.clock())
    except InvalidValue as refusal:
        form.refuse("missing", refusal.sentence)
        return await _preview_page(request, organisation, form)
    return Redirect("/supplier?saved=published", status_code=303)


async def _asked(request: WebRequest, services: Services, key: str) -> Asked:
    organisation = await own_organisation(request, services, key)
    names = Names(services.tools.reference, language_of(request))
    return Asked(organisation, names, services.today, signed(request).email)


def _part(slug: str) -> DetailPart:
    for part in PARTS:
        if part.slug == slug:
            return part
    raise NotFound(Message("There is no such step."), Message("Choose one on your own page."))


async def _step_page(request: WebRequest, asked: Asked, step: DetailPart, form: Form) -> Template:
    services = services_of(request)
    more: dict[str, Any] = {}
    if step.slug == "proof":
        more["contracts"] = await _contracts(services, asked.organisation)
    if step.slug == "status":
        async with services.sessions() as session:
            more["documents"] = await evidence_of(session, [asked.organisation.key])
    context = {**step.context(form, asked), **more}
    return page(
        request,
        f"supplier/register_{step.slug}.html",
        status=422 if form.errors else 200,
        organisation=asked.organisation,
        form=form,
        step=step,
        **_steps(asked.organisation, step.slug),
        **context,
    )


def _steps(organisation: Organisation, slug: str) -> dict[str, Any]:
    """The way through the steps: where one is, and what each is called."""
    return {
        "steps": [(part.slug, part.label, step_path(organisation.key, part.slug)) for part in PARTS]
        + [("preview", Message("Look and publish"), step_path(organisation.key, "preview"))],
        "here_slug": slug,
    }


async def _preview_page(request: WebRequest, organisation: Organisation, form: Form) -> Template:
    services = services_of(request)
    async with services.sessions() as session:
        complete = await worth(session, organisation, services.today)
    contracts = (one.award for one in await sure_references(services.sessions, organisation.key))
    published = replace(organisation, provenance=replace(organisation.provenance, claimed=True))
    facts = supplier_facts(published, as_buyers_see(published), services.today)
    return page(
        request,
        "supplier/register_preview.html",
        status=422 if form.errors else 200,
        form=form,
        complete=complete,
        contracts=award_views(contracts),
        step_path=step_path,
        unpublished=organisation.unpublished,
        **_steps(organisation, "preview"),
        **facts,
    )


async def _contracts(services: Services, organisation: Organisation) -> list[tuple[AwardView, bool | None]]:
    """Contracts found in notices that may be this organisation's, with what it answered; sure ones need no question."""
    found = await references_of(services.sessions, organisation.key)
    asked = [one for one in found if one.identity is Identity.ASK or one.confirmed is not None]
    return [(AwardView(one.award), one.confirmed) for one in asked[:CONTRACTS_ASKED]]


async def _answer_contracts(services: Services, typed: FormMultiDict, organisation: Organisation, who: str) -> None:
    for view, before in await _contracts(services, organisation):
        full_id = view.award.card.full_id
        said = {"yes": True, "no": False}.get(str(typed.get(f"contract {full_id}", "")))
        if said is not None and said != before:
            await answer(services.sessions, organisation.key, full_id, said, who, services.clock())
