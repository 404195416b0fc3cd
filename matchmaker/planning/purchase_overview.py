"""A purchase plan at a glance: by kind of work, place and quarter, what could be reserved, and how that stands to a duty."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from matchmaker.domain.purchase_plan import PlannedPurchase, quarter
from matchmaker.planning.feasibility import Advice
from matchmaker.planning.plan_summary import PlanSummary
from matchmaker.reference.activities import Activity
from matchmaker.reference.clauses import ClauseKind, Mark
from matchmaker.reference.law import Regime, Regimes

NOTHING = Decimal(0)
OTHER = ""
"""Key of what has no activity, place or quarter."""


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """A row as the overview counts it: ``euro`` is about the whole contract's value, ``summary`` None while it is not planned."""

    purchase: PlannedPurchase
    euro: Decimal | None
    summary: PlanSummary | None


@dataclass(slots=True)
class Tally:
    """Rows of one group: how many, what they are worth, what of it the advice is to reserve, and the advice by count.

    ``target_rows`` are those to ask a social part of instead, ``target_euro`` what that part is likely worth.
    """

    key: str
    rows: int = 0
    euro: Decimal = NOTHING
    reservable_rows: int = 0
    reservable_euro: Decimal = NOTHING
    target_rows: int = 0
    target_euro: Decimal = NOTHING
    without_value: int = 0
    advice: Counter[Advice] = field(default_factory=Counter)

    def add(self, row: OverviewRow) -> None:
        """Counts one row more."""
        self.rows += 1
        self.euro += row.euro or NOTHING
        self.without_value += row.euro is None
        if row.summary is not None:
            self.advice[row.summary.advice] += 1
            if row.summary.reservable:
                self.reservable_rows += 1
                self.reservable_euro += row.euro or NOTHING
            if row.summary.advice is Advice.CLAUSE and row.summary.target_likely:
                self.target_rows += 1
                self.target_euro += (row.euro or NOTHING) * Decimal(str(row.summary.target_likely))

    @property
    def reservable_share(self) -> float | None:
        """The part of the value that is advised to be reserved (0-1); None without any value."""
        return float(self.reservable_euro / self.euro) if self.euro else None


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole plan and its groups; groups in order of value, quarters in order of time, the unknown last."""

    whole: Tally
    by_activity: tuple[Tally, ...]
    by_place: tuple[Tally, ...]
    by_quarter: tuple[Tally, ...]


def overview(rows: Sequence[OverviewRow], activities: Sequence[Activity], place_level: int) -> Overview:
    """The rows counted by product group, by region of a NUTS level, and by the quarter they start in."""
    whole = Tally("whole")
    for row in rows:
        whole.add(row)
    by_activity = _tallies(rows, lambda row: group_of(row.purchase, activities))
    by_place = _tallies(rows, lambda row: place_of(row.purchase, place_level))
    by_quarter = sorted(_tallies(rows, lambda row: quarter_of(row.purchase)), key=lambda each: (each.key == OTHER, each.key))
    return Overview(whole, by_activity, by_place, tuple(by_quarter))


def _tallies(rows: Iterable[OverviewRow], key_of: Callable[[OverviewRow], str]) -> tuple[Tally, ...]:
    found: dict[str, Tally] = {}
    for row in rows:
        key = key_of(row)
        found.setdefault(key, Tally(key)).add(row)
    return tuple(sorted(found.values(), key=lambda each: (each.key == OTHER, -each.euro, -each.rows, each.key)))


def group_of(purchase: PlannedPurchase, activities: Sequence[Activity]) -> str:
    """The key of the product group of a row's work, else the CPV division, ``cpv:45``; empty while it is not understood."""
    code = purchase.work.working_code
    if code is None:
        return OTHER
    matching = [each for each in activities if code.startswith(each.cpv_prefixes)]
    best = max(matching, key=lambda each: max(len(p) for p in each.cpv_prefixes if code.startswith(p)), default=None)
    return best.group if best else f"cpv:{code[:2]}"


def place_of(purchase: PlannedPurchase, level: int) -> str:
    """The region of a row at a NUTS level or above (``level`` 0 is the country); empty while it is not understood."""
    code = purchase.place.working_code
    return code[: 2 + level] if code else OTHER


def quarter_of(purchase: PlannedPurchase) -> str:
    """``2027-Q2``; empty where the row says no start."""
    start = purchase.row.period.start
    return quarter(start) if start else OTHER


DUTIES: dict[str, tuple[float, float]] = {"ES-DA4": (0.07, 0.10), "LT-23": (0.02, 0.02)}
"""Regimes that ask for a share of purchases to be reserved, and from which share to which (0-1), as the quotas in
``law/regimes.csv`` say in words. What the share is counted on differs from law to law and is told beside it.
"""


@dataclass(frozen=True, slots=True)
class Duty:
    """A share that the law of the buyer's country asks for; ``seen`` is False where it is general knowledge, to be checked."""

    regime: Regime
    low: float
    high: float
    seen: bool


def duties_of(regimes: Regimes, country: str, today: date) -> tuple[Duty, ...]:
    """The shares asked for in a country on a day; empty where its law at hand asks for none."""
    found = []
    for regime in regimes.on(today, "UK" if country == "GB" else country):
        if regime.regime_id in DUTIES:
            clause = regime.clause(ClauseKind.QUOTA)
            found.append(Duty(regime, *DUTIES[regime.regime_id], seen=clause is not None and clause.mark is Mark.SEEN))
    return tuple(found)
