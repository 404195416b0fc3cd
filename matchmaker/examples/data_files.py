"""The example data as written: TOML files, one a country, in the country's own language."""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"

SOURCE = "example"
"""The source every example record names, and by which pages label it."""

WRITTEN_ON = date(2026, 11, 24)
"""The day the example data were written; dates without another day to count from count from here."""

Table = dict[str, Any]


def country_files(kind: str) -> Iterator[Table]:
    """The parsed files of ``suppliers`` or ``notices``, by file name."""
    for path in sorted((DATA / kind).glob("*.toml")):
        yield tomllib.loads(path.read_text(encoding="utf-8"))
