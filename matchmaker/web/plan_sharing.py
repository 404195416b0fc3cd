"""Which figures of a plan a reader may see: what a supplier can carry tells its turnover, so the supplier decides."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from matchmaker.domain.access import Person, Role
from matchmaker.domain.organisation import Organisation
from matchmaker.planning.plan import Plan, RegimePlan
from matchmaker.planning.plan import Role as Standing

FEWEST_TOGETHER = 3
"""A sum of fewer suppliers' figures would tell those of one."""

STATES_SIZE = frozenset({Standing.ALONE, Standing.IN_GROUP, Standing.TOO_SMALL})
"""Roles of suppliers whose size went into a sum."""


def may_see_size(person: Person | None, organisation: Organisation) -> bool:
    """Whether ``person`` may see what the supplier can carry: its members always, buyers unless it keeps its size private.

    Nobody else, not even of a supplier whose turnover is public: free capacity and contract sizes are part of the figure.
    """
    if person is None:
        return False
    if person.serves(organisation.key):
        return True
    return Role.BUYER in person.roles and not organisation.keeps_a_size_private


def seen_by(person: Person | None, organisations: Iterable[Organisation]) -> frozenset[str]:
    """Keys of the suppliers whose size ``person`` may see."""
    return frozenset(each.key for each in organisations if may_see_size(person, each))


def for_reader(plan: Plan, shown: Collection[str]) -> Plan:
    """The plan without the sizes of suppliers that are not in ``shown``; counts, roles and chances stay as they are."""
    return replace(plan, regimes=tuple(_regime_for_reader(regime, shown) for regime in plan.regimes))


def sizes_told(plan: Plan, shown: Collection[str]) -> frozenset[str]:
    """Keys of the suppliers of whom the plan tells a reader of ``shown`` what they can carry; each is to be noted as seen."""
    carrying = {each.key for regime in plan.regimes for each in regime.suppliers if each.carries is not None}
    joining = {member.key for consortium in plan.consortia for member in consortium.members}
    return frozenset((carrying | joining) & set(shown))


def joint_shown(regime: RegimePlan, shown: Collection[str]) -> bool:
    """Whether the sum of what suppliers carry may be shown: it sums enough of them, or each one is shown anyway."""
    summed = [each.key for each in regime.suppliers if each.role in STATES_SIZE]
    return len(summed) >= FEWEST_TOGETHER or all(key in shown for key in summed)


def _regime_for_reader(regime: RegimePlan, shown: Collection[str]) -> RegimePlan:
    suppliers = tuple(each if each.key in shown else replace(each, carries=None) for each in regime.suppliers)
    return replace(regime, suppliers=suppliers)
