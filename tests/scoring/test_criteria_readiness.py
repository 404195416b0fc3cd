"""Readiness and timing: what is shown counts, showing more never hurts, and the calendar decides."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.match import Need
from matchmaker.domain.organisation import Base, Capability, Certificate, Organisation, Provenance, SocialStatus, StatusKind
from matchmaker.domain.values import Deadline, Period
from matchmaker.scoring.criteria.finding import Finding
from matchmaker.scoring.criteria.readiness import OFFICIAL_THERE, language_share
from matchmaker.scoring.criteria.readiness import readiness as with_language
from matchmaker.scoring.criteria.timing import effort_days, timing
from matchmaker.scoring.rules import WEIGHTS

TODAY = date(2026, 11, 24)
NEED = Need("draft", {"fi": "Siivous"}, language="fi", certificates_asked=("ISO 14001",))
BARE = Organisation("t:1", "Paja", Base("FI"), Provenance("t", "1"))
ABROAD = replace(BARE, base=Base("GR"))
VERIFIED = SocialStatus(StatusKind.WORK_INTEGRATION, name="työosuuskunta", verified_by="the network", valid_until=TODAY)
STATED = SocialStatus(StatusKind.WORK_INTEGRATION)
EXPIRED = SocialStatus(StatusKind.WORK_INTEGRATION, verified_by="the network", valid_until=TODAY - timedelta(days=1))


def readiness(need: Need, organisation: Organisation, today: date) -> Finding:
    return with_language(need, organisation, language_share(organisation, need.language), today)


def added(organisation: Organisation, need: Need = NEED) -> float:
    return sum(WEIGHTS[name](value) for name, value in readiness(need, organisation, TODAY).features.items())


def test_nothing_shown_is_unknown() -> None:
    found = readiness(NEED, ABROAD, TODAY)
    assert found.value is None
    assert str(found.sentence) == "Nothing is known about its status, references or languages."


def test_a_verified_status_counts_until_the_day_it_expires() -> None:
    assert added(replace(BARE, statuses=(VERIFIED,))) > added(replace(BARE, statuses=(STATED,))) > 0
    found = readiness(replace(NEED, certificates_asked=()), replace(ABROAD, statuses=(EXPIRED,)), TODAY)
    assert str(found.sentence) == "Its status expired on 2026-11-23."
    assert found.value == 0


def test_of_several_statuses_the_best_counts() -> None:
    assert added(replace(BARE, statuses=(EXPIRED, VERIFIED))) == added(replace(BARE, statuses=(VERIFIED,)))


def test_a_certificate_asked_for_is_found_under_a_longer_name_and_expires() -> None:
    held = replace(BARE, certificates=(Certificate("ISO 14001:2015", TODAY),))
    assert str(readiness(NEED, held, TODAY).sentence) == "It holds what the lot asks for: ISO 14001:2015."
    lapsed = replace(BARE, certificates=(Certificate("ISO 14001:2015", TODAY - timedelta(days=1)),))
    assert str(readiness(NEED, lapsed, TODAY).sentence) == "Its certificate ISO 14001:2015 has expired."
    assert added(held) > added(lapsed)


def test_a_certificate_that_is_not_listed_is_unknown_not_missing() -> None:
    found = readiness(NEED, replace(BARE, languages=("fi",)), TODAY)
    assert found.features["readiness.certificates"] is None
    assert str(found.sentence) == "The lot asks for ISO 14001; the profile does not list it."


def test_certificates_play_no_part_where_the_lot_asks_for_none() -> None:
    assert "readiness.certificates" not in readiness(replace(NEED, certificates_asked=()), BARE, TODAY).features


def test_languages_come_from_the_list_the_description_and_the_capabilities() -> None:
    assert language_share(replace(BARE, language="sv", languages=("fi",)), "fi") == 1
    assert language_share(replace(BARE, language="fi"), "fi") == 1
    works = replace(ABROAD, capabilities=(Capability("Siivous", "fi"),))
    assert language_share(works, "fi") is None
    assert language_share(replace(works, provenance=replace(works.provenance, claimed=True)), "fi") == 1
    assert language_share(replace(BARE, language="nb"), "no") == 1


def test_the_official_language_of_its_country_is_less_sure_than_one_it_names_and_surer_than_another() -> None:
    assert language_share(BARE, "fi") == language_share(replace(BARE, language="en"), "sv") == OFFICIAL_THERE
    assert language_share(replace(BARE, language="en"), "el") == 0
    assert language_share(BARE, "el") is None
    assert language_share(replace(BARE, language="en"), None) is None


def test_how_many_references_it_has_makes_no_difference() -> None:
    assert added(replace(BARE, references=("a",))) == added(replace(BARE, references=("a", "b", "c")))


days = st.none() | st.dates(TODAY - timedelta(9), TODAY + timedelta(9))
facts = st.fixed_dictionaries(
    {
        "statuses": st.lists(st.sampled_from([VERIFIED, STATED, EXPIRED]), max_size=3).map(tuple),
        "certificates": st.lists(st.builds(Certificate, st.sampled_from(["ISO 14001", "EMAS"]), days), max_size=3).map(tuple),
        "references": st.lists(st.sampled_from(["a", "b"]), max_size=2).map(tuple),
        "languages": st.lists(st.sampled_from(["fi", "sv", "en"]), max_size=2).map(tuple),
    }
)


@given(facts, facts)
def test_showing_more_never_lowers_readiness(some: dict[str, tuple[object, ...]], more: dict[str, tuple[object, ...]]) -> None:
    before = replace(ABROAD, **some)  # type: ignore[arg-type]
    after = replace(ABROAD, **{name: some[name] + more[name] for name in some})  # type: ignore[arg-type]
    assert added(after) >= added(before)
    assert (readiness(NEED, after, TODAY).value or 0.0) >= (readiness(NEED, before, TODAY).value or 0.0)


def until(days: int) -> Need:
    return replace(NEED, deadline=Deadline(TODAY + timedelta(days=days)))


def test_a_closed_lot_says_so() -> None:
    found = timing(until(-1), True, None, TODAY)
    assert found.value == 0
    assert str(found.sentence) == "Closed: the deadline was 2026-11-23."


def test_the_last_day_is_not_closed() -> None:
    found = timing(until(0), True, None, TODAY)
    assert found.value is not None
    assert 0 < found.value < 0.1


def test_no_deadline_is_unknown() -> None:
    assert timing(NEED, True, None, TODAY).value is None


def test_a_planned_purchase_counts_to_its_start() -> None:
    soon, later, past = (replace(NEED, period=Period(start=TODAY + timedelta(days=days))) for days in (20, 200, -1))
    found = timing(soon, True, None, TODAY)
    assert str(found.sentence) == "The contract is to start in 20 days, which is short for a tender."
    assert found.value == 20 / 80
    assert timing(later, True, None, TODAY).value == 1
    assert timing(past, True, None, TODAY).value is None


def test_enough_days_are_said_without_alarm() -> None:
    assert str(timing(until(40), True, Decimal(10**6), TODAY).sentence) == (
        "40 days are left; preparing a tender like this takes about 30."
    )
    assert str(timing(until(4), True, Decimal(1000), TODAY).sentence).startswith("Only 4 days are left")


@pytest.mark.parametrize(("value", "days"), [(50_000, 10), (50_001, 20), (221_000, 20), (221_001, 30)])
def test_larger_contracts_take_longer(value: int, days: int) -> None:
    assert effort_days(Decimal(value), same_language=True) == days


def test_another_language_takes_longer() -> None:
    here, there = timing(until(20), True, None, TODAY), timing(until(20), False, None, TODAY)
    assert here.value is not None
    assert there.value is not None
    assert there.value < here.value


@given(st.integers(-50, 200), st.integers(-50, 200))
def test_more_days_never_hurt(one: int, other: int) -> None:
    values = [timing(until(days), True, None, TODAY).value or 0.0 for days in sorted((one, other))]
    assert values[0] <= values[1]
