"""A day's lots against every supplier: all vectors are read once for all lots together."""

import asyncio
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.match import Need
from matchmaker.scoring.criteria.capability import Matrix
from matchmaker.scoring.narrowing import Narrowing, narrowing
from matchmaker.scoring.nearest import Nearest
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.nearest_capabilities import FIRST_MEASURED, WANTED
from matchmaker.storage.places import places_in_reach
from matchmaker.storage.vector_stream import (
    Block,
    Words,
    different_words,
    keys_at,
    read_for_good,
    shown_among,
    vector_blocks,
)
from matchmaker.workflows.tools import MatchTools

BLOCK = 4096
"""Vectors multiplied with the day's lots at once: with 3,300 lots 54 MB of products."""

LOOKED_UP = 20_000
"""Rows looked up in one statement."""


async def candidates_of_day(
    sessions: SessionMaker, needs: Sequence[Need], tools: MatchTools, wanted: int = WANTED
) -> list[list[str]]:
    """For each need the suppliers worth scoring, the same as are found for it alone in all of Europe.

    ``wanted`` is how many capabilities each way in brings at most.
    """
    narrowed = [narrowing(need, tools.reference, tools.encoder, tools.capability) for need in needs]
    async with sessions() as session:
        await read_for_good(session)
        day = _Day(narrowed, *await different_words(session), wanted)
        async for block in vector_blocks(session, BLOCK):
            await asyncio.to_thread(day.add, block)
        return await _shown(session, day.ways, tools, wanted)


class _Day:
    """The lots of a day while the suppliers pass by: the nearest of all, of those in reach, and of those with the code."""

    def __init__(self, needs: Sequence[Narrowing], places: Words, codes: Words, wanted: int) -> None:
        # Rounded as the database rounds what it looks for, so that both find the same.
        self.vectors = np.array([need.vector for need in needs], np.float16).astype(np.float32).T.copy()
        self.ways = [Nearest(len(needs), FIRST_MEASURED * wanted) for _ in range(3)]
        self.places, self.codes = places, codes
        reaches = [tuple(places_in_reach(need)) for need in needs]
        numbers = {each: number for number, each in enumerate(dict.fromkeys(reaches))}
        self.reach = np.array([numbers[each] for each in reaches])
        self.reaching = places.having(list(numbers))
        self.stating = codes.having([need.codes for need in needs])

    def add(self, block: Block) -> None:
        """Shows it some suppliers' capabilities."""
        nearness = block.vectors @ self.vectors
        self.ways[0].add(block.rows, nearness)
        reached = self.reaching[np.searchsorted(self.places.hashes, block.places)]
        _add_some(self.ways[1], block, nearness, reached, self.reach)
        stated = self.stating[np.searchsorted(self.codes.hashes, block.codes)]
        _add_some(self.ways[2], block, nearness, stated, np.arange(nearness.shape[1]))


def _add_some(way: Nearest, block: Block, nearness: Matrix, having: NDArray[np.bool_], of_need: NDArray[np.int64]) -> None:
    """Shows one way in the rows that have its words; where few needs have any such row, the others are passed over.

    ``having`` is ``(rows, different wishes)``, and ``of_need`` which wish each need has.
    """
    needs = np.flatnonzero(np.any(having, axis=0, keepdims=True)[0, of_need])
    if len(needs) * 3 > len(of_need):
        way.add(block.rows, nearness, allowed=having if having.shape == nearness.shape else np.take(having, of_need, axis=1))
    elif len(needs):
        way.add(block.rows, nearness[:, needs], needs, np.take(having, of_need[needs], axis=1))


async def _shown(session: AsyncSession, ways: Sequence[Nearest], tools: MatchTools, wanted: int) -> list[list[str]]:
    """The keys of the nearest that everybody may see, in order."""
    found = [way.rows() for way in ways]
    looked_up = _LookedUp(session, tools.shown_sources)
    await looked_up.add([row for way in found for each in way for row in each[:wanted].tolist()])
    few = [each for way in found for each in way if len(looked_up.shown_of(each[:wanted])) < min(len(each), wanted)]
    await looked_up.add([row for each in few for row in each.tolist()])
    return [sorted({key for way in each for key in looked_up.shown_of(way)[:wanted]}) for each in zip(*found, strict=True)]


class _LookedUp:
    """Whose capability each row is, and who of them may be shown to everybody."""

    def __init__(self, session: AsyncSession, shown_sources: frozenset[str]) -> None:
        self.session, self.shown_sources = session, shown_sources
        self.keys: dict[int, str] = {}
        self.shown: set[str] = set()

    async def add(self, rows: Sequence[int]) -> None:
        """Looks rows up that are not known yet."""
        new = sorted(set(rows) - self.keys.keys())
        for start in range(0, len(new), LOOKED_UP):
            some = await keys_at(self.session, new[start : start + LOOKED_UP])
            self.shown |= await shown_among(self.session, sorted(set(some.values())), self.shown_sources)
            self.keys |= some

    def shown_of(self, rows: NDArray[np.int64]) -> list[str]:
        """The keys, a supplier as often as it has a row, of the rows looked up so far that may be shown."""
        keys = (self.keys.get(row) for row in rows.tolist())
        return [key for key in keys if key is not None and key in self.shown]
