"""Keeping the rankings of open and planned lots up to date, so that their pages are read from the store."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.matches import market_stamp, open_lot_ids
from matchmaker.workflows.match_many import match_many
from matchmaker.workflows.tools import MatchTools

QUIET = timedelta(minutes=2)
"""How long no supplier and no notice must have changed: during an import every ranking would be made again and again."""

LOOKED_EVERY = timedelta(seconds=30)
"""Between two looks at whether anything changed: with millions of suppliers a look takes its time."""

LOTS = 10
"""Lots matched before the worker looks for mail again."""


@dataclass
class Rankings:
    """How far one worker is. It begins again when a supplier or notice changed and with every new day; lots whose ranking is
    still current cost a look at it.
    """

    sessions: SessionMaker
    tools: MatchTools
    _looked: datetime | None = None
    _begun: tuple[str, date] | None = None
    _left: AsyncIterator[str] | None = field(default=None, repr=False)

    async def advance(self, today: date, now: datetime) -> int:
        """Goes on for a few lots; how many are up to date now that were looked at. Nothing while the market is changing."""
        if self._looked is None or abs(now - self._looked) >= LOOKED_EVERY:
            self._looked = now
            async with self.sessions() as session:
                stamp, changed = await market_stamp(session)
                if changed is not None and now - changed < QUIET:
                    self._left = self._begun = None
                elif self._begun != (stamp, today):
                    self._left = match_many(self.sessions, await open_lot_ids(session, today), self.tools, today)
                    self._begun = (stamp, today)
        try:
            return await self._some()
        except Exception:
            self._looked = self._begun = self._left = None
            raise

    async def _some(self) -> int:
        done = 0
        while self._left is not None and done < LOTS:
            if await anext(self._left, None) is None:
                self._left = None
            else:
                done += 1
        return done
