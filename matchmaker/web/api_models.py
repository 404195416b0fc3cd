"""What the API answers, as plain records; dates are ISO 8601, money an amount with its ISO 4217 currency."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from matchmaker.domain.lot_state import LotState
from matchmaker.domain.messages import Parameter


@dataclass(frozen=True)
class Amount:
    """Money."""

    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Reason:
    """A sentence in the language asked for, with its source form, so that it can be shown in another one."""

    sentence: str
    message: str
    parameters: dict[str, Parameter]


@dataclass(frozen=True)
class LotSummary:
    """A lot in a list. ``title`` by language."""

    id: str
    title: dict[str, str]
    language: str
    buyer: str | None
    country: str | None
    nuts: list[str]
    cpv: str | None
    value: Amount | None
    state: LotState
    deadline: str | None
    published: date | None
    kind: str
    reserved: list[str]


@dataclass(frozen=True)
class LotList:
    """One page of lots; the counts say how many there would be for each choice, all other filters kept."""

    total: int
    page: int
    pages: int
    lots: list[LotSummary]
    countries: dict[str, int]
    cpv_divisions: dict[str, int]
    states: dict[str, int]
    reserved: dict[str, int]


@dataclass(frozen=True)
class LotDetail:
    """A lot with what matters from its notice. ``reserved`` is null when it does not say; ``deadline`` is when the lot closes."""

    id: str
    notice_id: str
    lot_id: str
    kind: str
    state: LotState
    language: str
    title: dict[str, str]
    description: dict[str, str]
    buyers: list[str]
    country: str | None
    nuts: list[str]
    cpvs: list[str]
    value: Amount | None
    value_a_year: Amount | None
    deadline: str | None
    start: date | None
    end: date | None
    months: float | None
    published: date | None
    reserved: bool | None
    reserved_markers: list[str]
    reservation: list[Reason]
    source: str | None


@dataclass(frozen=True)
class EvidenceRecord:
    """A field that was read and the words that counted."""

    field: str
    quote: str


@dataclass(frozen=True)
class CriterionRecord:
    """One answer. ``value`` in [0, 1]; null is unknown, which is neither yes nor no. ``contribution`` in log-odds."""

    criterion: str
    value: float | None
    contribution: float
    reason: Reason
    evidence: list[EvidenceRecord]


@dataclass(frozen=True)
class SupplierRecord:
    """A supplier as this reader may see it; figures it does not show are null."""

    key: str
    name: str
    country: str
    city: str | None
    nuts: str | None
    statuses: list[str]
    confirmed: bool
    source: str
    imported_on: date | None
    description: str
    language: str | None
    capabilities: list[str]
    cpvs: list[str]
    works_in_nuts: list[str]
    works_in_countries: list[str]
    works_within_km: float | None
    employees: int | None
    turnover: Amount | None
    certificates: list[str]
    languages: list[str]
    website: str | None


@dataclass(frozen=True)
class SupplierList:
    """One page of suppliers."""

    total: int
    page: int
    pages: int
    suppliers: list[SupplierRecord]


@dataclass(frozen=True)
class MatchRecord:
    """A match. ``log_odds`` is ``intercept`` plus the contributions, ``score`` its logistic."""

    rank: int
    supplier: str
    name: str
    score: float
    log_odds: float
    intercept: float
    verdict: str
    scorer: str
    criteria: list[CriterionRecord]


@dataclass(frozen=True)
class MatchRecords:
    """Ranked matches; ``total`` counts them before filter and limit.

    ``read_as`` are the CPV codes a planned purchase was taken to mean, where it named none.
    """

    need: str
    read_as: list[str]
    total: int
    fitting: int
    matches: list[MatchRecord]


@dataclass(frozen=True)
class PlannedPurchase:
    """A planned purchase in own words, in any language. ``country`` is the buyer's (ISO-2); the value is for one year."""

    text: str
    country: str
    place: str = ""
    value: Decimal | None = None
    currency: str = "EUR"
    start: date | None = None
    activity: str = ""
    cpvs: list[str] = field(default_factory=list)
    sort: str = ""
    only: str = ""
    show: int = 20
