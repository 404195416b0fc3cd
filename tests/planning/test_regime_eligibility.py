"""Who may bid under which law: the national row first, the EU row as floor, unknown never no and never yes."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.domain.match import Need, Verdict
from matchmaker.domain.organisation import (
    Base,
    Organisation,
    Provenance,
    PublicServiceMission,
    SizeFigures,
    SocialStatus,
    StatusKind,
)
from matchmaker.domain.values import CpvCode, NutsCode, Period
from matchmaker.planning.eligibility import RegimeEligibility, eligibilities, national_regimes
from matchmaker.reference.bundle import core_reference
from matchmaker.reference.clauses import ClauseKind, ClauseState

TODAY = date(2026, 11, 24)
REGIMES = core_reference().regimes
COUNTRIES = sorted({regime.country[:2] for regime in REGIMES.rows} - {"EU"})
CARE = CpvCode("85312400")
CLEANING = CpvCode("90910000")


def lot(country: str, cpv: CpvCode = CLEANING, months: float | None = 24) -> Need:
    return Need("draft", {"en": "A lot"}, cpvs=(cpv,), country=country, period=Period(months=months))


def supplier(country: str, *statuses: SocialStatus, mission: PublicServiceMission | None = None) -> Organisation:
    return Organisation(
        "x:1", "One", Base(country), Provenance("x", "1"), statuses=statuses, public_service=mission or PublicServiceMission()
    )


def under(
    regime_id: str, need: Need, organisation: Organisation, day: date = TODAY, won: bool | None = None
) -> RegimeEligibility:
    found = eligibilities(REGIMES, need, organisation, day, won)
    return next(each for each in found if each.regime.regime_id == regime_id)


CZECH = SocialStatus(StatusKind.SHELTERED_WORKSHOP, "zaměstnavatel na chráněném trhu práce", 0.72)
ESAT = SocialStatus(StatusKind.SHELTERED_WORKSHOP, "ESAT", 0.86)


def test_a_supplier_that_meets_a_law_verified_in_every_clause_may_bid_without_more() -> None:
    found = under("CZ-38", lot("CZ"), supplier("CZ", CZECH))
    assert found.verdict is Verdict.ELIGIBLE
    assert found.automatic
    assert str(found.answer) == "It may bid under Zakon 134/2016 Sb. s.38."


def test_once_the_review_is_due_the_same_supplier_only_probably_may() -> None:
    found = under("CZ-38", lot("CZ"), supplier("CZ", CZECH), date(2029, 1, 1))
    assert found.verdict is Verdict.ELIGIBLE
    assert not found.automatic
    assert ClauseKind.SHARE in found.verify
    assert str(found.answer).startswith("Probably")


def test_the_national_share_decides_where_it_is_higher_than_the_european_one() -> None:
    found = under("CZ-38", lot("CZ"), supplier("CZ", replace(CZECH, integration_share=0.45)))
    assert found.verdict is Verdict.NOT_ELIGIBLE
    assert found.applied.regime_id == "CZ-38"
    assert found.automatic


def test_a_law_known_only_by_hearsay_gives_no_automatic_answer() -> None:
    workshop = SocialStatus(StatusKind.SHELTERED_WORKSHOP, "beskyttet værksted", 0.86)
    found = under("DK-54", lot("DK"), supplier("DK", workshop))
    assert (found.verdict, found.automatic) == (Verdict.ELIGIBLE, False)


def test_below_the_european_share_a_status_that_the_national_law_names_does_not_help() -> None:
    status = SocialStatus(StatusKind.SHELTERED_WORKSHOP, "invalidsko podjetje", 0.2)
    found = under("SI-31", lot("SI"), supplier("SI", status))
    assert found.verdict is Verdict.NOT_ELIGIBLE
    assert found.applied.regime_id == "EU-24-20-A"
    assert under("SI-31", lot("SI"), supplier("SI", replace(status, integration_share=None))).verdict is Verdict.ELIGIBLE


def test_a_share_that_must_be_exceeded_is_not_met_by_the_figure_itself() -> None:
    exact = SocialStatus(StatusKind.WORK_INTEGRATION, "Κοιν.Σ.Επ. άλλη", 0.30)
    assert under("GR-20", lot("GR"), supplier("GR", exact)).verdict is Verdict.NOT_ELIGIBLE
    assert under("GR-20", lot("GR"), supplier("GR", replace(exact, integration_share=0.31))).verdict is Verdict.ELIGIBLE


def test_a_foreign_status_is_unknown_until_the_buyer_admits_an_equivalent_one() -> None:
    found = under("FR-2113-12", lot("FR"), supplier("BE", ESAT))
    assert found.verdict is Verdict.UNKNOWN
    assert found.missing == ("statuses.equivalence",)
    assert under("FR-2113-12", lot("FR"), supplier("FR", ESAT)).verdict is Verdict.ELIGIBLE


def test_each_regime_admits_its_own_kinds_of_supplier_only() -> None:
    verdicts = {each.regime.regime_id: each.verdict for each in eligibilities(REGIMES, lot("FR"), supplier("FR", ESAT), TODAY)}
    assert verdicts["FR-2113-12"] is Verdict.ELIGIBLE
    assert verdicts["FR-2113-13"] is Verdict.UNKNOWN
    assert verdicts["FR-2113-14"] is Verdict.ELIGIBLE
    assert "FR-SPASER" not in verdicts


def test_an_expired_status_shows_nothing_and_excludes_nobody() -> None:
    expired = replace(CZECH, valid_until=date(2026, 1, 1))
    found = under("CZ-38", lot("CZ"), supplier("CZ", expired))
    assert found.verdict is Verdict.UNKNOWN
    assert "statuses.valid_until" in found.missing


def test_a_smaller_share_in_the_whole_firm_excludes_nobody_where_a_unit_counts() -> None:
    cooperative = SocialStatus(StatusKind.WORK_INTEGRATION, "spółdzielnia socjalna", 0.1)
    found = under("PL-94", lot("PL"), supplier("PL", cooperative))
    assert found.verdict is Verdict.UNKNOWN
    assert found.missing == ("statuses.unit_share",)


def test_a_law_that_counts_fewer_workers_than_the_profile_does_leaves_it_unknown() -> None:
    mixed = SocialStatus(StatusKind.WORK_INTEGRATION, None, 0.6)
    assert under("LV-16-1", lot("LV"), supplier("LV", mixed)).verdict is Verdict.UNKNOWN
    workshop = replace(mixed, kind=StatusKind.SHELTERED_WORKSHOP)
    assert under("LV-16-1", lot("LV"), supplier("LV", workshop)).verdict is Verdict.ELIGIBLE


MISSION = PublicServiceMission(has_mission=True, reinvests_profits=True, participatory=True, recent_award=False)


def test_article_77_needs_its_services_at_most_three_years_and_no_recent_award_by_the_same_buyer() -> None:
    foundation = supplier("ES", mission=MISSION)
    assert under("ES-DA48", lot("ES", CARE), foundation).verdict is Verdict.ELIGIBLE
    assert under("ES-DA48", lot("ES", CLEANING), foundation).verdict is Verdict.NOT_ELIGIBLE
    assert under("ES-DA48", lot("ES", CARE, 37), foundation).verdict is Verdict.NOT_ELIGIBLE
    assert under("ES-DA48", lot("ES", CARE, 36), foundation).verdict is Verdict.ELIGIBLE
    unstated = under("ES-DA48", lot("ES", CARE, None), foundation)
    assert (unstated.verdict, unstated.missing) == (Verdict.UNKNOWN, ("lot.period",))
    assert under("ES-DA48", lot("ES", CARE), foundation, won=True).verdict is Verdict.NOT_ELIGIBLE


def test_the_award_history_decides_over_what_the_supplier_left_unsaid() -> None:
    silent = supplier("ES", mission=replace(MISSION, recent_award=None))
    assert under("ES-DA48", lot("ES", CARE), silent).verdict is Verdict.UNKNOWN
    assert under("ES-DA48", lot("ES", CARE), silent, won=False).verdict is Verdict.ELIGIBLE


def test_a_country_whose_law_is_not_at_hand_reserves_nothing() -> None:
    assert national_regimes(REGIMES, lot("CH"), TODAY) == ()
    assert national_regimes(REGIMES, replace(lot("FR"), country=None), TODAY) == ()


def test_scotland_has_a_law_of_its_own() -> None:
    scottish = replace(lot("GB"), nuts=(NutsCode("UKM82"),))
    assert [regime.regime_id for regime in national_regimes(REGIMES, scottish, TODAY)] == ["UK-SCT-21"]
    assert {regime.regime_id for regime in national_regimes(REGIMES, lot("GB"), TODAY)} == {"UK-32", "UK-33"}


NAMES = [None, *sorted({kind.value for regime in REGIMES.rows for kind in regime.kinds if kind.match == "name"})]
STATUSES = st.builds(
    SocialStatus,
    kind=st.sampled_from(StatusKind),
    name=st.sampled_from(NAMES),
    integration_share=st.none() | st.floats(0, 1),
    main_aim_integration=st.none() | st.booleans(),
    valid_until=st.none() | st.just(date(2026, 1, 1)) | st.just(date(2028, 1, 1)),
)
ORDER = [Verdict.NOT_ELIGIBLE, Verdict.UNKNOWN, Verdict.ELIGIBLE]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(COUNTRIES), st.sampled_from(COUNTRIES), st.lists(STATUSES, max_size=3), STATUSES)
def test_another_status_never_takes_a_yes_away(buyer: str, home: str, stated: list[SocialStatus], more: SocialStatus) -> None:
    before = eligibilities(REGIMES, lot(buyer, CARE), supplier(home, *stated, mission=MISSION), TODAY)
    after = eligibilities(REGIMES, lot(buyer, CARE), supplier(home, *stated, more, mission=MISSION), TODAY)
    for old, new in zip(before, after, strict=True):
        assert old.verdict is not Verdict.ELIGIBLE or new.verdict is Verdict.ELIGIBLE, old.regime.regime_id


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(COUNTRIES), st.lists(STATUSES, min_size=1, max_size=3), st.floats(0, 1))
def test_a_higher_share_or_a_stated_main_aim_never_lowers_a_verdict(buyer: str, stated: list[SocialStatus], share: float) -> None:
    lower = [replace(status, integration_share=share / 2) for status in stated]
    higher = [replace(status, integration_share=share, main_aim_integration=True) for status in stated]
    before = eligibilities(REGIMES, lot(buyer), supplier(buyer, *lower), TODAY)
    after = eligibilities(REGIMES, lot(buyer), supplier(buyer, *higher), TODAY)
    for old, new in zip(before, after, strict=True):
        assert ORDER.index(new.verdict) >= ORDER.index(old.verdict), old.regime.regime_id


@given(st.sampled_from(COUNTRIES), st.sampled_from(COUNTRIES))
def test_who_states_nothing_is_neither_in_nor_out(buyer: str, home: str) -> None:
    for found in eligibilities(REGIMES, lot(buyer, CARE), supplier(home), TODAY):
        assert found.verdict is Verdict.UNKNOWN, found.regime.regime_id
        assert not found.automatic


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(COUNTRIES), st.lists(STATUSES, max_size=3))
def test_an_automatic_answer_rests_on_verified_clauses_and_says_why(buyer: str, stated: list[SocialStatus]) -> None:
    for found in eligibilities(REGIMES, lot(buyer), supplier(buyer, *stated), TODAY):
        assert found.reasons
        if found.automatic:
            assert found.applied.valid_from is not None
            assert found.applied.states(TODAY)[ClauseState.VERIFIED]


def test_of_a_small_firm_without_consent_a_law_is_told_the_verdict_and_never_the_name_of_its_status() -> None:
    small = replace(supplier("FR", ESAT), size=SizeFigures(employees=4), provenance=Provenance("own", "1", claimed=True))
    hidden = under("FR-2113-12", lot("FR"), small)
    shown = under("FR-2113-12", lot("FR"), replace(small, status_consent=TODAY))
    assert hidden.verdict is shown.verdict is Verdict.ELIGIBLE
    assert "ESAT" in " ".join(map(str, shown.reasons))
    assert "ESAT" not in " ".join(map(str, hidden.reasons))
    assert any(str(reason).startswith("Yes, by what it states") for reason in hidden.reasons)
