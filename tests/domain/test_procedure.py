from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.domain.notice import ReservedParticipation
from matchmaker.domain.procedure import Basis, LotFacts, NoticeFacts, Procedure, Stage, procedures_of
from matchmaker.domain.procedure_guesses import Confidence, Guess, Known, guesses
from matchmaker.domain.procedure_lots import EndBasis, LotBasis, award_joins, lot_number
from matchmaker.domain.values import Period

SHELTERED = frozenset({ReservedParticipation.SHELTERED})
CALL = NoticeFacts(
    "2-2026",
    Stage.CALLED,
    date(2026, 2, 1),
    names=("2-2026",),
    procedure_id="aaaa",
    buyers=("FR:1",),
    words="cleaning of the schools of the city",
    main_cpv="90910000",
    lots=(LotFacts("LOT-0001", "north", reserved=SHELTERED, period=Period(months=24)), LotFacts("LOT-0002", "south")),
)
PLAN = NoticeFacts("1-2025", Stage.PLANNED, date(2025, 10, 1), names=("1-2025",), buyers=("FR:1",), words="cleaning")
RESULT = NoticeFacts(
    "3-2026",
    Stage.AWARDED,
    date(2026, 6, 1),
    names=("3-2026",),
    procedure_id="aaaa",
    buyers=("FR:1",),
    lots=(
        LotFacts("LOT-0001", "north", awarded=True, concluded=date(2026, 5, 20), winners=("FR:9",)),
        LotFacts("LOT-0002", "south", awarded=True, winners=("FR:8",)),
    ),
)


def together(procedures: Sequence[Procedure]) -> set[frozenset[str]]:
    return {frozenset(notice.notice_id for notice, _ in procedure.notices) for procedure in procedures}


def test_a_planning_notice_belongs_to_every_call_that_cites_it() -> None:
    one = replace(CALL, cites=("1-2025",))
    other = replace(CALL, notice_id="5-2026", names=("5-2026",), procedure_id="bbbb", cites=("1-2025",))
    assert together(procedures_of([PLAN, one, other])) == {frozenset({"1-2025", "2-2026"}), frozenset({"1-2025", "5-2026"})}


def test_a_result_joins_its_call_by_procedure_id_and_says_so() -> None:
    (procedure,) = procedures_of([RESULT, CALL])
    assert procedure.key == "2-2026"
    assert [(notice.notice_id, basis) for notice, basis in procedure.notices] == [
        ("2-2026", Basis.PROCEDURE_ID),
        ("3-2026", Basis.PROCEDURE_ID),
    ]


def test_one_procedure_id_given_to_everything_a_tool_publishes_joins_nothing() -> None:
    other = replace(RESULT, buyers=("PL:7",), words="servers")
    assert together(procedures_of([CALL, other])) == {frozenset({"2-2026"}), frozenset({"3-2026"})}


def test_two_procedure_ids_stay_two_procedures_although_one_notice_cites_the_other() -> None:
    again = replace(CALL, notice_id="7-2026", names=("7-2026",), procedure_id="cccc", cites=("2-2026",))
    assert len(procedures_of([CALL, again])) == 2


def test_results_that_cite_the_same_call_which_is_not_at_hand_belong_together_until_it_proves_to_be_a_plan() -> None:
    first = NoticeFacts("8-2020", Stage.AWARDED, date(2020, 1, 1), ("8-2020",), cites=("4-2019",))
    second = NoticeFacts("9-2020", Stage.AWARDED, date(2020, 2, 1), ("9-2020",), cites=("4-2019",))
    assert together(procedures_of([first, second])) == {frozenset({"8-2020", "9-2020"})}
    plan = NoticeFacts("4-2019", Stage.PLANNED, date(2019, 1, 1), ("4-2019",))
    assert together(procedures_of([first, second, plan])) == {frozenset({"8-2020", "4-2019"}), frozenset({"9-2020", "4-2019"})}


def test_the_reservation_and_the_length_of_an_award_are_those_of_the_lot_called_for() -> None:
    (procedure,) = procedures_of([CALL, RESULT])
    north, south = award_joins(procedure)
    assert (north.call, north.basis) == (("2-2026", "LOT-0001"), LotBasis.NUMBER)
    assert north.reserved == SHELTERED
    assert north.ends == date(2026, 5, 20) + timedelta(days=round(24 * 30.4375))
    assert north.ends_basis is EndBasis.AWARD_AND_DURATION
    assert (south.call, south.reserved_known, south.ends) == (("2-2026", "LOT-0002"), False, None)


def test_the_corrected_call_is_the_one_that_counts() -> None:
    corrected = replace(
        CALL,
        notice_id="4-2026",
        names=("4-2026",),
        published=date(2026, 3, 1),
        changes="2-2026",
        replaces=True,
        lots=tuple(replace(lot, reserved=frozenset({ReservedParticipation.NONE})) for lot in CALL.lots),
    )
    (procedure,) = procedures_of([CALL, corrected, RESULT])
    assert {join.call for join in award_joins(procedure)} == {("4-2026", "LOT-0001"), ("4-2026", "LOT-0002")}
    assert award_joins(procedure)[0].reserved == {ReservedParticipation.NONE}


def test_a_title_outweighs_a_number_that_the_result_counts_in_its_own_way() -> None:
    shuffled = replace(RESULT, lots=(replace(RESULT.lots[0], lot_id="2"), replace(RESULT.lots[1], lot_id="1")))
    (procedure,) = procedures_of([CALL, shuffled])
    assert [(join.call, join.basis) for join in award_joins(procedure)] == [
        (("2-2026", "LOT-0001"), LotBasis.TITLE),
        (("2-2026", "LOT-0002"), LotBasis.TITLE),
    ]


def test_an_award_whose_lot_cannot_be_told_has_no_reservation() -> None:
    unclear = replace(RESULT, lots=(replace(RESULT.lots[0], lot_id="7", words="east"), RESULT.lots[1]))
    (procedure,) = procedures_of([CALL, unclear])
    assert (award_joins(procedure)[0].call, award_joins(procedure)[0].reserved) == (None, frozenset())


def test_a_modification_takes_the_place_of_the_award_it_changes_and_of_no_other() -> None:
    changed = NoticeFacts(
        "6-2027",
        Stage.MODIFIED,
        date(2027, 1, 1),
        ("6-2027",),
        cites=("3-2026",),
        lots=(replace(RESULT.lots[0], period=Period(end=date(2029, 1, 1))),),
    )
    (procedure,) = procedures_of([CALL, RESULT, changed])
    joins = {(join.notice_id, join.lot_id): join for join in award_joins(procedure)}
    assert joins["3-2026", "LOT-0001"].replaced_by == "6-2027"
    assert joins["3-2026", "LOT-0002"].replaced_by is None
    assert (joins["6-2027", "LOT-0001"].ends, joins["6-2027", "LOT-0001"].ends_basis) == (date(2029, 1, 1), EndBasis.STATED)


def test_an_end_before_the_award_says_nothing() -> None:
    mistaken = replace(RESULT, lots=(replace(RESULT.lots[1], period=Period(end=date(2016, 1, 1))),))
    assert award_joins(procedures_of([mistaken])[0])[0].ends is None


def test_lots_are_numbered_alike_in_both_schemas() -> None:
    assert {lot_number(lot_id) for lot_id in ("LOT-0003", "3", "03")} == {"3"}


def guess_between(earlier: NoticeFacts, later: NoticeFacts, *others: NoticeFacts) -> tuple[Guess, ...]:
    known = [Known(notice, frozenset({notice.stage})) for notice in (earlier, later, *others)]
    return guesses([known[1]], known)


AWARD = replace(CALL, notice_id="9-2026", names=("9-2026",), stage=Stage.AWARDED, published=date(2026, 8, 1), procedure_id=None)


def test_the_same_title_of_the_same_buyer_half_a_year_later_is_probably_the_award() -> None:
    assert [(guess.earlier, guess.confidence) for guess in guess_between(CALL, AWARD)] == [("2-2026", Confidence.PROBABLE)]


def test_nothing_is_guessed_against_what_the_notices_say() -> None:
    assert not guess_between(CALL, replace(AWARD, published=date(2026, 1, 1)))
    assert not guess_between(CALL, replace(AWARD, procedure_id="another"))
    assert not guess_between(CALL, replace(AWARD, cites=("77-2025",)))
    assert not guess_between(CALL, replace(AWARD, buyers=("FR:2",)))
    assert not guess_between(CALL, replace(AWARD, words=AWARD.words + " 2027"))
    assert not guess_between(replace(CALL, nuts=("FRK2",)), replace(AWARD, nuts=("FRB0",)))


def test_between_two_calls_alike_none_is_guessed() -> None:
    assert not guess_between(CALL, AWARD, replace(CALL, notice_id="4-2026", published=date(2026, 3, 1)))


NAMES = [f"{number}-2026" for number in range(1, 7)]


@st.composite
def many_notices(draw: st.DrawFn) -> list[NoticeFacts]:
    return [
        NoticeFacts(
            name,
            draw(st.sampled_from(list(Stage))),
            draw(st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2024, 12, 1)))),
            names=(name,),
            cites=tuple(draw(st.sets(st.sampled_from([*NAMES, "unseen"]), max_size=2)) - {name}),
            changes=draw(st.one_of(st.none(), st.sampled_from(NAMES))),
            replaces=draw(st.booleans()),
            procedure_id=draw(st.one_of(st.none(), st.sampled_from(["p", "q"]))),
            buyers=tuple(draw(st.sets(st.sampled_from(["a", "b"]), max_size=2))),
            words=draw(st.sampled_from(["", "cleaning"])),
        )
        for name in NAMES
    ]


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_the_order_of_the_notices_changes_no_procedure(data: st.DataObject) -> None:
    notices = data.draw(many_notices())
    assert procedures_of(data.draw(st.permutations(notices))) == procedures_of(notices)


@given(many_notices())
@settings(max_examples=80, deadline=None)
def test_every_notice_belongs_somewhere_and_only_plans_to_several(notices: list[NoticeFacts]) -> None:
    procedures = procedures_of(notices)
    assert len({procedure.key for procedure in procedures}) == len(procedures)
    places = [notice for procedure in procedures for notice, _ in procedure.notices]
    assert {notice.notice_id for notice in places} == set(NAMES)
    several = {notice.notice_id for notice in places if sum(other.notice_id == notice.notice_id for other in places) > 1}
    assert all(notice.stage in {Stage.PLANNED, Stage.CHANGED} for notice in places if notice.notice_id in several)
