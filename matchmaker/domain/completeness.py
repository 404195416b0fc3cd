"""What a supplier's record still lacks, and what each missing part would be good for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from matchmaker.domain.match import Criterion, Match
from matchmaker.domain.organisation import Organisation


class Part(StrEnum):
    """A part of the record that a supplier fills in, in the order in which it is asked."""

    WORK = "work"
    CODES = "codes"
    PLACES = "places"
    SIZE = "size"
    STATUS = "status"
    PROOF = "proof"


DECIDES: Mapping[Part, Criterion] = {
    Part.WORK: Criterion.CAPABILITY,
    Part.CODES: Criterion.CAPABILITY,
    Part.PLACES: Criterion.PLACE,
    Part.SIZE: Criterion.SCALE,
    Part.STATUS: Criterion.ELIGIBILITY,
    Part.PROOF: Criterion.READINESS,
}
"""The criterion of a match that each part makes known."""


@dataclass(frozen=True, slots=True)
class Step:
    """A part, whether it says something, and the open lots whose criterion is unknown only for want of it (None: not counted)."""

    part: Part
    done: bool
    lots: int | None = None


@dataclass(frozen=True, slots=True)
class Completeness:
    """All parts in order."""

    steps: tuple[Step, ...]

    @property
    def done(self) -> int:
        """How many parts say something."""
        return sum(step.done for step in self.steps)

    @property
    def publishable(self) -> bool:
        """Whether it says what can be done and where: without these no lot can match."""
        needed = {Part.WORK, Part.PLACES}
        return all(step.done for step in self.steps if step.part in needed)

    @property
    def missing(self) -> tuple[Step, ...]:
        """The parts that say nothing; those that would tell most about lots first, else in the order they are asked."""
        return tuple(sorted((step for step in self.steps if not step.done), key=lambda step: -(step.lots or 0)))


def completeness(organisation: Organisation, today: date, unjudged: Mapping[Criterion, int] | None = None) -> Completeness:
    """What the record says and lacks on ``today``; ``unjudged`` counts the open lots whose criterion is unknown for it."""
    size, free = organisation.size, organisation.free_capacity
    says = {
        Part.WORK: bool(organisation.capabilities),
        Part.CODES: bool(organisation.capabilities) and all(work.cpvs for work in organisation.capabilities),
        Part.PLACES: organisation.area.known,
        Part.SIZE: any((size.turnover, size.employees, free, *(work.largest for work in organisation.capabilities))),
        Part.STATUS: any(status.valid_until is None or status.valid_until >= today for status in organisation.statuses),
        Part.PROOF: bool(organisation.references or organisation.certificates),
    }
    counted = unjudged or {}
    return Completeness(tuple(Step(part, done, None if done else counted.get(DECIDES[part])) for part, done in says.items()))


def unjudged_lots(matches: Iterable[Match], valued: frozenset[str]) -> Mapping[Criterion, int]:
    """By criterion the lots for which it is unknown; of scale only the lots in ``valued``: the others state no value to judge."""
    counts = dict.fromkeys(Criterion, 0)
    for match in matches:
        for result in match.criteria:
            if result.value is None and (result.criterion is not Criterion.SCALE or match.need_id in valued):
                counts[result.criterion] += 1
    return counts
