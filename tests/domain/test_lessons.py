"""What a supplier's answers teach: rules it can read and undo, never from one answer, never against what it wanted."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.answers import Answer, LotAnswer, Reason
from matchmaker.domain.lessons import ENOUGH, LotFacts, lessons_from
from matchmaker.domain.values import CpvCode, NutsCode

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PRINT, WASH = CpvCode("79810000"), CpvCode("98310000")


def no(lot: str, reason: Reason, at: datetime = AT) -> LotAnswer:
    return LotAnswer("s:1", lot, Answer.NOT_FOR_US, at, reason)


def facts(cpv: CpvCode = PRINT, nuts: str = "FRE11", euro: int | None = 1000) -> LotFacts:
    return LotFacts(cpv, (NutsCode(nuts),), None if euro is None else Decimal(euro))


def test_one_answer_teaches_nothing_and_two_do() -> None:
    about = {"a": facts(), "b": facts(CpvCode("79811000")), "c": facts(WASH)}
    assert lessons_from([no("a", Reason.OTHER_WORK)], about, {}) == ()
    (lesson,) = lessons_from([no("a", Reason.OTHER_WORK), no("b", Reason.OTHER_WORK)], about, {})
    assert str(lesson.sentence) == "You are not told of work of the kind 79810000."
    assert lesson.lots == ("a", "b")
    assert lesson.keeps_back(facts(CpvCode("79812000")))
    assert not lesson.keeps_back(about["c"])
    assert not lesson.keeps_back(LotFacts()), "what is not stated is never kept back"


def test_a_lot_that_was_wanted_speaks_against_a_rule() -> None:
    about = {"a": facts(), "b": facts(), "c": facts()}
    answers = [no("a", Reason.OTHER_WORK), no("b", Reason.OTHER_WORK), LotAnswer("s:1", "c", Answer.INTERESTED, AT)]
    assert lessons_from(answers, about, {}) == ()


def test_sizes_make_one_limit_between_what_was_refused_and_what_was_wanted() -> None:
    about = {"a": facts(euro=900), "b": facts(euro=500), "c": facts(euro=700), "d": facts(euro=600)}
    large = [no(lot, Reason.TOO_LARGE) for lot in "abc"]
    (lesson,) = lessons_from(large, about, {})
    assert (lesson.key, lesson.value) == ("too-large", "700")
    assert lesson.keeps_back(facts(euro=800))
    assert not lesson.keeps_back(facts(euro=650))
    assert not lesson.keeps_back(facts(euro=None))
    assert lessons_from([*large, LotAnswer("s:1", "d", Answer.RELEVANT, AT)], about, {})
    small = [no(lot, Reason.TOO_SMALL) for lot in "bd"]
    (lesson,) = lessons_from(small, about, {})
    assert lesson.keeps_back(facts(euro=400))
    assert not lesson.keeps_back(facts(euro=550))


def test_a_place_is_too_far_only_where_all_of_the_lot_lies_there() -> None:
    about = {"a": facts(nuts="FRE11"), "b": facts(nuts="FRE12")}
    (lesson,) = lessons_from([no("a", Reason.TOO_FAR), no("b", Reason.TOO_FAR)], about, {})
    assert lesson.key == "too-far:FRE1"
    assert lesson.keeps_back(facts(nuts="FRE12"))
    assert not lesson.keeps_back(LotFacts(PRINT, (NutsCode("FRE12"), NutsCode("FRB01"))))
    assert not lesson.keeps_back(LotFacts(PRINT, (NutsCode("FR"),)))


def test_an_undone_rule_comes_back_only_by_new_answers() -> None:
    about = {lot: facts() for lot in "abcd"}
    old = [no("a", Reason.OTHER_WORK), no("b", Reason.OTHER_WORK)]
    undone = {"other-work:7981": AT + timedelta(hours=1)}
    assert lessons_from(old, about, undone) == ()
    later = [no(lot, Reason.OTHER_WORK, AT + timedelta(hours=2)) for lot in "cd"]
    assert lessons_from([*old, later[0]], about, undone) == ()
    (lesson,) = lessons_from([*old, *later], about, undone)
    assert lesson.lots == ("c", "d")


LOTS = "abcdefgh"
ABOUT = st.fixed_dictionaries(
    {
        lot: st.builds(
            LotFacts,
            st.sampled_from([PRINT, WASH, None]),
            st.sampled_from([(), (NutsCode("FRE11"),), (NutsCode("FRB01"),)]),
            st.sampled_from([None, Decimal(100), Decimal(5000)]),
        )
        for lot in LOTS
    }
)
ANSWERS = st.lists(
    st.builds(
        LotAnswer,
        st.just("s:1"),
        st.sampled_from(LOTS),
        st.sampled_from(Answer),
        st.just(AT),
        st.sampled_from([None, *Reason]),
    ),
    unique_by=lambda answer: answer.full_id,
)


@given(ANSWERS, ABOUT)
def test_a_rule_rests_on_enough_answers_and_never_keeps_back_what_was_wanted(
    answers: list[LotAnswer], about: dict[str, LotFacts]
) -> None:
    lessons = lessons_from(answers, about, {})
    assert len({lesson.key for lesson in lessons}) == len(lessons)
    for lesson in lessons:
        assert len(lesson.lots) >= ENOUGH
        assert lesson.sentence.in_english()
        wanted = (Answer.INTERESTED, Answer.PARTNER_WANTED, Answer.RELEVANT)
        assert not any(lesson.keeps_back(about[each.full_id]) for each in answers if each.answer in wanted)
