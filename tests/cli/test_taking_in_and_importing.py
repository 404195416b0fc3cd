"""``ingest``, ``quarantine``, ``export lots``, ``bench take-in`` and ``suppliers`` as somebody types them."""

import asyncio
import json
import zipfile
from collections.abc import Callable, Coroutine
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner, Result

from matchmaker.cli import app
from matchmaker.domain.errors import NotFound, Refusal, UnreadableDocument
from matchmaker.examples.notices import example_notices
from matchmaker.workflows.migrate import migrate

REGISTER = "Kennung;Name;Land;Tätigkeit;Telefon\n1;Öko-Hof;Deutschland;Gartenpflege;0221 123456\n2;;Deutschland;;\n"
Call = Callable[..., Result]


@pytest.fixture
def call(new_database: Callable[[str], Coroutine[Any, Any, str]], tmp_path: Path) -> Call:
    """Runs the command line on an instance of its own, in its newest form."""
    url = asyncio.run(new_database(f"cli_{uuid4().hex[:8]}"))
    asyncio.run(migrate(url))
    environment = {"DATABASE_URL": url, "MATCHMAKER_HOME": str(tmp_path / "home")}

    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], env=environment)

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three notices in a folder, one of them in an archive, and one broken document."""
    made = tmp_path / "notices"
    made.mkdir()
    first, second, third = example_notices(date(2026, 11, 24))[:3]
    (made / first.name).write_bytes(first.data)
    (made / second.name).write_bytes(second.data)
    (made / "broken.xml").write_bytes(b"<a>")
    with zipfile.ZipFile(made / "day.zip", "w") as archive:
        archive.writestr(third.name, third.data)
        archive.writestr("../outside.xml", third.data)
        archive.writestr("../beyond.xml", third.data)
    return made


def test_notices_are_taken_in_once_and_lots_written(call: Call, folder: Path, tmp_path: Path) -> None:
    first = call("ingest", folder, "--today", "2026-11-24")
    assert first.exit_code == 0, first.output
    assert "6 documents: 3 new, 0 newer versions, 0 seen before, 3 in quarantine" in first.output
    assert "leads out of the archive" in first.output
    assert "6 documents: 0 new, 0 newer versions, 3 seen before, 3 in quarantine; 0 lots stored" in call("ingest", folder).output
    listed = call("quarantine", "list").output
    assert "day.zip/../outside.xml" in listed
    assert "day.zip/../beyond.xml" in listed
    out = tmp_path / "lots.jsonl"
    assert call("export", "lots", "--out", out).exit_code == 0
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert len({row["notice_id"] for row in rows}) == 3
    assert all(isinstance(row["title"], dict) for row in rows)


def test_quarantine_is_listed_shown_and_tried_again(call: Call, folder: Path, tmp_path: Path) -> None:
    assert "Nothing is in quarantine" in call("quarantine", "list").output
    call("ingest", folder / "broken.xml")
    number, name, size, *_ = call("quarantine", "list").output.split()
    assert (name, size) == ("broken.xml", "3")
    saved = tmp_path / "saved.xml"
    shown = call("quarantine", "show", number, "--save", saved)
    assert "tried 1 times" in shown.output
    assert saved.read_bytes() == b"<a>"
    assert "1 in quarantine" in call("quarantine", "retry", number).output
    assert isinstance(call("quarantine", "show", "999").exception, NotFound)


def test_the_bench_of_taking_in_gives_documents_a_second(call: Call, folder: Path) -> None:
    result = call("bench", "take-in", folder, "--limit", "2")
    assert "2 documents:" in result.output
    assert "documents a second end to end" in result.output


def test_a_register_is_tried_imported_twice_and_handed_back(call: Call, tmp_path: Path) -> None:
    file, annotated = tmp_path / "register.csv", tmp_path / "annotated.csv"
    file.write_bytes(REGISTER.encode("latin-1"))
    words = ("suppliers", "import", file, "--source", "Mein Register", "--licence", "CC BY 4.0")
    dry = call(*words, "--dry-run")
    assert "2 rows: 1 created, 0 updated, 0 unchanged, 1 refused." in dry.output
    assert "nothing was stored" in dry.output
    first = call(*words, "--annotated", annotated)
    assert "2 rows: 1 created, 0 updated, 0 unchanged, 1 refused." in first.output
    assert "Row 3: The row has no name." in first.output
    assert "Columns about persons were not read: Telefon." in first.output
    assert "MATCHMAKER_SHOW_IMPORTED does not name it" in first.output
    assert annotated.read_text("utf-8-sig").splitlines()[1:] == [
        "1;Öko-Hof;Deutschland;Gartenpflege;0221 123456;created;",
        "2;;Deutschland;;;refused;The row has no name.",
    ]
    assert "1 unchanged, 1 refused." in call(*words).output
    assert "0 suppliers brought up to date" in call("suppliers", "encode").output
    assert "hidden from now on" in call("suppliers", "object", "mein-register:1").output
    assert isinstance(call("suppliers", "object", "mein-register:1").exception, NotFound)
    assert "2 refused." in call(*words).output


def test_what_is_not_there_or_no_register_is_refused_with_a_next_step(call: Call, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    expected = {"missing.csv": NotFound, "empty.csv": UnreadableDocument}
    for name, kind in expected.items():
        refused = call("suppliers", "import", tmp_path / name, "--source", "x").exception
        assert isinstance(refused, kind)
        assert isinstance(refused, Refusal)
        assert refused.next_step is not None
    assert isinstance(call("ingest", tmp_path / "nowhere").exception, NotFound)
    assert call("ingest", empty, "--today", "tomorrow").exit_code == 2
