"""What a record lacks is named with what it would make known, and counted from lots."""

from dataclasses import replace
from datetime import date

from matchmaker.domain.completeness import Part, completeness, unjudged_lots
from matchmaker.domain.expiry import expiries
from matchmaker.domain.match import Criterion, CriterionResult, Match
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import (
    Base,
    Capability,
    Certificate,
    Organisation,
    Provenance,
    ServiceArea,
    SizeFigures,
    SocialStatus,
    StatusKind,
)
from matchmaker.domain.special_category import is_small, only_verdict
from matchmaker.domain.values import CpvCode

TODAY = date(2026, 11, 24)
EMPTY = Organisation("a", "A", Base("IE"), Provenance("registered", "a"))
FULL = replace(
    EMPTY,
    capabilities=(Capability("cleaning", "en", (CpvCode("90919200"),)),),
    area=ServiceArea(radius_km=30),
    size=SizeFigures(employees=12),
    statuses=(SocialStatus(StatusKind.WORK_INTEGRATION),),
    certificates=(Certificate("EMAS"),),
)


def match(need_id: str, **known: float) -> Match:
    results = tuple(CriterionResult(each, known.get(each.value), Message("x")) for each in Criterion)
    return Match(need_id, "a", 0.5, 0.0, 0.0, results, {}, {}, "v")


def test_an_empty_record_lacks_everything_and_a_full_one_nothing() -> None:
    assert completeness(EMPTY, TODAY).done == 0
    assert not completeness(EMPTY, TODAY).publishable
    full = completeness(FULL, TODAY)
    assert full.missing == ()
    assert full.publishable


def test_work_without_codes_and_an_expired_status_count_as_missing() -> None:
    worn = replace(
        FULL,
        capabilities=(*FULL.capabilities, Capability("gardens")),
        statuses=(SocialStatus(StatusKind.WORK_INTEGRATION, valid_until=date(2026, 11, 23)),),
    )
    assert [step.part for step in completeness(worn, TODAY).missing] == [Part.CODES, Part.STATUS]


def test_the_part_that_would_tell_most_about_lots_comes_first() -> None:
    found = completeness(replace(FULL, size=SizeFigures(), certificates=()), TODAY, {Criterion.SCALE: 14, Criterion.READINESS: 3})
    assert [(step.part, step.lots) for step in found.missing] == [(Part.SIZE, 14), (Part.PROOF, 3)]


def test_lots_are_counted_by_unknown_criterion_and_scale_only_where_the_lot_states_a_value() -> None:
    counted = unjudged_lots([match("1", place=0.4), match("2"), match("3", scale=0.7)], frozenset({"1", "3"}))
    assert (counted[Criterion.SCALE], counted[Criterion.PLACE]) == (1, 2)


def test_a_reminder_is_due_from_sixty_and_from_fourteen_days_before_and_never_after() -> None:
    def due(day: date) -> list[int | None]:
        return [each.reminder(TODAY) for each in expiries(replace(EMPTY, certificates=(Certificate("EMAS", day),)), TODAY)]

    assert due(date(2027, 1, 24)) == []
    assert due(date(2027, 1, 23)) == [60]
    assert due(date(2026, 12, 9)) == [60]
    assert due(date(2026, 12, 8)) == [14]
    assert due(date(2026, 11, 24)) == [14]
    assert due(date(2026, 11, 23)) == [None]


def test_a_firm_of_nine_shows_its_status_only_with_consent() -> None:
    nine = replace(FULL, size=SizeFigures(employees=9), provenance=replace(FULL.provenance, claimed=True))
    alone = replace(nine, size=SizeFigures(employees=0))
    assert (is_small(nine), is_small(alone), is_small(FULL), is_small(EMPTY)) == (True, True, False, False)
    assert only_verdict(nine)
    assert not only_verdict(replace(nine, status_consent=TODAY))
    assert not only_verdict(replace(nine, provenance=Provenance("a register", "1")))
