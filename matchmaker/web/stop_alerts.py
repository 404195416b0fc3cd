"""The link under every alert that ends them, without an account (RFC 8058)."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from matchmaker.alerts.signed_links import Purpose, read_signed_value
from matchmaker.domain.errors import NotFound
from matchmaker.domain.messages import Message
from matchmaker.web.guards import everyone
from matchmaker.web.pages import page
from matchmaker.web.security import signing_secret
from matchmaker.web.services import Services, WebRequest
from matchmaker.workflows.save_alert import stop_alerts


@get("/alerts/stop/{token:str}", guards=[everyone], include_in_schema=False)
async def stop_alerts_form(request: WebRequest, services: NamedDependency[Services], token: FromPath[str]) -> Template:
    """Opening the link changes nothing; it shows the button."""
    _person(services, token)
    return page(request, "account/stop_alerts.html", token=token, stopped=False)


# Mail programs send this request by themselves: without cookies, so without the token that guards other forms. The
# signature in the address is what guards this one.
@post("/alerts/stop/{token:str}", guards=[everyone], include_in_schema=False, status_code=200, exclude_from_csrf=True)
async def stop_alerts_now(request: WebRequest, services: NamedDependency[Services], token: FromPath[str]) -> Template:
    """Stops every alert to this address; done twice it says the same."""
    await stop_alerts(services.sessions, _person(services, token), services.clock())
    return page(request, "account/stop_alerts.html", token=token, stopped=True)


def _person(services: Services, token: str) -> int:
    value = read_signed_value(signing_secret(services.settings), Purpose.STOP_ALERTS, token)
    if value is None or not value.isdecimal():
        raise NotFound(
            Message("This link is not complete."), Message("Copy the whole link from the mail, or sign in and stop alerts there.")
        )
    return int(value)
