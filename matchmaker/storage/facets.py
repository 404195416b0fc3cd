"""Counts beside a list of results: how many there would be if one filter had another value and all others stayed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, func, literal, select, true, union_all
from sqlalchemy.ext.asyncio import AsyncSession

Condition = SQLColumnExpression[bool]


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter with the values it may have: the column (an array counts by its members), and the condition chosen, if any."""

    choice: SQLColumnExpression[Any]
    chosen: Condition | None = None


def all_conditions(general: Sequence[Condition], facets: Mapping[str, Facet]) -> list[Condition]:
    """What the rows of the list fulfil."""
    return [*general, *(facet.chosen for facet in facets.values() if facet.chosen is not None)]


async def count_facets(
    session: AsyncSession, general: Sequence[Condition], facets: Mapping[str, Facet], arrays: frozenset[str]
) -> tuple[int, dict[str, dict[str, int]]]:
    """How many rows the list has, and by facet the number of each value, most first.

    One statement that reads the table once. ``arrays`` names the facets whose column is an array.
    """
    columns: list[Any] = [facet.choice.label(name) for name, facet in facets.items()]
    tests: list[Any] = [
        (true() if facet.chosen is None else facet.chosen).label(f"keeps_{name}") for name, facet in facets.items()
    ]
    found = select(*columns, *tests).where(*general).cte("found")

    def count(name: str) -> Select[str, Any, int]:
        choice = func.unnest(found.c[name]) if name in arrays else found.c[name]
        others = [found.c[f"keeps_{other}"] for other in facets if other != name]
        query: Select[str, Any, int] = select(literal(name), choice.label("choice"), func.count())
        return query.select_from(found).where(*others).group_by("choice")

    total: Select[str, Any, int] = select(literal(""), literal(""), func.count()).select_from(found)
    total = total.where(*(found.c[f"keeps_{name}"] for name in facets))
    counts: dict[str, dict[str, int]] = {name: {} for name in ("", *facets)}
    for name, choice, number in await session.execute(union_all(total, *map(count, facets))):
        if choice is not None:
            counts[name][choice] = number
    ordered = {name: dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))) for name, found in counts.items()}
    return ordered.pop("").get("", 0), ordered
