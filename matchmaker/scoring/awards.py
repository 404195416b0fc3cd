"""Award records: what was bought, by whom, when, and who won. The material of *who will win this?*, and of nothing else.

Buyer history and win counts live only in the ``awards`` modules. The product's own score never reads them: past awards count
there as evidence of similar work alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.scoring.student import fold
from matchmaker.scoring.training_data import json_lines

UNDATED = "history_undated"
DESCRIPTION = 400
"""Characters of a description that are read."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """What is known of a purchase before anybody wins it. ``day`` counts days since year 1; ``estimate`` is 0 when unknown."""

    award_id: str
    name: str
    """The title in lower case, as published."""
    text: str
    """Title and description without case, accents and numbers."""
    cpvs: tuple[str, ...]
    buyer: str
    place: tuple[str, ...]
    estimate: float
    day: int


@dataclass(frozen=True, slots=True)
class Award:
    """A purchase, the keys of those who won it, and their names where they are known."""

    purchase: Purchase
    suppliers: tuple[str, ...]
    names: tuple[str, ...] = ()


def purchase_of(row: Mapping[str, Any]) -> Purchase:
    """Reads title, description, CPV, buyer, place, estimate and date of a row, and nothing else."""
    title, description = str(row.get("title") or ""), str(row.get("description") or "")[:DESCRIPTION]
    told = "" if description.strip().lower() == title.strip().lower() else description
    places = [*(row.get("region") or ()), *str(row.get("place") or "").split(",")]
    return Purchase(
        award_id=str(row["award_id"]),
        name=title.strip().lower(),
        text=fold(f"{title} {told}"),
        cpvs=tuple(dict.fromkeys(str(code)[:8] for code in row.get("cpv") or ())),
        buyer=str(row.get("buyer") or "").strip().lower(),
        place=tuple(sorted({known for place in places if (known := fold(str(place)))})),
        estimate=_number(row.get("estimated_value")),
        day=_day(row.get("date")),
    )


def _number(value: Any) -> float:
    try:
        return max(float(value), 0.0)
    except (TypeError, ValueError):
        return 0.0


def _day(value: Any) -> int:
    try:
        return date.fromisoformat(str(value)[:10]).toordinal()
    except ValueError:
        return 0


def read_queries(path: Path, source: str) -> list[Purchase]:
    """The purchases of a source to rank suppliers for, each id once. Rows marked as history are none.

    Raises:
        UnreadableDocument: the file holds no such row.
    """
    found: dict[str, Purchase] = {}
    for row in json_lines(path):
        if row.get("source") == source and not str(row.get("split") or "").startswith("history"):
            found.setdefault(str(row["award_id"]), purchase_of(row))
    if not found:
        raise _nothing(path, source)
    return list(found.values())


def read_history(path: Path, source: str, queries: frozenset[str]) -> list[Award]:
    """The awards of a source, oldest first, without undated ones, those without winner, and those asked about.

    Raises:
        UnreadableDocument: the file holds no such row.
    """
    found = []
    for row in json_lines(path):
        if row.get("source") != source or row.get("split") == UNDATED or str(row["award_id"]) in queries:
            continue
        winners = {str(supplier["key"]): str(supplier.get("name") or "") for supplier in row.get("suppliers") or ()}
        if winners and row.get("title"):
            purchase = purchase_of(row)
            priced = replace(purchase, estimate=purchase.estimate or _number(row.get("value")))
            found.append(Award(priced, tuple(winners), tuple(winners.values())))
    if not found:
        raise _nothing(path, source)
    return sorted(found, key=lambda award: (award.purchase.day, award.purchase.award_id))


def _nothing(path: Path, source: str) -> UnreadableDocument:
    return UnreadableDocument(
        Message("%(file)s has no award of the source “%(source)s” to use.", {"file": path.name, "source": source}),
        Message("Check the name of the source; it is the value of the key “source”."),
    )
