"""Reads what the models are trained on: CPV labels, notices and awards with their codes, notices in all languages, profiles."""

import csv
import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from matchmaker.domain.errors import NotFound
from matchmaker.domain.messages import Message

Labels = Mapping[str, Mapping[str, str]]
"""Eight digits → language → label."""
TITLE = 300
"""Characters of a title or description that are read."""


@dataclass(frozen=True, slots=True)
class CodedText:
    """A text in a language that its author gave a CPV code, how much it counts, and the notice it came from."""

    text: str
    language: str
    code: str
    weight: float
    notice: str


@dataclass(frozen=True, slots=True)
class Translated:
    """A text and its human translation into English; ``notice`` is where it stands."""

    text: str
    language: str
    english: str
    notice: str


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Objects of a JSON Lines file, plain or gzipped.

    Raises:
        NotFound: the file does not exist.
    """
    if not path.is_file():
        raise NotFound(
            Message("%(path)s is not there.", {"path": str(path)}), Message("Give the folder with the training material.")
        )
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def read_labels(path: Path) -> Labels:
    """CPV labels from a table with columns ``code8`` and one a language (Irish is a copy of English there and left out)."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        languages = [name for name in reader.fieldnames or () if len(name) == 2 and name != "ga"]
        return {row["code8"]: {lang: row[lang] for lang in languages if row[lang]} for row in reader}


def read_notices(path: Path) -> tuple[list[CodedText], list[CodedText]]:
    """Titles (weight 1) and beginnings of descriptions (weight 0.5) of lots, each title with its code once."""
    titles: list[CodedText] = []
    descriptions: list[CodedText] = []
    seen: set[tuple[str, str]] = set()
    for row in json_lines(path):
        title, code = (row.get("title") or "")[:TITLE], row.get("main_cpv") or ""
        if not title or not code or (title, code) in seen:
            continue
        seen.add((title, code))
        language, notice = row["language"], str(row.get("notice_id"))
        titles.append(CodedText(title, language, code, 1.0, notice))
        if row.get("description"):
            descriptions.append(CodedText(row["description"][: TITLE + 200], language, code, 0.5, notice))
    return titles, descriptions


def read_awards(path: Path) -> list[CodedText]:
    """Titles of awards that carry a code, from the history split alone, each title and code once; weight 0.3."""
    found: list[CodedText] = []
    seen: set[tuple[str, str]] = set()
    for row in json_lines(path):
        if row["split"] != "history" or not row["cpv"]:
            continue
        title, code = (row.get("title") or "")[:TITLE], row["cpv"][0]
        if title and (title, code) not in seen:
            seen.add((title, code))
            found.append(CodedText(title, row["language"], code, 0.3, row["award_id"]))
    return found


def read_translations(path: Path) -> list[Translated]:
    """Titles and descriptions in each language beside the English ones of the same lot."""
    lots: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for row in json_lines(path):
        lots.setdefault((row["notice_id"], row["lot_id"]), {})[row["lang"]] = row
    return [
        Translated(row[part][:TITLE], language, rows["en"][part][:TITLE], key[0])
        for key, rows in sorted(lots.items())
        if "en" in rows
        for part in ("title", "description")
        for language, row in sorted(rows.items())
        if row[part] and rows["en"][part]
    ]


def read_profiles(path: Path, most: int | None) -> list[tuple[str, str, str]]:
    """Register, language and description of organisations that describe themselves in over 30 characters.

    ``most`` draws so many at random, the same ones every time; None takes all.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        found = [
            (row["source"], row["lang"], row["description"]) for row in csv.DictReader(lines) if len(row["description"]) > 30
        ]
    if most is None or most >= len(found):
        return found
    return [found[place] for place in sorted(np.random.default_rng(0).permutation(len(found))[:most])]
