"""What kind of social-economy organisation a register's own word stands for."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from matchmaker.domain.organisation import StatusKind
from matchmaker.reference.folding import fold

_WORDS: Mapping[str, list[str]] = tomllib.loads((Path(__file__).parent / "statuses.toml").read_text(encoding="utf-8"))
_BY_WORD = {word: StatusKind(kind) for kind, words in _WORDS.items() for word in words}

INTEGRATING = frozenset({StatusKind.SHELTERED_WORKSHOP, StatusKind.WORK_INTEGRATION})
"""Kinds whose main aim is integration by definition."""


def status_kind(text: str) -> StatusKind | None:
    """The kind a word stands for, in any case and with any accents; None when it says nothing of it."""
    return _BY_WORD.get(fold(text))
