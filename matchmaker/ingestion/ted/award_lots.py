"""Which lots an award section is about: by lot number, by a list or range of numbers, by title."""

import re

from matchmaker.domain.notice import Lot
from matchmaker.ingestion.safe_xml import folded

_NUMBER = re.compile(r"\d+[a-z]?(?![a-z\d])", re.IGNORECASE)
_RANGE = re.compile(r"(\d+)\s*(?:-|–|—|to|à|bis|do|al?|až)\s*(\d+)", re.IGNORECASE)


def lots_of_award(number: str | None, title: str | None, lots: list[Lot]) -> list[int]:
    """Positions in ``lots`` of those an award names; the only lot when there is one; none when it cannot be told."""
    described = [at for at, lot in enumerate(lots) if not lot.award_only]
    found = _by_number(number, described, lots) if number else _by_title(title, described, lots)
    return found or (described if len(described) == 1 else [])


def _by_number(number: str, described: list[int], lots: list[Lot]) -> list[int]:
    exact = [at for at in described if lots[at].lot_id == number]
    if exact:
        return exact[:1]
    by_key: dict[str, list[int]] = {}
    for at in described:
        by_key.setdefault(_key(lots[at].lot_id), []).append(at)
    named = _numbers(number)
    if named and all(len(by_key.get(key, ())) == 1 for key in named):
        return [by_key[key][0] for key in named]
    parent = by_key.get(_key(number), [])
    return parent if len(parent) == 1 else []


def _numbers(text: str) -> list[str]:
    """Lot numbers in ``1, 2 and 5``, ``1-4``, ``1.2.3`` or ``Part no 7``; ``1.2`` is a number of its own, not a list."""
    span = _RANGE.fullmatch(text.strip())
    if span and int(span[1]) < int(span[2]) < int(span[1]) + 1000:
        return [str(number) for number in range(int(span[1]), int(span[2]) + 1)]
    found = [_bare(number) for number in _NUMBER.findall(text)]
    if re.fullmatch(r"\D*\d+\.\d+\w*\D*", text.strip()):
        return []
    return list(dict.fromkeys(found))


def _key(lot_id: str) -> str:
    """The first number of an id without leading zeros, else the id in small letters."""
    found = _NUMBER.search(lot_id) or re.search(r"\d+", lot_id)
    return _bare(found[0]) if found else lot_id.strip().lower()


def _bare(number: str) -> str:
    return number.lstrip("0").lower() or "0"


def _by_title(title: str | None, described: list[int], lots: list[Lot]) -> list[int]:
    text = (folded(title) or "").casefold()
    if not text:
        return []
    same = [at for at in described if any((folded(own) or "").casefold() == text for own in lots[at].title.values())]
    return same if len(same) == 1 else []
