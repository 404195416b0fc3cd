"""Search among the suppliers everyone may see, by name: one statement for the rows, one for the counts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.organisation import Organisation, StatusKind
from matchmaker.domain.values import NutsCode
from matchmaker.storage.codec import from_document
from matchmaker.storage.facets import Condition, Facet, all_conditions, count_facets
from matchmaker.storage.lots_search import cpv_condition, words_conditions
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
    general, facets = _general(wanted, public_sources), _facets(wanted)
    query = (
        select(col(OrganisationRow.doc))
        .where(*all_conditions(general, facets))
        .order_by(col(OrganisationRow.sort_key), col(OrganisationRow.key))
        .offset((max(page, 1) - 1) * per_page)
        .limit(per_page)
    )
    rows = tuple(from_document(doc, Organisation) for doc in await session.scalars(query))
    total, counts = await count_facets(session, general, facets, frozenset({"statuses"}))
    return OrganisationPage(rows, total, max(page, 1), per_page, **counts)


def _general(wanted: OrganisationFilter, public_sources: Collection[str]) -> list[Condition]:
    """The filters without counts of their own."""
    general: list[Condition] = [visible(public_sources), *words_conditions(col(OrganisationRow.words), wanted.words)]
    if wanted.nuts:
        general.append(col(OrganisationRow.nuts).like(f"{wanted.nuts.code}%"))
    codes = cpv_condition(col(OrganisationRow.cpvs), wanted.cpv_prefixes)
    return general if codes is None else [*general, codes]


def _facets(wanted: OrganisationFilter) -> dict[str, Facet]:
    country, statuses = col(OrganisationRow.country), col(OrganisationRow.statuses)
    return {
        "countries": Facet(country, country == wanted.country if wanted.country else None),
        "statuses": Facet(statuses, statuses.contains([wanted.status.value]) if wanted.status else None),
    }
