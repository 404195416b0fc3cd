"""The list of lots, as a page and as a file."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template

from matchmaker.domain.messages import Message
from matchmaker.domain.values import text_in
from matchmaker.language.translate import translate
from matchmaker.storage.lots_search import LotListing, LotPage, search_lots
from matchmaker.web.guards import everyone
from matchmaker.web.i18n import language_of
from matchmaker.web.lot import lot_path
from matchmaker.web.lot_query import RESERVED_CHOICES, STATES, LotQuery, read_query
from matchmaker.web.names import KINDS, RESERVED, Names
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.spreadsheets import Cell, download

PER_PAGE = 20
MOST_EXPORTED = 1000

COLUMNS = (
    Message("Lot"),
    Message("Title"),
    Message("Buyer"),
    Message("Country"),
    Message("Place"),
    Message("CPV code"),
    Message("Kind of work"),
    Message("Value"),
    Message("Currency"),
    Message("State"),
    Message("Deadline"),
    Message("Published"),
    Message("Notice"),
    Message("Reserved"),
    Message("Source"),
)


async def _found(services: Services, query: LotQuery, number: int, per_page: int) -> LotPage:
    async with services.sessions() as session:
        return await search_lots(session, query.filter, number, per_page, services.today)


@get("/lots", guards=[everyone], include_in_schema=False)
async def lots_page(request: WebRequest, services: NamedDependency[Services]) -> Template:
    """Open and planned lots first. The address holds the whole query and can be shared."""
    names = Names(services.tools.reference, language_of(request))
    query = read_query(dict(request.query_params), names)
    found = await _found(services, query, query.page, PER_PAGE)
    if found.page > found.pages:
        found = await _found(services, query, found.pages, PER_PAGE)
    return page(
        request,
        "lots.html",
        status=422 if query.form.errors else 200,
        query=query,
        form=query.form,
        found=found,
        most_exported=MOST_EXPORTED,
        lot_path=lot_path,
        text_in=text_in,
        **_choices(found, names),
    )


def _choices(found: LotPage, names: Names) -> dict[str, Any]:
    """What can be chosen, with how many lots each choice would leave."""
    known = {code for code, _ in names.countries()}
    listed = [(code, names.country(code), found.countries.get(code, 0)) for code, _ in names.countries()]
    elsewhere = [(code, names.country(code), count) for code, count in found.countries.items() if code not in known]
    return {
        "countries": [choice for choice in listed if choice[2]] + elsewhere,
        "states": [(state.value, label, found.states.get(state.value, 0)) for state, label in STATES.items()],
        "all_states": sum(found.states.values()),
        "reserved_choices": [
            (choice.value, label, found.reserved.get(choice.value)) for choice, label in RESERVED_CHOICES.items()
        ],
    }


@get("/export/lots", guards=[everyone], include_in_schema=False)
async def lots_file(request: WebRequest, services: NamedDependency[Services], file: FromQuery[str] = "csv") -> Response[bytes]:
    """The lots of a query, at most a thousand, as a file."""
    names = Names(services.tools.reference, language_of(request))
    query = read_query(dict(request.query_params), names)
    found = await _found(services, query, 1, MOST_EXPORTED)
    header = [translate(column, names.language) for column in COLUMNS]
    return download(file, "lots", header, [_row(listing, names) for listing in found.rows])


def _row(listing: LotListing, names: Names) -> list[Cell]:
    card, language = listing.card, names.language
    title = text_in(card.title, card.language)
    return [
        card.full_id,
        title[1] if title else "",
        card.buyer,
        names.country(card.country) if card.country else None,
        "; ".join(names.place(code) for code in card.nuts),
        card.main_cpv.code if card.main_cpv else None,
        names.cpv(card.main_cpv) if card.main_cpv else None,
        card.value.amount if card.value else None,
        card.value.currency if card.value else None,
        translate(STATES[listing.state], language),
        card.deadline.isoformat() if card.deadline else None,
        card.published,
        translate(KINDS[card.kind], language),
        "; ".join(translate(RESERVED[marker], language) for marker in sorted(card.reserved)),
        card.url,
    ]
