"""Operators verify statuses: the document seen, or the word of a register or a network that knows its members."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from matchmaker.domain.access import Role
from matchmaker.domain.errors import NotFound
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Tier
from matchmaker.storage.evidence import EvidenceState, evidence_of
from matchmaker.storage.status_queue import statuses_to_verify
from matchmaker.web.evidence import evidence_folder
from matchmaker.web.forms import Form
from matchmaker.web.guards import allow
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest, services_of
from matchmaker.web.supplier_desk import signed
from matchmaker.workflows.evidence import Verification, refuse_document, verify_status

OPERATOR = [allow(Role.OPERATOR)]
SHOWN = 20
TIERS: dict[Tier, Message] = {
    Tier.SELF_DECLARED: Message("Stated by the organisation, not verified"),
    Tier.DOCUMENT_SEEN: Message("Document seen"),
    Tier.CONFIRMED: Message("Confirmed by a register or a network"),
}


@get("/operator/statuses", guards=OPERATOR, include_in_schema=False)
async def statuses_page(request: WebRequest) -> Template:
    """Organisations with documents nobody has looked at first, then those whose status nobody has verified."""
    return await _page(request, Form())


@post("/operator/statuses", guards=OPERATOR, include_in_schema=False, status_code=200)
async def decide_status(request: WebRequest, services: NamedDependency[Services]) -> Response[Any]:
    """Writes down how far a status is verified, or refuses a document."""
    form = Form(await request.form())
    operator, now = signed(request), services.clock()
    try:
        if form.value("refuse"):
            why = form.text("why", Message("Say why the document is refused: the organisation reads it."), 300)
            if not form.errors:
                folder = evidence_folder(services.settings)
                await refuse_document(services.sessions, operator, form.value("refuse"), why, folder, now)
        else:
            found = _verification(form)
            if found is not None:
                await verify_status(services.sessions, operator, form.value("organisation"), found, services.tools, now)
    except NotFound as refusal:
        form.refuse("source", refusal.sentence)
    if form.errors:
        return await _page(request, form)
    return Redirect("/operator/statuses?saved=1", status_code=303)


def _verification(form: Form) -> Verification | None:
    tier = form.choice("tier", {each.value for each in Tier}, Message("Choose how far the status is verified."))
    if tier is None:
        form.refuse("tier", Message("Choose how far the status is verified."))
    needed = Message("Name the register, the network or the team that looked.") if tier != Tier.SELF_DECLARED.value else None
    source = form.text("source", needed, 120)
    position = form.value("position")
    if form.errors or tier is None or not position.isdecimal() or len(position) > 3:
        return None
    return Verification(int(position), form.value("status"), Tier(tier), source, form.value("document"))


async def _page(request: WebRequest, form: Form) -> Template:
    services = services_of(request)
    async with services.sessions() as session:
        organisations = await statuses_to_verify(session, SHOWN)
        documents = await evidence_of(session, [each.key for each in organisations])
    waiting = [each for each in documents if each.state == EvidenceState.WAITING.value]
    return page(
        request,
        "operator/statuses.html",
        status=422 if form.errors else 200,
        form=form,
        organisations=organisations,
        documents={each.key: [row for row in waiting if row.organisation_key == each.key] for each in organisations},
        tiers=TIERS,
        saved=bool(request.query_params.get("saved")),
    )
