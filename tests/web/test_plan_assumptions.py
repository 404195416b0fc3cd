"""The assumptions a buyer moves: typed in percent, checked, and compared with the published ones."""

from decimal import Decimal

import pytest

from matchmaker.planning.plan import Assumptions
from matchmaker.web.plan_form import ALL, assumptions_form, moved, read_assumptions, typed


def read(language: str = "en", **values: str) -> tuple[Assumptions, dict[str, object]]:
    form = assumptions_form(values, language)
    return read_assumptions(form, language), dict(form.errors)


def test_an_empty_form_means_the_published_assumptions_and_shows_them() -> None:
    assert read() == (Assumptions(), {})
    assert read(dependency=" ", labour_share="") == (Assumptions(), {})
    form = assumptions_form({}, "en")
    assert [form.value(name) for name in ("dependency", "members", "capable_from", "hourly_cost")] == ["30", "4", "40", "30"]
    assert form.value("labour_share") == ""


def test_what_is_shown_is_read_back_unchanged_in_every_language() -> None:
    chosen = Assumptions(Decimal("0.125"), 6, 2, 0.05, 0.25, 0.75, 0.6, 0.655, Decimal("27.5"), 0.02, 0.2)
    for language in ("en", "de", "fr", "pl"):
        assert read(language, **typed(chosen, language)) == (chosen, {})


def test_parts_of_tasks_are_typed_in_percent_and_read_back_unchanged() -> None:
    found, errors = read("de", task_part_90910000="62,5", task_part_77310000="", task_part_x="40")
    assert not errors
    assert found.task_parts == (("90910000", 0.625),)
    assert read("fr", **typed(found, "fr")) == (found, {})
    assert [(each.label.parameters["code"], each.before, each.after) for each in moved(found, "en")] == [("90910000", "", "62.5")]


def test_parts_of_tasks_that_are_more_than_the_whole_are_refused_together() -> None:
    found, errors = read(task_part_90910000="70", task_part_77310000="40")
    assert set(errors) == {"task_part_90910000", "task_part_77310000"}
    assert found == Assumptions()


def test_a_supplier_of_unknown_size_may_be_thought_able_to_carry_nothing_or_more() -> None:
    assert read(unknown_up_to="0")[0].unknown_up_to == 0
    assert read("de", unknown_up_to="1.200.000")[0].unknown_up_to == Decimal(1_200_000)


def test_percent_become_shares_and_money_keeps_its_cents() -> None:
    found, errors = read("de", dependency="12,5", hourly_cost="31,50", labour_share="70")
    assert not errors
    assert (found.dependency, found.hourly_cost, found.labour_share) == (Decimal("0.125"), Decimal("31.50"), 0.7)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dependency", "0"),
        ("dependency", "101"),
        ("dependency", "a third"),
        ("members", "2.5"),
        ("members", "0"),
        ("wanted", "-3"),
        ("capable_from", "100"),
        ("bid_low", "nan"),
        ("hourly_cost", "1e9"),
        ("labour_share", "<b>"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_and_the_published_one_stands(name: str, value: str) -> None:
    found, errors = read(**{name: value})
    assert list(errors) == [name]
    assert getattr(found, name) == getattr(Assumptions(), name)


def test_shares_of_bidders_that_fall_are_refused_together() -> None:
    found, errors = read(bid_low="60", bid_likely="40")
    assert set(errors) == {"bid_low", "bid_likely", "bid_high"}
    assert found == Assumptions()
    assert set(read(norm_low="20")[1]) == {"norm_low", "norm_high"}


def test_only_what_differs_from_the_published_assumptions_is_named() -> None:
    assert moved(Assumptions(), "en") == ()
    found = moved(Assumptions(dependency=Decimal("0.5"), labour_share=0.7), "en")
    assert [(each.before, each.after) for each in found] == [("30", "50"), ("", "70")]


def test_every_assumption_a_page_can_move_is_one_of_the_planner_s() -> None:
    assert {each.name for each in ALL} <= set(Assumptions.__dataclass_fields__)
