"""The first page, and the page that explains how matching works."""

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from matchmaker.storage.notices import count_notices
from matchmaker.storage.organisations import count_organisations
from matchmaker.web.guards import everyone
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest


@get("/", guards=[everyone], include_in_schema=False)
async def home(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """What this is, for each kind of user, on one screen, and the form to try it."""
    async with services.sessions() as session:
        notices, lots = await count_notices(session)
        suppliers = await count_organisations(session)
    return page(request, "home.html", notices=notices, lots=lots, suppliers=suppliers)


@get("/how-matching-works", guards=[everyone], include_in_schema=False)
async def how_matching_works(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """What is asked, what is never used, and what the score can and cannot say."""
    return page(request, "how.html", scorer_version=services.tools.version)
