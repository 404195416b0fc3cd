"""Rankings of many lots: all vectors are read once for a batch of them, and each supplier once for the lots that share it."""

from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.match import Need
from matchmaker.domain.organisation import Organisation
from matchmaker.scoring.criteria.capability import Matrix
from matchmaker.scoring.narrowing import narrowing
from matchmaker.storage.candidates import Candidates, Scope, Search, load_candidates
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.matches import current_runs, save_run, suppliers_stamp, take_run
from matchmaker.storage.nearest_capabilities import find_keys
from matchmaker.storage.notices import load_needs
from matchmaker.workflows.match_day import candidates_of_day
from matchmaker.workflows.match_lots import KEPT, in_turn, ranked, run_of
from matchmaker.workflows.tools import MatchTools

TOGETHER = 500
"""Lots for which all vectors are read once; what others change meanwhile is seen by the next so many."""

WORTH_A_PASS = 10
"""Lots from which reading all vectors once is quicker than searching for each."""

REMEMBERED = 6_000
"""Suppliers kept in memory, some 10 KB each."""


@dataclass
class Suppliers:
    """Those asked for last, as they were under one stamp."""

    stamp: str = ""
    held: OrderedDict[str, tuple[Organisation, Matrix | None]] = field(default_factory=OrderedDict)

    def as_of(self, stamp: str) -> None:
        """Forgets what was read before anything changed."""
        if stamp != self.stamp:
            self.held.clear()
            self.stamp = stamp

    async def load(self, session: AsyncSession, keys: Sequence[str]) -> Candidates:
        """The same as ``load_candidates`` without reading twice what is remembered."""
        found = await load_candidates(session, [key for key in keys if key not in self.held])
        for organisation in found.organisations:
            vectors = found.vectors.get(organisation.key)
            # A copy, because rows of one array would keep the whole array in memory.
            self.held[organisation.key] = (organisation, None if vectors is None else np.array(vectors))
        known = [key for key in keys if key in self.held]
        for key in known:
            self.held.move_to_end(key)
        pairs = [(key, *self.held[key]) for key in known]
        while len(self.held) > REMEMBERED:
            self.held.popitem(last=False)
        known_vectors = {key: rows for key, _, rows in pairs if rows is not None}
        return Candidates(tuple(organisation for _, organisation, _ in pairs), known_vectors)


async def match_many(
    sessions: SessionMaker, lots: Sequence[str], tools: MatchTools, today: date, scope: Scope = Scope.EUROPE, kept: int = KEPT
) -> AsyncIterator[str]:
    """Brings the stored rankings of published lots up to date, each in a transaction of its own; yields each lot once it is.

    Rankings that are current stay, so that what was interrupted is gone on with by asking again; one that another process is
    making is left to it. A lot that is not stored is passed over.
    """
    suppliers = Suppliers()
    for start in range(0, len(lots), TOGETHER):
        some = lots[start : start + TOGETHER]
        async with sessions() as session:
            stamp = await suppliers_stamp(session)
            needs = await load_needs(session, some)
            runs = {need.need_id: run_of(need, tools, today, scope, stamp) for need in needs}
            current = await current_runs(session, runs.values(), kept)
        suppliers.as_of(stamp)
        for lot in current:
            yield lot
        waiting = [need for need in needs if need.need_id not in current]
        for need, keys in zip(waiting, await _keys_for(sessions, waiting, tools, scope), strict=True):
            run = runs[need.need_id]
            async with transaction(sessions) as session:
                if await take_run(session, run, kept):
                    candidates = await suppliers.load(session, keys)
                    matches, turns = await in_turn(session, run, ranked(candidates, need, tools, today, kept))
                    await save_run(session, run, kept, matches, turns)
            yield need.need_id


async def _keys_for(sessions: SessionMaker, needs: Sequence[Need], tools: MatchTools, scope: Scope) -> list[list[str]]:
    """The suppliers worth scoring for each need."""
    if scope is Scope.EUROPE and len(needs) >= WORTH_A_PASS:
        return await candidates_of_day(sessions, needs, tools)
    found = []
    async with sessions() as session:
        for need in needs:
            narrowed = narrowing(need, tools.reference, tools.encoder, tools.capability)
            found.append(await find_keys(session, Search(narrowed, scope, tools.shown_sources)))
    return found
