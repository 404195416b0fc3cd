"""The smallest groups that cover a lot together."""

from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matchmaker.domain.errors import InvalidValue
from matchmaker.planning.cover import EXACT_UP_TO, Contributor, cover

EUR = Decimal(100_000)
TASKS = [("cleaning", "FR101"), ("laundry", "FR101"), ("garden", "FR102"), ("meals", "FR102")]


def able(key: str, *tasks: int, carries: Decimal = EUR) -> Contributor:
    return Contributor(key, frozenset(TASKS[task] for task in tasks), carries)


def test_one_that_does_all_needs_no_partner() -> None:
    found = cover(TASKS, EUR, [able("a", 0, 1), able("b", 2, 3), able("all", 0, 1, 2, 3)])
    assert [[share.key for share in group] for group in found.groups] == [["all"]]
    assert found.exact


def test_two_share_the_work_and_the_value_in_proportion_to_what_they_carry() -> None:
    found = cover(TASKS, 2 * EUR, [able("a", 0, 1, carries=3 * EUR), able("b", 2, 3)])
    (group,) = found.groups
    assert [(share.key, share.parts, share.euro) for share in group] == [
        ("a", (TASKS[0], TASKS[1]), Decimal("150000.00")),
        ("b", (TASKS[2], TASKS[3]), Decimal("50000.00")),
    ]
    assert "2 members" in str(found.sentence)


def test_skills_without_capacity_are_no_cover() -> None:
    found = cover(TASKS, 10 * EUR, [able("a", 0, 1), able("b", 2, 3)])
    assert found.groups == ()
    assert "No group" in str(found.sentence)


def test_a_hundred_small_firms_are_too_many_to_bid_together() -> None:
    crowd = [able(f"s{number:03}", 0, 1, 2, 3, carries=EUR / 10) for number in range(100)]
    found = cover(TASKS, 10 * EUR, crowd)
    assert found.groups == ()
    assert found.at_least == 100


def test_work_that_nobody_does_is_named() -> None:
    found = cover(TASKS, EUR, [able("a", 0, 1, 2)])
    assert found.uncovered == (TASKS[3],)


def test_many_suppliers_are_covered_greedily_and_the_bound_is_said() -> None:
    crowd = [able(f"s{number:03}", number % 4) for number in range(EXACT_UP_TO + 10)]
    found = cover(TASKS, EUR, crowd)
    assert len(found.groups[0]) == 4
    assert found.at_least == 4
    assert found.exact


def test_nothing_to_cover_is_refused() -> None:
    with pytest.raises(InvalidValue):
        cover([], EUR, [])
    with pytest.raises(InvalidValue):
        cover(TASKS, Decimal(0), [])


SUPPLIERS = st.lists(
    st.tuples(st.frozensets(st.sampled_from(TASKS), max_size=4), st.integers(1, 200_000).map(Decimal)), max_size=8
).map(lambda made: [Contributor(f"s{position}", parts, carries) for position, (parts, carries) in enumerate(made)])


@settings(deadline=None)
@given(SUPPLIERS, st.integers(1, 300_000).map(Decimal))
@example([Contributor("s0", frozenset(), Decimal(1)), Contributor("s1", frozenset(TASKS), Decimal(1))], Decimal(2))
def test_every_group_covers_all_and_none_smaller_exists(suppliers: list[Contributor], yearly: Decimal) -> None:
    found = cover(TASKS, yearly, suppliers)
    by_key = {supplier.key: supplier for supplier in suppliers}

    def suffices(keys: tuple[str, ...]) -> bool:
        members = [by_key[key] for key in keys]
        parts = frozenset(part for member in members for part in member.parts)
        return parts >= set(TASKS) and sum((member.carries for member in members), Decimal(0)) >= yearly

    for group in found.groups:
        assert suffices(tuple(share.key for share in group))
        assert sorted(part for share in group for part in share.parts) == sorted(TASKS)
        assert abs(sum((share.euro for share in group), Decimal(0)) - yearly) < Decimal("0.05")
    largest = len(found.groups[0]) - 1 if found.groups else 4
    able = [supplier.key for supplier in suppliers if supplier.parts]  # who can do none of the work is no member
    for size in range(1, largest + 1):
        assert not any(suffices(keys) for keys in combinations(able, size))
