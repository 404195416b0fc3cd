"""The nearest vectors of many needs at once, from blocks that pass by once."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

LEAST = np.float32(-1.5)
"""Less than any two directions are near."""


@dataclass
class Nearest:
    """The ``count`` nearest of everything shown to it, for each of ``needs`` needs. Exact."""

    needs: int
    count: int
    _bars: Floats = field(init=False)
    _kept: list[tuple[NDArray[np.int64], NDArray[np.int64], Floats]] = field(default_factory=list)
    _entries: int = 0

    def __post_init__(self) -> None:
        self._bars = np.full(self.needs, -np.inf, np.float32)

    def add(
        self,
        rows: NDArray[np.int64],
        nearness: Floats,
        needs: NDArray[np.int64] | None = None,
        allowed: NDArray[np.bool_] | None = None,
    ) -> None:
        """Shows it rows by name with their nearness to every need ``(rows, needs)``, or to those named alone.

        ``allowed``, of the same shape, says which need may have which row; None allows all.
        """
        asked = np.arange(self.needs) if needs is None else needs
        if self._entries == 0 and len(rows) > self.count and allowed is None:
            self._bars[asked] = np.partition(nearness, len(rows) - self.count, axis=0)[len(rows) - self.count]
        passing = nearness >= np.maximum(self._bars[asked], LEAST)
        if allowed is not None:
            passing &= allowed
        places, columns = np.divmod(np.flatnonzero(passing), max(1, len(asked)))
        self._kept.append((asked[columns], rows[places], nearness[places, columns]))
        self._entries += len(places)
        if self._entries > 2 * self.needs * self.count:
            self._prune()

    def _prune(self) -> None:
        """Keeps the nearest of each need and raises the bar that others must pass."""
        needs, rows, nearness = (np.concatenate(part) for part in zip(*self._kept, strict=True))
        order = np.argsort(needs << 32 | ((1.5 - nearness.astype(np.float64)) * 2**30).astype(np.int64))
        needs, rows, nearness = needs[order], rows[order], nearness[order]
        starts = np.searchsorted(needs, np.arange(self.needs))
        rank = np.arange(len(needs)) - starts[needs]
        kept, last = rank < self.count, rank == self.count - 1
        self._bars[needs[last]] = nearness[last]
        self._kept = [(needs[kept], rows[kept], nearness[kept])]
        self._entries = int(kept.sum())

    def rows(self) -> list[NDArray[np.int64]]:
        """The names of the nearest rows of each need, nearest first."""
        if not self._kept:
            return [np.zeros(0, np.int64) for _ in range(self.needs)]
        self._prune()
        needs, rows, _ = self._kept[0]
        return np.split(rows, np.searchsorted(needs, np.arange(1, self.needs)))
