"""Narrowing: from every visible supplier to the few hundred worth scoring. A superset; scoring decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec
import numpy as np
from pgvector import HalfVector
from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, or_, select, union
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.organisation import Organisation
from matchmaker.domain.values import NutsCode
from matchmaker.scoring.narrowing import Narrowing, Surroundings
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
    """Suppliers with their capability vectors by key, one row a capability in the profile's order."""

    organisations: tuple[Organisation, ...]
    vectors: dict[str, Matrix]


def _works_inside(code: str) -> ColumnElement[bool]:
    """One of its regions is this one or a part of it."""
    return ("," + func.array_to_string(organisation.c.area_nuts, ",")).like(f"%,{code}%")


def in_countries(regions: Sequence[NutsCode]) -> ColumnElement[bool]:
    """Based in one of the regions' countries, or working in it."""
    countries = sorted({region.country for region in regions})
    spelled = sorted({region.code[:2] for region in regions})
    return or_(
        organisation.c.country.in_(countries),
        organisation.c.area_countries.overlap(cast(array(countries), ARRAY(Text))),
        *(_works_inside(code) for code in spelled),
    )


def within_reach(regions: Sequence[NutsCode], boxes: Sequence[Surroundings]) -> ColumnElement[bool]:
    """Working in one of the regions, a part of it or a region around it, or based in or near it."""
    around = sorted({part.code for region in regions for part in region.upwards()})
    countries = sorted({region.country for region in regions})
    tests: list[ColumnElement[bool]] = [
        organisation.c.area_nuts.overlap(cast(array(around), ARRAY(Text))),
        organisation.c.area_countries.overlap(cast(array(countries), ARRAY(Text))),
        organisation.c.nuts.in_([code for code in around if len(code) > 2]),
    ]
    for region in regions:
        tests.append(organisation.c.nuts.startswith(region.code, autoescape=True))
        tests.append(_works_inside(region.code))
        if region.level == 0:
            tests.append(organisation.c.country == region.country)
    tests.append(and_(organisation.c.area_radius_km.is_not(None), organisation.c.country.in_(countries)))
    for box in boxes:
        north_south = organisation.c.latitude.between(box.south, box.north)
        tests.append(and_(north_south, organisation.c.longitude.between(box.west, box.east)))
    return or_(*tests)


def _narrowed(search: Search) -> Select[Any]:
    """Keys by three ways in, each nearest first and bounded."""
    seen = [visible(search.shown_sources)]
    if search.need.regions and search.scope is Scope.COUNTRY:
        seen.append(in_countries(search.need.regions))
    elif search.need.regions and search.scope is Scope.REACH:
        seen.append(within_reach(search.need.regions, search.need.surroundings))
    distance = capability.c.vector.max_inner_product(HalfVector(list(search.need.vector)))
    joined = capability.join(organisation, organisation.c.key == capability.c.organisation_key)

    def nearest(*more: ColumnElement[bool]) -> Select[Any]:
        keys = select(capability.c.organisation_key.label("key")).select_from(joined).where(*seen, *more)
        return select(keys.order_by(distance.nulls_last(), capability.c.organisation_key).limit(search.limit).subquery().c.key)

    ways = [nearest()]
    if search.need.regions and search.scope is not Scope.REACH:
        ways.append(nearest(within_reach(search.need.regions, search.need.surroundings)))
    if search.need.codes:
        ways.append(nearest(capability.c.cpvs.overlap(cast(array(search.need.codes), ARRAY(Text)))))
    return select(union(*ways).subquery().c.key)


async def find_candidates(session: AsyncSession, search: Search) -> Candidates:
    """The suppliers worth scoring, in the order of their keys, with what the features need: two queries."""
    keys = list((await session.scalars(_narrowed(search))).all())
    return await load_candidates(session, sorted(keys))


async def load_candidates(session: AsyncSession, keys: Sequence[str]) -> Candidates:
    """Suppliers by key with their vectors, whoever may see them; unknown keys are left out. Two queries."""
    wanted = func.any(cast(list(keys), ARRAY(Text)))
    documents = await session.execute(
        select(cast(organisation.c.doc, Text)).where(organisation.c.key == wanted).order_by(organisation.c.key)
    )
    rows = await session.execute(
        select(capability.c.organisation_key, func.halfvec_send(capability.c.vector))
        .where(capability.c.organisation_key == wanted)
        .order_by(capability.c.organisation_key, capability.c.position)
    )
    found: dict[str, list[bytes | None]] = {}
    for key, packed in rows.all():
        found.setdefault(key, []).append(packed)
    vectors = {key: _matrix(packed) for key, packed in found.items() if any(packed)}
    return Candidates(tuple(_decode(text) for (text,) in documents.all()), vectors)


def _matrix(packed: Sequence[bytes | None]) -> Matrix:
    """halfvec's binary form: two 16-bit numbers (dimensions, unused), then big-endian half floats; NULL is a zero row."""
    width = max(len(each) for each in packed if each) // 2 - 2
    rows = [np.frombuffer(each, dtype=">f2", offset=4) if each else np.zeros(width, dtype=">f2") for each in packed]
    return np.stack(rows).astype(np.float32)
