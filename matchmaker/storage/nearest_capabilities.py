"""Searching: the capabilities nearest by meaning in each of the ways in, and whose they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pgvector import HalfVector
from sqlalchemy import CTE, ColumnElement, Select, Text, cast, func, literal_column, null, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.scoring.narrowing import Narrowing
from matchmaker.storage.organisation_tables import CapabilityRow, OrganisationRow
from matchmaker.storage.organisations import visible
from matchmaker.storage.places import places_in_countries, places_in_reach, places_in_region

WANTED = 150
"""Capabilities that each way in brings at most."""

FIRST_MEASURED = 4
"""Times as many capabilities of a way are measured at first as are wanted, because some may not be shown."""

ONE_SCAN = 4000
"""Capabilities that a scan of all of Europe keeps, and a quarter of them that one of less keeps: enough that one in twenty-five
that comes from near, or states the code, fills its own way."""

MEMORY = "64MB"
"""What the database may use to remember the rows of a large region."""

Tests = Sequence[ColumnElement[bool]]
"""Conditions of one way in; none is all of Europe."""

organisation = OrganisationRow.__table__  # type: ignore[attr-defined]
capability = CapabilityRow.__table__  # type: ignore[attr-defined]


class Scope(StrEnum):
    """How far to look: in the lot's regions, where the supplier says it works or is near, in its countries, or everywhere."""

    REGION = "region"
    REACH = "reach"
    COUNTRY = "country"
    EUROPE = "europe"


@dataclass(frozen=True, slots=True)
class Search:
    """What narrows: the need as the database can look for it, and how far to look.

    ``shown_sources`` are the sources whose unclaimed records may be shown. ``limit`` bounds each of the three ways in: by
    vector everywhere, near, by code.
    """

    need: Narrowing
    scope: Scope
    shown_sources: frozenset[str]
    limit: int = WANTED


@dataclass(frozen=True, slots=True)
class _Scan:
    """The nearest ``count`` capabilities that pass ``tests``, and by number the ways of which they hold the beginning."""

    tests: Tests
    count: int
    ways: Mapping[int, Tests]


def ways_in(search: Search) -> list[Tests]:
    """The conditions of the ways in: anywhere in scope, within reach, with an overlapping code. Each begins with the first."""
    need, everywhere = search.need, not search.need.regions
    places = {
        Scope.REGION: places_in_region,
        Scope.REACH: places_in_reach,
        Scope.COUNTRY: places_in_countries,
    }.get(search.scope)
    scope = [] if everywhere or places is None else [_overlap(capability.c.places, places(need))]
    ways: list[Tests] = [scope]
    if not everywhere and search.scope in {Scope.COUNTRY, Scope.EUROPE}:
        ways.append([*scope, _overlap(capability.c.places, places_in_reach(need))])
    if need.codes:
        ways.append([*scope, _overlap(capability.c.code_words, need.codes)])
    return ways


def _overlap(column: ColumnElement[Any], words: Iterable[str]) -> ColumnElement[bool]:
    """One bound value however many words: hundreds of codes as hundreds of values would be slow to compile."""
    return column.overlap(cast(list(words), ARRAY(Text)))  # type: ignore[no-any-return]


async def find_keys(session: AsyncSession, search: Search) -> list[str]:
    """The keys of the suppliers worth scoring, in order: those nearest by meaning in each of the ways in.

    One scan of the scope tells of all ways, as each is part of it and a common one has its nearest among the scope's. What it
    does not settle is rare and has an index; where few may be shown, more are measured. Codes are rare in all but Europe.
    """
    ways = ways_in(search)
    scope, keys, measured = ways[0], set[str](), FIRST_MEASURED * search.limit
    told = dict(enumerate(way[len(scope) :] for way in ways))
    coded = {len(ways) - 1: told.pop(len(ways) - 1)} if scope and search.need.codes else {}
    scans = [_Scan(scope, ONE_SCAN // 4 if scope else ONE_SCAN, told), *(_Scan(ways[n], measured, {n: ()}) for n in coded)]
    while scans:
        found, left = await _nearest(session, search, scans)
        keys |= found
        scans = [_Scan(ways[number], measured, {number: ()}) for number in left]
        measured *= 16
    return sorted(keys)


async def nearest_of(session: AsyncSession, search: Search, tests: Tests) -> set[str]:
    """The keys of one way by itself."""
    keys, measured, left = set[str](), FIRST_MEASURED * search.limit, [0]
    while left:
        keys, left = await _nearest(session, search, [_Scan(tests, measured, {0: ()})])
        measured *= 16
    return keys


async def _nearest(session: AsyncSession, search: Search, scans: Sequence[_Scan]) -> tuple[set[str], list[int]]:
    """The suppliers of the nearest ``limit`` capabilities that may be shown in each way; the ways that want a longer look."""
    await _settle(session, all(scan.tests for scan in scans))
    parts = [part for scan in scans for part in _statements(search, scan)]
    rows = (await session.execute(parts[0] if len(parts) == 1 else union_all(*parts))).all()
    keys: dict[int, list[str]] = {number: [] for scan in scans for number in scan.ways}
    full = set[int]()
    for way, key, is_full in rows:
        if key is not None:
            keys[way].append(key)
        elif is_full:
            full.add(way)
    left = [n for scan in scans for n in scan.ways if len(keys[n]) < search.limit and min(scan.ways) in full]
    return {key for few in keys.values() for key in few}, left


def _statements(search: Search, scan: _Scan) -> list[Select[Any]]:
    """For each way its nearest that may be shown, nearest first, read one after the other until there are enough; then whether
    the scan kept as many as it may.
    """
    nearest = nearest_capabilities(search, scan.tests, scan.count)
    near = nearest.add_columns(literal_column("capability.ctid").label("place")).cte(f"near_{min(scan.ways)}")
    near = near.prefix_with("MATERIALIZED")
    full = func.count() == scan.count
    return [
        *(_shown(search, near, number, tests) for number, tests in scan.ways.items()),
        select(_number(min(scan.ways)), null().label("key"), full.label("is_full")).select_from(near),
    ]


def _shown(search: Search, near: CTE, number: int, tests: Tests) -> Select[Any]:
    joined: Any = near
    if tests:
        joined = joined.join(capability, literal_column("capability.ctid") == near.c.place)
    joined = joined.join(organisation, organisation.c.key == near.c.key)
    found = select(_number(number), near.c.key, literal_column("false").label("is_full")).select_from(joined)
    found = found.where(visible(search.shown_sources), *tests).order_by(near.c.distance.nulls_last(), near.c.key)
    return select(found.limit(search.limit).subquery())


def _number(number: int) -> ColumnElement[Any]:
    return literal_column(str(number)).label("way")


async def _settle(session: AsyncSession, narrow: bool) -> None:
    """For the running transaction: the planner takes comparing two lists for cheap and would do it for every row of Europe,
    where the index does it once; with too little memory the index forgets which rows it found and compares again. Joins are by
    row, so that each way is read no farther than it must.
    """
    chosen = {
        "enable_seqscan": "off" if narrow else "on",
        "work_mem": MEMORY,
        "enable_hashjoin": "off",
        "enable_mergejoin": "off",
    }
    local: ColumnElement[bool] = literal_column("true")
    await session.execute(select(*(func.set_config(name, value, local) for name, value in chosen.items())))


async def count_in_scope(session: AsyncSession, search: Search) -> int:
    """How many suppliers with a capability are in scope."""
    tests = ways_in(search)[0]
    return await session.scalar(select(func.count(capability.c.organisation_key.distinct())).where(*tests)) or 0


async def scan_scope(session: AsyncSession, search: Search) -> int:
    """The floor that matching is measured against: the nearest capabilities in scope and nothing else; how many came back."""
    tests = ways_in(search)[0]
    await _settle(session, bool(tests))
    return len((await session.execute(nearest_capabilities(search, tests, search.limit))).all())


def nearest_capabilities(search: Search, tests: Tests, count: int) -> Select[Any]:
    """Supplier and distance of the nearest capabilities that pass ``tests``: one scan of one table, which workers share.

    One without a vector is farthest.
    """
    vector = HalfVector(list(search.need.vector))
    distance = capability.c.vector.max_inner_product(vector).label("distance")
    key = capability.c.organisation_key.label("key")
    return select(key, distance).where(*tests).order_by(distance.nulls_last(), key).limit(count)
