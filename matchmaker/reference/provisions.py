"""Provisions of Union law that plans and their sentences rest on, beside the reservation regimes: what each says, and where and
when that was read. They are verified and go stale as the clauses of regimes do.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from matchmaker.reference.clauses import Clause, ClauseKind, ClauseState, clause_of

_FILE = Path(__file__).parent / "law" / "provisions.csv"


@dataclass(frozen=True, slots=True)
class Provision:
    """One provision (``Directive 2014/24/EU``, ``Art. 70``). ``says`` is a short account in English, not the text itself."""

    act: str
    article: str
    says: str
    clause: Clause

    def state(self, day: date) -> ClauseState:
        """Whether a sentence may rest on it on ``day`` without more."""
        return self.clause.state(day)


def provisions_of(records: Iterable[Mapping[str, str]]) -> tuple[Provision, ...]:
    """Provisions from the rows of their table."""
    return tuple(
        Provision(
            row["act"],
            row["article"],
            row["says"],
            clause_of({**row, "clause": ClauseKind.CONDITIONS.value, "legal_reference": f"{row['act']} {row['article']}"}),
        )
        for row in records
    )


@lru_cache(maxsize=1)
def provisions() -> tuple[Provision, ...]:
    """Those of the package, in the order of the act."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return provisions_of(csv.DictReader(lines))
