"""Search among the suppliers everyone may see, by name: one statement for the rows, one for the counts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.organisation import Organisation, StatusKind
from matchmaker.domain.values import NutsCode
from matchmaker.storage.codec import from_document
from matchmaker.storage.lots_search import words_conditions
from matchmaker.storage.organisation_tables import OrganisationRow
from matchmaker.storage.organisations import visible


@dataclass(frozen=True, slots=True)
class OrganisationFilter:
    """What suppliers must fulfil, all together; an empty one lists everything public.

    ``words`` must all occur in name, town, description or capabilities; ``cpv_prefixes`` are digits, any of which a code of the
    supplier starts with; ``country`` is ISO-2 of the base; ``nuts`` a current code around the base.
    """

    words: str = ""
    cpv_prefixes: tuple[str, ...] = ()
    country: str | None = None
    nuts: NutsCode | None = None
    status: StatusKind | None = None


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """One page of results. Each count answers "how many if I chose this instead", all other filters kept."""

    rows: tuple[Organisation, ...]
    total: int
    page: int
    per_page: int
    countries: Mapping[str, int]
    statuses: Mapping[str, int]

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.total // self.per_page))


async def search_organisations(
    session: AsyncSession, wanted: OrganisationFilter, page: int, per_page: int, public_sources: Collection[str]
) -> OrganisationPage:
    """The ``page``-th page (from 1) of public suppliers that fulfil ``wanted``, with counts."""
    conditions = _conditions(wanted, public_sources)
    query = (
        select(col(OrganisationRow.doc))
        .where(*_all(conditions))
        .order_by(col(OrganisationRow.sort_key), col(OrganisationRow.key))
        .offset((max(page, 1) - 1) * per_page)
        .limit(per_page)
    )
    rows = tuple(from_document(doc, Organisation) for doc in await session.scalars(query))
    counts = await _counts(session, conditions)
    total = counts.pop("total").get("", 0)
    return OrganisationPage(rows, total, max(page, 1), per_page, **counts)


Conditions = dict[str, list[SQLColumnExpression[bool]]]
"""By the name of the count whose filter they are; the others under an empty name."""


def _conditions(wanted: OrganisationFilter, public_sources: Collection[str]) -> Conditions:
    general = [visible(public_sources), *words_conditions(col(OrganisationRow.words), wanted.words)]
    if wanted.nuts:
        general.append(col(OrganisationRow.nuts).like(f"{wanted.nuts.code}%"))
    if digits := [prefix for prefix in wanted.cpv_prefixes if prefix.isdecimal()]:
        codes = func.unnest(col(OrganisationRow.cpvs)).column_valued("code")
        general.append(select(1).where(or_(*(codes.startswith(prefix) for prefix in digits))).exists())
    return {
        "": general,
        "countries": [col(OrganisationRow.country) == wanted.country] if wanted.country else [],
        "statuses": [col(OrganisationRow.statuses).contains([wanted.status.value])] if wanted.status else [],
    }


def _all(conditions: Conditions, without: str | None = None) -> list[SQLColumnExpression[bool]]:
    return [condition for name, some in conditions.items() if name != without for condition in some]


async def _counts(session: AsyncSession, conditions: Conditions) -> dict[str, dict[str, int]]:
    def count(name: str, choice: SQLColumnExpression[Any]) -> Select[str, Any, int]:
        query: Select[str, Any, int] = select(literal(name), choice.label("choice"), func.count())
        return query.select_from(OrganisationRow).where(*_all(conditions, without=name)).group_by("choice")

    statement = union_all(
        select(literal("total"), literal(""), func.count()).select_from(OrganisationRow).where(*_all(conditions)),
        count("countries", col(OrganisationRow.country)),
        count("statuses", func.unnest(col(OrganisationRow.statuses))),
    )
    found: dict[str, dict[str, int]] = {"total": {}, "countries": {}, "statuses": {}}
    for name, choice, number in await session.execute(statement):
        found[name][choice] = number
    return {name: dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))) for name, counts in found.items()}
