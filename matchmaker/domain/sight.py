"""What a reader may know of suppliers' sizes, and how a size that it may not know is counted for it: as one of few bands.

Whoever may move a contract's value or the part of a turnover it may become sees counts, targets and roles change, and could so
find out the turnover of a single supplier. An answer reckoned from bands alone cannot tell two sizes of one band apart, whatever
is moved: no size comes out closer than within a factor of four.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from matchmaker.domain.access import Person, Role
from matchmaker.domain.organisation import Organisation, Visibility
from matchmaker.domain.values import Money

FACTOR = 4
"""Between the ends of a band; what stands for the band lies in its middle, a factor of two from either end."""

LEAST_AMOUNT = Decimal(12_500)
"""Stands for all amounts of money below twice as much; the next bands are those around 50,000, 200,000, 800,000 …"""

LEAST_STAFF = Decimal(1)
"""The next bands are those around 4, 16, 64 … people."""

LEAST_HOURS = Decimal(250)


@dataclass(frozen=True, slots=True)
class Sight:
    """``audiences``: the figures shown to one of these are seen; ``own``: keys of organisations of which everything is."""

    audiences: frozenset[Visibility]
    own: frozenset[str] = frozenset()

    def sees(self, organisation: Organisation, visibility: Visibility) -> bool:
        """Whether a figure of the organisation that is shown to ``visibility`` is seen."""
        return visibility in self.audiences or organisation.key in self.own


ANYONE = Sight(frozenset({Visibility.PUBLIC}))
BUYERS = Sight(frozenset({Visibility.PUBLIC, Visibility.BUYERS}))
OPERATOR = Sight(frozenset(Visibility))
"""Whoever has the database before them anyway."""


def sight_of(person: Person | None) -> Sight:
    """What a reader of the site may know; None is somebody not signed in."""
    if person is None:
        return ANYONE
    audiences = BUYERS.audiences if Role.BUYER in person.roles else ANYONE.audiences
    return Sight(audiences, frozenset(membership.organisation_key for membership in person.memberships))


def as_counted(organisation: Organisation, sight: Sight) -> Organisation:
    """The organisation with every figure of its size that is not seen put to the middle of its band; else the same object."""
    size, free, work = organisation.size, organisation.free_capacity, organisation.capabilities
    if size.employees is not None and not sight.sees(organisation, size.visibility):
        size = replace(size, employees=int(_band(Decimal(size.employees), LEAST_STAFF)))
    if size.turnover is not None and not sight.sees(organisation, size.turnover_shown_to):
        size = replace(size, turnover=_money(size.turnover))
    if free is not None and not sight.sees(organisation, free.visibility):
        hours = None if free.hours is None else float(_band(Decimal(str(free.hours)), LEAST_HOURS))
        free = replace(free, amount=_money(free.amount), hours=hours)
    if any(each.smallest or each.largest for each in work) and not sight.sees(organisation, organisation.contract_sizes_shown_to):
        work = tuple(replace(each, smallest=_money(each.smallest), largest=_money(each.largest)) for each in work)
    if size is organisation.size and free is organisation.free_capacity and work is organisation.capabilities:
        return organisation
    return replace(organisation, size=size, free_capacity=free, capabilities=work)


def _money(amount: Money | None) -> Money | None:
    return None if amount is None else Money(_band(amount.amount, LEAST_AMOUNT), amount.currency)


def _band(figure: Decimal, least: Decimal) -> Decimal:
    """The middle of the band that the figure lies in: ``least`` times a power of four."""
    middle = least
    while figure >= 2 * middle:
        middle *= FACTOR
    return middle
