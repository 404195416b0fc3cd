"""A lot: what matters from its notice, whether it is reserved, and the suppliers that match it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from litestar import Response, get
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import Role
from matchmaker.domain.answers import REASONS, AnswerCounts
from matchmaker.domain.errors import NotFound
from matchmaker.domain.lot_state import LotState, lot_state, lot_window
from matchmaker.domain.match import Criterion, Match, Need, Verdict, need_of, out_of_reach
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot, Notice, full_lot_id
from matchmaker.domain.released_list import social_clause
from matchmaker.domain.reservation import reservation_verdict
from matchmaker.domain.values import LocalText
from matchmaker.planning.flags import Supply
from matchmaker.planning.plan import Assumptions, Flag
from matchmaker.storage.lot_answers import answer_counts
from matchmaker.storage.notices import load_lot
from matchmaker.storage.organisations import load_organisations
from matchmaker.web.award_view import buyer_path, lot_history
from matchmaker.web.comparison import MOST, comparison_page
from matchmaker.web.forms import Form
from matchmaker.web.guards import everyone, person_of
from matchmaker.web.i18n import language_of
from matchmaker.web.match_export import match_file
from matchmaker.web.matches import ONLY, ORDERS, SHOWN, MatchView, arrange, read_choice, views
from matchmaker.web.names import Names
from matchmaker.web.pages import page
from matchmaker.web.prospects import NONE, prospects_of
from matchmaker.web.services import Services, WebRequest
from matchmaker.workflows.match_lots import Ranking, keep_ranking, ranking_of_lot
from matchmaker.workflows.plan_flags import flags_for_supply, is_marked
from matchmaker.workflows.plan_lot import plan_lot
from matchmaker.workflows.released_list import released_for_lot

TED_NOTICE = "https://ted.europa.eu/en/notice/-/detail/"
SIBLINGS = 12
"""How many other lots of the same notice a page links to."""


@dataclass(frozen=True)
class LotPage:
    """A lot with its suppliers, as loaded."""

    notice: Notice
    lot: Lot
    found: list[MatchView]
    ranking: Ranking

    @property
    def full_id(self) -> str:
        """``NOTICE_ID/LOT``."""
        return full_lot_id(self.notice.notice_id, self.lot.lot_id)


def lot_path(full_id: str) -> str:
    """The address of a lot's page; ids of older notices hold spaces and slashes."""
    return "/lots/" + quote(full_id, safe="/")


def source_address(notice: Notice) -> str | None:
    """Where the notice was published: its own link, else TED for a publication number of TED's form."""
    if notice.url and notice.url.startswith(("https://", "http://")):
        return notice.url
    number, _, year = notice.notice_id.partition("-")
    return f"{TED_NOTICE}{notice.notice_id}" if number.isdigit() and year.isdigit() and len(year) == 4 else None


def plan_path(full_id: str) -> str:
    """The address of a lot's plan: whether it can be reserved."""
    return "/plan/lots/" + quote(full_id, safe="/")


async def find_lot(session: AsyncSession, full_id: str) -> tuple[Notice, Lot]:
    """A lot with its notice.

    Raises:
        NotFound: no such lot.
    """
    loaded = await load_lot(session, full_id)
    if loaded is None:
        raise NotFound(
            Message("There is no lot %(lot)s here.", {"lot": full_id[:80]}),
            Message("Search the lots, or check the number: it is the notice's number, a slash and the lot's."),
        )
    return loaded


async def load_page(services: Services, full_id: str) -> LotPage:
    """The lot, its matches (stored ones where nothing changed) and their suppliers.

    Raises:
        NotFound: no such lot.
    """
    async with services.sessions() as session:
        notice, lot = await find_lot(session, full_id)
        ranking = await ranking_of_lot(session, need_of(notice, lot), services.tools, services.today)
        organisations = await load_organisations(session, [match.supplier_key for match in ranking.matches])
    found = views(ranking.matches, {organisation.key: organisation for organisation in organisations})
    return LotPage(notice, lot, found, ranking)


@get("/lots/{notice_id:str}/{lot_id:path}", guards=[everyone], include_in_schema=False)
async def lot_page(
    request: WebRequest,
    services: NamedDependency[Services],
    notice_id: FromPath[str],
    lot_id: FromPath[str],
    text: FromQuery[str | None] = None,
) -> Template:
    """The page; ``text`` chooses one of the languages the notice is written in."""
    loaded = await load_page(services, f"{notice_id}/{lot_id.lstrip('/')}")
    matches = arrange(loaded.found, read_choice(Form(dict(request.query_params))))
    facts = _facts(loaded.notice, loaded.lot, services)
    is_open = facts["state"] != LotState.CLOSED.value
    return page(
        request,
        "lot.html",
        after=BackgroundTask(keep_ranking, services.sessions, loaded.ranking),
        released=await released_for_lot(services.sessions, person_of(request), loaded.full_id),
        social_clause=social_clause(loaded.lot),
        flags=await _flags(services, loaded, facts["need"]),
        full_id=loaded.full_id,
        matches=matches,
        orders=ORDERS,
        only=ONLY,
        shown_counts=SHOWN,
        most_compared=MOST,
        **_description(loaded.notice, loaded.lot, text),
        **facts,
        **await lot_history(services.sessions, loaded.notice.notice_id, loaded.lot.lot_id),
        buyer_path=buyer_path,
        answers=await _answers(request, services, loaded.full_id),
        reason_words=REASONS,
        **(prospects_of(facts["need"], loaded.found, matches.shown, services.tools) if is_open else NONE),
    )


async def _answers(request: WebRequest, services: Services, full_id: str) -> AnswerCounts | None:
    """What suppliers answered about the lot, for signed-in buyers: only counts of three or more leave the store."""
    person = person_of(request)
    if person is None or Role.BUYER not in person.roles:
        return None
    async with services.sessions() as session:
        return await answer_counts(session, full_id)


async def _flags(services: Services, loaded: LotPage, need: Need) -> tuple[Flag, ...]:
    """What is odd about a lot marked as reserved. It is planned only where no match shows a bidder: most readers need no plan."""
    if not is_marked(loaded.lot):
        return ()
    bidders = sum(_could_bid(view.match) for view in loaded.found)
    if bidders == 0:
        return (await plan_lot(services.sessions, loaded.full_id, services.tools, services.today)).flags
    return flags_for_supply(loaded.notice, loaded.lot, need, Supply(bidders), services.tools, services.today)


def _could_bid(match: Match) -> bool:
    capability = match.criterion(Criterion.CAPABILITY).value or 0.0
    able = capability >= Assumptions().capable_from and not out_of_reach(match)
    return able and match.verdict is not Verdict.NOT_ELIGIBLE


def _description(notice: Notice, lot: Lot, wanted: str | None) -> dict[str, Any]:
    """Title and text in the original language unless another one of the notice is asked for."""
    title, description = lot.title or notice.title, lot.description or notice.description
    languages = sorted({*title, *description})
    shown = wanted if wanted in languages else notice.language
    return {
        "title": _in(title, shown, notice.language),
        "description": _in(description, shown, notice.language),
        "written_in": shown,
        "original_language": notice.language,
        "other_languages": [language for language in languages if language != shown],
    }


def _in(texts: LocalText, language: str, original: str) -> tuple[str, str] | None:
    for wanted in (language, original, *sorted(texts)):
        if texts.get(wanted):
            return wanted, texts[wanted]
    return None


def _facts(notice: Notice, lot: Lot, services: Services) -> dict[str, Any]:
    need = need_of(notice, lot)
    window = lot_window(notice, lot)
    return {
        "notice": notice,
        "lot": lot,
        "need": need,
        "state": lot_state(notice, lot, services.today).value,
        "last_day": window[1],
        "days_left": lot.closes.days_left(services.today) if lot.closes else None,
        "reservation": reservation_verdict(need, services.tools.reference.art77_codes),
        "source": source_address(notice),
        "winners": [winner for winner in (lot.result.winners if lot.result else ()) if not winner.natural_person],
        "siblings": _siblings(notice, lot),
        "lot_path": lot_path,
        "plan_link": plan_path(full_lot_id(notice.notice_id, lot.lot_id)),
    }


def _siblings(notice: Notice, lot: Lot) -> Sequence[tuple[str, Lot]]:
    others = [other for other in notice.lots if other.lot_id != lot.lot_id]
    return [(full_lot_id(notice.notice_id, other.lot_id), other) for other in others]


@get("/compare", guards=[everyone], include_in_schema=False)
async def lot_comparison(
    request: WebRequest, services: NamedDependency[Services], lot: FromQuery[str], supplier: FromQuery[list[str] | None] = None
) -> Template:
    """Up to four suppliers of a lot side by side."""
    loaded = await load_page(services, lot)
    return await comparison_page(request, loaded.found, supplier or [], lot_link=lot_path(loaded.full_id))


@get("/export/matches", guards=[everyone], include_in_schema=False)
async def lot_matches_file(
    request: WebRequest, services: NamedDependency[Services], lot: FromQuery[str], file: FromQuery[str] = "csv"
) -> Response[bytes]:
    """The suppliers of a lot, in the order and with the filter shown, as a file."""
    loaded = await load_page(services, lot)
    matches = arrange(loaded.found, read_choice(Form(dict(request.query_params))))
    names = Names(services.tools.reference, language_of(request))
    return match_file(file, f"suppliers-{loaded.full_id}", matches.shown, names)
