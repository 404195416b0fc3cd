"""Contracts that end soon: what was awarded, to whom, and when it ends, as stated or as estimated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.storage.awards import Award, load_awards
from matchmaker.storage.lots_search import cpv_condition
from matchmaker.storage.notice_tables import LotRow
from matchmaker.storage.procedure_tables import AwardRow


@dataclass(frozen=True, slots=True)
class ExpiringPage:
    """One page of contracts, the soonest end first. ``countries`` counts those of each country, the other filters kept."""

    rows: tuple[Award, ...]
    total: int
    page: int
    per_page: int
    countries: Mapping[str, int]

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // self.per_page))


async def expiring_contracts(
    session: AsyncSession,
    today: date,
    months: int,
    country: str | None = None,
    cpv_prefixes: Sequence[str] = (),
    page: int = 1,
    per_page: int = 20,
) -> ExpiringPage:
    """The ``page``-th page (from 1) of contracts in force that end within ``months`` from ``today``.

    ``country`` is that of the buyer (ISO-2); ``cpv_prefixes`` are digits, any of which a code of the contract starts with.
    """
    general = _in_force(today, today + timedelta(days=round(months * 30.4375)))
    codes = cpv_condition(col(LotRow.cpvs), cpv_prefixes)
    if codes is not None:
        general.append(codes)
    counted = (
        select(col(LotRow.country), func.count())
        .join(AwardRow, col(AwardRow.full_id) == col(LotRow.full_id))
        .where(*general)
        .group_by(col(LotRow.country))
    )
    countries = {row[0] or "": row[1] for row in await session.execute(counted)}
    chosen = [*general, col(LotRow.country) == country] if country else general
    query = (
        select(col(AwardRow.full_id))
        .join(LotRow, col(LotRow.full_id) == col(AwardRow.full_id))
        .where(*chosen)
        .order_by(col(AwardRow.ends), col(AwardRow.full_id))
        .offset((max(page, 1) - 1) * per_page)
        .limit(per_page)
    )
    rows = await load_awards(session, list(await session.scalars(query)))
    total = countries.get(country, 0) if country else sum(countries.values())
    return ExpiringPage(tuple(rows), total, max(page, 1), per_page, countries)


def _in_force(today: date, until: date) -> list[ColumnElement[bool]]:
    return [col(AwardRow.ends) >= today, col(AwardRow.ends) <= until, col(AwardRow.replaced_by).is_(None)]
