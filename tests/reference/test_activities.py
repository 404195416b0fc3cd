"""Plain-language activities."""

from matchmaker.domain.values import CpvCode
from matchmaker.reference.activities import ACTIVITIES, GROUPS
from matchmaker.reference.bundle import core_reference


def covering(code: str) -> set[str]:
    return {activity.key for activity in ACTIVITIES if activity.covers(CpvCode(code))}


def test_there_are_about_sixty_each_with_its_own_key_and_label() -> None:
    assert 55 <= len(ACTIVITIES) <= 75
    assert len({activity.key for activity in ACTIVITIES}) == len(ACTIVITIES)
    assert len({activity.label.text for activity in ACTIVITIES}) == len(ACTIVITIES)


def test_every_product_group_has_activities_and_every_activity_a_group() -> None:
    assert {activity.group for activity in ACTIVITIES} == {group.key for group in GROUPS}
    assert len(GROUPS) == 10


def test_what_the_social_economy_supplies_most_belongs_to_the_activity_people_would_name() -> None:
    assert "school-meals" in covering("55523100")
    assert "laundry" in covering("98310000")
    assert "people-with-disabilities" in covering("60130000")
    assert "buildings" in covering("90911200")
    assert "green-spaces" in covering("77310000")
    assert "printing" in covering("79810000")
    assert "childcare" in covering("85312110")


def test_prefixes_are_digits_of_codes_that_the_core_can_name() -> None:
    cpv = core_reference().cpv
    for activity in ACTIVITIES:
        assert activity.cpv_prefixes
        for prefix in activity.cpv_prefixes:
            assert 2 <= len(prefix) <= 8
            assert cpv.label(CpvCode.parse(prefix), "pl"), (activity.key, prefix)


def test_every_activity_says_what_people_search_for() -> None:
    assert all(activity.examples and all(activity.examples) for activity in ACTIVITIES)
