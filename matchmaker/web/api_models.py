"""What the API answers, as plain records; dates are ISO 8601, money an amount with its ISO 4217 currency."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from matchmaker.domain.lot_state import LotState, lot_state
from matchmaker.domain.match import CriterionResult, need_of
from matchmaker.domain.messages import Message, Parameter
from matchmaker.domain.notice import Lot, Notice, full_lot_id
from matchmaker.domain.organisation import Organisation, SizeFigures
from matchmaker.domain.reservation import LotReservation
from matchmaker.domain.values import Money
from matchmaker.language.translate import translate
from matchmaker.storage.lots_search import LotListing, LotPage
from matchmaker.web.matches import MatchView


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
    """A lot with what matters from its notice. ``reserved`` is null when the notice does not say."""

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


def amount(money: Money | None) -> Amount | None:
    """Money as a record."""
    return Amount(money.amount, money.currency) if money else None


def reason(message: Message, language: str) -> Reason:
    """A message as a record."""
    return Reason(translate(message, language), message.text, dict(message.parameters))


def lot_summary(listing: LotListing) -> LotSummary:
    """A lot of a list."""
    card = listing.card
    return LotSummary(
        id=card.full_id,
        title=dict(card.title),
        language=card.language,
        buyer=card.buyer,
        country=card.country,
        nuts=[code.code for code in card.nuts],
        cpv=card.main_cpv.code if card.main_cpv else None,
        value=amount(card.value),
        state=listing.state,
        deadline=card.deadline.isoformat() if card.deadline else None,
        published=card.published,
        kind=card.kind.value,
        reserved=sorted(marker.value for marker in card.reserved),
    )


def lot_list(found: LotPage) -> LotList:
    """A page of lots."""
    return LotList(
        total=found.total,
        page=found.page,
        pages=found.pages,
        lots=[lot_summary(listing) for listing in found.rows],
        countries=dict(found.countries),
        cpv_divisions=dict(found.divisions),
        states=dict(found.states),
        reserved=dict(found.reserved),
    )


def lot_detail(
    notice: Notice, lot: Lot, today: date, reservation: LotReservation, source: str | None, language: str
) -> LotDetail:
    """One lot."""
    need = need_of(notice, lot)
    return LotDetail(
        id=full_lot_id(notice.notice_id, lot.lot_id),
        notice_id=notice.notice_id,
        lot_id=lot.lot_id,
        kind=notice.kind.value,
        state=lot_state(notice, lot, today),
        language=notice.language,
        title=dict(need.title),
        description=dict(need.description),
        buyers=[buyer.name for buyer in notice.buyers],
        country=need.country,
        nuts=[code.code for code in need.nuts],
        cpvs=[code.code for code in need.cpvs],
        value=amount(lot.value),
        value_a_year=amount(need.yearly_value),
        deadline=lot.deadline.isoformat() if lot.deadline else None,
        start=lot.period.start,
        end=lot.period.end,
        months=lot.period.months,
        published=notice.published,
        reserved=reservation.reserved,
        reserved_markers=sorted(marker.value for marker in lot.reserved),
        reservation=[reason(message, language) for message in (*reservation.says, *reservation.means, *reservation.warns)],
        source=source,
    )


def match_record(view: MatchView, language: str) -> MatchRecord:
    """One match."""
    match = view.match
    return MatchRecord(
        rank=view.rank,
        supplier=match.supplier_key,
        name=view.organisation.name,
        score=match.score,
        log_odds=match.log_odds,
        intercept=match.intercept,
        verdict=match.verdict.value,
        scorer=match.scorer_version,
        criteria=[_criterion(result, language) for result in match.criteria],
    )


def _criterion(result: CriterionResult, language: str) -> CriterionRecord:
    return CriterionRecord(
        criterion=result.criterion.value,
        value=result.value,
        contribution=result.contribution,
        reason=reason(result.sentence, language),
        evidence=[EvidenceRecord(piece.field, piece.quote) for piece in result.evidence],
    )


def supplier_record(organisation: Organisation, figures: SizeFigures) -> SupplierRecord:
    """A supplier with the figures its reader may see."""
    return SupplierRecord(
        key=organisation.key,
        name=organisation.name,
        country=organisation.base.country,
        city=organisation.base.city,
        nuts=organisation.base.nuts.code if organisation.base.nuts else None,
        statuses=[status.kind.value for status in organisation.statuses],
        confirmed=organisation.provenance.claimed,
        source=organisation.provenance.source,
        imported_on=organisation.provenance.imported_on,
        description=organisation.description,
        language=organisation.language,
        capabilities=[capability.text for capability in organisation.capabilities],
        cpvs=sorted({code.code for capability in organisation.capabilities for code in capability.cpvs}),
        works_in_nuts=[code.code for code in organisation.area.nuts],
        works_in_countries=list(organisation.area.countries),
        works_within_km=organisation.area.radius_km,
        employees=figures.employees,
        turnover=amount(figures.turnover),
        certificates=[certificate.name for certificate in organisation.certificates],
        languages=list(organisation.languages),
        website=organisation.website,
    )
