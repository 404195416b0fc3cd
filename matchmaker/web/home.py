"""The first page."""

from litestar import get
from litestar.response import Template

from matchmaker.web.guards import everyone
from matchmaker.web.pages import page
from matchmaker.web.services import WebRequest


@get("/", guards=[everyone], include_in_schema=False)
async def home(request: WebRequest) -> Template:
    """What this is, for each kind of user, on one screen."""
    return page(request, "home.html")
