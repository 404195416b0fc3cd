"""The pages' JSON twins: the same questions, the same answers. Described at ``/api/schema/openapi.json``.

Sentences come in the language of the header ``Accept-Language``. Errors are problem documents (RFC 9457).
"""

from collections.abc import Sequence
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from matchmaker.domain.match import need_of
from matchmaker.domain.messages import Message
from matchmaker.domain.reservation import reservation_verdict
from matchmaker.language.translate import translate
from matchmaker.storage.lots_search import search_lots
from matchmaker.web.api_models import LotDetail, LotList, MatchRecords, PlannedPurchase, SupplierRecord
from matchmaker.web.api_records import lot_detail, lot_list, match_record, supplier_record
from matchmaker.web.errors import TITLES, problem
from matchmaker.web.forms import Form
from matchmaker.web.guards import everyone
from matchmaker.web.i18n import language_of
from matchmaker.web.lot import find_lot, load_page, source_address
from matchmaker.web.lot_query import read_query
from matchmaker.web.matches import MatchView, arrange, read_choice
from matchmaker.web.names import Names
from matchmaker.web.need_form import read_need
from matchmaker.web.purchase import matches_for
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.sharing import figures_for, note_figures_shown
from matchmaker.web.supplier import public_supplier
from matchmaker.workflows.understand import understand

PER_PAGE = 20


@get("/api/lots", guards=[everyone], tags=["lots"], summary="Search lots")
async def api_lots(
    request: WebRequest,
    services: NamedDependency[Services],
    q: FromQuery[str | None] = None,
    country: FromQuery[str | None] = None,
    region: FromQuery[str | None] = None,
    activity: FromQuery[str | None] = None,
    reserved: FromQuery[str | None] = None,
    lot_state: Annotated[str | None, QueryParameter(name="state", required=False)] = None,
    until: FromQuery[str | None] = None,
    value_from: Annotated[str | None, QueryParameter(name="from", required=False)] = None,
    value_to: Annotated[str | None, QueryParameter(name="to", required=False)] = None,
    page: FromQuery[int] = 1,
) -> Response[LotList] | Response[Any]:
    """Open and planned lots first. ``q`` searches words in any language, or a CPV code; values are in euro."""
    typed = {
        "q": q,
        "country": country,
        "region": region,
        "activity": activity,
        "reserved": reserved,
        "state": lot_state,
        "until": until,
        "from": value_from,
        "to": value_to,
        "page": str(page),
    }
    query = read_query({name: value for name, value in typed.items() if value}, Names(services.tools.reference, "en"))
    if query.form.errors:
        return wrong_fields(request, query.form)
    async with services.sessions() as session:
        return Response(lot_list(await search_lots(session, query.filter, query.page, PER_PAGE, services.today)))


@get("/api/lots/{notice_id:str}/{lot_id:path}", guards=[everyone], tags=["lots"], summary="One lot")
async def api_lot(
    request: WebRequest, services: NamedDependency[Services], notice_id: FromPath[str], lot_id: FromPath[str]
) -> LotDetail:
    """What matters from the notice, in every language it is written in."""
    async with services.sessions() as session:
        notice, lot = await find_lot(session, f"{notice_id}/{lot_id.lstrip('/')}")
    verdict = reservation_verdict(need_of(notice, lot), services.tools.reference.art77_codes)
    return lot_detail(notice, lot, services.today, verdict, source_address(notice), language_of(request))


@get("/api/matches", guards=[everyone], tags=["matches"], summary="Suppliers that match a lot")
async def api_matches(
    request: WebRequest,
    services: NamedDependency[Services],
    lot: FromQuery[str],
    supplier: FromQuery[list[str] | None] = None,
    sort: FromQuery[str] = "",
    only: FromQuery[str] = "",
    show: FromQuery[int] = 20,
) -> MatchRecords:
    """Ranked, with reasons; ``supplier``, several times, picks some of them for comparison."""
    loaded = await load_page(services, lot)
    found = [view for view in loaded.found if not supplier or view.organisation.key in set(supplier)]
    choice = Form({"sort": sort, "only": only, "show": str(show)})
    return _records(loaded.full_id, found, choice, language_of(request))


@post(
    "/api/purchase",
    guards=[everyone],
    tags=["matches"],
    summary="Suppliers for a planned purchase",
    status_code=200,
    exclude_from_csrf=True,
)
async def api_purchase(
    request: WebRequest, services: NamedDependency[Services], data: JSONBody[PlannedPurchase]
) -> Response[MatchRecords] | Response[Any]:
    """Nothing is stored and nothing is logged of what is sent."""
    form = Form({**need_values(data), "sort": data.sort, "only": data.only, "show": str(data.show)})
    need = read_need(form, Names(services.tools.reference, "en"))
    if need is None:
        return wrong_fields(request, form)
    understood = understand(need, services.tools)
    found = await matches_for(services, understood.need)
    codes = [each.code.code for each in understood.read_as]
    return Response(_records(need.need_id, found, form, language_of(request), codes))


@get("/api/suppliers/{key:path}", guards=[everyone], tags=["suppliers"], summary="One supplier")
async def api_supplier(request: WebRequest, services: NamedDependency[Services], key: FromPath[str]) -> SupplierRecord:
    """As everyone may see it; figures the supplier does not show are null."""
    organisation = await public_supplier(services, key.lstrip("/"))
    await note_figures_shown(request, [organisation])
    return supplier_record(organisation, figures_for(request, organisation))


def need_values(data: PlannedPurchase) -> dict[str, str]:
    """What the form of a planned purchase would send."""
    return {
        "text": data.text,
        "country": data.country,
        "place": data.place,
        "value": "" if data.value is None else str(data.value),
        "currency": data.currency,
        "start": data.start.isoformat() if data.start else "",
        "activity": data.activity,
        "cpv": " ".join(data.cpvs),
    }


def wrong_fields(request: WebRequest, form: Form) -> Response[Any]:
    """A problem document that says for each field what is wrong."""
    language = language_of(request)
    errors = [{"field": name, "detail": translate(message, language)} for name, message in form.errors.items()]
    detail = translate(Message("Some values are not valid; each is explained under “errors”."), language)
    return problem(422, translate(TITLES[422], language), detail, None, language, errors=errors)


def _records(need_id: str, found: list[MatchView], choice: Form, language: str, read_as: Sequence[str] = ()) -> MatchRecords:
    shown = arrange(found, read_choice(choice))
    matches = [match_record(view, language) for view in shown.shown]
    return MatchRecords(need_id, list(read_as), shown.total, shown.fitting, matches)
