"""The lots a supplier nearly matches, and what would make the difference."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.lot_state import LotState, lot_state
from matchmaker.domain.match import Need, need_of
from matchmaker.scoring.raise_match import GOOD, Prospects, what_would_raise
from matchmaker.storage.candidates import Scope
from matchmaker.storage.matches import matches_of_supplier
from matchmaker.storage.notices import load_lot
from matchmaker.workflows.tools import MatchTools

LOOKED_AT = 40
"""Stored matches that are scored again, the best of those that are not good."""


@dataclass(frozen=True)
class NearMiss:
    """A lot that is open or planned, and what would raise its match."""

    need: Need
    prospects: Prospects


async def near_misses(session: AsyncSession, supplier_key: str, tools: MatchTools, today: date, most: int) -> list[NearMiss]:
    """Up to ``most`` lots that are no good match but would be with what is named, nearest first; from stored matches alone."""
    found: list[NearMiss] = []
    for match in await matches_of_supplier(session, supplier_key, Scope.EUROPE.value, LOOKED_AT, below=GOOD):
        loaded = await load_lot(session, match.need_id)
        if loaded is None or lot_state(*loaded, today) is LotState.CLOSED:
            continue
        need = need_of(*loaded)
        prospects = what_would_raise(need, match, tools.capability)
        if prospects.near_miss:
            found.append(NearMiss(need, prospects))
        if len(found) == most:
            break
    return found
