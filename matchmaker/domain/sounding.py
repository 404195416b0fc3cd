"""A sounding: before a call a buyer asks the suppliers that match a planned lot whether they could deliver it.

A preliminary market consultation (Art. 40 of Directive 2014/24/EU). A supplier answers by name, or is only counted; it ends
when the call is published.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from matchmaker.domain.answers import FEWEST_TOLD

MOST_ASKED = 50
"""Suppliers one sounding asks, the best matches first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A supplier that was asked. ``could`` is its answer, None while it has given none; ``named`` lets the buyer see whose."""

    supplier_key: str
    supplier_name: str
    could: bool | None = None
    named: bool = False
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sounding:
    """What a buyer's team asked about a planned lot (``NOTICE_ID/LOT``), the same text to everyone."""

    sounding_id: str
    team_key: str
    team_name: str
    lot_id: str
    topic: str
    text: str
    opened_at: datetime
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class SoundingResult:
    """All the buyer learns: who answered by name, and counts of three or more of those who are only counted."""

    asked: int
    able: tuple[Asked, ...]
    unable: tuple[Asked, ...]
    counted_able: int | None
    counted_unable: int | None


def told(asked: Iterable[Asked]) -> SoundingResult:
    """What may be told of the answers."""
    everyone = sorted(asked, key=lambda each: (each.supplier_name, each.supplier_key))

    def by_name(could: bool) -> tuple[Asked, ...]:
        return tuple(each for each in everyone if each.named and each.could is could)

    def counted(could: bool) -> int | None:
        count = sum(1 for each in everyone if not each.named and each.could is could)
        return count if count >= FEWEST_TOLD else None

    return SoundingResult(len(everyone), by_name(True), by_name(False), counted(True), counted(False))


@dataclass(frozen=True, slots=True)
class SoundingMail:
    """What a mail about a sounding says; never an address. ``source`` names where an unclaimed record came from."""

    sounding_id: str
    supplier_key: str
    supplier: str
    buyer: str
    lot_id: str
    topic: str
    text: str
    source: str | None = None
