"""The EU row: who may take part in a reserved lot, and what is missing to know it."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.match import Need, Verdict
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot, ReservedParticipation
from matchmaker.domain.organisation import Base, Organisation, Provenance, PublicServiceMission, SocialStatus, StatusKind
from matchmaker.domain.reservation import Clause, Eligibility, eligibility, reservation_verdict
from matchmaker.domain.values import CpvCode, Period

TODAY = date(2026, 11, 24)
HOME_CARE = CpvCode("85312400")
CLEANING = CpvCode("90911000")
ART77 = frozenset({HOME_CARE})
WORKSHOP = SocialStatus(StatusKind.SHELTERED_WORKSHOP, integration_share=0.6)
MISSION = PublicServiceMission(has_mission=True, reinvests_profits=True, participatory=True, recent_award=False)


def organisation(*statuses: SocialStatus, mission: PublicServiceMission | None = None) -> Organisation:
    return Organisation(
        "example:1",
        "Werkstatt",
        Base("DE"),
        Provenance("example", "1"),
        statuses=statuses,
        public_service=mission or PublicServiceMission(),
    )


def need(*reserved: ReservedParticipation, cpv: CpvCode = HOME_CARE, months: float | None = 24) -> Need:
    return Need("draft", {"en": "Care"}, cpvs=(cpv,), period=Period(months=months), reserved=frozenset(reserved))


def verdict(wanted: Need, supplier: Organisation) -> Eligibility:
    return eligibility(wanted, supplier, TODAY, ART77)


def said(messages: tuple[Message, ...]) -> str:
    return " ".join(map(str, messages))


def test_a_workshop_with_the_share_may_take_part_in_a_lot_reserved_to_workshops() -> None:
    assert verdict(need(ReservedParticipation.SHELTERED), organisation(WORKSHOP)).verdict is Verdict.ELIGIBLE


def test_exactly_thirty_per_cent_is_enough_and_less_is_not() -> None:
    lot = need(ReservedParticipation.SHELTERED)
    assert verdict(lot, organisation(replace(WORKSHOP, integration_share=0.30))).verdict is Verdict.ELIGIBLE
    refused = verdict(lot, organisation(replace(WORKSHOP, integration_share=0.29)))
    assert refused.verdict is Verdict.NOT_ELIGIBLE
    assert "Fewer than 30 %" in said(refused.reasons)


def test_an_unknown_share_is_neither_yes_nor_no_and_is_named() -> None:
    found = verdict(need(ReservedParticipation.SHELTERED), organisation(replace(WORKSHOP, integration_share=None)))
    assert found.verdict is Verdict.UNKNOWN
    assert found.missing == ("statuses.integration_share",)
    assert "share of disabled or disadvantaged workers" in said(found.reasons)


def test_a_social_enterprise_needs_integration_as_its_main_aim() -> None:
    lot = need(ReservedParticipation.SHELTERED)
    enterprise = SocialStatus(StatusKind.SOCIAL_ENTERPRISE, integration_share=0.5)
    assert verdict(lot, organisation(enterprise)).missing == ("statuses.main_aim_integration",)
    assert verdict(lot, organisation(replace(enterprise, main_aim_integration=True))).verdict is Verdict.ELIGIBLE
    assert verdict(lot, organisation(replace(enterprise, main_aim_integration=False))).verdict is Verdict.NOT_ELIGIBLE


def test_a_supplier_without_any_status_is_unknown_and_the_status_is_what_is_missing() -> None:
    found = verdict(need(ReservedParticipation.SHELTERED), organisation())
    assert (found.verdict, found.missing[0]) == (Verdict.UNKNOWN, "statuses")


def test_an_expired_status_proves_nothing_any_more() -> None:
    found = verdict(need(ReservedParticipation.SHELTERED), organisation(replace(WORKSHOP, valid_until=date(2026, 11, 23))))
    assert found.verdict is Verdict.UNKNOWN
    assert "expired" in said(found.reasons)
    last_day = organisation(replace(WORKSHOP, valid_until=TODAY))
    assert verdict(need(ReservedParticipation.SHELTERED), last_day).verdict is Verdict.ELIGIBLE


def test_a_small_share_excludes_nobody_from_a_sheltered_programme() -> None:
    lot = need(ReservedParticipation.SHELTERED_PROGRAMME)
    firm = organisation(SocialStatus(StatusKind.OTHER, integration_share=0.05, main_aim_integration=False))
    assert verdict(lot, firm).verdict is Verdict.UNKNOWN
    assert verdict(lot, organisation(WORKSHOP)).verdict is Verdict.ELIGIBLE


def test_the_four_conditions_of_article_77_are_each_asked_for() -> None:
    lot = need(ReservedParticipation.PUBLIC_SERVICE_MISSION)
    assert verdict(lot, organisation(mission=MISSION)).verdict is Verdict.ELIGIBLE
    for name in ("has_mission", "reinvests_profits", "participatory", "recent_award"):
        found = verdict(lot, organisation(mission=replace(MISSION, **{name: None})))
        assert (found.verdict, found.missing) == (Verdict.UNKNOWN, (f"public_service.{name}",))
    assert verdict(lot, organisation(mission=replace(MISSION, participatory=False))).verdict is Verdict.NOT_ELIGIBLE


def test_an_award_by_some_authority_is_no_exclusion_because_only_the_same_buyer_counts() -> None:
    lot = need(ReservedParticipation.PUBLIC_SERVICE_MISSION)
    assert verdict(lot, organisation(mission=replace(MISSION, recent_award=True))).verdict is Verdict.UNKNOWN


def test_article_77_does_not_reach_other_services_or_longer_contracts() -> None:
    supplier = organisation(mission=MISSION)
    for lot in (
        need(ReservedParticipation.PUBLIC_SERVICE_MISSION, cpv=CLEANING),
        need(ReservedParticipation.PUBLIC_SERVICE_MISSION, months=37),
        need(ReservedParticipation.PUBLIC_SERVICE_MISSION, months=None),
    ):
        assert verdict(lot, supplier).verdict is Verdict.UNKNOWN


def test_two_kinds_of_reserved_participation_let_either_kind_in() -> None:
    both = need(ReservedParticipation.SHELTERED, ReservedParticipation.PUBLIC_SERVICE_MISSION)
    assert verdict(both, organisation(WORKSHOP)).verdict is Verdict.ELIGIBLE
    assert verdict(both, organisation(mission=MISSION)).verdict is Verdict.ELIGIBLE


def test_reserved_participation_and_reserved_execution_must_both_be_met() -> None:
    lot = need(ReservedParticipation.SHELTERED, ReservedParticipation.SHELTERED_PROGRAMME)
    integrator = organisation(SocialStatus(StatusKind.WORK_INTEGRATION, integration_share=0.5))
    found = verdict(lot, integrator)
    assert (found.verdict, found.missing) == (Verdict.UNKNOWN, ("statuses.programme",))


def test_a_lot_that_is_not_reserved_is_open_and_a_silent_notice_is_unknown() -> None:
    assert verdict(need(ReservedParticipation.NONE), organisation()).verdict is Verdict.ELIGIBLE
    silent = verdict(need(), organisation(WORKSHOP))
    assert silent.verdict is Verdict.UNKNOWN
    assert {clause.clause: clause.verdict for clause in silent.clauses}[Clause.ART_20_OPERATORS] is Verdict.ELIGIBLE


shares = st.none() | st.floats(0, 1)
answers = st.none() | st.booleans()
statuses = st.builds(
    SocialStatus,
    kind=st.sampled_from(StatusKind),
    integration_share=shares,
    main_aim_integration=answers,
    valid_until=st.sampled_from([None, date(2020, 1, 1), date(2030, 1, 1)]),
)
missions = st.builds(
    PublicServiceMission, has_mission=answers, reinvests_profits=answers, participatory=answers, recent_award=answers
)
suppliers = st.builds(lambda held, mission: organisation(*held, mission=mission), st.lists(statuses, max_size=3), missions)
needs = st.builds(
    lambda reserved, months: replace(need(months=months), reserved=reserved),
    st.frozensets(st.sampled_from(ReservedParticipation)),
    st.none() | st.floats(1, 60),
)


def poorer(supplier: Organisation) -> list[Organisation]:
    """The supplier with one statement taken away, in every way; an expiry date stays, it is a limit and no statement."""
    held = supplier.statuses
    without = [replace(supplier, statuses=held[:place] + held[place + 1 :]) for place in range(len(held))]
    without += [
        replace(supplier, statuses=(*held[:place], less, *held[place + 1 :]))
        for place, status in enumerate(held)
        for less in (replace(status, integration_share=None), replace(status, main_aim_integration=None))
    ]
    without += [
        replace(supplier, public_service=replace(supplier.public_service, **{name: None}))
        for name in ("has_mission", "reinvests_profits", "participatory", "recent_award")
    ]
    return without


@given(needs, suppliers)
def test_taking_a_statement_away_never_makes_a_supplier_eligible(wanted: Need, supplier: Organisation) -> None:
    before = verdict(wanted, supplier)
    for less in poorer(supplier):
        after = verdict(wanted, less)
        assert after.verdict is not Verdict.ELIGIBLE or before.verdict is Verdict.ELIGIBLE
        for clause, earlier in zip(after.clauses, before.clauses, strict=True):
            assert clause.verdict is not Verdict.ELIGIBLE or earlier.verdict is Verdict.ELIGIBLE


@given(needs)
def test_a_supplier_that_states_nothing_is_never_excluded(wanted: Need) -> None:
    assert verdict(wanted, organisation()).verdict is not Verdict.NOT_ELIGIBLE


@given(needs, suppliers)
def test_every_unknown_says_why(wanted: Need, supplier: Organisation) -> None:
    found = verdict(wanted, supplier)
    assert found.reasons
    for clause in found.clauses:
        assert clause.reasons


def test_the_lot_page_tells_silence_from_a_stated_no() -> None:
    assert reservation_verdict(need(), ART77).reserved is None
    assert reservation_verdict(need(ReservedParticipation.NONE), ART77).reserved is False
    assert reservation_verdict(need(ReservedParticipation.SHELTERED_PROGRAMME), ART77).reserved is True


def test_the_lot_page_warns_of_a_main_code_outside_article_77_even_if_an_additional_one_is_inside() -> None:
    lot = Lot(
        "LOT-0001",
        {"en": "Cleaning"},
        main_cpv=CLEANING,
        extra_cpvs=(HOME_CARE,),
        period=Period(date(2027, 3, 1), date(2030, 2, 28)),
        reserved=frozenset({ReservedParticipation.PUBLIC_SERVICE_MISSION}),
    )
    found = reservation_verdict(lot, ART77)
    assert "90911000" in said(found.warns)
    assert reservation_verdict(replace(lot, main_cpv=HOME_CARE), ART77).warns == ()


def test_three_years_are_counted_by_the_calendar() -> None:
    lot = need(ReservedParticipation.PUBLIC_SERVICE_MISSION)
    three = replace(lot, period=Period(date(2024, 2, 29), date(2027, 2, 28)))
    longer = replace(lot, period=Period(date(2024, 2, 29), date(2027, 3, 1)))
    assert reservation_verdict(three, ART77).warns == ()
    assert "longer than three years" in said(reservation_verdict(longer, ART77).warns)
