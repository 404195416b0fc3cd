"""How long one lot takes against a region, a country and everybody, beside the plain scan of the same rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from time import perf_counter

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import Role
from matchmaker.domain.alert import AlertProfile
from matchmaker.domain.match import Match, Need
from matchmaker.domain.notice import Buyer, Lot, Notice, NoticeKind
from matchmaker.scoring.narrowing import narrowing
from matchmaker.storage.alert_profiles import save_alert_profile
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.lot_columns import conversions_of
from matchmaker.storage.nearest_capabilities import Scope, Search, count_in_scope, find_keys, scan_scope
from matchmaker.storage.notices import Reading, save_notices
from matchmaker.storage.people import add_member, save_person, save_team
from matchmaker.workflows.keep_working import LOTS
from matchmaker.workflows.match_day import candidates_of_day
from matchmaker.workflows.match_lots import match_need, ranked
from matchmaker.workflows.match_many import Suppliers
from matchmaker.workflows.raise_alerts import raise_alerts
from matchmaker.workflows.tools import MatchTools

COMPARED = 20
"""Lots of the day that are matched alone too."""


def middle(times: Sequence[float]) -> float:
    """The median."""
    return sorted(times)[len(times) // 2]


def late(times: Sequence[float]) -> float:
    """The 95th percentile."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


@dataclass
class Timed:
    """Milliseconds of each repeat: the plain scan, our search for those worth scoring, and the whole ranked answer."""

    scope: Scope
    suppliers: int
    raw: list[float] = field(default_factory=list)
    search: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)


async def time_scope(
    sessions: SessionMaker, needs: Sequence[Need], tools: MatchTools, scope: Scope, today: date, top: int
) -> Timed:
    """The three in turn for every need, after one need that warms up; the turns share whatever else the machine does."""
    searches = [
        Search(narrowing(need, tools.reference, tools.encoder, tools.capability), scope, tools.shown_sources) for need in needs
    ]
    async with sessions() as session:
        suppliers = await count_in_scope(session, searches[0])
    timed = Timed(scope, suppliers)
    for warm, (need, search) in enumerate(zip((needs[0], *needs), (searches[0], *searches), strict=True)):
        start = perf_counter()
        async with sessions() as session:
            await scan_scope(session, search)
        scanned = perf_counter()
        async with sessions() as session:
            await find_keys(session, search)
        found = perf_counter()
        await match_need(sessions, need, tools, today, top, scope)
        answered = perf_counter()
        if warm:
            timed.raw.append((scanned - start) * 1000)
            timed.search.append((found - scanned) * 1000)
            timed.whole.append((answered - found) * 1000)
    return timed


@dataclass(frozen=True, slots=True)
class Alerts:
    """Seconds to tell those who keep alerts about the sample of lots, as the worker does; ``news`` is what was written."""

    profiles: int
    seconds: float
    news: int


@dataclass(frozen=True, slots=True)
class Day:
    """Seconds for a sample of a day's lots matched together, and how well the lists agree with those of single matches.

    ``search`` finds the candidates of all, ``one_lot_search`` those of a single lot: the pass over all vectors. ``agreeing`` is
    the share of the ten best of single matches that are among the ten best of the day's, in per cent.
    """

    lots: int
    search: float
    one_lot_search: float
    scoring: float
    agreeing: float
    alerts: Alerts

    def seconds(self, lots: int) -> float:
        """For so many lots: what the reading takes once, the rest as often as there are lots."""
        per_lot = (
            max(0.0, self.search - self.one_lot_search) / max(1, self.lots - 1) + (self.scoring + self.alerts.seconds) / self.lots
        )
        return self.one_lot_search + per_lot * (lots - 1)


async def time_day(sessions: SessionMaker, needs: Sequence[Need], tools: MatchTools, today: date, top: int) -> Day:
    """Matches the sample together, tells those who keep alerts, then matches some lots alone to compare."""
    start = perf_counter()
    await candidates_of_day(sessions, needs[:1], tools)
    one = perf_counter() - start
    start = perf_counter()
    candidates = await candidates_of_day(sessions, needs, tools)
    search = perf_counter() - start
    start = perf_counter()
    together = await _ranked_together(sessions, needs, candidates, tools, today, top)
    scoring = perf_counter() - start
    shared = wanted = 0
    for need, best_first in zip(needs[:COMPARED], together, strict=False):
        alone = await match_need(sessions, need, tools, today, 10)
        best = {each.supplier_key for each in best_first[:10]}
        shared += sum(each.supplier_key in best for each in alone)
        wanted += len(alone)
    alerts = await _time_alerts(sessions, needs, [found[0].supplier_key for found in together if found], tools, today)
    return Day(len(needs), search, one, scoring, 100 * shared / max(1, wanted), alerts)


async def _ranked_together(
    sessions: SessionMaker, needs: Sequence[Need], candidates: Sequence[Sequence[str]], tools: MatchTools, today: date, top: int
) -> list[list[Match]]:
    """The ``top`` best of each need's candidates as ``match_many`` ranks them, without storing."""
    suppliers, together = Suppliers(), []
    for need, keys in zip(needs, candidates, strict=True):
        async with sessions() as session:
            together.append(ranked(await suppliers.load(session, keys), need, tools, today, top))
    return together


async def _time_alerts(
    sessions: SessionMaker, needs: Sequence[Need], suppliers: Sequence[str], tools: MatchTools, today: date
) -> Alerts:
    """Alerts of one person for each supplier, about lots stored for it; everything is rolled back afterwards."""
    now = datetime.combine(today, time(12), UTC)
    async with sessions() as session:
        await save_notices(session, [Reading(_notice(need, today)) for need in needs], conversions_of(tools.reference), now)
        alerts = await _raised(session, [each.need_id for each in needs], sorted(set(suppliers)), tools, now)
        await session.rollback()
    return alerts


async def time_alerts_of_lots(
    sessions: SessionMaker, lots: Sequence[str], suppliers: Sequence[str], tools: MatchTools, today: date
) -> Alerts:
    """The same about stored lots."""
    async with sessions() as session:
        alerts = await _raised(session, lots, suppliers, tools, datetime.combine(today, time(12), UTC))
        await session.rollback()
    return alerts


async def _raised(
    session: AsyncSession, lots: Sequence[str], suppliers: Sequence[str], tools: MatchTools, now: datetime
) -> Alerts:
    """One person for each supplier keeps an alert that asks for everything; as many lots at a time as the worker takes."""
    for number, key in enumerate(suppliers):
        person = await save_person(session, f"person{number}@example.org", "en", now)
        await save_team(session, key, key, now)
        await add_member(session, person, key, Role.SUPPLIER, now)
        await save_alert_profile(session, AlertProfile(person, key, consented_at=now), now)
    start, news = perf_counter(), 0
    for first in range(0, len(lots), LOTS):
        some = [(lot, "01") for lot in lots[first : first + LOTS]]
        news += await raise_alerts(session, some, tools, now.date(), now)
    return Alerts(len(suppliers), perf_counter() - start, news)


def _notice(need: Need, today: date) -> Notice:
    notice_id, lot_id = need.need_id.split("/")
    lot = Lot(
        lot_id, need.title, description=need.description, main_cpv=need.cpvs[0], nuts=tuple(code.code for code in need.nuts)
    )
    buyers = (Buyer("Buyer", country=need.country),)
    language = need.language or "en"
    return Notice(
        notice_id, "01", NoticeKind.COMPETITION, "eforms", "1.13", language, need.title, (lot,), buyers=buyers, published=today
    )
