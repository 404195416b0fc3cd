"""Claiming a supplier's record or asking to join its team, the proof by mail, and the operator's decision."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from matchmaker.alerts.signed_links import Purpose, read_signed_value
from matchmaker.domain.access import Role
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.membership import proving_domains
from matchmaker.domain.messages import Message
from matchmaker.web.alert_delivery import PRIVATE
from matchmaker.web.forms import Form
from matchmaker.web.guards import allow, everyone, signed_in
from matchmaker.web.pages import page
from matchmaker.web.security import signing_secret
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.supplier import public_supplier, web_address
from matchmaker.web.supplier_desk import signed
from matchmaker.workflows.claim_record import Wish, claim, confirm_claim, decide, look_at_claim, waiting_claims
from matchmaker.workflows.members import LONGEST_WORDS

OPERATOR = [allow(Role.OPERATOR)]


@get("/claim", guards=[signed_in], include_in_schema=False)
async def claim_page(request: WebRequest, services: NamedDependency[Services]) -> Response[Any]:
    """What was taken from where, and how one shows that one speaks for the organisation."""
    key = request.query_params.get("supplier", "")
    if signed(request).serves(key):
        return Redirect(f"/team/{key}", status_code=303)
    return await _claim_page(request, services, key, Form())


async def _claim_page(request: WebRequest, services: Services, key: str, form: Form, sent: bool = False) -> Template:
    organisation = await public_supplier(services, key)
    return page(
        request,
        "account/claim.html",
        status=422 if form.errors else 200,
        organisation=organisation,
        website=web_address(organisation.website),
        domains=proving_domains(organisation),
        form=form,
        longest=LONGEST_WORDS,
        sent=sent,
    )


@post("/claim", guards=[signed_in], include_in_schema=False, status_code=200)
async def make_claim(request: WebRequest, services: NamedDependency[Services]) -> Response[Any]:
    """Passes the wish on, and says the same whoever decides."""
    form = Form(await request.form())
    key, wish = form.value("supplier"), Wish(form.text("address", longest=254), form.text("words", longest=LONGEST_WORDS))
    if not form.errors:
        try:
            await claim(services.sessions, signed(request), key, wish, services.tools, services.clock())
            return await _claim_page(request, services, key, form, sent=True)
        except InvalidValue as refusal:
            form.refuse("address" if wish.address else "words", refusal.sentence)
    return await _claim_page(request, services, key, form)


@get("/claims/confirm/{token:str}", guards=[everyone], include_in_schema=False)
async def proof_page(request: WebRequest, services: NamedDependency[Services], token: FromPath[str]) -> Template:
    """Asks the organisation whether the person works for it; opening changes nothing."""
    found, organisation = await look_at_claim(services.sessions, _claim(services, token), services.clock())
    return page(
        request, "account/claim_proof.html", headers=PRIVATE, claim=found, organisation=organisation, token=token, done=False
    )


@post("/claims/confirm/{token:str}", guards=[everyone], include_in_schema=False, status_code=200)
async def give_proof(request: WebRequest, services: NamedDependency[Services], token: FromPath[str]) -> Template:
    """The organisation says yes."""
    found = await confirm_claim(services.sessions, _claim(services, token), services.tools, services.clock())
    return page(request, "account/claim_proof.html", headers=PRIVATE, claim=found, token=token, done=True)


@get("/operator/claims", guards=OPERATOR, include_in_schema=False)
async def claims_to_decide(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """Claims without proof by mail."""
    return page(request, "operator/claims.html", claims=await waiting_claims(services.sessions))


@post("/operator/claims", guards=OPERATOR, include_in_schema=False)
async def decide_claim(request: WebRequest, services: NamedDependency[Services]) -> Redirect:
    """Decides one."""
    form = Form(await request.form())
    accepted = form.value("decision") == "accept"
    operator, claim_id = signed(request), form.value("claim")
    await decide(services.sessions, operator, claim_id, accepted, services.tools, services.clock())
    return Redirect("/operator/claims", status_code=303)


def _claim(services: Services, token: str) -> str:
    value = read_signed_value(signing_secret(services.settings), Purpose.CLAIM, token)
    if value is None:
        raise NotFound(Message("This link is not complete."), Message("Copy the whole link from the mail."))
    return value
