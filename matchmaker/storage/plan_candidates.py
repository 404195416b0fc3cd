"""Narrowing for the planner: whoever is in reach, whoever may be because nothing says where it works, and the same country."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import ColumnElement, Text, cast
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.storage.nearest_capabilities import Scope, Search, find_keys, nearest_of, ways_in
from matchmaker.storage.organisation_tables import CapabilityRow

capability = CapabilityRow.__table__  # type: ignore[attr-defined]


async def find_keys_in_reach(session: AsyncSession, search: Search) -> list[str]:
    """The keys of the suppliers that may be in reach, in order: in each way in those nearest by meaning, ``limit`` at most.

    The ways are: in reach, in reach with an overlapping code, with nothing known of its place but the country. A need without a
    place is looked for everywhere.
    """
    if not search.need.regions:
        return await find_keys(session, replace(search, scope=Scope.EUROPE))
    keys = set(await find_keys(session, replace(search, scope=Scope.REACH)))
    return sorted(keys | await nearest_of(session, search, [_placeless(search.need.countries)]))


async def find_keys_in_country(session: AsyncSession, search: Search) -> list[str]:
    """The keys of the nearest in the need's countries, in order; none for a need without a place."""
    if not search.need.regions:
        return []
    return sorted(await nearest_of(session, search, ways_in(replace(search, scope=Scope.COUNTRY))[0]))


def _placeless(countries: Iterable[str]) -> ColumnElement[bool]:
    """Nothing is known of its place but the country it is based in."""
    found: ColumnElement[bool] = capability.c.places.in_([cast([f"in:{country}"], ARRAY(Text)) for country in countries])
    return found
