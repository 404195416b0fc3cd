"""How often the winner is among the first named: the measures of the literature for ranked past winners."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matchmaker.scoring.awards import read_history, read_queries
from matchmaker.scoring.awards_ranking import rank_awards
from matchmaker.scoring.evaluation import Row
from matchmaker.scoring.training_data import json_lines

ASKED = "dev_query"
SOURCES = {
    "pt-base-2024": "Portugal",
    "euskadi-revascon": "Basque Country",
    "md-etenders": "Moldova",
    "it-l190-appaltipop": "Italy",
}
HEAD = 0.2
"""Share of the awards that the best known winners hold together; they are the short head."""
DEPTHS = (1, 5, 10, 50)


@dataclass(frozen=True)
class Truth:
    """Who won, or took part in, each purchase that counts: its title and buyer are new, one of them has history."""

    of: Mapping[str, frozenset[str]]
    wins: Mapping[str, int]
    """Awards each supplier has in the history."""


def read_truth(path: Path, source: str, who: str) -> Truth:
    """``who`` is ``suppliers`` or, where the source names them, ``bidders``."""
    rows = [row for row in json_lines(path) if row.get("source") == source and row["suppliers"] and row.get("title")]
    past = [row for row in rows if row["split"] == "history"]
    wins = Counter(str(supplier["key"]) for row in past for supplier in row["suppliers"])
    seen = {_name(row) for row in past}
    found: dict[str, frozenset[str]] = {}
    for row in rows:
        keys = frozenset(str(each["key"]) for each in row.get(who) or row["suppliers"]) & wins.keys()
        award = str(row["award_id"])
        if row["split"] == ASKED and keys and (award in found or _name(row) not in seen):
            found[award] = found.get(award, frozenset()) | keys
            seen.add(_name(row))
    return Truth(found, wins)


def _name(row: Mapping[str, Any]) -> tuple[str, str]:
    return str(row["title"]).lower().strip(), str(row.get("buyer"))


def figures(truth: Truth, run: Mapping[str, tuple[str, ...]]) -> dict[str, float]:
    """hit@k and MRR over the purchases; CC@10, the share of suppliers ever among the ten; LTP@10, the share of these places held
    outside the short head."""
    head, held = set[str](), 0
    for key, count in sorted(truth.wins.items(), key=lambda pair: -pair[1]):
        if held >= HEAD * sum(truth.wins.values()):
            break
        head.add(key)
        held += count
    ranks = [_rank(run.get(award, ()), keys) for award, keys in truth.of.items()]
    shown = Counter(key for award in truth.of for key in run.get(award, ())[:10] if key in truth.wins)
    found = {f"hit@{depth}": sum(rank <= depth for rank in ranks) / len(ranks) for depth in DEPTHS}
    return found | {
        "mrr": sum(1 / rank for rank in ranks) / len(ranks),
        "cc@10": len(shown) / len(truth.wins),
        "ltp@10": sum(count for key, count in shown.items() if key not in head) / max(shown.total(), 1),
    }


def _rank(ranking: Iterable[str], keys: frozenset[str]) -> float:
    return next((place for place, key in enumerate(ranking, 1) if key in keys), float("inf"))


def award_rows(shared: Path, report: Callable[[str], None]) -> list[Row]:
    """Each source, learned from its history alone; Italy also with all bidders as the truth."""
    path = shared / "data" / "awards.jsonl.gz"
    rows = []
    for source, name in SOURCES.items():
        asked = read_queries(path, source)
        past = read_history(path, source, frozenset(purchase.award_id for purchase in asked))
        run = {ranking.award_id: ranking.suppliers for ranking in rank_awards(past, asked, report)}
        for who in ("suppliers", "bidders") if source.startswith("it-") else ("suppliers",):
            truth = read_truth(path, source, who)
            kind = "winners" if who == "suppliers" else "all bidders"
            rows.append(Row("awards", f"{name}, {kind}", len(truth.of), figures(truth, run)))
    return rows
