"""Registering an organisation: signing in by mail, finding it among imported records, beginning a record of one's own."""

from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from matchmaker.domain.access import Role
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation
from matchmaker.storage.organisations import load_organisations
from matchmaker.web.forms import Form
from matchmaker.web.guards import everyone, person_of, signed_in
from matchmaker.web.i18n import language_of
from matchmaker.web.names import Names
from matchmaker.web.pages import page
from matchmaker.web.profile_parts import read_beginning
from matchmaker.web.security import signing_secret
from matchmaker.web.services import Services, WebRequest, services_of
from matchmaker.web.session import browser_cookie
from matchmaker.web.sign_in import send_at_once
from matchmaker.web.supplier_desk import signed
from matchmaker.workflows.register_supplier import begin, look_alikes
from matchmaker.workflows.sign_in import ask_for_link


@get("/register", guards=[everyone], include_in_schema=False)
async def register_form(request: WebRequest) -> Template:
    """What is asked and how long it takes; the first questions, or the e-mail address of who is not signed in."""
    if person_of(request) is None:
        return page(request, "supplier/register_welcome.html", form=Form())
    return await _form_page(request, Form())


@post("/register/sign-in", guards=[everyone], include_in_schema=False, status_code=200)
async def register_sign_in(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """Sends a link to anybody who asks: who holds the address may go on, whether or not it was known here."""
    form = Form(await request.form())
    email = form.text("email", Message("Give your e-mail address."), longest=254)
    address = request.client.host if request.client else "unknown"
    if not form.errors:
        try:
            asked = await ask_for_link(
                services.sessions,
                email,
                address,
                "/register",
                signing_secret(services.settings),
                services.clock(),
                newcomer=language_of(request),
            )
        except InvalidValue as refusal:
            form.refuse("email", refusal.sentence)
    if form.errors:
        return page(request, "supplier/register_welcome.html", status=422, form=form)
    answer = page(request, "account/sign_in_sent.html", email=email, code=f"{asked.code[:3]} {asked.code[3:]}")
    answer.cookies.append(browser_cookie(services.settings, asked.browser))
    answer.background = BackgroundTask(send_at_once, services)
    return answer


@post("/register", guards=[signed_in], include_in_schema=False, status_code=200)
async def register_organisation(request: WebRequest, services: NamedDependency[Services]) -> Response[Any]:
    """Shows public records that look alike; where none is theirs, the record is begun and kept from here on."""
    form = Form(await request.form())
    wanted = read_beginning(form, Names(services.tools.reference, language_of(request)))
    if wanted is None:
        return await _form_page(request, form)
    if not form.value("none_of_these"):
        async with services.sessions() as session:
            alike = await look_alikes(session, wanted, services.tools.shown_sources)
        if alike:
            return page(request, "supplier/register_alike.html", form=form, alike=alike)
    try:
        key = await begin(services.sessions, signed(request), wanted, services.tools.reference, services.clock())
    except InvalidValue as refusal:
        form.refuse("name", refusal.sentence)
        return await _form_page(request, form)
    return Redirect(f"/supplier/{quote(key, safe='')}/details/work", status_code=303)


async def _form_page(request: WebRequest, form: Form) -> Template:
    begun = await _begun(request)
    return page(request, "supplier/register.html", status=422 if form.errors else 200, form=form, begun=begun)


async def _begun(request: WebRequest) -> list[Organisation]:
    """Records of this person that wait to be published."""
    keys = [membership.organisation_key for membership in signed(request).organisations_as(Role.SUPPLIER)]
    async with services_of(request).sessions() as session:
        return [each for each in await load_organisations(session, keys) if each.unpublished]
