"""A planned purchase in the buyer's own words. Nothing of it is stored, put into an address or logged."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Template

from matchmaker.domain.match import Need
from matchmaker.storage.organisations import load_organisations
from matchmaker.web.comparison import MOST, comparison_page
from matchmaker.web.forms import Form
from matchmaker.web.guards import everyone
from matchmaker.web.i18n import choose, language_cookie, language_of
from matchmaker.web.match_export import match_file
from matchmaker.web.matches import ONLY, ORDERS, POOL, SHOWN, MatchView, arrange, read_choice, views
from matchmaker.web.names import Names
from matchmaker.web.need_form import read_need
from matchmaker.web.pages import page
from matchmaker.web.prospects import prospects_of
from matchmaker.web.services import Services, WebRequest, services_of
from matchmaker.workflows.match_lots import match_need
from matchmaker.workflows.understand import Understood, understand


@get("/purchase", guards=[everyone], include_in_schema=False)
async def purchase_form(request: WebRequest) -> Template:
    """The empty form."""
    return form_page(request, Form({"currency": "EUR"}))


@post("/purchase", guards=[everyone], include_in_schema=False, status_code=200)
async def purchase_matches(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """Ranked, explained suppliers; with status 422 the form again, saying what to put right."""
    form, understood, found = await _matched(request, services)
    if understood is None:
        return form_page(request, form)
    matches = arrange(found, read_choice(form))
    answer = page(
        request,
        "purchase_matches.html",
        form=form,
        need=understood.need,
        read_as=understood.read_as,
        matches=matches,
        **choices(services, request),
        **prospects_of(understood.need, found, matches.shown, services.tools),
    )
    if form.value("language"):
        answer.set_cookie(language_cookie(request))
    return answer


@post("/purchase/compare", guards=[everyone], include_in_schema=False, status_code=200)
async def purchase_comparison(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """Up to four of the suppliers found, side by side."""
    form, understood, found = await _matched(request, services)
    if understood is None:
        return form_page(request, form)
    chosen = (await request.form()).getall("supplier", [])
    return await comparison_page(request, found, [str(key) for key in chosen], form=form)


@post("/purchase/export", guards=[everyone], include_in_schema=False, status_code=200)
async def purchase_export(request: WebRequest, services: NamedDependency[Services]) -> Response[Any]:
    """The list as it is shown, as a file."""
    form, understood, found = await _matched(request, services)
    if understood is None:
        return form_page(request, form)
    matches = arrange(found, read_choice(form))
    return match_file(form.value("file"), "suppliers", matches.shown, Names(services.tools.reference, language_of(request)))


def form_page(request: WebRequest, form: Form) -> Template:
    """The form with what was typed."""
    services = services_of(request)
    return page(request, "purchase.html", status=422 if form.errors else 200, form=form, **choices(services, request))


def choices(services: Services, request: WebRequest) -> dict[str, Any]:
    """What the form and the list offer to choose from."""
    reference = services.tools.reference
    names = Names(reference, language_of(request))
    return {
        "countries": names.countries(),
        "currencies": [(code, code) for code in reference.currencies.convertible()],
        "orders": ORDERS,
        "only": ONLY,
        "shown_counts": SHOWN,
        "most_compared": MOST,
    }


async def _matched(request: WebRequest, services: Services) -> tuple[Form, Understood | None, list[MatchView]]:
    """What was typed, the need it expresses, and the best suppliers for it."""
    form = Form(await request.form())
    if form.value("language"):
        await choose(request, form.value("language"))
    need = read_need(form, Names(services.tools.reference, language_of(request)))
    if need is None:
        return form, None, []
    understood = understand(need, services.tools)
    return form, understood, await matches_for(services, understood.need)


async def matches_for(services: Services, need: Need) -> list[MatchView]:
    """The best suppliers for a need that is not stored."""
    matches = await match_need(services.sessions, need, services.tools, services.today, POOL)
    async with services.sessions() as session:
        organisations = await load_organisations(session, [match.supplier_key for match in matches])
    return views(matches, {organisation.key: organisation for organisation in organisations})
