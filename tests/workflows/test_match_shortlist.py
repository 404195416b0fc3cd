"""A buyer's shortlist: kept with its reasons, replayed to the same order, invisible to everyone else."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import Membership, Person, Role
from matchmaker.domain.errors import NotAllowed, NotFound
from matchmaker.domain.match import Need
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance
from matchmaker.domain.values import NutsCode
from matchmaker.scoring.criteria.capability import Repeatable
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.people import add_member, load_person, save_person, save_team
from matchmaker.workflows.shortlist import keep_shortlist, open_shortlist, replay_shortlist, shortlists_of
from matchmaker.workflows.tools import MatchTools

TODAY, NOW = date(2026, 11, 24), datetime(2026, 11, 24, 9, tzinfo=UTC)
NEED = Need("draft", {"fr": "nettoyage de bureaux"}, language="fr", nuts=(NutsCode("FR10"),), country="FR")


def supplier(work: str) -> Organisation:
    base, source = Base("FR", nuts=NutsCode("FR10")), Provenance("shown", work)
    return Organisation(f"shown:{work}", work, base, source, capabilities=(Capability(work),))


async def member(session: AsyncSession, email: str, team: str, role: Role) -> Person:
    person_id = await save_person(session, email, "fr", NOW)
    await save_team(session, team, team, NOW)
    await add_member(session, person_id, team, role, NOW)
    await session.commit()
    person = await load_person(session, person_id)
    assert person is not None
    return person


@pytest.fixture
async def buyer(session: AsyncSession, store: Callable[..., Awaitable[None]]) -> Person:
    base = Base("FR", nuts=NutsCode("FR10"))
    works = ("nettoyage", "nettoyage de bureaux", "jardin")
    suppliers = [
        Organisation(f"shown:{work}", work, base, Provenance("shown", work), capabilities=(Capability(work),)) for work in works
    ]
    await store(*suppliers)
    return await member(session, "buyer@town.example", "town", Role.BUYER)


async def test_a_shortlist_keeps_request_version_day_and_reasons(
    buyer: Person, sessions: SessionMaker, word_tools: MatchTools
) -> None:
    kept = await keep_shortlist(sessions, buyer, "town", "Offices", NEED, word_tools, TODAY, NOW)
    found = await open_shortlist(sessions, buyer, kept.shortlist_id)
    assert found == kept
    assert (found.need, found.looked_at, found.scorer_version) == (NEED, TODAY, word_tools.version)
    assert [match.supplier_key for match in found.matches] == ["shown:nettoyage de bureaux", "shown:nettoyage", "shown:jardin"]
    assert all(str(result.sentence) for match in found.matches for result in match.criteria)


async def test_a_stored_shortlist_replays_to_the_same_order_and_scores(
    buyer: Person, sessions: SessionMaker, word_tools: MatchTools, word_model: Repeatable
) -> None:
    kept = await keep_shortlist(sessions, buyer, "town", "Offices", NEED, word_tools, TODAY, NOW)
    found = await open_shortlist(sessions, buyer, kept.shortlist_id)
    again = replay_shortlist(found, word_model)
    assert [each.supplier_key for each in again] == [each.supplier_key for each in kept.matches]
    assert all(abs(one.score - other.score) < 1e-9 for one, other in zip(again, kept.matches, strict=True))


async def test_another_team_and_a_supplier_see_neither_the_list_nor_that_it_exists(
    buyer: Person, session: AsyncSession, sessions: SessionMaker, word_tools: MatchTools
) -> None:
    kept = await keep_shortlist(sessions, buyer, "town", "Offices", NEED, word_tools, TODAY, NOW)
    others = [
        await member(session, "buyer@village.example", "village", Role.BUYER),
        await member(session, "office@work.example", "shown:nettoyage", Role.SUPPLIER),
        await member(session, "officer@town.example", "town", Role.OFFICER),
    ]
    for other in others:
        assert await shortlists_of(sessions, other) == []
        with pytest.raises(NotFound, match="no such shortlist"):
            await open_shortlist(sessions, other, kept.shortlist_id)
    colleague = await member(session, "second@town.example", "town", Role.BUYER)
    assert (await open_shortlist(sessions, colleague, kept.shortlist_id)).title == "Offices"


async def test_shortlists_are_listed_newest_first_without_their_matches(
    buyer: Person, sessions: SessionMaker, word_tools: MatchTools
) -> None:
    first = await keep_shortlist(sessions, buyer, "town", "First", NEED, word_tools, TODAY, NOW)
    second = await keep_shortlist(sessions, buyer, "town", "Second", NEED, word_tools, TODAY, NOW.replace(hour=10))
    assert await shortlists_of(sessions, buyer) == [replace(second, matches=()), replace(first, matches=())]


async def test_nobody_keeps_a_shortlist_for_a_team_of_others(
    buyer: Person, sessions: SessionMaker, word_tools: MatchTools
) -> None:
    stranger = replace(buyer, memberships=(Membership("village", "Village", Role.BUYER),))
    with pytest.raises(NotAllowed, match="not a buyer in this team"):
        await keep_shortlist(sessions, stranger, "town", "Offices", NEED, word_tools, TODAY, NOW)
