"""Invented suppliers in an instance of their own, and what is measured with them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.errors import Refusal
from matchmaker.domain.organisation import Organisation
from matchmaker.examples.many_suppliers import PEOPLE, SOURCE, SupplierMaker
from matchmaker.scoring.narrowing import narrowing
from matchmaker.storage.candidates import Scope, Search, load_candidates
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.nearest_capabilities import find_keys, nearest_capabilities, ways_in
from matchmaker.storage.organisation_tables import CapabilityRow, OrganisationRow
from matchmaker.storage.organisations import count_organisations, save_organisations, visible
from matchmaker.workflows.fill_synthetic import fill
from matchmaker.workflows.match_day import candidates_of_day
from matchmaker.workflows.time_matching import time_day, time_scope
from matchmaker.workflows.tools import MatchTools

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NUMBER, BLOCK = 2_000, 1_000


@pytest.fixture
def maker(word_tools: MatchTools) -> SupplierMaker:
    return SupplierMaker(word_tools.reference, word_tools.encoder, NUMBER, offers_each=40)


async def test_filling_goes_on_where_it_stopped_and_every_measure_has_its_number(
    committed: SessionMaker, maker: SupplierMaker, word_tools: MatchTools
) -> None:
    tools = replace(word_tools, shown_sources=frozenset({SOURCE}))
    async for done in fill(committed, maker, NOW, BLOCK):
        assert done == BLOCK
        break
    assert [done async for done in fill(committed, maker, NOW, BLOCK)] == [NUMBER]
    assert [done async for done in fill(committed, maker, NOW, BLOCK)] == []
    with pytest.raises(Refusal, match="2000"):
        [done async for done in fill(committed, replace(maker, total=3_000), NOW)]

    suppliers, vectors = maker.make(0, BLOCK)
    async with committed() as session:
        assert await count_organisations(session) == NUMBER
        stored = await load_candidates(session, [each.key for each in suppliers[:3]])
    assert stored.organisations == tuple(suppliers[:3])
    assert np.allclose(stored.vectors[suppliers[2].key], vectors[2], atol=1e-3)

    needs = maker.needs(6)
    everywhere = await time_scope(committed, needs, tools, Scope.EUROPE, TODAY, 10)
    region = await time_scope(committed, needs, tools, Scope.REGION, TODAY, 10)
    assert everywhere.suppliers == NUMBER
    assert 0 < region.suppliers < NUMBER
    assert len(everywhere.raw) == len(everywhere.search) == len(everywhere.whole) == len(needs)

    found = await candidates_of_day(committed, needs, tools)
    for need, keys in zip(needs, found, strict=True):
        search = Search(narrowing(need, tools.reference, tools.encoder, tools.capability), Scope.EUROPE, tools.shown_sources)
        async with committed() as session:
            alone = await find_keys(session, search)
        assert len(set(alone) & set(keys)) >= 0.97 * len(alone)
    day = await time_day(committed, needs, tools, TODAY, 10)
    assert day.agreeing >= 95
    assert day.seconds(3_300) > day.seconds(6) > 0


async def plain_keys(session: AsyncSession, search: Search) -> list[str]:
    """What is to be found, asked for as plainly as can be: way by way, every capability compared and every supplier looked up."""
    keys = set[str]()
    for tests in ways_in(search):
        nearest = nearest_capabilities(search, (*tests, shown(search)), search.limit)
        keys |= set(await session.scalars(nearest))
    return sorted(keys)


def shown(search: Search) -> ColumnElement[bool]:
    return col(CapabilityRow.organisation_key).in_(select(col(OrganisationRow.key)).where(visible(search.shown_sources)))


async def test_the_quick_search_finds_what_the_plain_one_finds(
    committed: SessionMaker, maker: SupplierMaker, word_tools: MatchTools
) -> None:
    tools = replace(word_tools, shown_sources=frozenset({SOURCE}))
    async for _ in fill(committed, maker, NOW, BLOCK):
        pass
    async with committed() as session:
        for need, scope, limit in zip(maker.needs(12), 3 * list(Scope), 3 * (1, 7, 40, 150, 700), strict=False):
            narrowed = narrowing(need, tools.reference, tools.encoder, tools.capability)
            search = Search(narrowed, scope, tools.shown_sources, limit)
            assert await find_keys(session, search) == await plain_keys(session, search)


async def test_an_instance_with_other_suppliers_is_refused_and_left_alone(committed: SessionMaker, maker: SupplierMaker) -> None:
    (other,), _ = maker.make(0, 1)
    own: Organisation = replace(other, key="own:a", provenance=replace(other.provenance, source="own"))
    async with transaction(committed) as session:
        await save_organisations(session, [own], {})
    with pytest.raises(Refusal, match="not invented"):
        [done async for done in fill(committed, maker, NOW, BLOCK)]
    async with committed() as session:
        assert await count_organisations(session) == 1


def test_suppliers_come_country_by_country_as_people_are_spread(maker: SupplierMaker) -> None:
    countries = [maker.country(number) for number in range(NUMBER)]
    assert list(dict.fromkeys(countries)) == list(PEOPLE)
    assert countries.count("DE") == pytest.approx(NUMBER * 83.4 / 449.4, abs=2)
    assert sum(share for country in PEOPLE for _, share in maker.shares(country)) == pytest.approx(1)
