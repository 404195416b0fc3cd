"""What the planner works with: the purchase around the need, the suppliers able to do the work, and the law of the day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from matchmaker.domain.match import Criterion, Match, Need, yearly
from matchmaker.domain.notice import Buyer, Lot, Notice
from matchmaker.domain.organisation import Organisation
from matchmaker.domain.values import CpvCode, Money
from matchmaker.planning.bids import BidModel, LotFeatures
from matchmaker.planning.capacity import Capacity
from matchmaker.planning.plan import Assumptions
from matchmaker.reference.law import Regimes, Thresholds

ToEuro = Callable[[Money], Decimal | None]
"""An amount in euro at an approximate yearly rate, or None for an unknown currency."""

CENT = Decimal("0.01")

PLACEHOLDER = Decimal(1)
"""Values up to this say that a buyer had to fill in something."""

FRESH_DAYS = 366
"""A free capacity stated longer ago says nothing."""

EURO_PER_PERSON = Decimal(45_000)
"""Euro of turnover a year and employee, where only the headcount is known: low on purpose, for work that is done by hand."""


@dataclass(frozen=True, slots=True)
class PlanContext:
    """The purchase that the need is a part of.

    ``nature`` is BT-23; ``total`` the value of the whole lot, all years; ``purchase`` the values of all lots of the purchase,
    this one included (Art. 5(8) of Directive 2014/24/EU; None where one is not stated); ``whole`` the value that the notice
    states for all of them (BT-27). ``open`` and ``direct`` tell the procedure.
    """

    nature: str | None = None
    total: Money | None = None
    purchase: tuple[Money | None, ...] = ()
    whole: Money | None = None
    buyer: Buyer | None = None
    buyer_legal_type: str | None = None
    open: bool = False
    direct: bool = False
    notice: Notice | None = None
    lot: Lot | None = None


def context_of(notice: Notice, lot: Lot) -> PlanContext:
    """What a published notice says of the purchase around one of its lots."""
    buyer = next(iter(notice.buyers), None)
    procedure = (notice.procedure_type or "").lower()
    lots = [each for each in notice.lots if not each.award_only] or [lot]
    return PlanContext(
        nature=(lot.nature or notice.nature or "").lower() or None,
        total=lot.value or (notice.value if len(lots) == 1 else None),
        purchase=tuple(each.value for each in lots),
        whole=notice.value,
        buyer=buyer,
        buyer_legal_type=buyer.legal_type if buyer else None,
        open=procedure.startswith("open"),
        direct="without" in procedure or "neg-wo-call" in procedure,
        notice=notice,
        lot=lot,
    )


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier able to do the work. ``capability`` is the chance that an assessor would say so; ``place`` as in the match.

    ``estimated`` tells that the turnover behind ``capacity`` is reckoned from the headcount.
    """

    organisation: Organisation
    score: float
    capability: float
    place: float | None
    capacity: Capacity
    estimated: bool = False

    @property
    def key(self) -> str:
        """The supplier's key."""
        return self.organisation.key


def supplier_of(match: Match, organisation: Organisation, to_euro: ToEuro, today: date) -> Supplier:
    """What the planner needs of one match."""
    capacity, estimated = capacity_of(organisation, to_euro, today)
    return Supplier(
        organisation,
        match.score,
        match.criterion(Criterion.CAPABILITY).value or 0.0,
        match.criterion(Criterion.PLACE).value,
        capacity,
        estimated,
    )


def capacity_of(organisation: Organisation, to_euro: ToEuro, today: date) -> tuple[Capacity, bool]:
    """What a supplier states of its size in euro a year, and whether its turnover is reckoned from its headcount.

    The largest contract is that of the capability that takes the largest; it bounds only where every capability states one.
    """
    size, free = organisation.size, organisation.free_capacity
    turnover = to_euro(size.turnover) if size.turnover else None
    estimated = turnover is None and bool(size.employees)
    if turnover is None and size.employees:
        turnover = size.employees * EURO_PER_PERSON
    fresh = free is not None and (free.as_of is None or (today - free.as_of).days <= FRESH_DAYS)
    spare = to_euro(free.amount) if fresh and free is not None and free.amount is not None else None
    largest = [to_euro(work.largest) if work.largest else None for work in organisation.capabilities]
    known = [amount for amount in largest if amount is not None]
    bound = max(known) if known and len(known) == len(largest) else None
    return Capacity(organisation.key, turnover, spare, bound), estimated


@dataclass(frozen=True, slots=True)
class Part:
    """A task or a place of the lot. ``code`` is its CPV or NUTS code, ``share`` its part of the value (0-1; ``stated`` by the
    buyer, else assumed); ``doers`` the suppliers that can do it or reach it, with the chance that they can.
    """

    label: str
    code: str
    share: float
    doers: Mapping[str, float]
    stated: bool = False


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """Everything a plan is made from.

    ``suppliers`` can do the work and are not known to be out of reach; ``beyond`` can do it and are out of reach; ``partly`` can
    do one of ``tasks`` alone, or reach one of ``places`` alone. Both are empty where the lot has one task or place. ``won`` tells
    by years of look-back whom this buyer awarded such services under the same rule, None where its history does not tell.
    ``late`` are suppliers for whom the days left to the deadline are too few; ``looked_at`` counts the suppliers compared.
    """

    need: Need
    context: PlanContext
    suppliers: Sequence[Supplier]
    regimes: Regimes
    thresholds: Thresholds
    to_euro: ToEuro
    model: BidModel
    today: date
    scorer_version: str
    assumptions: Assumptions
    beyond: Sequence[Supplier] = ()
    partly: Sequence[Supplier] = ()
    tasks: tuple[Part, ...] = ()
    places: tuple[Part, ...] = ()
    won: Mapping[int, Mapping[str, bool | None]] = field(default_factory=lambda: MappingProxyType({}))
    late: frozenset[str] = frozenset()
    looked_at: int = 0
    placed: bool = True
    """Whether it is known where the work is."""
    banded: int = 0
    """Of ``suppliers``, those with a size that counts as its band, because the reader may not see it (``domain.sight``)."""
    art77_codes: frozenset[CpvCode] = frozenset()

    @property
    def total(self) -> Decimal | None:
        """Euro for the whole lot; None where not stated, or a placeholder."""
        return self.euro(self.context.total) or self._over_all_years()

    @property
    def yearly(self) -> Decimal | None:
        """Euro a contract year; the whole value where the duration is unknown or a year at most."""
        return self.euro(self.need.yearly_value) or self.euro(yearly(self.context.total, self.need.period))

    @property
    def features(self) -> LotFeatures:
        """What the bid model reads of the lot."""
        context, total = self.context, self.total
        return LotFeatures(context.nature, context.open, context.direct, None if total is None else float(total))

    def euro(self, money: Money | None) -> Decimal | None:
        """An amount in euro; None where there is none, or a placeholder."""
        euro = self.to_euro(money) if money is not None else None
        return euro.quantize(CENT) if euro is not None and euro > PLACEHOLDER else None

    def _over_all_years(self) -> Decimal | None:
        of_a_year, months = self.euro(self.need.yearly_value), self.need.period.length_in_months
        if of_a_year is None or months is None or months <= 12:
            return of_a_year
        return (of_a_year * Decimal(str(months)) / 12).quantize(CENT)
