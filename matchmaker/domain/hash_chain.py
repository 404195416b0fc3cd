"""Text that can be shown to be unaltered: one canonical form of JSON, and links that each carry the hash of all before."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import count

BEGINNING = "0" * 64
"""What the first link follows."""


@dataclass(frozen=True, slots=True)
class Link:
    """One text of a chain. ``digest`` is the SHA-256, hexadecimal, of the digest before, a line feed and ``body``."""

    number: int
    body: str
    digest: str


def canonical_json(value: object) -> str:
    """The one text of a JSON value: keys sorted, no spaces, characters as they are (RFC 8259); the same on every machine.

    Raises:
        ValueError: a number that JSON cannot hold.
    """
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest_of(text: str) -> str:
    """SHA-256 of the text in UTF-8, hexadecimal."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def linked(previous: str, number: int, body: str) -> Link:
    """The next link after the digest ``previous``."""
    return Link(number, body, digest_of(f"{previous}\n{body}"))


def first_broken(links: Iterable[Link]) -> int | None:
    """The place, counted from 1, of the first link that does not follow from all before it; None when all do."""
    previous = BEGINNING
    for place, link in zip(count(1), links, strict=False):
        if link.number != place or link.digest != linked(previous, place, link.body).digest:
            return place
        previous = link.digest
    return None
