"""From a notice to what joins need of it, as rows: pure functions, no database."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from matchmaker.domain.notice import Lot, LotResult, Notice, NoticeKind, Winner, full_lot_id
from matchmaker.domain.procedure import RESULTS, LotFacts, NoticeFacts, Stage
from matchmaker.domain.procedure_guesses import buckets
from matchmaker.domain.register_numbers import names_person, register_key
from matchmaker.domain.values import text_in
from matchmaker.reference.folding import fold
from matchmaker.storage.codec import to_document
from matchmaker.storage.lot_columns import LARGEST_EURO, Conversions
from matchmaker.storage.party_keys import buyer_keys, buyer_name_key, party_name_key, winner_keys
from matchmaker.storage.superseding import aliases_of, citation

INTENTIONS = frozenset({"F15", "15", "25", "26", "27", "28"})
"""Voluntary ex ante transparency notices."""

MODIFICATIONS = frozenset({"F20", "20", "38", "39", "40"})
"""Subtype 20 of eForms is a call, which its kind tells."""

LONGEST_TITLE = 300
LONGEST_TIE = 400
"""Keys of an index must stay short; what is cited by a longer text than this is no number."""

MOST_BUYERS = 5
"""Joint procedures name up to a hundred buyers; the first ones are enough to recognise a notice by."""


def stage_of(notice: Notice) -> Stage:
    """What the notice does in its procedure."""
    if notice.kind is not NoticeKind.RESULT:
        return {NoticeKind.PLANNING: Stage.PLANNED, NoticeKind.CHANGE: Stage.CHANGED}.get(notice.kind, Stage.CALLED)
    if notice.form in MODIFICATIONS:
        return Stage.MODIFIED
    return Stage.INTENDED if notice.form in INTENTIONS else Stage.AWARDED


def facts_of(notice: Notice) -> NoticeFacts:
    """What joins need of ``notice``."""
    own = set(aliases_of(notice))
    return NoticeFacts(
        notice_id=notice.notice_id,
        stage=stage_of(notice),
        published=notice.published or notice.dispatched,
        names=tuple(sorted(own)),
        cites=tuple(sorted({cited_number(name) for name in notice.previous} - own - {""})),
        changes=cited_number(notice.changes) if notice.changes else None,
        replaces=notice.schema in {"eforms", "ocds"},
        procedure_id=notice.procedure_id.strip().lower() if notice.procedure_id else None,
        buyers=tuple(dict.fromkeys(key for buyer in notice.buyers[:MOST_BUYERS] for key in buyer_keys(buyer))),
        words=_title(notice.title, notice.language),
        main_cpv=notice.main_cpv.code
        if notice.main_cpv
        else next((lot.main_cpv.code for lot in notice.lots if lot.main_cpv), None),
        nuts=tuple(sorted({code for lot in notice.lots for code in lot.nuts} or set(notice.nuts))),
        lots=tuple(_lot_facts(notice, lot) for lot in notice.lots),
    )


def cited_number(name: str) -> str:
    """A citation in the spelling of ``names``; one in that of the Official Journal (``2023/S 193-601506``) as number and year."""
    journal = re.fullmatch(r"([0-9]{4})/s\s*[0-9]{1,3}\s*[-–]\s*([0-9]{1,8})", name.strip().lower())
    return f"{int(journal[2])}-{journal[1]}" if journal else citation(name)


def _title(texts: Any, language: str) -> str:
    found = text_in(texts, language, language)
    return fold(found[1])[:LONGEST_TITLE] if found else ""


def _lot_facts(notice: Notice, lot: Lot) -> LotFacts:
    return LotFacts(
        lot_id=lot.lot_id,
        words=_title(lot.title, notice.language),
        main_cpv=lot.main_cpv.code if lot.main_cpv else None,
        reserved=lot.reserved,
        period=lot.period,
        award_only=lot.award_only,
        awarded=is_award(notice, lot),
        concluded=_sound_date(lot.result, notice.published),
        winners=tuple(dict.fromkeys(key for winner in organisations_of(lot.result) for key in winner_keys(winner))),
    )


def is_award(notice: Notice, lot: Lot) -> bool:
    """Whether the notice says that somebody won the lot."""
    return stage_of(notice) in RESULTS and lot.result is not None and lot.result.awarded is not False and bool(lot.result.winners)


def organisations_of(result: LotResult | None) -> tuple[Winner, ...]:
    """The winners that are no natural persons."""
    return tuple(winner for winner in (result.winners if result else ()) if not _is_person(winner))


def _is_person(winner: Winner) -> bool:
    return winner.natural_person or names_person(winner.identifier, winner.country)


def _sound_date(result: LotResult | None, published: date | None) -> date | None:
    """The day of conclusion; one in the future of its own notice is a mistake, such as 2104 for 2014."""
    day = result.concluded if result else None
    return None if day and published and day > published else day


def tie_rows(facts: NoticeFacts) -> list[dict[str, Any]]:
    """A row for each tie. A procedure id ties only with a buyer or title, as ``procedures_of`` asks."""
    ties = {*facts.names, *facts.cites, *([facts.changes] if facts.changes else [])}
    if facts.procedure_id:
        ties |= {f"{facts.procedure_id}|{mark}" for mark in {*facts.buyers, facts.words} - {""}}
    return [{"tie": tie, "notice_id": facts.notice_id} for tie in sorted({tie[:LONGEST_TIE] for tie in ties})]


def facts_row(facts: NoticeFacts) -> dict[str, Any]:
    """The row of ``notice_facts``."""
    return {
        "notice_id": facts.notice_id,
        "stage": facts.stage.value,
        "published": facts.published,
        "procedure_id": facts.procedure_id,
        "buckets": sorted(buckets(facts)),
        "doc": to_document(facts),
    }


def buyer_rows(notice: Notice) -> list[dict[str, Any]]:
    """The rows of ``notice_buyer``."""
    return [
        {
            "notice_id": notice.notice_id,
            "position": position,
            "number_key": register_key(buyer.identifier, buyer.country),
            "name_key": buyer_name_key(buyer),
            "name": buyer.name,
            "town": buyer.town,
            "country": buyer.country,
        }
        for position, buyer in enumerate(notice.buyers)
    ]


def award_rows(notice: Notice, conversions: Conversions) -> list[dict[str, Any]]:
    """The rows of ``award`` without what the procedure adds."""
    return [_award_row(notice, lot, lot.result, conversions) for lot in notice.lots if lot.result and is_award(notice, lot)]


def _award_row(notice: Notice, lot: Lot, result: LotResult, conversions: Conversions) -> dict[str, Any]:
    value = result.value if result.value and result.value.amount < LARGEST_EURO else None
    euro = conversions.to_euro(value, notice.published) if value else None
    return {
        "full_id": full_lot_id(notice.notice_id, lot.lot_id),
        "notice_id": notice.notice_id,
        "lot_id": lot.lot_id,
        "stage": stage_of(notice).value,
        "concluded": _sound_date(result, notice.published),
        "published": notice.published,
        "value": value.amount if value else None,
        "currency": value.currency if value else None,
        "value_eur": euro.amount if euro and euro.amount < LARGEST_EURO else None,
        "persons": sum(_is_person(winner) for winner in result.winners),
    }


def winner_rows(notice: Notice) -> list[dict[str, Any]]:
    """The rows of ``award_winner``."""
    return [row for lot in notice.lots if is_award(notice, lot) for row in _winner_rows(notice, lot)]


def _winner_rows(notice: Notice, lot: Lot) -> Sequence[dict[str, Any]]:
    return [
        {
            "full_id": full_lot_id(notice.notice_id, lot.lot_id),
            "position": position,
            "name": winner.name,
            "number_key": register_key(winner.identifier, winner.country),
            "name_key": party_name_key(winner.name, winner.country),
            "country": winner.country,
            "town": winner.town,
            "nuts": winner.nuts,
        }
        for position, winner in enumerate(organisations_of(lot.result))
    ]
