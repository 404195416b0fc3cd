"""Values out of JSON that may hold anything anywhere: a value of another kind than asked for counts as not stated.

Paths are names joined by points (``tender.procuringEntity``); they lead through objects only, never through arrays.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

Json = Mapping[str, object]

_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
"""Control characters and halves of surrogate pairs, which JSON can spell and neither UTF-8 nor the database can hold."""


def at(found: object, path: str) -> object:
    """What is at ``path``; None where nothing is."""
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def each(found: object, path: str) -> Iterator[Json]:
    """The objects in the array at ``path``; an object in the place of an array is taken as its only entry."""
    there = at(found, path)
    entries = there if isinstance(there, list) else [there]
    return (entry for entry in entries if isinstance(entry, Mapping))


def plain(value: object) -> str | None:
    """A text or number as one line of text; None when blank or neither."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    return " ".join(_UNSTORABLE.sub("", str(value)).split()) or None


def lines(value: object) -> str | None:
    """A text with its line breaks, spaces folded; None when blank or no text."""
    if not isinstance(value, str):
        return None
    folded = (" ".join(line.split()) for line in _UNSTORABLE.sub("", value).splitlines())
    return "\n".join(folded).strip() or None


def text(found: object, *paths: str) -> str | None:
    """The first of ``paths`` that holds a text or number, as one line."""
    return next((value for path in paths if (value := plain(at(found, path)))), None)


def texts(found: object, path: str) -> tuple[str, ...]:
    """The texts in the array at ``path``, without repetition; a lone text is taken as its only entry."""
    there = at(found, path)
    entries = there if isinstance(there, list) else [there]
    return tuple(dict.fromkeys(value for entry in entries if (value := plain(entry))))


def yes_or_no(found: object, path: str) -> bool | None:
    """``true`` and ``false``, also where written as text."""
    there = at(found, path)
    if isinstance(there, bool):
        return there
    return {"true": True, "false": False}.get(there.strip().lower()) if isinstance(there, str) else None


def first_with(name: str, *holders: Json) -> Json:
    """The first of ``holders`` (a lot, then its tender) that states ``name``; an empty object when none does."""
    return next((holder for holder in holders if holder.get(name) not in (None, "", [], {})), {})
