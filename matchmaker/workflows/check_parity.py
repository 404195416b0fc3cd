"""Compares our reading of notices with an independent reading of the same notices, field by field."""

import gzip
import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matchmaker.domain.errors import NotFound, UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Notice
from matchmaker.ingestion.archives import Document
from matchmaker.ingestion.notices import read_notice
from matchmaker.workflows.export_lots import lot_rows
from matchmaker.workflows.parity_explanations import Difference, explain

FIELDS = (
    "lot_id",
    "title",
    "description",
    "main_cpv",
    "extra_cpvs",
    "nuts",
    "value",
    "currency",
    "deadline",
    "reserved",
    "winners",
)
TARGET = 0.995
"""Share of equal values per field below which the check fails."""

Row = Mapping[str, Any]


@dataclass(slots=True)
class Tally:
    """How often a field was compared, equal, and different for a known reason."""

    compared: int = 0
    equal: int = 0
    explained: int = 0

    @property
    def share(self) -> float:
        """Equal values among those compared; explained differences count as different."""
        return self.equal / self.compared if self.compared else 1.0

    @property
    def share_with_explained(self) -> float:
        """Equal or explained values among those compared."""
        return (self.equal + self.explained) / self.compared if self.compared else 1.0


@dataclass(slots=True)
class ParityReport:
    """Figures per field, and every difference with its explanation where one is known."""

    notices: int = 0
    tallies: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in FIELDS})
    differences: list[tuple[Difference, Message | None]] = field(default_factory=list)
    refusals: list[UnreadableDocument] = field(default_factory=list)

    @property
    def reached(self) -> bool:
        """Whether every field reaches the target without explanations, and every document was read."""
        return not self.refusals and all(tally.share >= TARGET for tally in self.tallies.values())

    def add(self, difference: Difference) -> None:
        """Counts a comparison that came out different."""
        reason = explain(difference)
        tally = self.tallies[difference.field]
        tally.compared += 1
        tally.explained += reason is not None
        self.differences.append((difference, reason))


def read_reference(path: Path) -> dict[str, list[Row]]:
    """Rows of the independent reading by notice id, from JSON Lines, plain or ``.gz``; award-only rows are left out.

    Raises:
        NotFound: there is no such file.
    """
    if not path.is_file():
        raise NotFound(
            Message("There is no file “%(path)s” to compare with.", {"path": str(path)}),
            Message("Give it with --lots, or set MATCHMAKER_SHARED."),
        )
    rows: dict[str, list[Row]] = {}
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if not row.get("award_only"):
                rows.setdefault(row["notice_id"], []).append(row)
    return rows


def check_parity(documents: Iterable[Document | UnreadableDocument], reference: Mapping[str, Sequence[Row]]) -> ParityReport:
    """Reads every document and compares its lots with the reference's rows of the same notice."""
    report = ParityReport()
    for document in documents:
        if isinstance(document, UnreadableDocument):
            report.refusals.append(document)
            continue
        try:
            notice = read_notice(document.data, document.name)
        except UnreadableDocument as refusal:
            report.refusals.append(refusal)
            continue
        report.notices += 1
        compare_notice(notice, reference.get(notice.notice_id, ()), report)
    return report


def compare_notice(notice: Notice, theirs: Sequence[Row], report: ParityReport) -> None:
    """Compares one notice's lots with the reference's, paired by id."""
    waiting: dict[str, list[Row]] = {}
    for row in theirs:
        waiting.setdefault(row["lot_id"], []).append(row)
    for ours in lot_rows(notice):
        if ours.get("award_only"):
            continue
        lot_id = str(ours["lot_id"])
        if not waiting.get(lot_id):
            report.add(Difference(notice, lot_id, "lot_id", lot_id, None, {}))
            continue
        row = waiting[lot_id].pop(0)
        _equal(report, "lot_id")
        for name, mine, other in compared_values(ours, row):
            if mine == other:
                _equal(report, name)
            else:
                report.add(Difference(notice, lot_id, name, mine, other, row))
    for lot_id, rows in waiting.items():
        for row in rows:
            report.add(Difference(notice, lot_id, "lot_id", None, lot_id, row))


def _equal(report: ParityReport, name: str) -> None:
    report.tallies[name].compared += 1
    report.tallies[name].equal += 1


def compared_values(ours: Row, theirs: Row) -> Iterator[tuple[str, object, object]]:
    """``(field, our value, their value)``: texts in NFC with white space folded, days, sorted codes and winners."""
    language = theirs["language"]
    for name in ("title", "description"):
        yield name, folded(ours[name].get(language)), folded(theirs[name])
    yield "main_cpv", ours["main_cpv"], theirs["main_cpv"]
    for name in ("extra_cpvs", "nuts"):
        yield name, sorted(set(ours[name])), sorted(set(theirs[name]))
    yield "value", _cents(ours["value"]), _cents(theirs["value"])
    yield "currency", ours["currency"], theirs["currency"] or None
    yield "deadline", (ours["deadline"] or "")[:10] or None, theirs["deadline"]
    yield "reserved", sorted(ours["reserved"]), _reserved(theirs)
    yield "winners", winner_rows(ours["winners"], theirs["winners"]), winner_rows(theirs["winners"], theirs["winners"])


def folded(text: str | None) -> str | None:
    """``text`` in NFC with runs of white space as one space; None when blank."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text or "")).strip() or None


def _cents(amount: float | None) -> float | None:
    return None if amount is None else round(float(amount), 2)


def _reserved(row: Row) -> list[str]:
    """The reference keeps an explicit ``none`` among its raw markers only."""
    stated = list(row["reserved"])
    return sorted(stated or [marker for marker in row.get("reserved_markers") or () if marker == "none"])


def winner_rows(winners: Sequence[Row], shaped_like: Sequence[Row]) -> list[tuple[str, ...]]:
    """Winners as sorted tuples; size only where the reference reads it."""
    keys = ["name", "country", "town", "nuts", "id"]
    if any("size" in winner for winner in shaped_like):
        keys.append("size")
    return sorted(tuple(folded(winner.get(key)) or "" for key in keys) for winner in winners)


def sample(documents: Iterable[Path], size: int | None, seed: int) -> list[Path]:
    """``size`` of the files in a folder tree, the same ones for the same ``seed``; all of them when ``size`` is None.

    Files are ordered by a digest of seed and name, so the choice does not depend on how many there are.
    """
    files = sorted(path for folder in documents for path in (folder.rglob("*.xml") if folder.is_dir() else [folder]))
    if size is None:
        return files
    return sorted(files, key=lambda path: _digest(f"{seed}/{path.name}"))[:size]


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=8).digest()


def by_explanation(report: ParityReport) -> Counter[tuple[str, str]]:
    """How many differences each explanation covers, by field; unexplained ones under an empty text."""
    return Counter((difference.field, reason.text if reason else "") for difference, reason in report.differences)
