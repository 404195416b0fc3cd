"""Signing in by a link in a mail, signing out, and the page of one's own account."""

from typing import Any

from litestar import Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from matchmaker.domain.access import Role
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.web.forms import Form
from matchmaker.web.guards import everyone, person_of, signed_in
from matchmaker.web.pages import page
from matchmaker.web.security import local_path, signing_secret
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.session import (
    BROWSER_COOKIE,
    browser_cookie,
    composer_of,
    ended_session_cookie,
    session_cookie,
    session_token,
)
from matchmaker.workflows.dispatch_due import dispatch_due
from matchmaker.workflows.sign_in import WrongCode, ask_for_link, look_at_link, sign_out, use_link

ACCOUNT = "/account"
ROLES: dict[Role, Message] = {
    Role.SUPPLIER: Message("Supplier"),
    Role.BUYER: Message("Buyer"),
    Role.OFFICER: Message("Market-engagement officer"),
    Role.OPERATOR: Message("Operator of this service"),
    Role.MAIN_CONTRACTOR: Message("Main contractor looking for subcontractors"),
}


@get("/sign-in", guards=[everyone], include_in_schema=False)
async def sign_in_form(request: WebRequest) -> Response[Any]:
    """Asks for the e-mail address."""
    wanted = local_path(request.query_params.get("next", ACCOUNT))
    if person_of(request):
        return Redirect(wanted, status_code=303)
    return page(request, "account/sign_in.html", form=Form(), next_path=wanted)


@post("/sign-in", guards=[everyone], include_in_schema=False, status_code=200)
async def sign_in_link(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """Sends the link, and says the same whether or not anybody has the address."""
    typed = await request.form()
    form = Form(typed)
    wanted = local_path(str(typed.get("next", ACCOUNT)))
    email = form.text("email", Message("Give your e-mail address."), longest=254)
    address = request.client.host if request.client else "unknown"
    if not form.errors:
        try:
            asked = await ask_for_link(
                services.sessions, email, address, wanted, signing_secret(services.settings), services.clock()
            )
        except InvalidValue as refusal:
            form.refuse("email", refusal.sentence)
    if form.errors:
        return page(request, "account/sign_in.html", status=422, form=form, next_path=wanted)
    answer = page(request, "account/sign_in_sent.html", email=email, code=f"{asked.code[:3]} {asked.code[3:]}")
    answer.cookies.append(browser_cookie(services.settings, asked.browser))
    answer.background = BackgroundTask(send_at_once, services)
    return answer


async def send_at_once(services: Services) -> None:
    """Sends what waits for its reader to look into the mailbox."""
    # The mail waits for nobody's worker: it is sent as soon as the answer has left. What fails here the worker takes up.
    if services.mailer is not None:
        await dispatch_due(services.sessions, services.mailer, composer_of(services), services.clock, limit=2)


@get("/sign-in/{token:str}", guards=[everyone], include_in_schema=False)
async def sign_in_confirm(request: WebRequest, services: NamedDependency[Services], token: FromPath[str]) -> Template:
    """Opening the link changes nothing (mail scanners open links too): it shows the button that does."""
    async with services.sessions() as session:
        code_needed = await look_at_link(session, token, request.cookies.get(BROWSER_COOKIE), services.clock())
    return _confirm_page(request, token, code_needed, Form())


@post("/sign-in/{token:str}", guards=[everyone], include_in_schema=False)
async def sign_in_use(request: WebRequest, services: NamedDependency[Services], token: FromPath[str]) -> Response[Any]:
    """Uses the link once and begins a new session."""
    form = Form(await request.form())
    outcome = await use_link(
        services.sessions,
        token,
        request.cookies.get(BROWSER_COOKIE),
        form.value("code"),
        session_token(request, services.settings),
        signing_secret(services.settings),
        services.clock(),
    )
    if isinstance(outcome, WrongCode):
        tries = {"tries": outcome.tries_left}
        form.refuse("code", Message("This is not the code shown where you asked for the link. Tries left: %(tries)s.", tries))
        return _confirm_page(request, token, code_needed=True, form=form)
    signed = Redirect(outcome.next_path, status_code=303, cookies=[session_cookie(services.settings, outcome.session_token)])
    signed.delete_cookie(BROWSER_COOKIE, path="/sign-in")
    return signed


def _confirm_page(request: WebRequest, token: str, code_needed: bool, form: Form) -> Template:
    no_referrer = {"referrer-policy": "no-referrer", "cache-control": "no-store"}
    return page(
        request,
        "account/sign_in_confirm.html",
        status=422 if form.errors else 200,
        headers=no_referrer,
        token=token,
        code_needed=code_needed,
        form=form,
    )


@post("/sign-out", guards=[everyone], include_in_schema=False)
async def sign_out_here(request: WebRequest, services: NamedDependency[Services]) -> Redirect:
    """Ends the session of this browser."""
    token = session_token(request, services.settings)
    if token:
        await sign_out(services.sessions, token)
    return Redirect("/", status_code=303, cookies=[ended_session_cookie(services.settings)])


@get("/account", guards=[signed_in], include_in_schema=False)
async def account(request: WebRequest) -> Template:
    """Who one is here, and what one can do."""
    return page(request, "account/account.html", roles=ROLES)
