"""The list of suppliers."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template

from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import StatusKind
from matchmaker.storage.organisations_search import OrganisationFilter, OrganisationPage, search_organisations
from matchmaker.web.api_models import SupplierList
from matchmaker.web.api_records import supplier_record
from matchmaker.web.forms import Form
from matchmaker.web.guards import everyone
from matchmaker.web.i18n import language_of
from matchmaker.web.names import STATUSES, Names
from matchmaker.web.pages import page as render
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.sharing import figures_for, note_figures_shown

PER_PAGE = 20
FIELDS = ("q", "country", "status", "activity")


@dataclass(frozen=True)
class SupplierQuery:
    """What was asked for: the values of the address and the filter they make."""

    form: Form
    filter: OrganisationFilter
    page: int

    def address(self, page: int) -> str:
        """The address of another page of this query."""
        values = {name: self.form.value(name) for name in FIELDS} | {"page": str(page) if page > 1 else ""}
        query = urlencode({name: value for name, value in values.items() if value})
        return f"/suppliers?{query}" if query else "/suppliers"


def read_query(parameters: dict[str, str], names: Names) -> SupplierQuery:
    """The query of an address; what is wrong stands in ``form.errors`` and is left out of the filter."""
    form = Form(parameters)
    by_key = {activity.key: activity for activity in names.reference.activities}
    country = form.choice("country", set(names.reference.countries.codes()), Message("Choose a country from the list."))
    status = form.choice("status", set(StatusKind), Message("Choose a kind of organisation from the list."))
    activity = form.choice("activity", set(by_key), Message("Choose an activity from the list."))
    page = form.value("page")
    wanted = OrganisationFilter(
        words=form.text("q"),
        country=country,
        status=StatusKind(status) if status else None,
        cpv_prefixes=by_key[activity].cpv_prefixes if activity else (),
    )
    return SupplierQuery(form, wanted, max(1, int(page)) if page.isdecimal() and len(page) < 6 else 1)


async def _shown(services: Services, query: SupplierQuery) -> OrganisationPage:
    """The page asked for, or the last one where there are fewer."""
    found = await _found(services, query)
    return found if found.page <= found.pages else await _found(services, replace(query, page=found.pages))


async def _found(services: Services, query: SupplierQuery) -> OrganisationPage:
    async with services.sessions() as session:
        return await search_organisations(session, query.filter, query.page, PER_PAGE, services.tools.shown_sources)


@get("/suppliers", guards=[everyone], include_in_schema=False)
async def suppliers_page(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """By name. The address holds the whole query and can be shared."""
    names = Names(services.tools.reference, language_of(request))
    query = read_query(dict(request.query_params), names)
    found = await _shown(services, query)
    return render(
        request,
        "suppliers.html",
        status=422 if query.form.errors else 200,
        query=query,
        form=query.form,
        found=found,
        countries=[(code, name, found.countries[code]) for code, name in names.countries() if found.countries.get(code)],
        status_choices=[(kind.value, label, found.statuses.get(kind.value, 0)) for kind, label in STATUSES.items()],
    )


@get("/api/suppliers", guards=[everyone], tags=["suppliers"], summary="Search suppliers")
async def api_suppliers(
    request: WebRequest,
    services: NamedDependency[Services],
    q: FromQuery[str] = "",
    country: FromQuery[str] = "",
    status: FromQuery[str] = "",
    activity: FromQuery[str] = "",
    page: FromQuery[int] = 1,
) -> SupplierList:
    """By name, twenty a page; a value that does not exist is left out of the filter."""
    typed = {"q": q, "country": country, "status": status, "activity": activity, "page": str(page)}
    found = await _found(services, read_query(typed, Names(services.tools.reference, "en")))
    await note_figures_shown(request, found.rows)
    records = [supplier_record(organisation, figures_for(request, organisation)) for organisation in found.rows]
    return SupplierList(found.total, found.page, found.pages, records)
