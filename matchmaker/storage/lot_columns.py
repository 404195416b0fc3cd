"""From a notice to the columns of its lots: pure functions, no database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from matchmaker.domain.lot_state import lot_window
from matchmaker.domain.match import need_of
from matchmaker.domain.notice import Lot, Notice, NoticeKind, ReservedParticipation, full_lot_id
from matchmaker.domain.values import CpvCode, Deadline, LocalText, Money, NutsCode, text_in
from matchmaker.reference.bundle import Reference
from matchmaker.reference.folding import fold
from matchmaker.storage.codec import to_document

LARGEST_EURO = Decimal("1e15")
"""More is a typing error of the notice: kept in the notice, not searched by."""


def _euro_only(money: Money, _on: date | None) -> Money | None:
    return money if money.currency == "EUR" else None


def _as_given(code: NutsCode) -> NutsCode:
    return code


@dataclass(frozen=True, slots=True)
class Conversions:
    """How values become comparable: ``to_euro`` at a yearly rate (None: unknown), ``current_nuts`` the code in force."""

    to_euro: Callable[[Money, date | None], Money | None] = _euro_only
    current_nuts: Callable[[NutsCode], NutsCode] = _as_given


PLAIN = Conversions()
"""Without reference tables: euro stays euro, everything else is unknown; NUTS codes as given."""


@dataclass(frozen=True, slots=True)
class LotCard:
    """What a list shows of a lot. ``nuts`` are the codes the matcher uses, fall-backs applied; ``deadline`` is when it closes."""

    full_id: str
    notice_id: str
    lot_id: str
    title: LocalText
    language: str
    kind: NoticeKind
    buyer: str | None = None
    country: str | None = None
    main_cpv: CpvCode | None = None
    nuts: tuple[NutsCode, ...] = ()
    value: Money | None = None
    deadline: Deadline | None = None
    published: date | None = None
    reserved: frozenset[ReservedParticipation] = frozenset()
    nature: str | None = None
    url: str | None = None
    description: LocalText = field(default_factory=lambda: MappingProxyType({}))
    """First part of the description, original language only."""


CARD_DESCRIPTION_LENGTH = 300


def lot_card(notice: Notice, lot: Lot) -> LotCard:
    """The card of one lot."""
    need = need_of(notice, lot)
    description = text_in(need.description, notice.language, notice.language)
    return LotCard(
        full_id=need.need_id,
        notice_id=notice.notice_id,
        lot_id=lot.lot_id,
        title=need.title,
        language=notice.language,
        kind=notice.kind,
        buyer=next((buyer.name for buyer in notice.buyers), None),
        country=need.country or next((code.country for code in need.nuts), None),
        main_cpv=next(iter(need.cpvs), None),
        nuts=need.nuts,
        value=lot.value,
        deadline=lot.closes,
        published=notice.published,
        reserved=lot.reserved,
        nature=lot.nature or notice.nature,
        url=notice.url,
        description={description[0]: description[1][:CARD_DESCRIPTION_LENGTH]} if description else {},
    )


def regions_around(codes: tuple[NutsCode, ...], conversions: Conversions) -> list[str]:
    """Current codes and every region around them, sorted."""
    return sorted({upper.code for code in codes for upper in conversions.current_nuts(code).upwards()})


def search_words(*texts: str) -> str:
    """Folded texts with a space at both ends, so that ``% it %`` finds whole words."""
    return f" {fold(' '.join(texts))} "


def _words(notice: Notice, lot: Lot) -> str:
    need = need_of(notice, lot)
    buyers = [buyer.name for buyer in notice.buyers]
    codes = [code.code for code in need.cpvs]
    return search_words(
        notice.notice_id, lot.lot_id, *need.title.values(), *notice.title.values(), *buyers, *codes, *need.description.values()
    )


def _euro(money: Money | None, on: date | None, conversions: Conversions) -> Decimal | None:
    found = conversions.to_euro(money, on) if money else None
    return found.amount.quantize(Decimal("0.01")) if found and found.amount < LARGEST_EURO else None


def lot_columns(
    notice: Notice, lot: Lot, position: int, conversions: Conversions, vectors: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The row of one lot, as column name to value; ``vectors`` by lot id."""
    card = lot_card(notice, lot)
    basis, open_until = lot_window(notice, lot)
    title = text_in(card.title, notice.language, notice.language)
    need = need_of(notice, lot)
    return {
        "full_id": full_lot_id(notice.notice_id, lot.lot_id),
        "notice_id": notice.notice_id,
        "lot_id": lot.lot_id,
        "position": position,
        "sort_key": fold(title[1] if title else lot.lot_id)[:200],
        "language": notice.language,
        "country": card.country,
        "published": notice.published,
        "listed": not lot.award_only,
        "basis": basis.value,
        "open_until": open_until,
        "deadline": lot.closes.day if lot.closes else None,
        "main_cpv": card.main_cpv.code if card.main_cpv else None,
        "division": card.main_cpv.division if card.main_cpv else None,
        "cpvs": [code.code for code in need.cpvs],
        "nuts": regions_around(card.nuts, conversions),
        "reserved": sorted(marker.value for marker in lot.reserved),
        "value_eur": _euro(lot.value, notice.published, conversions),
        "words": _words(notice, lot),
        "card": to_document(card),
        "vector": (vectors or {}).get(lot.lot_id),
    }


def conversions_of(reference: Reference) -> Conversions:
    """Conversions by the tables at hand."""
    return Conversions(reference.currencies.to_euro, reference.nuts.current)
