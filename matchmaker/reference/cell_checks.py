"""Whether the cells of a table have the form their column demands, so that look-ups never meet a broken one."""

import re
from collections.abc import Callable
from datetime import date

from matchmaker.reference.tables import COLUMNS, TableKind

Check = Callable[[str], bool]


def _number(low: float, high: float) -> Check:
    def check(text: str) -> bool:
        try:
            return not text or low <= float(text) <= high
        except ValueError:
            return False

    return check


def _day(text: str) -> bool:
    try:
        return not text or bool(date.fromisoformat(text))
    except ValueError:
        return False


def _matches(pattern: str) -> Check:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


_NUTS = _matches(r"[A-Z]{2}[0-9A-Z]{0,3}")
_BY_COLUMN: dict[str, Check] = {
    "lat": _number(-90, 90),
    "lon": _number(-180, 180),
    "population": _number(0, 10**10),
    "population_share": _number(0, 1),
    "eur": _matches(r"\d+(\.\d+)?"),
    "valid_from": _day,
    "valid_to": _day,
    "cpv": _matches(r"\d{8}(-\d)?"),
    "min_disadvantaged_share": _matches(r"|status|[01](\.\d+)?"),
    "max_duration_months": _matches(r"\d*"),
    "exclusion_years": _matches(r"\d*"),
    "old_code": _NUTS,
    "new_code": _NUTS,
}
_BY_KIND: dict[TableKind, dict[str, Check]] = {
    TableKind.NUTS: {"code": _NUTS},
    TableKind.NUTS_POINTS: {"code": _NUTS},
    TableKind.CPV: {"code": _matches(r"\d{8}")},
}


def checks_of(kind: TableKind) -> tuple[tuple[int, str, Check], ...]:
    """Position, name and test of each column of ``kind`` that has one."""
    tests = _BY_COLUMN | _BY_KIND.get(kind, {})
    return tuple((index, column, tests[column]) for index, column in enumerate(COLUMNS[kind]) if column in tests)
