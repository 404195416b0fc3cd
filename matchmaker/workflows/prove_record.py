"""Prove a sourcing record: nothing in it was altered, and its scores and order come out again."""

from dataclasses import dataclass

from matchmaker.domain.errors import NotFound
from matchmaker.domain.hash_chain import first_broken
from matchmaker.domain.sourcing_record import KeptSearch, RecordKind, SourcingRecord
from matchmaker.planning.exposure import take_turns
from matchmaker.scoring.criteria.capability import Repeatable
from matchmaker.scoring.matching import replay
from matchmaker.storage.codec import from_document

TOLERANCE = 1e-9
"""Largest difference between a stored score and the same score computed again."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found. ``broken_at`` is the first event that was altered, None where all are whole.

    ``order`` and ``difference`` are None where the scorer that made the record is not loaded: its scores stay readable.
    """

    record_id: str
    events: int
    broken_at: int | None
    scores: int
    order: bool | None
    difference: float | None

    @property
    def whole(self) -> bool:
        """Whether no event was altered, taken away or added behind the record's back."""
        return self.broken_at is None

    @property
    def repeated(self) -> bool | None:
        """Whether order and scores come out the same; None: not tested."""
        if self.order is None or self.difference is None:
            return None
        return self.order and self.difference <= TOLERANCE

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against the record."""
        return self.whole and self.repeated is not False


def prove(record: SourcingRecord, model: Repeatable) -> Proof:
    """Checks the chain, then computes every score and the order again from stored feature values alone."""
    head = record.head
    broken = first_broken(record.links)
    if broken is None and not _says_the_same(record):
        broken = len(record.links)
    search = from_document({**record.opened.content}, KeptSearch) if broken is None else None
    order, difference = _replayed(search, model, head.kind, record) if search is not None else (None, None)
    return Proof(head.record_id, len(record.links), broken, len(search.matches) if search else 0, order, difference)


def _says_the_same(record: SourcingRecord) -> bool:
    """Whether the list of records tells of the same chain: then nothing was cut off its end."""
    head, opened = record.head, record.opened.content
    same_end = (head.length, head.digest) == (len(record.links), record.digest)
    told = (head.kind.value, head.team_key, head.title, head.need_id)
    return same_end and told == (opened["record"], opened["team"], opened["title"], opened["need_id"])


def _replayed(
    search: KeptSearch, model: Repeatable, kind: RecordKind, record: SourcingRecord
) -> tuple[bool | None, float | None]:
    try:
        again = replay(search.matches, model)
    except NotFound:
        return None, None
    scores = {match.supplier_key: match.score for match in again}
    differences = [abs(match.score - scores[match.supplier_key]) for match in search.matches]
    if kind is RecordKind.PLAN:
        regimes = record.opened.content["plan"]["regimes"]
        planned = [each for regime in regimes for each in regime["suppliers"]]
        differences += [abs(each["score"] - scores[each["key"]]) for each in planned]
    shown = [match.supplier_key for match in search.matches]
    return shown == _order(search, [(match.supplier_key, match.log_odds) for match in again]), max(differences, default=0.0)


def _order(search: KeptSearch, scored: list[tuple[str, float]]) -> list[str]:
    """By score; where suppliers took turns, by the turns that the stored exposure gives again."""
    if search.turns is None:
        return [key for key, _ in scored]
    return list(take_turns(search.need.need_id, scored, search.turns.state, search.turns.width).order)
