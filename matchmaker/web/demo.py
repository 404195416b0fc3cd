"""Being any kind of user with one press of a button; these routes exist in a demonstration only."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from litestar.types import ControllerRouterHandler

from matchmaker.web.guards import everyone
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.session import session_cookie
from matchmaker.web.sign_in import ROLES
from matchmaker.workflows.demo_people import DEMO_PEOPLE, demo_sign_in


@get("/demo", guards=[everyone], include_in_schema=False)
async def demo_people(request: WebRequest) -> Template:
    """Who one can be."""
    return page(request, "account/demo.html", people=DEMO_PEOPLE, roles=ROLES)


@post("/demo", guards=[everyone], include_in_schema=False)
async def demo_choose(request: WebRequest, services: NamedDependency[Services]) -> Redirect:
    """Signs in as one of them."""
    typed = await request.form()
    signed = await demo_sign_in(services.sessions, str(typed.get("email", "")), services.clock())
    return Redirect(signed.next_path, status_code=303, cookies=[session_cookie(services.settings, signed.session_token)])


HANDLERS: list[ControllerRouterHandler] = [demo_people, demo_choose]
