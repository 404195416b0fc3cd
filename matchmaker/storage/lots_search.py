"""Search among lots: open and planned ones first, soonest deadline first; one statement for the rows, one for the counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.lot_state import LotState
from matchmaker.domain.notice import ReservedParticipation
from matchmaker.domain.values import NutsCode
from matchmaker.reference.folding import fold
from matchmaker.storage.codec import from_document
from matchmaker.storage.columns import Texts
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
    conditions = _conditions(wanted, state)
    query = (
        select(col(LotRow.card), state, col(LotRow.value_eur))
        .where(*_all(conditions))
        .order_by(*_order(state))
        .offset((max(page, 1) - 1) * per_page)
        .limit(per_page)
    )
    rows = [
        LotListing(from_document(card, LotCard), LotState(found), value) for card, found, value in await session.execute(query)
    ]
    counts = await _counts(session, conditions, state)
    total = counts.pop("total").get("", 0)
    return LotPage(tuple(rows), total, max(page, 1), per_page, **counts)


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


Conditions = dict[str, list[SQLColumnExpression[bool]]]
"""By the name of the count whose filter they are; the others under an empty name."""


def _conditions(wanted: LotFilter, state: ColumnElement[str]) -> Conditions:
    general: list[SQLColumnExpression[bool]] = [col(LotRow.listed), *words_conditions(col(LotRow.words), wanted.words)]
    if wanted.nuts:
        general.append(col(LotRow.nuts).contains([wanted.nuts.code]))
    if wanted.open_until:
        still = or_(col(LotRow.open_until).is_(None), col(LotRow.open_until) >= wanted.open_until)
        general.append(and_(still, col(LotRow.basis) != LotState.CLOSED.value))
    if wanted.value_from is not None:
        general.append(col(LotRow.value_eur) >= wanted.value_from)
    if wanted.value_to is not None:
        general.append(col(LotRow.value_eur) <= wanted.value_to)
    return {
        "": general,
        "countries": [col(LotRow.country) == wanted.country] if wanted.country else [],
        "divisions": [_has_cpv(wanted.cpv_prefixes)] if wanted.cpv_prefixes else [],
        "states": [state == wanted.state.value] if wanted.state else [],
        "reserved": [_is_reserved(wanted.reserved)] if wanted.reserved else [],
    }


def words_conditions(column: SQLColumnExpression[str], words: str) -> list[SQLColumnExpression[bool]]:
    """One condition a word on a column of folded texts with a space at both ends."""
    found = dict.fromkeys(fold(words).split()[:MOST_WORDS])
    return [column.like(f"% {word} %" if len(word) <= SHORT_WORD else f"%{word}%") for word in found]


def _has_cpv(prefixes: Sequence[str]) -> ColumnElement[bool]:
    digits = [prefix for prefix in prefixes if prefix.isdecimal()]
    codes = func.unnest(col(LotRow.cpvs)).column_valued("code")
    return select(1).where(or_(*(codes.startswith(prefix) for prefix in digits))).exists() if digits else literal(False)


def _is_reserved(reserved: Reserved) -> ColumnElement[bool]:
    for_someone = [marker.value for marker in ReservedParticipation if marker is not ReservedParticipation.NONE]
    wanted = for_someone if reserved is Reserved.ANY else [reserved.value]
    return col(LotRow.reserved).bool_op("&&")(literal(wanted, Texts))


def _all(conditions: Conditions, without: str | None = None) -> list[SQLColumnExpression[bool]]:
    return [condition for name, some in conditions.items() if name != without for condition in some]


async def _counts(session: AsyncSession, conditions: Conditions, state: ColumnElement[str]) -> dict[str, dict[str, int]]:
    def count(name: str, choice: SQLColumnExpression[Any]) -> Select[str, Any, int]:
        query: Select[str, Any, int] = select(literal(name), choice.label("choice"), func.count())
        return query.select_from(LotRow).where(*_all(conditions, without=name)).group_by("choice")

    statement = union_all(
        select(literal("total"), literal(""), func.count()).select_from(LotRow).where(*_all(conditions)),
        count("countries", col(LotRow.country)),
        count("divisions", col(LotRow.division)),
        count("states", state),
        count("reserved", func.unnest(col(LotRow.reserved))),
    )
    found: dict[str, dict[str, int]] = {"total": {}, "countries": {}, "divisions": {}, "states": {}, "reserved": {}}
    for name, choice, number in await session.execute(statement):
        if choice is not None:
            found[name][choice] = number
    return {name: dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))) for name, counts in found.items()}
