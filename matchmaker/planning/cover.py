"""The smallest groups of suppliers that together cover a lot: every task in every place, and the yearly value.

Exact while few suppliers are given: every group of the smallest possible size is found, the strongest first. Beyond that the
group is built greedily, and the answer says how many members at least any group must have.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message

EXACT_UP_TO = 16
"""Suppliers for which every group is tried."""
MOST_MEMBERS = 4
MOST_GROUPS = 10
"""How many groups are returned."""

Part = tuple[str, str]
"""A task and a place (a CPV code and a region, or whatever words the caller uses for both)."""


@dataclass(frozen=True, slots=True)
class Contributor:
    """A supplier: what it can do where, and how much of the contract it can carry in euro a year."""

    key: str
    parts: frozenset[Part]
    carries: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """What a member would do, and how much of the yearly value it would carry (euro)."""

    key: str
    parts: tuple[Part, ...]
    euro: Decimal


@dataclass(frozen=True, slots=True)
class Cover:
    """Groups that cover everything, best first. ``exact``: no smaller group exists; else ``at_least`` members are needed."""

    groups: tuple[tuple[Share, ...], ...]
    exact: bool
    at_least: int
    uncovered: tuple[Part, ...]
    """Parts that no supplier given can do."""

    @property
    def sentence(self) -> Message:
        """The answer in words."""
        if self.uncovered:
            return Message("Parts of the work that nobody known can do: %(count)s.", {"count": len(self.uncovered)})
        if not self.groups:
            return Message("No group small enough to bid together covers the work and its value.")
        members = {"members": len(self.groups[0])}
        if self.exact:
            return Message("The smallest group that covers the work and its value has %(members)s members.", members)
        return Message("A group of %(members)s members covers the work and its value; a smaller one may exist.", members)


def cover(parts: Iterable[Part], yearly: Decimal, suppliers: Iterable[Contributor], most_members: int = MOST_MEMBERS) -> Cover:
    """The groups of at most ``most_members`` that cover ``parts`` and carry ``yearly`` euro.

    Raises:
        InvalidValue: nothing is to be covered, or the yearly value is not above zero.
    """
    wanted = frozenset(parts)
    if not wanted or yearly <= 0:
        raise InvalidValue(
            Message("There is no work to cover, or its yearly value is not above zero."),
            Message("Give at least one task with a place, and the value of a year."),
        )
    given = sorted(
        (each for each in suppliers if each.parts & wanted and each.carries > 0), key=lambda each: (-each.carries, each.key)
    )
    possible = frozenset(part for each in given for part in each.parts & wanted)
    uncovered = tuple(sorted(wanted - possible))
    at_least = _at_least(wanted, yearly, given)
    if uncovered or at_least is None or at_least > most_members:
        return Cover((), True, at_least or 0, uncovered)
    if len(given) <= EXACT_UP_TO:
        groups = _smallest(wanted, yearly, given, range(at_least, most_members + 1))
        return Cover(groups, True, len(groups[0]) if groups else at_least, ())
    group = _greedy(wanted, yearly, given, most_members)
    return Cover((group,) if group else (), bool(group) and len(group) == at_least, at_least, ())


def _at_least(wanted: frozenset[Part], yearly: Decimal, given: Sequence[Contributor]) -> int | None:
    """Members that any group needs: for the value from the largest down, and for the parts by the widest supplier; None where
    even all of them do not carry the value.
    """
    carried, for_value = Decimal(0), 0
    for each in given:
        if carried >= yearly:
            break
        carried += each.carries
        for_value += 1
    if carried < yearly:
        return None
    widest = max(len(each.parts & wanted) for each in given)
    return max(for_value, math.ceil(len(wanted) / widest))


def _smallest(
    wanted: frozenset[Part], yearly: Decimal, given: Sequence[Contributor], sizes: range
) -> tuple[tuple[Share, ...], ...]:
    for size in sizes:
        found = [group for group in combinations(given, size) if _covers(group, wanted, yearly)]
        if found:
            strongest = sorted(found, key=lambda group: (-sum(each.carries for each in group), [each.key for each in group]))
            return tuple(_shares(group, wanted, yearly) for group in strongest[:MOST_GROUPS])
    return ()


def _covers(group: Sequence[Contributor], wanted: frozenset[Part], yearly: Decimal) -> bool:
    return sum((each.carries for each in group), Decimal(0)) >= yearly and wanted <= frozenset().union(
        *(each.parts for each in group)
    )


def _greedy(wanted: frozenset[Part], yearly: Decimal, given: Sequence[Contributor], most: int) -> tuple[Share, ...]:
    """Takes whoever adds most of the parts still open, then whoever carries most; empty where that does not suffice."""
    group: list[Contributor] = []
    while len(group) < most:
        open_parts = wanted - frozenset().union(*(each.parts for each in group))
        rest = [each for each in given if each not in group]
        if not rest:
            break
        group.append(min(rest, key=lambda each: (-len(each.parts & open_parts), -each.carries, each.key)))
        if _covers(group, wanted, yearly):
            return _shares(group, wanted, yearly)
    return ()


def _shares(group: Sequence[Contributor], wanted: frozenset[Part], yearly: Decimal) -> tuple[Share, ...]:
    """Each member's part: a task goes to the member with the fewest tasks it could do, the value in proportion to capacity."""
    narrow = sorted(group, key=lambda each: (len(each.parts & wanted), each.key))
    holder = {part: next(each.key for each in narrow if part in each.parts) for part in wanted}
    total = sum((each.carries for each in group), Decimal(0))
    return tuple(
        Share(
            each.key,
            tuple(sorted(part for part, key in holder.items() if key == each.key)),
            (yearly * each.carries / total).quantize(Decimal("0.01")),
        )
        for each in group
    )
