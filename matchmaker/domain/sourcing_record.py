"""The sourcing record: what a buyer's team asked, found and decided, kept so that it can be shown and computed again.

A record is a chain of events, each locked by the hash of all before it. Events name people by a mark of chance, so that
a person can be forgotten without touching the chain.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from matchmaker.domain.exposure import Turns
from matchmaker.domain.hash_chain import BEGINNING, Link
from matchmaker.domain.match import Match, Need


class RecordKind(StrEnum):
    """What a record is the file of."""

    SEARCH = "search"
    PLAN = "plan"


class EventKind(StrEnum):
    """What happened."""

    OPENED = "opened"
    NOTED = "noted"
    DECIDED = "decided"
    SHARED = "shared"
    SHARING_ENDED = "sharing-ended"
    EXPORTED = "exported"


class Outcome(StrEnum):
    """What a team decided; always with a reason in its own words."""

    SUITABLE = "suitable"
    RESERVE = "reserve"
    CLAUSE = "social-clause"
    DIVIDE = "divide"
    NONE_SUITABLE = "none-suitable"
    NOT_PURSUED = "not-pursued"


@dataclass(frozen=True, slots=True)
class NamedSupplier:
    """A supplier as it was called then; ``country`` is ISO-2."""

    key: str
    name: str
    country: str
    town: str | None = None


@dataclass(frozen=True, slots=True)
class KeptSearch:
    """A search and everything its order was computed from.

    ``looked_at`` is the day deadlines and expiries were judged on; ``matches`` stand in the order shown and carry feature
    values, contributions and reasons; ``turns`` is the exposure that ordered scores too close to tell apart, None where none did.
    """

    need: Need
    scope: str
    looked_at: date
    scorer_version: str
    matches: tuple[Match, ...]
    suppliers: tuple[NamedSupplier, ...]
    filters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    turns: Turns | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided and why; ``chosen`` are suppliers by key, ``awarded_on`` the day the contract was awarded."""

    outcome: Outcome
    because: str
    chosen: tuple[str, ...] = ()
    awarded_on: date | None = None


@dataclass(frozen=True, slots=True)
class RecordEvent:
    """One event as read from its link. ``actor`` is the mark under which the record knows a person; ``at`` is UTC."""

    number: int
    kind: EventKind
    at: datetime
    actor: str
    content: Mapping[str, Any]
    digest: str


@dataclass(frozen=True, slots=True)
class RecordHead:
    """A record in a list. ``digest`` is the hash of its last event."""

    record_id: str
    team_key: str
    team_name: str
    kind: RecordKind
    title: str
    need_id: str
    opened_at: datetime
    last_at: datetime
    length: int
    digest: str
    outcome: Outcome | None = None
    decided_on: date | None = None
    awarded_on: date | None = None

    def kept_until(self, years: int) -> date:
        """The day it may be deleted: ``years`` after the award, else the decision, else the last event."""
        return _years_after(self.awarded_on or self.decided_on or self.last_at.date(), years)


@dataclass(frozen=True, slots=True)
class SourcingRecord:
    """A whole record. ``people`` names the actors that are still known; ``links`` are the events as they are locked."""

    head: RecordHead
    links: tuple[Link, ...]
    events: tuple[RecordEvent, ...]
    people: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def opened(self) -> RecordEvent:
        """The event that holds what was asked and found."""
        return self.events[0]

    @property
    def digest(self) -> str:
        """The hash of the last event, which stands for all of them."""
        return self.links[-1].digest if self.links else BEGINNING

    def of_kind(self, *kinds: EventKind) -> list[RecordEvent]:
        """The events of these kinds, oldest first."""
        return [event for event in self.events if event.kind in kinds]


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, month=3, day=1)
