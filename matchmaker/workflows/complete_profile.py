"""A supplier's members keep their record part by part, see what it lacks, and publish it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import Person, Role
from matchmaker.domain.completeness import Completeness, completeness, unjudged_lots
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.lot_state import LotState
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation
from matchmaker.scoring.profile import capability_vectors
from matchmaker.storage.audit import record
from matchmaker.storage.candidates import Scope
from matchmaker.storage.codec import to_builtins
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.lot_columns import conversions_of
from matchmaker.storage.lots_search import listings_of
from matchmaker.storage.matches import matches_of_supplier
from matchmaker.storage.organisations import WRITTEN, load_organisation, save_organisation
from matchmaker.storage.people import save_team
from matchmaker.workflows.tools import MatchTools

LOOKED_AT = 200
"""Stored matches, best first, in which unknown criteria are counted."""

Change = Callable[[Organisation], Organisation]


async def change_record(
    sessions: SessionMaker, person: Person, key: str, change: Change, part: str, tools: MatchTools, now: datetime
) -> bool:
    """Applies ``change`` to the record as it is stored now and writes down what it was; whether anything changed.

    Saving confirms an imported record; one registered here stays unpublished until its members publish it.

    Raises:
        NotFound: no such supplier among those this person serves.
    """
    async with transaction(sessions) as session:
        before = await own(session, person, key)
        after = change(before)
        if not before.unpublished:
            after = replace(after, provenance=replace(after.provenance, claimed=True))
        if not await rewrite(session, after, tools, now):
            return False
        if after.name != before.name:
            await save_team(session, key, after.name, now)
        was, became = to_builtins(before), to_builtins(after)
        names = sorted(name for name in {*was, *became} if was.get(name) != became.get(name))
        await record(
            session,
            now,
            str(person.person_id),
            f"{part} edited",
            key,
            {name: was.get(name) for name in names},
            {name: became.get(name) for name in names},
        )
        return True


async def publish(sessions: SessionMaker, person: Person, key: str, tools: MatchTools, now: datetime) -> None:
    """Makes a registered record public, and found by buyers from now on.

    Raises:
        NotFound: no such supplier among those this person serves.
        InvalidValue: it does not say yet what it can do and where.
    """
    async with transaction(sessions) as session:
        found = await own(session, person, key)
        if not completeness(found, now.date()).publishable:
            raise InvalidValue(
                Message("Nobody could find this record yet: it does not say what you do and where."),
                Message("Fill in these two steps, then publish it."),
            )
        public = replace(found, provenance=replace(found.provenance, claimed=True))
        await rewrite(session, public, tools, now)
        await record(session, now, str(person.person_id), "published", key, {"public": False}, {"public": True})


async def rewrite(session: AsyncSession, organisation: Organisation, tools: MatchTools, now: datetime) -> bool:
    """Saves the record with the vectors of what it can do; whether anything changed."""
    vectors = capability_vectors(organisation.capabilities, tools.encoder)
    conversions = conversions_of(tools.reference)
    return await save_organisation(session, organisation, vectors, conversions, now, tools.encoder.version) in WRITTEN


async def own(session: AsyncSession, person: Person, key: str) -> Organisation:
    """A supplier this person serves.

    Raises:
        NotFound: it is not among theirs; whether it exists is not said.
    """
    found = await load_organisation(session, key) if person.serves(key, Role.SUPPLIER) else None
    if found is None:
        raise NotFound(Message("We could not find that organisation among yours."), Message("Choose one on your own page."))
    return found


async def worth(session: AsyncSession, organisation: Organisation, today: date) -> Completeness:
    """What the record lacks, with the open and planned lots that could be judged if it said so; from stored matches alone."""
    matches = await matches_of_supplier(session, organisation.key, Scope.EUROPE.value, LOOKED_AT)
    listings = await listings_of(session, [match.need_id for match in matches], today)
    current = {lot_id for lot_id, listing in listings.items() if listing.state is not LotState.CLOSED}
    valued = frozenset(lot_id for lot_id in current if listings[lot_id].card.value is not None)
    counts = unjudged_lots((match for match in matches if match.need_id in current), valued)
    return completeness(organisation, today, counts if current else None)
