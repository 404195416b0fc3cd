"""Match one need, or a stored lot, with the suppliers in the database."""

from datetime import date

from matchmaker.domain.match import Match, Need
from matchmaker.scoring.matching import match
from matchmaker.scoring.narrowing import narrowing
from matchmaker.storage.candidates import Scope, Search, find_candidates
from matchmaker.storage.engine import SessionMaker
from matchmaker.workflows.tools import MatchTools


async def match_need(
    sessions: SessionMaker, need: Need, tools: MatchTools, today: date, top: int, scope: Scope = Scope.EUROPE
) -> list[Match]:
    """The ``top`` best suppliers for ``need`` on ``today``, ranked and explained. Nothing is stored."""
    async with sessions() as session:
        candidates = await find_candidates(session, search_of(need, tools, scope))
    ranked = match(need, candidates.organisations, candidates.vectors, tools.capability, tools.reference, today)
    return ranked[:top]


def search_of(need: Need, tools: MatchTools, scope: Scope) -> Search:
    """What the database is asked for."""
    return Search(narrowing(need, tools.reference, tools.encoder), scope, tools.shown_sources)
