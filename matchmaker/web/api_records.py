"""From domain values to the records of the API."""

from datetime import date

from matchmaker.domain.lot_state import lot_state
from matchmaker.domain.match import CriterionResult, need_of
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot, Notice, full_lot_id
from matchmaker.domain.organisation import Organisation, SizeFigures
from matchmaker.domain.reservation import LotReservation
from matchmaker.domain.special_category import only_verdict
from matchmaker.domain.values import Money
from matchmaker.language.translate import translate
from matchmaker.storage.lots_search import LotListing, LotPage
from matchmaker.web.api_models import (
    Amount,
    CriterionRecord,
    EvidenceRecord,
    LotDetail,
    LotList,
    LotSummary,
    MatchRecord,
    Reason,
    SupplierRecord,
)
from matchmaker.web.matches import MatchView


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
        deadline=lot.closes.isoformat() if lot.closes else None,
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
        statuses=[] if only_verdict(organisation) else [status.kind.value for status in organisation.statuses],
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
