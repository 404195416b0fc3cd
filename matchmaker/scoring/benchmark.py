"""The test collection for capability: suppliers, lots and graded judgements, and how well a ranking agrees with them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any

from matchmaker.domain.engagement import SMALL_BELOW_EMPLOYEES
from matchmaker.domain.errors import InvalidValue, UnreadableDocument
from matchmaker.domain.match import Need
from matchmaker.domain.messages import Message
from matchmaker.domain.values import CpvCode
from matchmaker.scoring.criteria.capability import SupplierText
from matchmaker.scoring.encoder import Encoder
from matchmaker.scoring.texts import profile_pieces

Judgements = Mapping[str, Mapping[str, int]]
"""Lot id → supplier id → grade 0 to 3."""
FIRM = 2
"""The lowest grade that says *could deliver this*."""
SMALL_UP_TO_TURNOVER = 10_000_000
"""Recommendation 2003/361/EC, in euro; the file of suppliers names no currency, so the number is taken as it stands."""


@dataclass(frozen=True, slots=True)
class JudgedLot:
    """A lot of the collection: its id there, what it asks for, and the sector it belongs to (``other`` for most)."""

    qid: str
    need: Need
    sector: str


SECTORS = {
    "food": ("03", "15", "553", "554", "555"),
    "textiles": ("18", "19", "395", "9831", "98393"),
    "transport": ("34", "60", "63", "641"),
}
"""CPV stems of the product groups public buyers name first."""


def sector_of(code: str) -> str:
    """``food``, ``textiles``, ``transport`` or ``other``."""
    return next((name for name, stems in SECTORS.items() if code.startswith(stems)), "other")


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file.

    Raises:
        UnreadableDocument: a line is not a JSON object, naming the line.
    """
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                found = json.loads(line)
            except json.JSONDecodeError:
                found = None
            if not isinstance(found, dict):
                raise UnreadableDocument(
                    Message("%(file)s, line %(line)s is not a JSON object.", {"file": path.name, "line": number}),
                    Message("Give one JSON object a line."),
                )
            yield found


def read_suppliers(path: Path, encoder: Encoder) -> list[SupplierText]:
    """Suppliers from rows with ``id``, ``description``, ``lang`` and optionally ``cpvs``, with the vectors of their texts."""
    kept = [(str(row["id"]), profile_pieces(str(row.get("description") or "")), row) for row in rows(path)]
    vectors = encoder.encode([text for _, texts, _ in kept for text in texts])
    found, start = [], 0
    for key, texts, row in kept:
        end = start + len(texts)
        codes = codes_of(row.get("cpvs") or ())
        found.append(SupplierText(key, texts, codes, vectors[start:end] if texts else None, row.get("lang") or None))
        start = end
    return found


def is_small(row: Mapping[str, object]) -> bool | None:
    """Fewer than 50 staff or, where the headcount is not known, a turnover of at most 10 million; None where neither is known."""
    for name, bound in (("employees", SMALL_BELOW_EMPLOYEES - 1), ("turnover", SMALL_UP_TO_TURNOVER)):
        try:
            return float(str(row.get(name) or "")) <= bound
        except ValueError:
            continue
    return None


def codes_of(texts: Sequence[str]) -> tuple[CpvCode, ...]:
    """The texts that are CPV codes; what is none is left out, as buyers do write other things there."""
    found: dict[CpvCode, None] = {}
    for text in texts:
        try:
            found[CpvCode.parse(text)] = None
        except InvalidValue:
            continue
    return tuple(found)


def read_lots(path: Path) -> list[JudgedLot]:
    """Lots from rows with the keys of the export; ``qid`` is the id, else ``NOTICE_ID/LOT``.

    Titles and descriptions may be texts or ``{language: text}``. The notice's own title, where given and different, is read as
    the beginning of the description.
    """
    return [_lot(row) for row in rows(path)]


def _lot(row: Mapping[str, Any]) -> JudgedLot:
    language = str(row.get("language") or "en").lower()
    qid = str(row.get("qid") or f"{row['notice_id']}/{row['lot_id']}")
    title, description = (_local(row.get(name), language) for name in ("title", "description"))
    whole = _local(row.get("notice_title"), language)
    told = {lang: f"{whole[lang]}.\n{description.get(lang, '')}".strip() for lang in whole if whole[lang] != title.get(lang)}
    cpvs = codes_of([code for code in (row.get("main_cpv"), *(row.get("extra_cpvs") or ())) if code])
    need = Need(qid, title or whole, {**description, **told}, language, cpvs, country=row.get("country"))
    return JudgedLot(qid, need, sector_of(cpvs[0].code) if cpvs else "other")


def _local(value: Any, language: str) -> dict[str, str]:
    if isinstance(value, Mapping):
        return {str(key): str(text) for key, text in value.items() if text}
    return {language: str(value)} if value else {}


def read_judgements(path: Path) -> Judgements:
    """Lines of lot, supplier, grade, separated by tabs; lots with fewer than two firm suppliers are left out."""
    found: dict[str, dict[str, int]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            lot, supplier, grade = line.split("\t")
            found.setdefault(lot, {})[supplier] = int(grade)
    return {lot: judged for lot, judged in found.items() if sum(grade >= FIRM for grade in judged.values()) >= 2}


def measures(judged: Mapping[str, int], ranking: Sequence[str]) -> dict[str, float]:
    """nDCG@10 (gain ``2**grade - 1``), recall@50 and reciprocal rank of the firm suppliers."""

    def gain(grades: Sequence[int]) -> float:
        return float(sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(grades[:10])))

    firm = {supplier for supplier, grade in judged.items() if grade >= FIRM}
    first = next((place + 1 for place, supplier in enumerate(ranking) if supplier in firm), None)
    return {
        "ndcg@10": gain([judged.get(supplier, 0) for supplier in ranking]) / gain(sorted(judged.values(), reverse=True)),
        "recall@50": len(firm.intersection(ranking[:50])) / len(firm),
        "mrr": 1 / first if first else 0.0,
    }
