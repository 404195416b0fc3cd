"""What would raise a match is computed by scoring again, and holds when it is done."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from matchmaker.domain.match import Criterion, Match, Need
from matchmaker.domain.notice import ReservedParticipation
from matchmaker.domain.organisation import (
    Base,
    Capability,
    Organisation,
    Provenance,
    ServiceArea,
    SizeFigures,
    SocialStatus,
    StatusKind,
)
from matchmaker.domain.values import CpvCode, Deadline, Money, NutsCode
from matchmaker.reference.bundle import core_reference
from matchmaker.scoring.capability import CapabilityModel, default_capability
from matchmaker.scoring.matching import match
from matchmaker.scoring.profile import profile_vectors
from matchmaker.scoring.raise_match import GOOD, Prospects, scored_again, what_blocks, what_would_raise

TODAY = date(2026, 11, 24)
NEED = Need(
    "draft",
    {"fr": "Nettoyage des bureaux et des vitres de la mairie"},
    language="fr",
    cpvs=(CpvCode("90919200"),),
    nuts=(NutsCode("FR10"),),
    country="FR",
    yearly_value=Money(Decimal(100_000), "EUR"),
    deadline=Deadline(TODAY + timedelta(days=60)),
)
PLAIN = Organisation(
    "plain",
    "Plain",
    Base("FR", nuts=NutsCode("FRL0")),
    Provenance("t", "plain"),
    capabilities=(Capability("Nettoyage de bureaux et de vitres.", "fr"),),
)


@pytest.fixture(scope="module")
def model() -> CapabilityModel:
    return default_capability()


def matched(model: CapabilityModel, organisation: Organisation, need: Need = NEED) -> Match:
    vectors = {key: rows[0] for key, rows in profile_vectors([organisation], model.encoder).items() if rows}
    return match(need, [organisation], vectors, model, core_reference(), TODAY)[0]


def prospects(model: CapabilityModel, organisation: Organisation, need: Need = NEED) -> Prospects:
    return what_would_raise(need, matched(model, organisation, need), model)


def said(found: Prospects) -> list[str]:
    return [str(each.sentence) for each in found.raises]


def test_no_more_than_three_things_are_named_and_each_adds_something(model: CapabilityModel) -> None:
    found = prospects(model, replace(PLAIN, area=ServiceArea(nuts=(NutsCode("FR10"),))))
    assert 0 < len(found.raises) <= 3
    assert all(each.gain > 0 for each in found.raises)
    assert found.score < found.together < 1


def test_doing_what_is_said_raises_the_score_as_much_as_was_said(model: CapabilityModel) -> None:
    found = prospects(model, PLAIN)
    first, second = found.raises
    assert (first.criterion, second.criterion) == (Criterion.PLACE, Criterion.CAPABILITY)
    moved = replace(PLAIN, area=ServiceArea(nuts=(NutsCode("FR10"),)))
    coded = (replace(PLAIN.capabilities[0], cpvs=(CpvCode("90919200"),)),)
    both = matched(model, replace(moved, capabilities=coded))
    assert both.score == pytest.approx(found.together)
    assert both.score - matched(model, replace(PLAIN, capabilities=coded)).score == pytest.approx(first.gain)
    assert both.score - matched(model, moved).score == pytest.approx(second.gain)


def test_what_is_there_already_is_not_asked_for(model: CapabilityModel) -> None:
    complete = replace(
        PLAIN,
        base=Base("FR", nuts=NutsCode("FR10")),
        area=ServiceArea(nuts=(NutsCode("FR10"),)),
        languages=("fr",),
        references=("Ville",),
        size=SizeFigures(turnover=Money(Decimal(900_000), "EUR")),
        statuses=(SocialStatus(StatusKind.WORK_INTEGRATION, verified_by="Ministry"),),
        capabilities=(replace(PLAIN.capabilities[0], cpvs=(CpvCode("90919200"),)),),
    )
    assert {each.criterion for each in prospects(model, complete).raises} <= {Criterion.CAPABILITY}


def test_a_near_miss_is_one_that_what_is_named_would_make_good(model: CapabilityModel) -> None:
    far = prospects(model, PLAIN)
    assert far.score < GOOD <= far.together
    assert far.near_miss
    other = replace(PLAIN, description="", capabilities=(Capability("Chorale et concerts.", "fr"),))
    assert not prospects(model, other, replace(NEED, cpvs=())).near_miss
    assert not prospects(model, replace(PLAIN, area=ServiceArea(nuts=(NutsCode("FR10"),)))).near_miss


def test_a_profile_without_work_is_asked_for_its_work(model: CapabilityModel) -> None:
    assert "Say what work you do, in your own words." in said(prospects(model, replace(PLAIN, capabilities=())))


def test_a_contract_too_large_alone_suggests_a_group_and_an_unknown_size_asks_for_it(model: CapabilityModel) -> None:
    small = replace(PLAIN, area=ServiceArea(nuts=(NutsCode("FR10"),)), size=SizeFigures(turnover=Money(Decimal(20_000), "EUR")))
    assert any(text.startswith("Bid in a group") for text in said(prospects(model, small)))
    without_value = replace(NEED, yearly_value=None)
    assert not any(each.criterion is Criterion.SCALE for each in prospects(model, small, without_value).raises)


def test_a_match_of_another_version_is_not_scored_again(model: CapabilityModel) -> None:
    stored = replace(matched(model, PLAIN), scorer_version="older")
    assert what_would_raise(NEED, stored, model).raises == ()
    assert what_blocks(NEED, [stored], model) == ()


def test_scoring_again_without_changes_gives_the_same(model: CapabilityModel) -> None:
    stored = matched(model, PLAIN)
    assert scored_again(stored, {}, model) == stored
    known = {name: value for name, value in stored.features.items() if value is not None}
    assert scored_again(stored, known, model).log_odds == pytest.approx(stored.log_odds, abs=1e-12)


def test_the_buyer_is_told_how_many_each_thing_in_the_need_keeps_away(model: CapabilityModel) -> None:
    able = PLAIN
    far = [replace(able, key=f"far{number}", area=ServiceArea(nuts=(NutsCode("FRL0"),))) for number in range(3)]
    tiny = replace(
        able,
        key="tiny",
        area=ServiceArea(nuts=(NutsCode("FR10"),)),
        size=SizeFigures(turnover=Money(Decimal(10_000), "EUR")),
    )
    blocks = what_blocks(NEED, [matched(model, each) for each in [*far, tiny]], model)
    assert [(block.criterion, block.gained) for block in blocks] == [(Criterion.PLACE, 3), (Criterion.SCALE, 1)]
    assert what_blocks(NEED, [matched(model, replace(tiny, size=SizeFigures()))], model) == ()


def test_whoever_may_not_be_able_to_bid_is_told_first_and_a_lot_without_reservation_asks_for_nothing(
    model: CapabilityModel,
) -> None:
    reserved = replace(NEED, reserved=frozenset({ReservedParticipation.SHELTERED}))
    assert prospects(model, PLAIN, reserved).raises[0].criterion is Criterion.ELIGIBILITY
    open_to_all = replace(NEED, reserved=frozenset({ReservedParticipation.NONE}))
    assert all(each.criterion is not Criterion.ELIGIBILITY for each in prospects(model, PLAIN, open_to_all).raises)
