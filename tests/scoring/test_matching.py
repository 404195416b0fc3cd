"""The score is its explanation: contributions sum to the log-odds, evidence never hurts, the order never wavers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from math import exp
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.domain.errors import NotFound
from matchmaker.domain.match import Criterion, Evidence, Match, Need, Verdict, need_of
from matchmaker.domain.notice import Buyer, Identifier, Lot, Notice, NoticeKind, ReservedParticipation
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
from matchmaker.domain.values import CpvCode, Deadline, Money, NutsCode
from matchmaker.reference.bundle import core_reference
from matchmaker.scoring.criteria.capability import SupplierText
from matchmaker.scoring.matching import logistic, match, replay
from matchmaker.scoring.reasons import sentences, strongest_reasons
from matchmaker.scoring.rules import RULES_VERSION, WEIGHTS, Curve

TODAY = date(2026, 11, 24)
REFERENCE = core_reference()


@dataclass(frozen=True)
class Answer:
    features: Mapping[str, float | None]
    contributions: Mapping[str, float]
    probability: float
    evidence: tuple[Evidence, ...]


class TitleWords:
    """One feature: the share of the title's words that stand in the supplier's texts."""

    version = "title-words"
    intercept = -2.0

    def assess(self, need: Need, suppliers: Sequence[SupplierText]) -> list[Answer]:
        return [self._answer(set(" ".join(need.title.values()).split()), supplier) for supplier in suppliers]

    def _answer(self, wanted: set[str], supplier: SupplierText) -> Answer:
        found = sorted(wanted & set(" ".join(supplier.texts).split()))
        features = {"capability.words": len(found) / len(wanted) if supplier.texts else None}
        added = self.contributions(features)
        evidence = tuple(Evidence("supplier.capabilities", word) for word in found)
        return Answer(features, added, logistic(self.intercept + sum(added.values())), evidence)

    def contributions(self, features: Mapping[str, float | None]) -> Mapping[str, float]:
        return {name: 5 * (value or 0.0) for name, value in features.items()}


MODEL = TitleWords()
NEED = Need(
    "000001-2026/LOT-0001",
    {"fi": "siivous ja pesula"},
    language="fi",
    cpvs=(CpvCode("90910000"),),
    nuts=(NutsCode("FI1B"), NutsCode("FI1C")),
    country="FI",
    yearly_value=Money(Decimal(100_000), "EUR"),
    deadline=Deadline(TODAY + timedelta(days=20)),
    certificates_asked=("ISO 14001",),
)
GOOD = Organisation(
    "t:good",
    "Paja",
    Base("FI", city="Helsinki", nuts=NutsCode("FI1B")),
    Provenance("t", "good"),
    language="fi",
    statuses=(SocialStatus(StatusKind.WORK_INTEGRATION, verified_by="the network", integration_share=0.5),),
    size=SizeFigures(turnover=Money(Decimal(900_000), "EUR")),
    area=ServiceArea(countries=("FI",)),
    capabilities=(Capability("siivous ja pesula", "fi"),),
    certificates=(Certificate("ISO 14001"),),
    references=("Helsingin kaupunki",),
)


def scored(*organisations: Organisation, need: Need = NEED) -> list[Match]:
    return match(need, organisations, {}, MODEL, REFERENCE, TODAY)


def one(organisation: Organisation, need: Need = NEED) -> Match:
    return scored(organisation, need=need)[0]


texts = st.sampled_from(["siivous", "pesula", "siivous ja pesula", "autot", ""])
organisations = st.builds(
    Organisation,
    key=st.integers(0, 99).map(lambda number: f"t:{number}"),
    name=st.just("Paja"),
    base=st.builds(Base, st.sampled_from(["FI", "EE", "GR"]), nuts=st.sampled_from([None, NutsCode("FI1B"), NutsCode("EE0")])),
    provenance=st.just(Provenance("t", "x")),
    language=st.sampled_from([None, "fi", "sv"]),
    statuses=st.sampled_from([(), GOOD.statuses, (SocialStatus(StatusKind.OTHER, valid_until=TODAY - timedelta(1)),)]),
    size=st.builds(
        SizeFigures,
        employees=st.none() | st.integers(1, 500),
        turnover=st.none() | st.integers(0, 10**7).map(lambda amount: Money(Decimal(amount), "EUR")),
    ),
    area=st.builds(
        ServiceArea,
        nuts=st.sampled_from([(), (NutsCode("FI1B"),), (NutsCode("EL3"),)]),
        radius_km=st.none() | st.floats(1, 300),
    ),
    capabilities=st.lists(texts.map(Capability), max_size=2).map(tuple),
    certificates=st.sampled_from([(), (Certificate("EMAS"),), (Certificate("ISO 14001"),)]),
)


@given(organisations)
def test_contributions_and_intercept_are_the_log_odds_and_the_score_is_their_logistic(organisation: Organisation) -> None:
    found = one(organisation)
    assert abs(found.intercept + sum(found.contributions.values()) - found.log_odds) < 1e-9
    assert found.score == pytest.approx(1 / (1 + exp(-found.log_odds)), rel=1e-12)
    assert 0 < found.score < 1


@given(organisations)
def test_the_criteria_share_out_every_contribution(organisation: Organisation) -> None:
    found = one(organisation)
    assert sum(result.contribution for result in found.criteria) == pytest.approx(sum(found.contributions.values()), abs=1e-9)
    assert [result.criterion for result in found.criteria] == list(Criterion)
    assert all(result.value is None or 0 <= result.value <= 1 for result in found.criteria)
    assert found.features.keys() == found.contributions.keys()


@given(organisations)
def test_what_is_unknown_adds_nothing(organisation: Organisation) -> None:
    found = one(organisation)
    assert all(found.contributions[name] == 0 for name, value in found.features.items() if value is None)


@settings(max_examples=40)
@given(st.lists(organisations, min_size=1, max_size=12, unique_by=lambda each: each.key), st.integers())
def test_the_order_is_a_permutation_that_does_not_depend_on_the_order_given(suppliers: list[Organisation], seed: int) -> None:
    shuffled = list(suppliers)
    Random(seed).shuffle(shuffled)
    ranked = scored(*suppliers)
    assert [each.supplier_key for each in scored(*shuffled)] == [each.supplier_key for each in ranked]
    assert {each.supplier_key for each in ranked} == {each.key for each in suppliers}
    assert [each.log_odds for each in ranked] == sorted((each.log_odds for each in ranked), reverse=True)


@settings(max_examples=40)
@given(st.lists(organisations, min_size=1, max_size=8, unique_by=lambda each: each.key))
def test_a_supplier_scores_the_same_alone_and_among_others(suppliers: list[Organisation]) -> None:
    together = {each.supplier_key: each for each in scored(*suppliers)}
    assert all(one(organisation) == together[organisation.key] for organisation in suppliers)


@given(st.lists(organisations, min_size=1, max_size=12, unique_by=lambda each: each.key), st.integers(0, 12))
def test_the_best_few_are_the_beginning_of_the_whole_list(suppliers: list[Organisation], top: int) -> None:
    assert match(NEED, suppliers, {}, MODEL, REFERENCE, TODAY, top) == scored(*suppliers)[:top]


@given(st.lists(organisations, min_size=1, max_size=12, unique_by=lambda each: each.key), st.floats(0, 1))
def test_only_those_that_cannot_reach_a_wanted_score_are_left_out(suppliers: list[Organisation], least: float) -> None:
    found = match(NEED, suppliers, {}, MODEL, REFERENCE, TODAY, least=least)
    assert [each for each in found if each.score >= least] == [each for each in scored(*suppliers) if each.score >= least]


@given(organisations)
def test_more_evidence_never_hurts(organisation: Organisation) -> None:
    before = one(organisation).log_odds
    larger = Money((organisation.size.turnover.amount if organisation.size.turnover else Decimal(0)) * 2, "EUR")
    more = (
        replace(organisation, statuses=(*organisation.statuses, *GOOD.statuses)),
        replace(organisation, certificates=(*organisation.certificates, *GOOD.certificates)),
        replace(organisation, references=GOOD.references),
        replace(organisation, languages=("fi",)),
        replace(organisation, capabilities=(*organisation.capabilities, Capability("pesula"))),
        replace(organisation, area=replace(organisation.area, countries=("FI",))),
    )
    assert all(one(each).log_odds >= before for each in more)
    if organisation.size.turnover:
        assert one(replace(organisation, size=replace(organisation.size, turnover=larger))).log_odds >= before


WITHOUT = {
    Criterion.CAPABILITY: {"capabilities": ()},
    Criterion.PLACE: {"area": ServiceArea(nuts=(NutsCode("EL3"),))},
    Criterion.SCALE: {"size": SizeFigures()},
    Criterion.READINESS: {"statuses": (), "certificates": (), "references": (), "language": None, "capabilities": ()},
}


@pytest.mark.parametrize("missing", [(), *[(criterion,) for criterion in WITHOUT]])
def test_taking_the_top_reason_away_lowers_the_score(missing: tuple[Criterion, ...]) -> None:
    supplier = GOOD
    for criterion in missing:
        supplier = replace(supplier, **WITHOUT[criterion])  # type: ignore[arg-type]
    before = one(supplier)
    top = strongest_reasons(before).supporting[0]
    assert top.contribution > 0
    assert one(replace(supplier, **WITHOUT[top.criterion])).score < before.score  # type: ignore[arg-type]


def test_reasons_are_at_most_three_a_side_strongest_first_and_unknown_stands_apart() -> None:
    found = strongest_reasons(one(replace(GOOD, size=SizeFigures(), area=ServiceArea(nuts=(NutsCode("EL3"),)))))
    assert len(found.supporting) <= 3
    added = [result.contribution for result in found.supporting]
    assert added == sorted(added, reverse=True)
    assert [result.criterion for result in found.opposing] == [Criterion.PLACE]
    assert [result.criterion for result in found.unknown] == [Criterion.SCALE, Criterion.ELIGIBILITY]
    assert all(str(sentence) for sentence in sentences(found.unknown))


def test_not_being_eligible_is_shown_first_and_not_weighed() -> None:
    out = replace(GOOD, statuses=(replace(GOOD.statuses[0], integration_share=0.1),))
    reserved = replace(NEED, reserved=frozenset({ReservedParticipation.SHELTERED}))
    inside, outside = one(GOOD, reserved), one(out, reserved)
    assert (inside.verdict, outside.verdict) == (Verdict.ELIGIBLE, Verdict.NOT_ELIGIBLE)
    assert inside.log_odds == outside.log_odds
    assert strongest_reasons(outside).opposing[0].criterion is Criterion.ELIGIBILITY
    assert "Fewer than 30 %" in str(outside.criterion(Criterion.ELIGIBILITY).sentence)


def test_an_unreserved_lot_says_which_reservation_the_supplier_could_use() -> None:
    open_to_all = replace(NEED, reserved=frozenset({ReservedParticipation.NONE}))
    assert str(one(GOOD, open_to_all).criterion(Criterion.ELIGIBILITY).sentence) == (
        "The lot is not reserved; this supplier could also take part in one reserved for integration enterprises (Art. 20)."
    )
    assert one(GOOD).verdict is Verdict.UNKNOWN


def test_another_buyer_of_the_same_country_changes_no_score() -> None:
    lot = Lot("1", {"fi": "siivous ja pesula"}, main_cpv=CpvCode("90910000"), nuts=("FI1B1",))
    notice = Notice("000001-2026", "1", NoticeKind.COMPETITION, "ted", "R2.0.9", "fi", {"fi": "Siivous"}, (lot,))
    buyers = (Buyer("Helsinki", "FI", "Helsinki", "FI1B1", Identifier("0201256-6")), Buyer("Oulu", "FI", "Oulu", "FI1D9"))
    first, second = (one(GOOD, need_of(replace(notice, buyers=(buyer,)), lot)) for buyer in buyers)
    assert first == second


def test_stored_feature_values_replay_to_the_same_order_and_scores() -> None:
    suppliers = [
        replace(GOOD, key=f"t:{name}", capabilities=(Capability(name),)) for name in ("siivous", "pesula", "siivous ja", "x")
    ]
    ranked = scored(*suppliers)
    blank = [replace(each, score=0.5, log_odds=0.0, contributions={}) for each in reversed(ranked)]
    again = replay(blank, MODEL)
    assert [each.supplier_key for each in again] == [each.supplier_key for each in ranked]
    assert all(abs(mine.log_odds - theirs.log_odds) < 1e-9 for mine, theirs in zip(again, ranked, strict=True))
    assert all(abs(mine.score - theirs.score) < 1e-9 for mine, theirs in zip(again, ranked, strict=True))


def test_another_version_of_the_scorer_is_not_taken_for_the_same() -> None:
    ranked = [replace(each, scorer_version=f"older+{RULES_VERSION}") for each in scored(GOOD)]
    with pytest.raises(NotFound, match="older"):
        replay(ranked, MODEL)


def test_every_published_weight_is_zero_for_unknown_and_rises_with_the_value() -> None:
    for curve in WEIGHTS.values():
        heights = [curve(step / 50) for step in range(51)]
        assert heights == sorted(heights)
        assert curve(None) == 0


@pytest.mark.parametrize("points", [((0, 1), (1, 0)), ((0, 0), (0.5, 1)), ((0.1, 0), (1, 1)), ((0, 0), (0, 1), (1, 1))])
def test_a_curve_that_falls_or_leaves_a_gap_is_refused(points: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValueError, match="not a monotone curve"):
        Curve(points)
