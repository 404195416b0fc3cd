"""A sourcing record as a page or a file shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matchmaker.domain.match import Match, points
from matchmaker.domain.messages import Message
from matchmaker.domain.sourcing_record import (
    Decision,
    EventKind,
    KeptSearch,
    NamedSupplier,
    Outcome,
    RecordEvent,
    RecordKind,
    SourcingRecord,
)
from matchmaker.storage.codec import from_document
from matchmaker.web.plan_form import ALL
from matchmaker.web.plan_words import ADVICE_SHORT
from matchmaker.workflows.sourcing_record import OPERATOR

OUTCOMES: Mapping[Outcome, Message] = {
    Outcome.SUITABLE: Message("Suitable suppliers were found"),
    Outcome.RESERVE: Message("The lot is to be reserved"),
    Outcome.CLAUSE: Message("A social clause is to be set instead"),
    Outcome.DIVIDE: Message("The purchase is to be divided first"),
    Outcome.NONE_SUITABLE: Message("None suitable"),
    Outcome.NOT_PURSUED: Message("Not pursued"),
}
KIND_WORDS: Mapping[RecordKind, Message] = {
    RecordKind.SEARCH: Message("Search"),
    RecordKind.PLAN: Message("Plan"),
}
EVENTS: Mapping[EventKind, Message] = {
    EventKind.OPENED: Message("Opened the record"),
    EventKind.NOTED: Message("Added a note"),
    EventKind.DECIDED: Message("Wrote down a decision"),
    EventKind.SHARED: Message("Let an officer read it"),
    EventKind.SHARING_ENDED: Message("Shut an officer out again"),
    EventKind.EXPORTED: Message("Exported it"),
}
FILTERS: Mapping[str, Message] = {
    "sort": Message("Order"),
    "only": Message("Show"),
    "show": Message("At most"),
}
FORGOTTEN = Message("Somebody no longer known (%(mark)s)")


@dataclass(frozen=True)
class RecordedMatch:
    """One match of the record with its supplier as it was called then; ``rank`` is the place it was shown at."""

    rank: int
    match: Match
    organisation: NamedSupplier
    chosen: bool

    @property
    def score(self) -> int:
        """Of 100, at most 99."""
        return points(self.match.score)


@dataclass(frozen=True)
class Said:
    """A note or decision with who and when."""

    at: datetime
    who: str | Message
    text: str
    decision: Decision | None = None


@dataclass(frozen=True)
class RecordView:
    """Everything a template needs of a record. ``plan`` is the document of the plan, None for a search."""

    record: SourcingRecord
    search: KeptSearch
    matches: tuple[RecordedMatch, ...]
    notes: tuple[Said, ...]
    decisions: tuple[Said, ...]
    plan: Mapping[str, Any] | None

    @property
    def decided(self) -> Said | None:
        """The decision that counts."""
        return self.decisions[-1] if self.decisions else None

    def who(self, event: RecordEvent) -> str | Message:
        """The person's address; of a person who was erased the mark alone."""
        return who(self.record, event.actor)


def who(record: SourcingRecord, actor: str) -> str | Message:
    """The address of an actor; of a person who was erased the mark alone."""
    if actor == OPERATOR:
        return Message("The operator of this service")
    return record.people.get(actor) or Message(FORGOTTEN.text, {"mark": actor})


def record_view(record: SourcingRecord) -> RecordView:
    """The record read for a page."""
    content = {**record.opened.content}
    search = from_document(content, KeptSearch)
    decisions = tuple(_decision(record, event) for event in record.of_kind(EventKind.DECIDED))
    last = decisions[-1].decision if decisions else None
    chosen = set(last.chosen) if last else set()
    named = {supplier.key: supplier for supplier in search.suppliers}
    matches = tuple(
        RecordedMatch(rank, match, named.get(match.supplier_key) or _nameless(match), match.supplier_key in chosen)
        for rank, match in enumerate(search.matches, 1)
    )
    notes = tuple(
        Said(event.at, who(record, event.actor), str(event.content["text"])) for event in record.of_kind(EventKind.NOTED)
    )
    return RecordView(record, search, matches, notes, decisions, content.get("plan"))


def _decision(record: SourcingRecord, event: RecordEvent) -> Said:
    decision = from_document({**event.content}, Decision)
    return Said(event.at, who(record, event.actor), decision.because, decision)


def _nameless(match: Match) -> NamedSupplier:
    return NamedSupplier(match.supplier_key, match.supplier_key, "")


def sentence(document: Mapping[str, Any]) -> Message:
    """A sentence kept in a plan's document."""
    return from_document({**document}, Message)


def record_words() -> dict[str, Any]:
    """What every template of records may use besides the layout."""
    return {
        "outcome_words": OUTCOMES,
        "kind_words": KIND_WORDS,
        "event_words": EVENTS,
        "advice_of": ADVICE_SHORT,
        "filter_words": FILTERS,
        "assumption_words": {each.name: each.label for each in ALL},
        "sentence": sentence,
    }
