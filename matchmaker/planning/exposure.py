"""Fair exposure: suppliers whose scores cannot be told apart take turns, and who was shown less comes first.

The score is never touched, nobody leaves the group of scores close to its own, and nothing is read of clicks or any other
reaction: only the places that earlier lists gave (Biega, Gummadi, Weikum 2018, “Equity of attention”).
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import pairwise
from math import log2

from matchmaker.domain.exposure import NOTHING_SHOWN, Exposure, Turns

RULE = "turns-1"
"""Names the rule; a change of anything below is another one."""
WIDTH = 0.27
"""Log-odds: the standard error of a score against the mean of its list.

The median over the twenty best suppliers of the judged lots, by the jackknife over clusters of lots (``matchmaker
evaluate exposure`` measures it again). What moves a whole list up or down does not count, as it changes no order.
"""
SEEN = 20
"""Places a list shows at first; below them nobody is exposed."""

Scored = Sequence[tuple[str, float]]
"""Supplier and log-odds, best first."""


def worth(place: int) -> float:
    """The exposure of a place counted from 1: 1 for the first, half for the third, nothing below ``SEEN``."""
    return 1 / log2(place + 1) if place <= SEEN else 0.0


def bands(scored: Scored, width: float = WIDTH) -> Iterator[slice]:
    """Groups of neighbours no two of which differ by more than ``width``, as far down as the list is seen.

    Raises:
        ValueError: the list is not best first.
    """
    if any(one[1] < other[1] for one, other in pairwise(scored)):
        raise ValueError("not in the order of the scores")
    start = 0
    while start < min(len(scored), SEEN):
        end = start + 1
        while end < len(scored) and scored[start][1] - scored[end][1] <= width:
            end += 1
        yield slice(start, end)
        start = end


def asked_for(scored: Scored, width: float = WIDTH) -> list[str]:
    """The suppliers whose exposure decides something in this list."""
    return [key for band in bands(scored, width) if band.stop - band.start > 1 for key, _ in scored[band]]


def take_turns(lot_id: str, scored: Scored, state: Mapping[str, Exposure], width: float = WIDTH) -> Turns:
    """The order for one lot: within each band who is owed most comes first, equals by a hash of lot and state.

    The same lot, scores and state give the same order, on any machine.
    """
    base = tuple(key for key, _ in scored)
    used = {
        key: rounded for key in asked_for(scored, width) if key in state and (rounded := _rounded(state[key])) != NOTHING_SHOWN
    }
    stamp = _stamp(used)
    order = list(base)
    given: dict[str, Exposure] = {}
    for band in bands(scored, width):
        order[band] = sorted(base[band], key=lambda key: (-used.get(key, NOTHING_SHOWN).owed, _draw(lot_id, stamp, key), key))
        places = [worth(place) for place in range(band.start + 1, band.stop + 1)]
        fair = sum(places) / len(places)
        given |= {key: Exposure(received, fair) for key, received in zip(order[band], places, strict=True)}
    return Turns(RULE, width, base, tuple(order), used, given)


def _rounded(exposure: Exposure) -> Exposure:
    """To nine digits: the same places added in another order are the same state."""
    return Exposure(round(exposure.received, 9), round(exposure.deserved, 9))


def _stamp(state: Mapping[str, Exposure]) -> str:
    lines = (f"{key}\x00{exposure.received!r}\x00{exposure.deserved!r}" for key, exposure in sorted(state.items()))
    return sha256("\n".join(lines).encode()).hexdigest()


def _draw(lot_id: str, stamp: str, key: str) -> bytes:
    return sha256("\x00".join((lot_id, stamp, key)).encode()).digest()
