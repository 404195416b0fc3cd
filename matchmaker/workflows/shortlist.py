"""Keep a buyer's search with its reasons, for that buyer's team alone."""

from datetime import date, datetime
from secrets import token_urlsafe

from matchmaker.domain.access import Person, Role
from matchmaker.domain.errors import NotAllowed, NotFound
from matchmaker.domain.match import Match, Need
from matchmaker.domain.messages import Message
from matchmaker.domain.shortlist import Shortlist
from matchmaker.scoring.criteria.capability import Repeatable
from matchmaker.scoring.matching import replay
from matchmaker.storage.candidates import Scope
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.shortlists import list_shortlists, load_shortlist, save_shortlist
from matchmaker.workflows.match_lots import match_need
from matchmaker.workflows.tools import MatchTools

KEPT = 100
"""Matches kept in a shortlist."""


async def keep_shortlist(
    sessions: SessionMaker,
    person: Person,
    team_key: str,
    title: str,
    need: Need,
    tools: MatchTools,
    today: date,
    now: datetime,
    scope: Scope = Scope.EUROPE,
) -> Shortlist:
    """Matches ``need`` and stores request, scorer version, matches and reasons for the team ``team_key``.

    Raises:
        NotAllowed: the person is no buyer in that team.
    """
    if not person.serves(team_key, Role.BUYER):
        raise NotAllowed(
            Message("You are not a buyer in this team."), Message("Choose one of your own teams, or ask a colleague to add you.")
        )
    matches = await match_need(sessions, need, tools, today, KEPT, scope)
    shortlist = Shortlist(
        shortlist_id=token_urlsafe(12),
        team_key=team_key,
        title=title,
        made_by=person.email,
        made_at=now,
        looked_at=today,
        need=need,
        scope=scope.value,
        scorer_version=tools.version,
        matches=tuple(matches),
    )
    async with transaction(sessions) as session:
        await save_shortlist(session, shortlist, person.person_id)
    return shortlist


async def open_shortlist(sessions: SessionMaker, person: Person, shortlist_id: str) -> Shortlist:
    """A shortlist of one of the person's buyer teams.

    Raises:
        NotFound: there is none, or it belongs to another team; both look the same.
    """
    async with sessions() as session:
        found = await load_shortlist(session, shortlist_id, _teams(person))
    if found is None:
        raise NotFound(Message("There is no such shortlist in your teams."), Message("Open your list of shortlists."))
    return found


async def shortlists_of(sessions: SessionMaker, person: Person) -> list[Shortlist]:
    """The shortlists of the person's buyer teams, newest first, without their matches."""
    async with sessions() as session:
        return await list_shortlists(session, _teams(person))


def replay_shortlist(shortlist: Shortlist, model: Repeatable) -> list[Match]:
    """The same ranking, computed again by ``model`` from the stored feature values alone.

    Raises:
        NotFound: it was made by another version of the scorer.
    """
    return replay(shortlist.matches, model)


def _teams(person: Person) -> list[str]:
    return [membership.organisation_key for membership in person.organisations_as(Role.BUYER)]
