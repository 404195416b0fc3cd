"""What a supplier can carry tells its turnover: who sees it, and what a plan still says to everyone else."""

from typing import Any

import pytest

from matchmaker.domain.access import Membership, Person, Role
from matchmaker.web.plan_sharing import for_reader, joint_shown, may_see_size, seen_by, sizes_told


def person(role: Role, organisation: str = "team:buyers") -> Person:
    return Person(1, "someone@example.org", "en", (Membership(organisation, "Some", role),))


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (None, set()),
        (person(Role.SUPPLIER), set()),
        (person(Role.OFFICER), set()),
        (person(Role.OPERATOR), set()),
        (person(Role.BUYER), {"example:open", "example:buyers"}),
        (person(Role.SUPPLIER, "example:private"), {"example:private"}),
    ],
    ids=["anonymous", "supplier", "officer", "operator", "buyer", "its own member"],
)
def test_only_buyers_see_sizes_and_never_private_ones(planned: Any, who: Person | None, sees: set[str]) -> None:
    assert seen_by(who, planned.SUPPLIERS.values()) == sees
    assert may_see_size(who, planned.PRIVATE) == ("example:private" in sees)


def test_a_reader_without_sizes_still_gets_roles_counts_and_chances(planned: Any) -> None:
    seen = for_reader(planned.PLAN, frozenset())
    before = {each.key: each for each in planned.WORKSHOPS.suppliers}
    after = {each.key: each for regime in seen.regimes for each in regime.suppliers}
    assert {each.carries for each in after.values()} == {None}
    assert all(after[key].role is before[key].role and after[key].score == before[key].score for key in before)
    assert [regime.p_at_least_n for regime in seen.regimes] == [regime.p_at_least_n for regime in planned.PLAN.regimes]


def test_a_buyer_keeps_exactly_the_sizes_that_are_shown(planned: Any) -> None:
    seen = for_reader(planned.PLAN, {"example:open"})
    kept = {each.key for regime in seen.regimes for each in regime.suppliers if each.carries is not None}
    assert kept == {"example:open"}


def test_a_sum_of_two_suppliers_would_tell_one_of_them_what_the_other_has(planned: Any) -> None:
    assert not joint_shown(planned.WORKSHOPS, frozenset())
    assert not joint_shown(planned.WORKSHOPS, {"example:open"})
    assert joint_shown(planned.WORKSHOPS, {"example:open", "example:buyers"})


def test_what_is_told_is_noted_for_suppliers_in_tables_and_in_groups(planned: Any) -> None:
    shown = frozenset({"example:open", "example:buyers"})
    assert sizes_told(for_reader(planned.PLAN, shown), shown) == shown
    assert sizes_told(for_reader(planned.PLAN, frozenset()), frozenset()) == frozenset()
