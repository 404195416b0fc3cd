"""``check parity`` and ``bench read`` at the command line."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from matchmaker.cli import app

OWN = Path(__file__).parent.parent / "ingestion" / "notices"

ROW = {
    "notice_id": "000555-2017",
    "lot_id": "1",
    "language": "de",
    "title": "Tische",
    "description": "Möbel für Schulen.",
    "main_cpv": "39160000",
    "extra_cpvs": [],
    "nuts": [],
    "value": None,
    "currency": None,
    "deadline": None,
    "reserved": [],
    "winners": [{"name": "Tischlerei Beispiel GmbH", "country": "DE", "town": "Ulm", "nuts": None, "id": "DE7"}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "notices").mkdir()
    (tmp_path / "notices" / "a.xml").write_bytes((OWN / "ted_older_award.xml").read_bytes())
    return tmp_path


def write_lots(folder: Path, *rows: Mapping[str, object]) -> Path:
    path = folder / "lots.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_parity_is_a_table_and_exit_code_0(folder: Path) -> None:
    lots = write_lots(folder, ROW, {**ROW, "lot_id": "2", "title": "Stühle", "winners": []})
    result = CliRunner().invoke(app, ["check", "parity", "--notices", str(folder / "notices"), "--lots", str(lots)])
    assert result.exit_code == 0
    assert "1 notices compared, 0 unreadable." in result.output
    assert [line.split()[:3] for line in result.output.splitlines() if line.startswith("winners")] == [["winners", "2", "2"]]


def test_a_difference_is_listed_with_both_values_and_exit_code_1(folder: Path) -> None:
    lots = write_lots(folder, {**ROW, "title": "Bänke"}, {**ROW, "lot_id": "2", "title": "Stühle", "winners": []})
    arguments = ["check", "parity", "--notices", str(folder / "notices"), "--lots", str(lots), "--differences", "5"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1
    assert "000555-2017/1 title" in result.output
    assert "Tische" in result.output
    assert "Bänke" in result.output
    assert "not explained" in result.output


def test_the_speed_of_reading_is_printed_per_core() -> None:
    result = CliRunner().invoke(app, ["bench", "read", "--notices", str(OWN), "--repeat", "2"])
    assert result.exit_code == 0
    lines = [line for line in result.output.splitlines() if "documents per second and core" in line]
    assert [line.split()[0] for line in lines][-1] == "all"
    assert len(lines) == 3


@pytest.mark.shared
def test_pairs_agree_at_the_command_line(shared: Path) -> None:
    result = CliRunner().invoke(app, ["check", "parity", "--pairs", "--notices", str(shared / "data" / "pairs")])
    assert result.exit_code == 0
    assert "43 pairs, 41 readable in both schemas." in result.output
