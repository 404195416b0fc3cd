"""Search among the suppliers everyone may see, by name: one statement for the rows, one for the counts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import SQLColumnExpression, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.organisation import Organisation, StatusKind
from matchmaker.storage.codec import from_document
from matchmaker.storage.columns import Texts
from matchmaker.storage.lots_search import words_conditions
from matchmaker.storage.organisation_tables import OrganisationRow
from matchmaker.storage.organisations import visible


@dataclass(frozen=True, slots=True)
class OrganisationFilter:
    """What suppliers must fulfil, all together; an empty one lists everybody.

    ``words`` must all occur in name, town, capabilities or description; ``country`` is ISO-2 of the base; ``cpv_prefixes`` are
    digits, any of which a code of the supplier starts with.
    """

    words: str = ""
    country: str | None = None
    status: StatusKind | None = None
    cpv_prefixes: tuple[str, ...] = ()


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
    """The ``page``-th page (from 1) of public suppliers that fulfil ``wanted``, in the order of their names, with counts."""
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
    general: list[SQLColumnExpression[bool]] = [visible(public_sources)]
    general += words_conditions(col(OrganisationRow.words), wanted.words)
    if wanted.cpv_prefixes:
        codes = func.unnest(col(OrganisationRow.cpvs)).column_valued("code")
        general.append(select(1).where(or_(*(codes.startswith(prefix) for prefix in wanted.cpv_prefixes))).exists())
    return {
        "": general,
        "countries": [col(OrganisationRow.country) == wanted.country] if wanted.country else [],
        "statuses": [col(OrganisationRow.statuses).bool_op("&&")(literal([wanted.status.value], Texts))] if wanted.status else [],
    }


def _all(conditions: Conditions, without: str | None = None) -> list[SQLColumnExpression[bool]]:
    return [condition for name, some in conditions.items() if name != without for condition in some]


async def _counts(session: AsyncSession, conditions: Conditions) -> dict[str, dict[str, int]]:
    def count(name: str, choice: SQLColumnExpression[Any]) -> Any:
        query = select(literal(name), choice.label("choice"), func.count()).select_from(OrganisationRow)
        return query.where(*_all(conditions, without=name)).group_by("choice")

    statement = union_all(
        select(literal("total"), literal(""), func.count()).select_from(OrganisationRow).where(*_all(conditions)),
        count("countries", col(OrganisationRow.country)),
        count("statuses", func.unnest(col(OrganisationRow.statuses))),
    )
    found: dict[str, dict[str, int]] = {"total": {}, "countries": {}, "statuses": {}}
    for name, choice, number in await session.execute(statement):
        if choice is not None:
            found[name][choice] = number
    return found
