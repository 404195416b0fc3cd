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
from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.organisation import Organisation
from matchmaker.scoring.narrowing import Narrowing
from matchmaker.storage.columns import VECTOR_DIMENSIONS
from matchmaker.storage.organisation_tables import CapabilityRow, OrganisationRow
from matchmaker.storage.organisations import visible

Matrix = np.ndarray[tuple[int, int], np.dtype[np.float32]]

organisation = OrganisationRow.__table__  # type: ignore[attr-defined]
capability = CapabilityRow.__table__  # type: ignore[attr-defined]

_decode = msgspec.json.Decoder(Organisation).decode


class Scope(StrEnum):
    """How far to look: where the supplier says it works or is near, the lot's countries, or everywhere."""

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
    limit: int = 150


@dataclass(frozen=True, slots=True)
class Candidates:
    """Suppliers with their vectors by key: capabilities in the profile's order, a row for each piece (one where not split)."""

    organisations: tuple[Organisation, ...]
    vectors: dict[str, Matrix]


def in_countries(need: Narrowing) -> ColumnElement[bool]:
    """Based in one of the regions' countries, or working in a part of it."""
    return or_(
        _any_of(organisation.c.country, need.countries),
        _overlap(organisation.c.area_countries, need.countries),
        _overlap(organisation.c.area_nuts, need.national),
    )


def within_reach(need: Narrowing) -> ColumnElement[bool]:
    """Working in one of the regions, a part of it or a region around it, based in or near it, or travelling some distance."""
    tests = [
        _overlap(organisation.c.area_nuts, need.touching),
        _overlap(organisation.c.area_countries, need.countries),
        _any_of(organisation.c.nuts, (code for code in need.touching if len(code) > 2)),
        and_(organisation.c.area_radius_km.is_not(None), _any_of(organisation.c.country, need.countries)),
    ]
    if whole := [region.country for region in need.regions if region.level == 0]:
        tests.append(_any_of(organisation.c.country, whole))
    for box in need.surroundings:
        north_south = organisation.c.latitude.between(box.south, box.north)
        tests.append(and_(north_south, organisation.c.longitude.between(box.west, box.east)))
    return or_(*tests)


def _overlap(column: ColumnElement[Any], codes: Sequence[str]) -> ColumnElement[bool]:
    return column.overlap(_texts(codes))  # type: ignore[no-any-return]


def _any_of(column: ColumnElement[Any], texts: Iterable[str]) -> ColumnElement[bool]:
    return column == func.any(_texts(texts))


def _texts(texts: Iterable[str]) -> ColumnElement[Any]:
    """One bound value however many texts: hundreds of codes as hundreds of values would be slow to compile."""
    return cast(list(texts), ARRAY(Text))


async def find_candidates(session: AsyncSession, search: Search) -> Candidates:
    """The suppliers worth scoring, in the order of their keys, with what the features need: four queries."""
    keys: set[str] = set()
    for way in _ways(search):
        keys.update((await session.scalars(way)).all())
    return await load_candidates(session, sorted(keys))


def _ways(search: Search) -> list[Select[Any]]:
    """The ways in, each nearest first and bounded: anywhere in scope, within reach, with an overlapping code."""
    need, everywhere = search.need, not search.need.regions
    shown = visible(search.shown_sources)
    if everywhere or search.scope is Scope.EUROPE:
        scope = shown
    elif search.scope is Scope.COUNTRY:
        scope = and_(shown, in_countries(need))
    else:
        scope = and_(shown, within_reach(need))
    ways = [_nearest_of_all(search, shown) if scope is shown else _nearest(search, scope)]
    if not everywhere and search.scope is not Scope.REACH:
        ways.append(_nearest(search, and_(scope, within_reach(need))))
    if need.codes:
        ways.append(_nearest(search, scope, _overlap(capability.c.cpvs, need.codes)))
    return ways


def _nearest(search: Search, suppliers: ColumnElement[bool], *tests: ColumnElement[bool]) -> Select[Any]:
    """Of certain suppliers those with the nearest capability."""
    joined = capability.join(organisation, organisation.c.key == capability.c.organisation_key)
    return _bounded(_measured(search).select_from(joined).where(suppliers, *tests), search.limit)


def _nearest_of_all(search: Search, shown: ColumnElement[bool]) -> Select[Any]:
    """The nearest capabilities whosever they are, then those among them that may be shown: no other column is read of the rest.

    Four times as many are measured as are wanted; where most records are hidden, fewer come back, and the other ways remain.
    """
    first = _measured(search)
    measured = first.order_by(_distance(search).nulls_last()).limit(4 * search.limit).subquery()
    joined = measured.join(organisation, organisation.c.key == measured.c.key)
    return _bounded(select(measured.c.key, measured.c.distance).select_from(joined).where(shown), search.limit)


def _distance(search: Search) -> ColumnElement[Any]:
    return capability.c.vector.max_inner_product(HalfVector(list(search.need.vector)))  # type: ignore[no-any-return]


def _measured(search: Search) -> Select[Any]:
    return select(capability.c.organisation_key.label("key"), _distance(search).label("distance"))


def _bounded(measured: Select[Any], limit: int) -> Select[Any]:
    """The OFFSET keeps PostgreSQL from carrying every vector through the sort."""
    narrow = measured.offset(literal_column("0")).subquery()
    return select(narrow.c.key).order_by(narrow.c.distance.nulls_last(), narrow.c.key).limit(limit)


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
