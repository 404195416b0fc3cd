"""What is asked for, how well a supplier answers it, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from matchmaker.domain.certificates import certificates_named
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot, Notice, ReservedParticipation, full_lot_id
from matchmaker.domain.values import CpvCode, Deadline, LocalText, Money, NutsCode, Period


class Criterion(StrEnum):
    """The six criteria every match is made of, in the order they are shown."""

    CAPABILITY = "capability"
    PLACE = "place"
    SCALE = "scale"
    ELIGIBILITY = "eligibility"
    READINESS = "readiness"
    TIMING = "timing"


@dataclass(frozen=True, slots=True)
class Need:
    """One lot or one planned purchase, as the scorer sees it. ``need_id`` is ``NOTICE_ID/LOT``, or ``draft``.

    ``country`` is the buyer's (ISO-2): its law applies. ``yearly_value`` is the value per contract year.
    """

    need_id: str
    title: LocalText
    description: LocalText = field(default_factory=lambda: MappingProxyType({}))
    language: str | None = None
    cpvs: tuple[CpvCode, ...] = ()
    """Main code first."""
    nuts: tuple[NutsCode, ...] = ()
    country: str | None = None
    yearly_value: Money | None = None
    period: Period = Period()
    deadline: Deadline | None = None
    reserved: frozenset[ReservedParticipation] = frozenset()
    certificates_asked: tuple[str, ...] = ()


def _codes(texts: Iterable[str]) -> tuple[NutsCode, ...]:
    found: dict[NutsCode, None] = {}
    for text in texts:
        try:
            found[NutsCode.parse(text)] = None
        except InvalidValue:
            continue
    return tuple(found)


def yearly(value: Money | None, period: Period) -> Money | None:
    """Value per year of a contract longer than a year; the whole value when the length is unknown or shorter."""
    months = period.length_in_months
    if value is None or months is None or months <= 12:
        return value
    return Money(value.amount * 12 / type(value.amount)(str(round(months, 4))), value.currency)


def need_of(notice: Notice, lot: Lot) -> Need:
    """The need a published lot expresses.

    Its place is the lot's regions; else the procedure's, where they lie in the lot's countries; else those countries; else the
    buyer's region (BT-507).
    """
    buyer_nuts = [buyer.nuts for buyer in notice.buyers if buyer.nuts]
    procedure = [code for code in _codes(notice.nuts) if not lot.countries or code.country in lot.countries]
    nuts = _codes(lot.nuts) or tuple(procedure) or _codes(lot.countries) or _codes(buyer_nuts)
    main = lot.main_cpv or notice.main_cpv
    extra = lot.extra_cpvs if lot.main_cpv else (*lot.extra_cpvs, *notice.extra_cpvs)
    return Need(
        need_id=full_lot_id(notice.notice_id, lot.lot_id),
        title=lot.title or notice.title,
        description=lot.description or notice.description,
        language=notice.language,
        cpvs=tuple(dict.fromkeys(([main] if main else []) + list(extra))),
        nuts=nuts,
        country=notice.country,
        yearly_value=yearly(lot.value, lot.period),
        period=lot.period,
        deadline=lot.closes,
        reserved=lot.reserved,
        certificates_asked=certificates_named(
            [*(text for each in lot.selection_criteria for text in each.description.values()), *lot.description.values()]
        ),
    )


class Verdict(StrEnum):
    """Eligibility under a regime. Unknown is never no, and never yes."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not-eligible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a value was read: a field of the lot or of the profile, and the words or code that counted."""

    field: str
    quote: str


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion for one lot and one supplier: a value in [0, 1] or None (unknown), why, and what it adds to the log-odds."""

    criterion: Criterion
    value: float | None
    sentence: Message
    contribution: float = 0.0
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A scored pair. ``log_odds`` is ``intercept`` plus the contributions; ``score`` its logistic, in (0, 1)."""

    need_id: str
    supplier_key: str
    score: float
    log_odds: float
    intercept: float
    criteria: tuple[CriterionResult, ...]
    features: Mapping[str, float | None]
    contributions: Mapping[str, float]
    scorer_version: str
    verdict: Verdict = Verdict.UNKNOWN

    def criterion(self, criterion: Criterion) -> CriterionResult:
        """The result for one criterion."""
        return next(result for result in self.criteria if result.criterion is criterion)


WITHIN_REACH = 0.2
"""Value of the place criterion below which a lot lies well outside where a supplier works."""


def out_of_reach(match: Match) -> bool:
    """Whether the lot is known to lie well outside where the supplier works; not known is never out of reach."""
    place = match.criterion(Criterion.PLACE).value
    return place is not None and place < WITHIN_REACH


def rank(matches: Iterable[Match]) -> list[Match]:
    """Best first; equal scores by supplier key, so that the order is the same every time."""
    return sorted(matches, key=lambda match: (-match.log_odds, match.supplier_key))


def points(score: float) -> int:
    """A score in (0, 1) as people read it, of 100: never the whole 100, because nothing here is certain."""
    return min(round(score * 100), 99)
