from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance, SocialStatus, StatusKind
from matchmaker.domain.values import CpvCode, NutsCode
from matchmaker.storage.organisations import record_objection, save_organisations
from matchmaker.storage.organisations_search import OrganisationFilter, search_organisations

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PUBLIC = frozenset({"register"})
LYON = Base("FR", "Lyon", nuts=NutsCode("FRK26"))
COLOGNE = Base("DE", "Köln", nuts=NutsCode("DEA23"))
BONN = Base("DE", "Bonn", nuts=NutsCode("DEA22"))


def supplier(number: int, name: str, base: Base, kind: StatusKind, text: str, cpv: str, source: str = "register") -> Organisation:
    return Organisation(
        f"{source}:{number}",
        name,
        base,
        Provenance(source, str(number)),
        statuses=(SocialStatus(kind),),
        capabilities=(Capability(text, cpvs=(CpvCode(cpv),)),),
    )


@pytest.fixture
async def stored(session: AsyncSession) -> AsyncSession:
    """Three public suppliers; one hidden by its source and one that objected."""
    suppliers = [
        supplier(1, "Épi d’Or", LYON, StatusKind.WORK_INTEGRATION, "Boulangerie", "15810000"),
        supplier(2, "Werk Ahorn", COLOGNE, StatusKind.SHELTERED_WORKSHOP, "Wäscherei", "98310000"),
        supplier(3, "ahorn Catering", BONN, StatusKind.NON_PROFIT, "Catering", "55520000"),
        supplier(4, "Ahorn geheim", Base("DE"), StatusKind.NON_PROFIT, "Catering", "55520000", "private"),
        supplier(5, "Ahorn weg", Base("DE"), StatusKind.NON_PROFIT, "Catering", "55520000"),
    ]
    await save_organisations(session, suppliers, {}, at=NOW)
    await record_objection(session, "register:5", NOW)
    return session


async def names(session: AsyncSession, wanted: OrganisationFilter) -> list[str]:
    page = await search_organisations(session, wanted, 1, 20, PUBLIC)
    assert page.total == len(page.rows)
    return [organisation.name for organisation in page.rows]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (OrganisationFilter(), ["ahorn Catering", "Épi d’Or", "Werk Ahorn"]),
        (OrganisationFilter(words="AHORN"), ["ahorn Catering", "Werk Ahorn"]),
        (OrganisationFilter(words="epi boulang"), ["Épi d’Or"]),
        (OrganisationFilter(country="DE"), ["ahorn Catering", "Werk Ahorn"]),
        (OrganisationFilter(nuts=NutsCode("DEA2")), ["ahorn Catering", "Werk Ahorn"]),
        (OrganisationFilter(nuts=NutsCode("DEA23")), ["Werk Ahorn"]),
        (OrganisationFilter(cpv_prefixes=("983", "15")), ["Épi d’Or", "Werk Ahorn"]),
        (OrganisationFilter(status=StatusKind.SHELTERED_WORKSHOP), ["Werk Ahorn"]),
        (OrganisationFilter(words="geheim"), []),
    ],
)
async def test_each_filter_narrows_and_hidden_ones_never_appear(
    stored: AsyncSession, wanted: OrganisationFilter, found: list[str]
) -> None:
    assert await names(stored, wanted) == found


async def test_counts_tell_what_another_choice_would_give(stored: AsyncSession) -> None:
    page = await search_organisations(stored, OrganisationFilter(country="FR"), 1, 20, PUBLIC)
    assert (page.countries, page.statuses) == ({"DE": 2, "FR": 1}, {"work-integration": 1})


async def test_pages_cut_the_list(stored: AsyncSession) -> None:
    second = await search_organisations(stored, OrganisationFilter(), 2, 2, PUBLIC)
    assert ([row.name for row in second.rows], second.total, second.pages) == (["Werk Ahorn"], 3, 2)


async def test_a_claimed_supplier_is_listed_whatever_its_source(stored: AsyncSession) -> None:
    own = supplier(9, "Eigen", Base("AT"), StatusKind.NON_PROFIT, "Catering", "55520000", "private")
    await save_organisations(stored, [replace(own, provenance=replace(own.provenance, claimed=True))], {}, at=NOW)
    assert await names(stored, OrganisationFilter(country="AT")) == ["Eigen"]
