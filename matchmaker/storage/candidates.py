"""Narrowing: from every visible supplier to the few hundred worth scoring. A superset; scoring decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
import numpy as np
from pgvector import HalfVector
from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, literal_column, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.organisation import Organisation
from matchmaker.scoring.narrowing import Narrowing
from matchmaker.storage.columns import VECTOR_DIMENSIONS
from matchmaker.storage.organisation_tables import CapabilityRow, OrganisationRow
from matchmaker.storage.organisations import visible
from matchmaker.storage.places import places_in_countries, places_in_reach, places_in_region

WANTED = 150
"""Capabilities that each way in brings at most."""

FIRST_MEASURED = 4
"""Times as many capabilities are measured at first as are wanted, because some may not be shown."""

ONE_SCAN = 4000
"""Capabilities measured in a scan of all of Europe, a quarter of them in one of a country: enough that one in twenty-five that
comes from near, or states the code, fills its own way. Reading them takes some 40 ms however many there are in all."""

INDEX_MEMORY = "64MB"
"""What the database may use to remember the rows of a large region."""

FIRST_FLAG = 3
"""Columns before those that say to which way a row belongs."""

FARTHEST = -2.0
"""Nearness of what has no vector: less than any two directions have."""

Matrix = np.ndarray[tuple[int, int], np.dtype[np.float32]]

Tests = Sequence[ColumnElement[bool]]
"""Conditions of one way in; none is all of Europe."""

organisation = OrganisationRow.__table__  # type: ignore[attr-defined]
capability = CapabilityRow.__table__  # type: ignore[attr-defined]

_decode = msgspec.json.Decoder(Organisation).decode


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
class Candidates:
    """Suppliers with their vectors by key: capabilities in the profile's order, a row for each piece (one where not split)."""

    organisations: tuple[Organisation, ...]
    vectors: dict[str, Matrix]


def _overlap(column: ColumnElement[Any], codes: Sequence[str]) -> ColumnElement[bool]:
    return column.overlap(_texts(codes))  # type: ignore[no-any-return]


def _any_of(column: ColumnElement[Any], texts: Iterable[str]) -> ColumnElement[bool]:
    return column == func.any(_texts(texts))


def _texts(texts: Iterable[str]) -> ColumnElement[Any]:
    """One bound value however many texts: hundreds of codes as hundreds of values would be slow to compile."""
    return cast(list(texts), ARRAY(Text))


async def find_candidates(session: AsyncSession, search: Search) -> Candidates:
    """The suppliers worth scoring, in the order of their keys, with what the features need."""
    return await load_candidates(session, await find_keys(session, search))


async def find_keys(session: AsyncSession, search: Search) -> list[str]:
    """The keys of the suppliers worth scoring, in order: those nearest by meaning in each of the ways in."""
    ways = ways_in(search)
    keys, left = await _in_one_scan(session, search, ways)
    return sorted(keys | await nearest_shown(session, search, left))


async def _in_one_scan(session: AsyncSession, search: Search, ways: Sequence[Tests]) -> tuple[set[str], Sequence[Tests]]:
    """What one scan of a large scope tells of all ways: each is part of the scope, so a common one has its nearest among the
    scope's. Returns the suppliers of the ways it settles, and the ways that it does not: rare ones, which the indexes find fast.
    """
    scope = ways[0]
    count = ONE_SCAN if not scope else ONE_SCAN // 4 if search.scope is Scope.COUNTRY else 0
    if not count:
        return set(), ways
    await _settle_scans(session, bool(scope))
    rows = (await session.execute(_nearest_of_ways(search, ways, count))).all()
    rows = sorted(rows, key=lambda row: (-row.nearness, row.key))
    keys: set[str] = set()
    left = []
    for number, tests in enumerate(ways):
        shown = [row.key for row in rows if row.shown and (number == 0 or row[FIRST_FLAG + number - 1])]
        if len(shown) >= search.limit or len(rows) < count:
            keys.update(shown[: search.limit])
        else:
            left.append(tests)
    return keys, left


def _nearest_of_ways(search: Search, ways: Sequence[Tests], count: int) -> Select[Any]:
    """The nearest capabilities of the scope, whether each may be shown, and to which of the other ways it belongs."""
    measured = nearest_capabilities(search, ways[0], count).add_columns(capability.c.position).subquery()
    same = and_(capability.c.organisation_key == measured.c.key, capability.c.position == measured.c.position)
    joined = measured.join(organisation, organisation.c.key == measured.c.key).join(capability, same)
    nearness = func.coalesce(-measured.c.distance, FARTHEST).label("nearness")
    shown = visible(search.shown_sources).label("shown")
    flags = [and_(*tests[len(ways[0]) :]).label(f"way_{number}") for number, tests in enumerate(ways[1:])]
    return select(measured.c.key, nearness, shown, *flags).select_from(joined)


def ways_in(search: Search) -> list[Tests]:
    """The conditions of the ways in: anywhere in scope, within reach, with an overlapping code."""
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


async def count_in_scope(session: AsyncSession, search: Search) -> int:
    """How many suppliers with a capability are in scope."""
    tests = ways_in(search)[0]
    return await session.scalar(select(func.count(capability.c.organisation_key.distinct())).where(*tests)) or 0


async def nearest_shown(session: AsyncSession, search: Search, ways: Sequence[Tests]) -> set[str]:
    """In each way the suppliers of the nearest ``limit`` capabilities that may be shown; one statement for all ways.

    Whether a supplier may be shown is read of the nearest few alone; where too few of them may, more are measured.
    """
    keys: set[str] = set()
    measured, left = FIRST_MEASURED * search.limit, list(enumerate(ways))
    while left:
        await _settle_scans(session, all(tests for _, tests in left))
        parts = [_nearest(search, tests, measured, way) for way, tests in left]
        rows = (await session.execute(parts[0] if len(parts) == 1 else union_all(*parts))).all()
        found = {way: [row for row in rows if row.way == way] for way, _ in left}
        shown = {way: [row for row in found[way] if row.shown] for way in found}
        for few in shown.values():
            keys.update(row.key for row in sorted(few, key=lambda row: (-row.nearness, row.key))[: search.limit])
        left = [(way, tests) for way, tests in left if len(shown[way]) < search.limit and len(found[way]) == measured]
        measured *= 16
    return keys


async def _settle_scans(session: AsyncSession, narrow: bool) -> None:
    """For the running transaction: the planner takes comparing two lists for cheap and would do it for every row of Europe,
    where the index does it once; and with too little memory the index forgets which rows it found and compares again."""
    scans = func.set_config("enable_seqscan", "off" if narrow else "on", literal_column("true"))
    await session.execute(select(scans, func.set_config("work_mem", INDEX_MEMORY, literal_column("true"))))


def _nearest(search: Search, tests: Tests, count: int, way: int) -> Select[Any]:
    """The nearest capabilities whosever they are, and whether each may be shown; one without a vector is farthest."""
    measured = nearest_capabilities(search, tests, count).subquery()
    joined = measured.join(organisation, organisation.c.key == measured.c.key)
    nearness = func.coalesce(-measured.c.distance, FARTHEST).label("nearness")
    shown = visible(search.shown_sources).label("shown")
    return select(literal_column(str(way)).label("way"), measured.c.key, nearness, shown).select_from(joined)


async def scan_scope(session: AsyncSession, search: Search) -> int:
    """The floor that matching is measured against: the nearest capabilities in scope and nothing else; how many came back."""
    await _settle_scans(session, bool(ways_in(search)[0]))
    return len((await session.execute(nearest_capabilities(search, ways_in(search)[0], search.limit))).all())


def nearest_capabilities(search: Search, tests: Tests, count: int) -> Select[Any]:
    """Supplier and distance of the nearest capabilities that pass ``tests``: one scan of one table, which workers share."""
    vector = HalfVector(list(search.need.vector))
    distance = capability.c.vector.max_inner_product(vector).label("distance")
    key = capability.c.organisation_key.label("key")
    return select(key, distance).where(*tests).order_by(distance.nulls_last(), key).limit(count)


async def load_candidates(session: AsyncSession, keys: Sequence[str]) -> Candidates:
    """Suppliers by key with their vectors, whoever may see them; unknown keys are left out. Two queries."""
    documents = await session.execute(
        select(cast(organisation.c.doc, Text)).where(_any_of(organisation.c.key, keys)).order_by(organisation.c.key)
    )
    rows = await session.execute(
        select(capability.c.organisation_key, func.halfvec_send(capability.c.vector), capability.c.pieces)
        .where(_any_of(capability.c.organisation_key, keys))
        .order_by(capability.c.organisation_key, capability.c.position)
    )
    packed = [(key, pieces or _turned(vector)) for key, vector, pieces in rows.all()]
    return Candidates(tuple(_decode(text) for (text,) in documents.all()), _by_supplier(packed))


def _turned(vector: bytes | None) -> bytes | None:
    """halfvec's binary form (two 16-bit numbers, then big-endian half floats) as little-endian half floats."""
    return None if vector is None else np.frombuffer(vector, dtype=">f2", offset=4).astype("<f2").tobytes()


def _by_supplier(packed: Sequence[tuple[str, bytes | None]]) -> dict[str, Matrix]:
    """Rows sorted by supplier as one array a supplier; NULL is a zero row, and a supplier with nothing else is left out."""
    empty = bytes(2 * VECTOR_DIMENSIONS)
    rows = np.frombuffer(b"".join(vector or empty for _, vector in packed), dtype="<f2").reshape(-1, VECTOR_DIMENSIONS)
    numbers = rows.astype(np.float32)
    found, start = {}, 0
    for key, group in groupby(packed, key=itemgetter(0)):
        held = [vector for _, vector in group]
        end = start + sum(len(vector or empty) // len(empty) for vector in held)
        if any(held):
            found[key] = numbers[start:end]
        start = end
    return found
