"""Which lots an award section is about: by lot number, by a list or range of numbers, by title."""

import re
from collections.abc import Sequence

from matchmaker.domain.notice import Lot
from matchmaker.ingestion.safe_xml import folded

_NUMBER = re.compile(r"\d+[a-z]?(?![a-z\d])", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_RANGE = re.compile(r"(\d+)\s*(?:-|–|—|to|à|bis|do|al?|až)\s*(\d+)", re.IGNORECASE)
_SUB_LOT = re.compile(r"\D*\d+\.\d+\w*\D*")
_LONGEST_RANGE = 1000


class LotFinder:
    """The lots a notice describes, found by what an award section says of them."""

    def __init__(self, lots: Sequence[Lot]) -> None:
        self._positions = list(range(len(lots)))
        self._exact: dict[str, int] = {}
        self._by_key: dict[str, list[int]] = {}
        self._by_title: dict[str, list[int]] = {}
        for at, lot in enumerate(lots):
            self._exact.setdefault(lot.lot_id, at)
            self._by_key.setdefault(_key(lot.lot_id), []).append(at)
            for title in dict.fromkeys(_compared(own) for own in lot.title.values()):
                self._by_title.setdefault(title, []).append(at)

    def named(self, number: str | None, title: str | None) -> list[int]:
        """Positions of the lots an award names; the only lot when there is one; none when it cannot be told."""
        found = self._numbered(number) if number else self._titled(title)
        return found or (self._positions if len(self._positions) == 1 else [])

    def _numbered(self, number: str) -> list[int]:
        if number in self._exact:
            return [self._exact[number]]
        named = _numbers(number)
        if named and all(len(self._by_key.get(key, ())) == 1 for key in named):
            return [self._by_key[key][0] for key in named]
        parent = self._by_key.get(_key(number), [])
        return parent if len(parent) == 1 else []

    def _titled(self, title: str | None) -> list[int]:
        same = self._by_title.get(_compared(title), []) if title else []
        return same if len(same) == 1 else []


def _numbers(text: str) -> list[str]:
    """Lot numbers in ``1, 2 and 5``, ``1-4``, ``1.2.3`` or ``Part no 7``; ``1.2`` is a number of its own, not a list."""
    span = _RANGE.fullmatch(text.strip())
    if span and int(span[1]) < int(span[2]) < int(span[1]) + _LONGEST_RANGE:
        return [str(number) for number in range(int(span[1]), int(span[2]) + 1)]
    if _SUB_LOT.fullmatch(text.strip()):
        return []
    return list(dict.fromkeys(_bare(number) for number in _NUMBER.findall(text)))


def _key(lot_id: str) -> str:
    """The first number of an id without leading zeros, else the id in small letters."""
    found = _NUMBER.search(lot_id) or _DIGITS.search(lot_id)
    return _bare(found[0]) if found else lot_id.strip().lower()


def _bare(number: str) -> str:
    return number.lstrip("0").lower() or "0"


def _compared(title: str | None) -> str:
    return (folded(title) or "").casefold()
