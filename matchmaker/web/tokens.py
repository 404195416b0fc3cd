"""The page of one's tokens: make one, see it once, end it."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from matchmaker.domain.access import Scope
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.web.alert_delivery import PRIVATE
from matchmaker.web.forms import Form
from matchmaker.web.guards import signed_in
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.supplier_desk import signed
from matchmaker.web.token_scopes import SCOPE_LABELS
from matchmaker.workflows.api_tokens import LIFETIMES, end_token, make_token, own_tokens

LIFETIME_LABELS = {
    30: Message("30 days"),
    90: Message("90 days"),
    365: Message("One year"),
}


@get("/account/tokens", guards=[signed_in], include_in_schema=False)
async def tokens_page(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """One's tokens, without their secrets."""
    return await _page(request, services, Form({"days": "90"}))


@post("/account/tokens", guards=[signed_in], include_in_schema=False, status_code=200)
async def new_token(request: WebRequest, services: NamedDependency[Services]) -> Response[Any]:
    """Makes a token and shows it on this one page."""
    typed = await request.form()
    form = Form(typed)
    ticked = {str(each) for each in typed.getall("scope", [])}
    scopes = [scope for scope in Scope if scope.value in ticked]
    name = form.text("name", Message("Give it a name, so that you know later which program has it."), longest=60)
    days = form.choice("days", {str(each) for each in LIFETIMES}, Message("Choose from the list.")) or "90"
    if not scopes:
        form.refuse("scope", Message("Tick what the program may do."))
    if not form.errors:
        try:
            token = await make_token(services.sessions, signed(request), name, scopes, int(days), services.clock())
            return await _page(request, services, Form({"days": "90"}), token=token)
        except InvalidValue as refusal:
            form.refuse("name", refusal.sentence)
    return await _page(request, services, form, ticked=frozenset(ticked))


@post("/account/tokens/{token_id:str}/end", guards=[signed_in], include_in_schema=False)
async def revoke(request: WebRequest, services: NamedDependency[Services], token_id: FromPath[str]) -> Redirect:
    """Ends a token."""
    await end_token(services.sessions, signed(request), token_id, services.clock())
    return Redirect("/account/tokens", status_code=303)


async def _page(
    request: WebRequest, services: Services, form: Form, token: str | None = None, ticked: frozenset[str] = frozenset()
) -> Template:
    return page(
        request,
        "account/tokens.html",
        status=422 if form.errors else 200,
        headers=PRIVATE,
        form=form,
        token=token,
        ticked=ticked,
        tokens=await own_tokens(services.sessions, signed(request)),
        scopes=SCOPE_LABELS,
        lifetimes=LIFETIME_LABELS,
        now=services.clock(),
        base_url=services.settings.base_url,
    )
