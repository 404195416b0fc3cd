"""Who is able to carry a contract, alone or in a group: a year of it within the dependency bound of their turnover.

Joint capacity is shown and never sufficient: a hundred firms of half a million do not carry fifty million, because a group has
few members. All bounds are assumptions that a buyer may move.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Bounds:
    """``dependency``: the largest part of its yearly turnover (0-1) that one contract may become; 0.3 is prudent, 0.5 the edge of
    what a buyer may ask of tenderers (Directive 2014/24/EU, Art. 58(3)). ``members``: how many at most bid together; 1 where the
    law or the buyer admits no groups.

    Raises:
        InvalidValue: a bound that makes no sense.
    """

    dependency: Decimal = Decimal("0.3")
    members: int = 4

    def __post_init__(self) -> None:
        if not NOTHING < self.dependency <= 1:
            raise InvalidValue(
                Message("The dependency bound %(bound)s is not above 0 and at most 1.", {"bound": str(self.dependency)}),
                Message("Give the largest part of its turnover that the contract may become, for example 0.3."),
            )
        if self.members < 1:
            raise InvalidValue(
                Message("A group of %(count)s members is none.", {"count": self.members}),
                Message("Give 1 where suppliers may only bid alone."),
            )


@dataclass(frozen=True, slots=True)
class Capacity:
    """What is known of one supplier, in euro a year: turnover, free capacity and the largest contract it says it takes."""

    key: str
    turnover: Decimal | None = None
    free: Decimal | None = None
    largest: Decimal | None = None

    def carries(self, bounds: Bounds) -> Decimal | None:
        """How much of a contract it can carry in a year; None when its turnover is unknown, for then nothing bounds it."""
        if self.turnover is None:
            return None
        limits = [self.turnover * bounds.dependency]
        limits += [limit for limit in (self.free, self.largest) if limit is not None]
        return max(min(limits), NOTHING)


@dataclass(frozen=True, slots=True)
class AbleSuppliers:
    """Who could carry a lot of ``yearly`` euro. The keys are in order of what they can carry, largest first.

    ``groups`` are disjoint and as small as possible, built from those who cannot carry it alone; ``short`` could not carry it
    even with the largest partners left; ``unknown`` state no turnover. ``joint`` is the capacity of all together.
    """

    yearly: Decimal
    bounds: Bounds
    alone: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    short: tuple[str, ...]
    unknown: tuple[str, ...]
    joint: Decimal = field(default=NOTHING)

    @property
    def bidders(self) -> int:
        """How many separate bids the known suppliers could make at least."""
        return len(self.alone) + len(self.groups)

    @property
    def answer(self) -> Message:
        """The count in words, with what joint capacity would wrongly suggest."""
        counts = {"alone": len(self.alone), "groups": len(self.groups), "unknown": len(self.unknown)}
        if self.bidders:
            return Message("Able alone: %(alone)s; groups that could form: %(groups)s; turnover not known: %(unknown)s.", counts)
        if self.joint >= self.yearly:
            return Message(
                "All suppliers together reach the yearly value, but no one alone and no small group does: the lot is too large"
                " for them as it is."
            )
        if self.unknown:
            return Message("Nobody is known to be able; turnover not known: %(unknown)s.", {"unknown": len(self.unknown)})
        return Message("No supplier is able to carry the yearly value.")


def able_suppliers(yearly: Decimal, suppliers: Iterable[Capacity], bounds: Bounds | None = None) -> AbleSuppliers:
    """Who could carry ``yearly`` euro a year; the suppliers given are already eligible, capable and in reach.

    Raises:
        InvalidValue: the yearly value is not above zero.
    """
    if yearly <= 0:
        raise InvalidValue(
            Message("The yearly value %(value)s is not above zero.", {"value": str(yearly)}),
            Message("Give what a year of the contract is estimated to cost."),
        )
    chosen = bounds or Bounds()
    known: list[tuple[str, Decimal]] = []
    unknown: list[str] = []
    for supplier in suppliers:
        carried = supplier.carries(chosen)
        if carried is None:
            unknown.append(supplier.key)
        else:
            known.append((supplier.key, carried))
    known.sort(key=lambda pair: (-pair[1], pair[0]))
    alone = tuple(key for key, carried in known if carried >= yearly)
    groups, rest = _groups(known[len(alone) :], yearly, chosen.members)
    joint = sum((carried for _, carried in known), NOTHING)
    return AbleSuppliers(yearly, chosen, alone, groups, rest, tuple(sorted(unknown)), joint)


def _groups(
    ordered: Sequence[tuple[str, Decimal]], yearly: Decimal, members: int
) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """Groups from the largest down, each closed as soon as it suffices; ends where the next largest no longer do.

    With more or larger suppliers every group closes no later, so their number never falls.
    """
    groups: list[tuple[str, ...]] = []
    start = 0
    while start < len(ordered):
        carried, end = NOTHING, start
        while end < len(ordered) and end - start < members and carried < yearly:
            carried += ordered[end][1]
            end += 1
        if carried < yearly:
            break
        groups.append(tuple(key for key, _ in ordered[start:end]))
        start = end
    return tuple(groups), tuple(key for key, _ in ordered[start:])
