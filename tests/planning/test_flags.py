"""What is odd about published notices, tested against law and supply."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from matchmaker.domain.match import Need, Verdict, need_of
from matchmaker.domain.notice import Buyer, Lot, Notice, NoticeKind, ReservedParticipation
from matchmaker.domain.values import CpvCode, Period
from matchmaker.planning.eligibility import reserving_laws
from matchmaker.planning.feasibility import Advice
from matchmaker.planning.flags import FEW_KNOWN, MANY_LOTS, MANY_RECOGNISED, SHARE, Supply, flags_of
from matchmaker.planning.plan import Flag, FlagKind, PlannedSupplier, RegimePlan, Role
from matchmaker.reference.bundle import core_reference

TODAY = date(2026, 11, 24)
REFERENCE = core_reference()
WORKSHOP = ReservedParticipation.SHELTERED
PROGRAMME = ReservedParticipation.SHELTERED_PROGRAMME
MISSION = ReservedParticipation.PUBLIC_SERVICE_MISSION
NONE = ReservedParticipation.NONE
PLENTY = Supply(capable=9, anywhere=40)
NOBODY = Supply(capable=0, anywhere=0)


def lots(count: int, *marks: ReservedParticipation, cpv: str = "80320000", months: float = 12) -> tuple[Lot, ...]:
    return tuple(
        Lot(f"LOT-{n}", {"en": f"Lecture {n}"}, main_cpv=CpvCode(cpv), reserved=frozenset(marks), period=Period(months=months))
        for n in range(1, count + 1)
    )


def notice(country: str, its_lots: Sequence[Lot], kind: NoticeKind = NoticeKind.COMPETITION) -> Notice:
    return Notice("1-2026", "01", kind, "eforms", "1.13", "en", {"en": "x"}, tuple(its_lots), (Buyer("City", country),))


def plan_under(
    regime_id: str, eligible: int = 0, unknown: int = 0, in_scope: bool = True, advice: Advice | None = None
) -> RegimePlan:
    regime = next(regime for regime in REFERENCE.regimes.rows if regime.regime_id == regime_id)
    able = PlannedSupplier("x:1", 0.9, Verdict.ELIGIBLE, False, Role.ALONE, Decimal(1), ())
    return RegimePlan(
        regime_id=regime_id,
        legal_reference=regime.legal_reference,
        supplier_types="",
        family=regime.family,
        in_scope=in_scope,
        eligible=eligible,
        probably=0,
        not_eligible=0,
        unknown=unknown,
        missing=(),
        suppliers=(able,) * eligible,
        groups=(),
        joint_euro=Decimal(0),
        concentration=None,
        n=3,
        expected_bids=None,
        p_at_least_n=0.8,
        low=0.5,
        high=0.9,
        advice=advice or (Advice.RESERVE if eligible >= 3 else Advice.NOT_NOW),
        sentences=(),
        verify=(),
    )


def flags(
    its_notice: Notice, supply: Supply, plans: Sequence[RegimePlan] = (), need: Need | None = None, day: date = TODAY
) -> tuple[Flag, ...]:
    lot = its_notice.lots[0]
    asked = need or need_of(its_notice, lot)
    laws = reserving_laws(REFERENCE.regimes, asked)
    return flags_of(its_notice, lot, asked, laws, plans, supply, day, REFERENCE.art77_codes)


def kinds(found: Sequence[Flag]) -> list[FlagKind]:
    return [flag.kind for flag in found]


def test_two_hundred_and_sixty_seven_lectures_for_doctors_marked_sheltered_are_a_mistake() -> None:
    found = flags(notice("PL", lots(267, WORKSHOP, PROGRAMME)), NOBODY)
    assert kinds(found) == [FlagKind.PROBABLY_MISTAKEN]
    assert "all 267 lots" in str(found[0].sentence)


@pytest.mark.parametrize(
    ("its_notice", "supply"),
    [
        (notice("PL", lots(267, WORKSHOP)), Supply(capable=0, anywhere=1)),
        (notice("PL", lots(267, WORKSHOP)), Supply(capable=0, anywhere=None)),
        (notice("PL", lots(MANY_LOTS - 1, WORKSHOP)), NOBODY),
        (notice("PL", (*lots(200, WORKSHOP), *lots(1, NONE))), NOBODY),
        (notice("PL", (*lots(200, WORKSHOP), *lots(1, WORKSHOP, cpv="90910000"))), NOBODY),
    ],
)
def test_where_somebody_does_the_work_or_the_lots_differ_it_is_not_called_a_mistake(its_notice: Notice, supply: Supply) -> None:
    assert kinds(flags(its_notice, supply)) == [FlagKind.NOBODY_ELIGIBLE]


def test_a_reserved_lot_that_nobody_in_reach_may_bid_for() -> None:
    found = flags(notice("PL", lots(1, WORKSHOP)), PLENTY, [plan_under("PL-94")])
    assert kinds(found) == [FlagKind.NOBODY_ELIGIBLE]
    assert "none of the 9 suppliers" in str(found[0].sentence)


def test_nobody_is_not_said_where_few_are_known_or_where_a_lot_alike_finds_suppliers() -> None:
    reserved = notice("PL", lots(1, WORKSHOP))
    assert flags(reserved, Supply(capable=0, in_country=FEW_KNOWN - 1)) == ()
    assert flags(reserved, Supply(capable=0, alike=13, in_country=7000)) == ()
    found = flags(reserved, Supply(capable=0, in_country=FEW_KNOWN))
    assert kinds(found) == [FlagKind.NOBODY_ELIGIBLE]
    assert str(FEW_KNOWN) in str(found[0].sentence)


def test_a_law_whose_older_version_is_not_at_hand_refuses_nothing() -> None:
    assert flags(notice("PL", lots(1, WORKSHOP, PROGRAMME)), PLENTY, day=date(2018, 1, 1)) == ()


def test_unknown_eligibility_is_not_nobody() -> None:
    assert flags(notice("PL", lots(1, WORKSHOP)), PLENTY, [plan_under("PL-94", unknown=4)]) == ()
    assert flags(notice("PL", lots(1, WORKSHOP)), PLENTY, [plan_under("PL-94", eligible=1)]) == ()


def test_other_families_of_law_do_not_help_a_mark() -> None:
    found = flags(notice("PL", lots(1, WORKSHOP)), PLENTY, [plan_under("PL-94"), plan_under("PL-361", eligible=5)])
    assert kinds(found) == [FlagKind.NOBODY_ELIGIBLE]


def test_a_law_that_knows_no_such_reservation_refuses_it() -> None:
    assert kinds(flags(notice("DE", lots(1, MISSION)), PLENTY)) == [FlagKind.LAW_REFUSES]
    assert flags(notice("CH", lots(1, MISSION)), PLENTY) == ()


def test_a_mission_for_other_services_or_more_than_three_years_breaks_the_rule() -> None:
    assert kinds(flags(notice("ES", lots(1, MISSION, cpv="90910000")), PLENTY)) == [FlagKind.BREAKS_RULE]
    assert FlagKind.BREAKS_RULE in kinds(flags(notice("ES", lots(1, MISSION, cpv="85312400", months=48)), PLENTY))
    assert flags(notice("ES", lots(1, MISSION, cpv="85312400")), PLENTY) == ()


def test_a_lot_with_two_marks_breaks_a_rule_only_if_none_can_stand() -> None:
    assert flags(notice("ES", lots(1, MISSION, WORKSHOP, cpv="90910000")), PLENTY) == ()


def test_a_lot_open_to_all_could_be_reserved_where_enough_are_able() -> None:
    found = flags(notice("PL", lots(1, NONE)), PLENTY, [plan_under("PL-94", eligible=4)])
    assert kinds(found) == [FlagKind.COULD_BE_RESERVED]
    assert "4" in str(found[0].sentence)
    assert flags(notice("PL", lots(1, NONE)), PLENTY, [plan_under("PL-94", eligible=2)]) == ()
    assert flags(notice("PL", lots(1)), PLENTY, [plan_under("PL-94", eligible=4, in_scope=False)]) == ()


def test_suppliers_that_lack_nothing_but_their_share_make_a_lot_worth_a_dialogue() -> None:
    plan = plan_under("PL-94", unknown=MANY_RECOGNISED)
    named = PlannedSupplier("x:2", 0.9, Verdict.UNKNOWN, False, Role.NOT_COUNTED, None, (), (SHARE,))
    many = replace(plan, suppliers=(named,) * MANY_RECOGNISED)
    found = flags(notice("PL", lots(1, NONE)), PLENTY, [many])
    assert kinds(found) == [FlagKind.COULD_BE_RESERVED]
    assert "share of workers not stated: 10" in str(found[0].sentence)
    unnamed = replace(named, missing=(SHARE, "statuses.name"))
    assert flags(notice("PL", lots(1, NONE)), PLENTY, [replace(plan, suppliers=(unnamed,) * MANY_RECOGNISED)]) == ()
    assert flags(notice("PL", lots(1, NONE)), PLENTY, [replace(plan, suppliers=(named,) * (MANY_RECOGNISED - 1))]) == ()


def test_dialogue_is_worded_more_carefully() -> None:
    found = flags(notice("PL", lots(1, NONE)), PLENTY, [plan_under("PL-94", eligible=4, advice=Advice.DIALOGUE)])
    assert "after a market dialogue" in str(found[0].sentence)


def test_result_notices_say_nothing_of_reservation_and_get_no_flag() -> None:
    plans = [plan_under("PL-94", eligible=4)]
    assert flags(notice("PL", lots(1), NoticeKind.RESULT), PLENTY, plans) == ()
