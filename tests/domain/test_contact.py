"""When a buyer and a supplier may write to each other about a lot."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.domain.conversation import (
    LONGEST_TEXT,
    PRESUMED_OVER,
    Step,
    contact_open,
    notices_named,
    plain_text,
)
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.procedure import RESULTS, Stage
from matchmaker.domain.sounding import Asked, told

TODAY = date(2026, 11, 24)
DAYS = st.integers(-60, 700).map(lambda back: TODAY - timedelta(days=back))
STEPS = st.lists(st.builds(Step, st.sampled_from(Stage), DAYS, st.booleans()), max_size=8)
CALLS = {Stage.CALLED, Stage.INTENDED}


@given(STEPS)
def test_after_a_call_contact_is_open_only_once_a_result_of_the_lot_has_followed(steps: Sequence[Step]) -> None:
    """All dates are younger than what is presumed over, so nothing but a result opens again."""
    known = [step for step in steps if step.published and step.published <= TODAY]
    calls = [step.published for step in known if step.stage in CALLS and step.published]
    ended = [step.published for step in known if step.stage in RESULTS - CALLS and step.ends_this_lot and step.published]
    if calls:
        assert contact_open(steps, TODAY) == any(day >= max(calls) for day in ended)


@given(STEPS)
def test_where_nothing_but_plans_is_known_contact_is_open(steps: Sequence[Step]) -> None:
    assert contact_open([step for step in steps if step.stage is Stage.PLANNED], TODAY)


@given(STEPS)
def test_a_call_published_today_closes_whatever_was_before_unless_the_award_is_of_today_too(steps: Sequence[Step]) -> None:
    earlier = [step for step in steps if step.published and step.published < TODAY]
    assert not contact_open([*earlier, Step(Stage.CALLED, TODAY)], TODAY)
    assert contact_open([*earlier, Step(Stage.CALLED, TODAY), Step(Stage.AWARDED, TODAY, ends_this_lot=True)], TODAY)


@given(STEPS, st.integers(0, 8))
def test_the_order_in_which_notices_are_read_does_not_matter(steps: Sequence[Step], turn: int) -> None:
    assert contact_open(steps, TODAY) == contact_open([*steps[turn:], *steps[:turn]], TODAY)


def test_a_correction_alone_stands_for_its_call_and_beside_a_plan_for_the_plan() -> None:
    changed = Step(Stage.CHANGED, TODAY)
    assert not contact_open([changed], TODAY)
    assert contact_open([changed, Step(Stage.PLANNED, TODAY)], TODAY)


def test_a_call_without_known_result_is_taken_to_be_over_after_a_time_and_an_undated_one_never() -> None:
    call = Step(Stage.CALLED, TODAY)
    assert not contact_open([call], TODAY + PRESUMED_OVER)
    assert contact_open([call], TODAY + PRESUMED_OVER + timedelta(days=1))
    assert not contact_open([Step(Stage.CALLED)], TODAY + 10 * PRESUMED_OVER)


def test_contact_without_a_lot_is_never_closed() -> None:
    assert contact_open([], TODAY)


def test_numbers_of_notices_are_found_in_a_text_and_years_and_telephone_numbers_are_not_enough() -> None:
    named = notices_named("About 123456-2026, EX000038-2026/LOT-0001 and 00000007-2026. Call +32 2 555 00 11 in 2026-2027.")
    assert {"123456-2026", "00123456-2026", "EX000038-2026", "00000007-2026"} <= set(named)
    assert notices_named("From March 2027, about 1200 meals a day.") == ()


def test_a_text_is_kept_plain_and_bounded() -> None:
    assert plain_text(" Good day\r\n\x00\x1b[1mYours ") == "Good day\n[1mYours"
    for wrong in ("", " \n ", "x" * (LONGEST_TEXT + 1)):
        with pytest.raises(InvalidValue):
            plain_text(wrong)


ANSWERS = st.lists(st.tuples(st.sampled_from([None, True, False]), st.booleans()), max_size=12)


@given(ANSWERS)
def test_a_sounding_names_only_who_chose_it_and_counts_the_others_from_three_on(
    answers: Sequence[tuple[bool | None, bool]],
) -> None:
    asked = [Asked(str(number), f"Supplier {number}", could, named) for number, (could, named) in enumerate(answers)]
    result = told(asked)
    assert {each.supplier_key for each in (*result.able, *result.unable)} == {
        each.supplier_key for each in asked if each.named and each.could is not None
    }
    for could, count in ((True, result.counted_able), (False, result.counted_unable)):
        hidden = sum(1 for each in asked if each.could is could and not each.named)
        assert count == (hidden if hidden >= 3 else None)
