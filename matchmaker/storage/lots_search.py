"""Search among lots: open and planned ones first, soonest deadline first; one statement for the rows, one for the counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, Text, and_, case, false, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.lot_state import LotState
from matchmaker.domain.notice import ReservedParticipation
from matchmaker.domain.values import NutsCode
from matchmaker.reference.folding import fold
from matchmaker.storage.codec import from_document
from matchmaker.storage.columns import Texts
from matchmaker.storage.facets import Condition, Facet, all_conditions, count_facets
from matchmaker.storage.lot_columns import LotCard
from matchmaker.storage.notice_tables import LotRow

SHORT_WORD = 3
"""Words up to this length must stand alone; longer ones are also found inside compounds."""

MOST_WORDS = 12


class Reserved(StrEnum):
    """Filter on reserved participation: reserved for someone, for whom, or said not to be."""

    ANY = "any"
    SHELTERED = ReservedParticipation.SHELTERED.value
    SHELTERED_PROGRAMME = ReservedParticipation.SHELTERED_PROGRAMME.value
    PUBLIC_SERVICE_MISSION = ReservedParticipation.PUBLIC_SERVICE_MISSION.value
    NONE = ReservedParticipation.NONE.value


@dataclass(frozen=True, slots=True)
class LotFilter:
    """What lots must fulfil, all together; an empty one lists everything.

    ``words`` must all occur in the texts of any language, the buyer's name, the codes or the number; ``cpv_prefixes`` are
    digits, any of which a code of the lot starts with; ``country`` ISO-2 of the buyer; ``nuts`` in a current code;
    ``open_until`` the lot is still open on that day; values in euro.
    """

    words: str = ""
    cpv_prefixes: tuple[str, ...] = ()
    country: str | None = None
    nuts: NutsCode | None = None
    reserved: Reserved | None = None
    open_until: date | None = None
    value_from: Decimal | None = None
    value_to: Decimal | None = None
    state: LotState | None = None


@dataclass(frozen=True, slots=True)
class LotListing:
    """A lot in a list, its state on the day asked, and its value in euro where convertible."""

    card: LotCard
    state: LotState
    value_eur: Decimal | None


@dataclass(frozen=True, slots=True)
class LotPage:
    """One page of results. Each count answers "how many if I chose this instead", all other filters kept."""

    rows: tuple[LotListing, ...]
    total: int
    page: int
    per_page: int
    countries: Mapping[str, int]
    divisions: Mapping[str, int]
    states: Mapping[str, int]
    reserved: Mapping[str, int]

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // self.per_page))


async def search_lots(session: AsyncSession, wanted: LotFilter, page: int, per_page: int, today: date) -> LotPage:
    """The ``page``-th page (from 1) of lots that fulfil ``wanted`` on ``today``, with counts."""
    state = state_on(today)
    general, facets = _general(wanted), _facets(wanted, state)
    query = (
        select(col(LotRow.card), state, col(LotRow.value_eur))
        .where(*all_conditions(general, facets))
        .order_by(*_order(state))
        .offset((max(page, 1) - 1) * per_page)
        .limit(per_page)
    )
    rows = [
        LotListing(from_document(card, LotCard), LotState(found), value) for card, found, value in await session.execute(query)
    ]
    total, counts = await count_facets(session, general, facets, frozenset({"reserved"}))
    return LotPage(tuple(rows), total, max(page, 1), per_page, **counts)


async def listings_of(session: AsyncSession, full_ids: Sequence[str], today: date) -> dict[str, LotListing]:
    """What a list shows of these lots; those that are not stored or no longer listed are left out."""
    state = state_on(today)
    query = select(col(LotRow.card), state, col(LotRow.value_eur)).where(col(LotRow.full_id).in_(full_ids), col(LotRow.listed))
    found = [
        LotListing(from_document(card, LotCard), LotState(found), value) for card, found, value in await session.execute(query)
    ]
    return {listing.card.full_id: listing for listing in found}


def state_on(today: date) -> ColumnElement[str]:
    """Open, planned or closed on ``today``, as SQL; the same rule as ``domain.lot_state.lot_state``."""
    over = and_(col(LotRow.open_until).is_not(None), col(LotRow.open_until) < today)
    return case((over, literal(LotState.CLOSED.value)), else_=col(LotRow.basis))


def _order(state: ColumnElement[str]) -> tuple[SQLColumnExpression[Any], ...]:
    """Open by deadline, planned by last day, then closed ones with the latest first."""
    closed = state == LotState.CLOSED.value
    rank = case((state == LotState.OPEN.value, 0), (state == LotState.PLANNED.value, 1), else_=2)
    return (
        rank,
        case((~closed, col(LotRow.deadline))).asc().nulls_last(),
        case((~closed, col(LotRow.open_until))).asc().nulls_last(),
        func.coalesce(col(LotRow.deadline), col(LotRow.published)).desc().nulls_last(),
        col(LotRow.notice_id).desc(),
        col(LotRow.position),
    )


def _general(wanted: LotFilter) -> list[Condition]:
    """The filters without counts of their own."""
    general: list[Condition] = [col(LotRow.listed), *words_conditions(col(LotRow.words), wanted.words)]
    if wanted.nuts:
        general.append(col(LotRow.nuts).contains([wanted.nuts.code]))
    if wanted.open_until:
        still = or_(col(LotRow.open_until).is_(None), col(LotRow.open_until) >= wanted.open_until)
        general.append(and_(still, col(LotRow.basis) != LotState.CLOSED.value))
    if wanted.value_from is not None:
        general.append(col(LotRow.value_eur) >= wanted.value_from)
    if wanted.value_to is not None:
        general.append(col(LotRow.value_eur) <= wanted.value_to)
    return general


def _facets(wanted: LotFilter, state: ColumnElement[str]) -> dict[str, Facet]:
    return {
        "countries": Facet(col(LotRow.country), col(LotRow.country) == wanted.country if wanted.country else None),
        "divisions": Facet(col(LotRow.division), cpv_condition(col(LotRow.cpvs), wanted.cpv_prefixes)),
        "states": Facet(state, state == wanted.state.value if wanted.state else None),
        "reserved": Facet(col(LotRow.reserved), _is_reserved(wanted.reserved) if wanted.reserved else None),
    }


def words_conditions(column: SQLColumnExpression[str], words: str) -> list[Condition]:
    """One condition a word on a column of folded texts with a space at both ends."""
    found = dict.fromkeys(fold(words).split()[:MOST_WORDS])
    return [column.like(f"% {word} %" if len(word) <= SHORT_WORD else f"%{word}%") for word in found]


def cpv_condition(column: SQLColumnExpression[Any], prefixes: Sequence[str]) -> ColumnElement[bool] | None:
    """Whether a code of an array column starts with one of the prefixes (what is no number matches nothing); None for none."""
    if not prefixes:
        return None
    listed = "," + func.array_to_string(column, ",", type_=Text)
    return or_(false(), *(listed.contains(f",{prefix}") for prefix in prefixes if prefix.isdecimal()))


def _is_reserved(reserved: Reserved) -> ColumnElement[bool]:
    for_someone = [marker.value for marker in ReservedParticipation if marker is not ReservedParticipation.NONE]
    wanted = for_someone if reserved is Reserved.ANY else [reserved.value]
    return col(LotRow.reserved).bool_op("&&")(literal(wanted, Texts))
