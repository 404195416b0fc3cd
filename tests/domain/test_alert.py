from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.access import Membership, Person, Role, normal_email
from matchmaker.domain.alert import LAST_ATTEMPT, AlertProfile, Channel, asks_for, dedupe_key, dedupe_prefix, next_attempt
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.match import Need
from matchmaker.domain.notice import ReservedParticipation
from matchmaker.domain.values import CpvCode, NutsCode

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def need(nuts: str = "FRE11", cpv: str = "98310000") -> Need:
    return Need("1-2026/LOT-0001", {"fr": "linge"}, cpvs=(CpvCode(cpv),), nuts=(NutsCode(nuts),) if nuts else ())


@pytest.mark.parametrize(
    ("region", "place", "told"),
    [("FRE", "FRE11", True), ("FRE11", "FR", True), ("FRE11", "FRE12", False), ("FRE11", "", True), ("EL", "EL30", True)],
)
def test_a_region_and_a_place_meet_when_one_contains_the_other_or_the_place_is_unknown(
    region: str, place: str, told: bool
) -> None:
    assert asks_for(AlertProfile(1, "s", regions=(NutsCode(region),)), need(place), ()) is told


@pytest.mark.parametrize(
    ("prefixes", "cpv", "told"),
    [(("9831",), "98310000", True), (("98311",), "98310000", True), (("9832",), "98310000", False), ((), "98310000", True)],
)
def test_an_activity_meets_codes_below_and_above_it(prefixes: tuple[str, ...], cpv: str, told: bool) -> None:
    assert asks_for(AlertProfile(1, "s", activities=("laundry",)), need(cpv=cpv), prefixes) is told


def test_said_not_to_be_reserved_is_not_reserved() -> None:
    profile = AlertProfile(1, "s", only_reserved=True)
    open_to_all = Need("x", {"fr": "linge"}, reserved=frozenset({ReservedParticipation.NONE}))
    assert not asks_for(profile, open_to_all, ())
    kept = Need("x", {"fr": "linge"}, reserved=frozenset({ReservedParticipation.PUBLIC_SERVICE_MISSION}))
    assert asks_for(profile, kept, ())


def test_a_stopped_alert_asks_for_nothing() -> None:
    assert not asks_for(AlertProfile(1, "s", stopped_at=NOW), need(), ())


@pytest.mark.parametrize("score", [-0.01, 1.01])
def test_a_score_outside_its_bounds_is_refused(score: float) -> None:
    with pytest.raises(InvalidValue):
        AlertProfile(1, "s", minimum_score=score)


def test_keys_of_different_lots_never_begin_alike() -> None:
    key = dedupe_key(1, "1-2026/LOT-0001", "01", Channel.EMAIL)
    assert key.startswith(dedupe_prefix(1, "1-2026/LOT-0001"))
    assert not key.startswith(dedupe_prefix(1, "1-2026/LOT-000"))
    assert not dedupe_key(11, "1-2026/LOT-0001", "01", Channel.EMAIL).startswith(dedupe_prefix(1, "1-2026/LOT-0001"))


@given(st.integers(1, LAST_ATTEMPT - 1))
def test_each_try_waits_at_least_as_long_as_the_one_before(attempts: int) -> None:
    first, second = next_attempt(attempts, NOW), next_attempt(attempts + 1, NOW)
    assert first is not None
    assert first >= NOW + timedelta(minutes=1)
    assert second is None or second >= first


@pytest.mark.parametrize(
    ("typed", "stored"), [(" Ann@Example.ORG ", "ann@example.org"), ("a.b+c@x.y.example", "a.b+c@x.y.example")]
)
def test_addresses_compare_without_case_and_spaces(typed: str, stored: str) -> None:
    assert normal_email(typed) == stored


@pytest.mark.parametrize(
    "typed", ["", "@x.example", "ann@", "ann@x", "a@b@c.example", "ann@x.example\nBcc: b@y.example", "<a@x.example>"]
)
def test_what_cannot_be_an_address_is_refused(typed: str) -> None:
    with pytest.raises(InvalidValue):
        normal_email(typed)


def test_serving_an_organisation_may_depend_on_the_role() -> None:
    person = Person(1, "a@x.example", "en", (Membership("s:1", "S", Role.SUPPLIER), Membership("t", "T", Role.OFFICER)))
    assert person.serves("s:1")
    assert person.serves("s:1", Role.SUPPLIER)
    assert not person.serves("s:1", Role.OFFICER)
    assert not person.serves("other")
    assert [each.organisation_key for each in person.organisations_as(Role.OFFICER)] == ["t"]
