"""Write down that a buyer was shown figures which suppliers show to buyers only."""

from collections.abc import Iterable
from datetime import datetime

from matchmaker.domain.access import Person, Role
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.figure_views import note_view


async def note_figures_seen(sessions: SessionMaker, person: Person, organisation_keys: Iterable[str], now: datetime) -> None:
    """One entry a supplier, under the first team the person buys for; nothing for somebody who buys for none."""
    keys = sorted(set(organisation_keys))
    team = next((membership.organisation_key for membership in person.organisations_as(Role.BUYER)), None)
    if team is None or not keys:
        return
    async with transaction(sessions) as session:
        for key in keys:
            await note_view(session, key, person.person_id, team, now)
