"""Lots as plain rows, in the form in which they are exported and compared."""

from collections.abc import Mapping

from matchmaker.domain.notice import Lot, Notice, ReservedParticipation, Winner
from matchmaker.domain.values import CpvCode

Row = dict[str, object]


def lot_rows(notice: Notice) -> list[Row]:
    """One row per lot, award-only ones last and marked ``award_only``; what the notice does not say is None or empty.

    Title and description are ``{language: text}``. A winner who is a natural person is marked ``natural_person`` and has no
    number; whoever shows rows to people leaves such names out.
    """
    return [_row(notice, lot) for lot in notice.lots]


def _row(notice: Notice, lot: Lot) -> Row:
    row: Row = {
        "notice_id": notice.notice_id,
        "lot_id": lot.lot_id,
        "language": notice.language,
        "title": _texts(lot.title or notice.title),
        "description": _texts(lot.description),
        "main_cpv": _code(lot.main_cpv or notice.main_cpv),
        "extra_cpvs": [code.code for code in lot.extra_cpvs],
        "nuts": list(lot.nuts),
        "value": float(lot.value.amount) if lot.value else None,
        "currency": lot.value.currency if lot.value else None,
        "deadline": lot.deadline.isoformat() if lot.deadline else None,
        "reserved": [marker.value for marker in ReservedParticipation if marker in lot.reserved],
        "winners": [_winner(winner) for winner in lot.result.winners] if lot.result else [],
    }
    if lot.award_only:
        row["award_only"] = True
    return row


def _texts(texts: Mapping[str, str]) -> dict[str, str]:
    return dict(texts)


def _code(code: CpvCode | None) -> str | None:
    return code.code if code else None


def _winner(winner: Winner) -> Row:
    row: Row = {
        "name": winner.name,
        "country": winner.country,
        "town": winner.town,
        "nuts": winner.nuts,
        "id": winner.identifier.value if winner.identifier else None,
        "size": winner.size,
    }
    if winner.natural_person:
        row["natural_person"] = True
    return row
