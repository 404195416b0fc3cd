"""A buyer across its notices: what it calls for, whom it awarded, which contracts end, how much it reserves."""

from dataclasses import dataclass

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template

from matchmaker.domain.errors import NotFound
from matchmaker.domain.messages import Message
from matchmaker.domain.values import text_in
from matchmaker.storage.awards import Award
from matchmaker.storage.buyers import (
    Incumbent,
    KnownBuyer,
    Reservations,
    awards_of,
    calls_of,
    ending_of,
    find_buyer,
    incumbents,
    reservations_of,
    same_buyer,
)
from matchmaker.storage.lot_columns import LotCard
from matchmaker.web.award_view import AwardView, award_views, key_path
from matchmaker.web.guards import everyone
from matchmaker.web.lot import lot_path
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest

SHOWN = 10
LOOKED_THROUGH = 300
"""Awards, the latest first, out of which the incumbents are counted."""


@dataclass(frozen=True)
class BuyerPage:
    """What is known of one buyer, as loaded. ``looked_through`` awards made the incumbents."""

    buyer: KnownBuyer
    calls: list[LotCard]
    calls_total: int
    awards: list[Award]
    awards_total: int
    ending: list[Award]
    incumbents: tuple[Incumbent, ...]
    reservations: Reservations


async def load_buyer(services: Services, key: str) -> BuyerPage:
    """The buyer and its notices.

    Raises:
        NotFound: no notice names such a buyer.
    """
    async with services.sessions() as session:
        buyer = await find_buyer(session, key)
        if buyer is None:
            raise NotFound(
                Message("There is no buyer here with this address."),
                Message("Open one of its lots and follow the link at the buyer's name."),
            )
        same = await same_buyer(session, buyer.key)
        calls, calls_total = await calls_of(session, same, SHOWN)
        awards, awards_total = await awards_of(session, same, LOOKED_THROUGH)
        ending = await ending_of(session, same, services.today, SHOWN)
        reservations = await reservations_of(session, same)
    return BuyerPage(buyer, calls, calls_total, awards, awards_total, ending, incumbents(awards, services.today), reservations)


@get("/buyers/{key:str}", guards=[everyone], include_in_schema=False)
async def buyer_page(request: WebRequest, services: NamedDependency[Services], key: FromPath[str]) -> Template | Redirect:
    """The page; another name of the same buyer leads to it."""
    found = await load_buyer(services, key)
    if found.buyer.key != key:
        return Redirect(key_path(found.buyer.key), status_code=303)
    awards: list[AwardView] = award_views(found.awards[:SHOWN])
    return page(
        request,
        "buyer.html",
        found=found,
        awards=awards,
        ending=award_views(found.ending),
        incumbents=found.incumbents[:SHOWN],
        lot_path=lot_path,
        key_path=key_path,
        text_in=text_in,
    )
