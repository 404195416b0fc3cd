"""Groups of suppliers bidding for a reserved lot."""

from dataclasses import replace
from datetime import date

import pytest

from matchmaker.domain.match import Need, Verdict
from matchmaker.domain.organisation import Base, Organisation, Provenance, SizeFigures, SocialStatus, StatusKind
from matchmaker.planning.eligibility import eligibilities
from matchmaker.planning.joint_bids import Member, joint_eligibility, terms_of_cooperation
from matchmaker.reference.bundle import core_reference
from matchmaker.reference.clauses import ClauseKind

TODAY = date(2026, 11, 24)
REGIMES = {regime.regime_id: regime for regime in core_reference().regimes.rows}


def member(regime_id: str, name: str | None, share: float | None, employees: int | None = None) -> Member:
    country = REGIMES[regime_id].country.replace("UK", "GB")
    status = SocialStatus(StatusKind.SHELTERED_WORKSHOP, name, share)
    organisation = Organisation(
        "x:1", "One", Base(country), Provenance("x", "1"), statuses=(status,), size=SizeFigures(employees=employees)
    )
    found = eligibilities(core_reference().regimes, Need("draft", {}, country=country), organisation, TODAY)
    return Member(organisation, next(each for each in found if each.regime.regime_id == regime_id))


PROTECTED = "zaměstnavatel na chráněném trhu práce"


def test_where_each_must_qualify_alone_one_that_does_not_excludes_the_group() -> None:
    able, unable, unsaid = (member("CZ-38", PROTECTED, share) for share in (0.7, 0.2, None))
    assert joint_eligibility(REGIMES["CZ-38"], [able, able], TODAY).verdict is Verdict.ELIGIBLE
    excluded = joint_eligibility(REGIMES["CZ-38"], [able, unable], TODAY)
    assert (excluded.verdict, excluded.verify) == (Verdict.NOT_ELIGIBLE, ())
    assert joint_eligibility(REGIMES["CZ-38"], [able, unsaid], TODAY).verdict is Verdict.UNKNOWN


def test_where_the_law_is_silent_a_mixed_group_is_unknown() -> None:
    able, unable = member("FI-24", "työkeskus", 0.7), member("FI-24", "työkeskus", 0.2)
    assert joint_eligibility(REGIMES["FI-24"], [able, unable], TODAY).verdict is Verdict.UNKNOWN
    assert joint_eligibility(REGIMES["FI-24"], [able], TODAY).verdict is Verdict.ELIGIBLE


def test_a_combined_workforce_is_counted_by_heads() -> None:
    able = member("UK-32", "supported business", 0.9, employees=50)
    small, large = (member("UK-32", "supported business", 0.1, employees=count) for count in (50, 500))
    together = joint_eligibility(REGIMES["UK-32"], [able, small], TODAY)
    assert together.verdict is Verdict.ELIGIBLE
    nothing_verified = replace(REGIMES["UK-32"], clauses=())
    assert ClauseKind.JOINT_BIDS in joint_eligibility(nothing_verified, [able, small], TODAY).verify
    assert joint_eligibility(REGIMES["UK-32"], [able, large], TODAY).verdict is Verdict.NOT_ELIGIBLE
    unsaid = Member(replace(small.organisation, size=SizeFigures()), small.alone)
    assert joint_eligibility(REGIMES["UK-32"], [able, unsaid], TODAY).verdict is Verdict.UNKNOWN


def test_nobody_is_no_group() -> None:
    with pytest.raises(ValueError, match="members"):
        joint_eligibility(REGIMES["CZ-38"], [], TODAY)


def test_what_the_law_does_not_say_of_cooperation_is_said() -> None:
    assert [str(sentence) for sentence in terms_of_cooperation(REGIMES["SI-31"])] == [
        "Joint bids: not stated in the law at hand.",
        "Relying on others: not stated in the law at hand.",
        "Parts may be subcontracted only to suppliers of the same kinds.",
    ]
    assert "may not rely" in str(terms_of_cooperation(REGIMES["CZ-38"])[1])
