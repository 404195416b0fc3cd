"""Contracts that end soon, and the history of a procedure: a page, a block on the lot's page, and their JSON twins."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from matchmaker.domain.messages import Message
from matchmaker.domain.values import text_in
from matchmaker.storage.expiring import ExpiringPage, expiring_contracts
from matchmaker.web.api import wrong_fields
from matchmaker.web.award_view import award_views, key_path
from matchmaker.web.forms import Form
from matchmaker.web.guards import everyone
from matchmaker.web.i18n import language_of
from matchmaker.web.lot import lot_path
from matchmaker.web.names import Names
from matchmaker.web.pages import page
from matchmaker.web.procedure_records import ContractList, ProcedureRecord, contract_list, procedure_record
from matchmaker.web.services import Services, WebRequest
from matchmaker.workflows.link_procedures import show_procedure

PER_PAGE = 20
PERIODS: dict[str, Message] = {
    "6": Message("half a year"),
    "12": Message("a year"),
    "24": Message("two years"),
    "36": Message("three years"),
}
USUAL_MONTHS = "12"
FIELDS = ("country", "activity", "months")


@dataclass(frozen=True)
class EndingQuery:
    """Which contracts are asked for; the address holds it all."""

    form: Form
    country: str | None
    cpv_prefixes: tuple[str, ...]
    months: int
    page: int

    def address(self, number: int = 1) -> str:
        """The address of one of its pages."""
        values = {name: self.form.value(name) for name in FIELDS} | {"page": str(number) if number > 1 else ""}
        query = urlencode({name: value for name, value in values.items() if value})
        return f"/contracts/expiring?{query}" if query else "/contracts/expiring"


def read_ending_query(parameters: Mapping[str, str], names: Names) -> EndingQuery:
    """The query of an address; what is wrong stands in ``form.errors`` and is left out."""
    form = Form(parameters)
    country = form.choice("country", set(names.reference.countries.codes()), Message("Choose a country from the list."))
    activities = {activity.key: activity.cpv_prefixes for activity in names.reference.activities}
    activity = form.choice("activity", set(activities), Message("Choose an activity from the list."))
    months = form.choice("months", set(PERIODS), Message("Choose a period from the list.")) or USUAL_MONTHS
    number = form.value("page")
    return EndingQuery(
        form,
        country,
        activities[activity] if activity else (),
        int(months),
        max(1, min(int(number), 10_000)) if number.isdecimal() and len(number) < len("100000") else 1,
    )


async def _found(services: Services, query: EndingQuery) -> ExpiringPage:
    async with services.sessions() as session:
        asked = (session, services.today, query.months, query.country, query.cpv_prefixes)
        found = await expiring_contracts(*asked, query.page, PER_PAGE)
        return found if found.page <= found.pages else await expiring_contracts(*asked, found.pages, PER_PAGE)


@get("/contracts/expiring", guards=[everyone], include_in_schema=False)
async def expiring_page(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """Contracts that end soon: chances to come. The address holds the whole query and can be shared."""
    names = Names(services.tools.reference, language_of(request))
    query = read_ending_query(dict(request.query_params), names)
    found = await _found(services, query)
    return page(
        request,
        "expiring.html",
        status=422 if query.form.errors else 200,
        form=query.form,
        query=query,
        found=found,
        contracts=award_views(found.rows),
        countries=[(code, name, found.countries[code]) for code, name in names.countries() if code in found.countries],
        periods=PERIODS,
        usual_months=USUAL_MONTHS,
        lot_path=lot_path,
        key_path=key_path,
        text_in=text_in,
    )


@get("/api/contracts/expiring", guards=[everyone], tags=["contracts"], summary="Contracts that end soon")
async def api_expiring(
    request: WebRequest,
    services: NamedDependency[Services],
    country: FromQuery[str | None] = None,
    activity: FromQuery[str | None] = None,
    months: FromQuery[str | None] = None,
    page: FromQuery[int] = 1,
) -> Response[ContractList] | Response[Any]:
    """The soonest end first. ``country`` is ISO 3166-1 alpha-2; ``months`` is 6, 12, 24 or 36. Natural persons are not named."""
    typed = {"country": country, "activity": activity, "months": months, "page": str(page)}
    query = read_ending_query({name: value for name, value in typed.items() if value}, Names(services.tools.reference, "en"))
    if query.form.errors:
        return wrong_fields(request, query.form)
    return Response(contract_list(await _found(services, query)))


@get("/api/procedures/{number:str}", guards=[everyone], tags=["procedures"], summary="A procedure over time")
async def api_procedure(services: NamedDependency[Services], number: FromPath[str]) -> ProcedureRecord:
    """Its notices in the order of time. ``number`` is a notice's, or a procedure id (BT-04). Guessed links are marked."""
    return procedure_record(await show_procedure(services.sessions, number))
