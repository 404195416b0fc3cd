"""``regimes check`` counts what the law at hand rests on."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from matchmaker.cli import app
from matchmaker.domain.errors import InvalidValue


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A folder without tables: the package's own are used."""
    return tmp_path


def counts(folder: Path, *options: str) -> Sequence[int]:
    result = CliRunner().invoke(app, ["regimes", "check", "--reference", str(folder), *options])
    assert result.exit_code == 0, result.output
    found = re.search(r"(\d+) rows, (\d+) jurisdictions; clauses: (\d+) verified, (\d+) stale,\s+(\d+) missing", result.output)
    assert found, result.output
    return [int(number) for number in found.groups()]


def test_it_counts_rows_jurisdictions_and_clauses(empty: Path) -> None:
    rows, jurisdictions, verified, stale, missing = counts(empty, "--on", "2026-11-24")
    assert (rows, jurisdictions) == (63, 31)
    assert min(verified, stale, missing) > 0


def test_years_later_every_verified_clause_has_gone_stale(empty: Path) -> None:
    before, after = counts(empty, "--on", "2026-11-24"), counts(empty, "--on", "2031-11-24")
    assert after[2] == 0
    assert after[3] == before[2] + before[3]
    assert after[4] == before[4]


def test_the_doubtful_clauses_are_listed_when_asked_for(empty: Path) -> None:
    result = CliRunner().invoke(app, ["regimes", "check", "--reference", str(empty), "--clauses"])
    assert re.search(r"DK-54 +share +missing", result.output)


def test_what_is_no_day_is_refused(empty: Path) -> None:
    result = CliRunner().invoke(app, ["regimes", "check", "--reference", str(empty), "--on", "tomorrow"])
    assert isinstance(result.exception, InvalidValue)
