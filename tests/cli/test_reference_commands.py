"""``reference`` on the command line, and the tables of offline commands."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from matchmaker.cli import app
from matchmaker.cli.reference import offline_reference
from matchmaker.domain.errors import NotFound, Refusal, UnreadableDocument
from matchmaker.reference.tables import TableKind


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "shared" / "reference"
    folder.mkdir(parents=True)
    (folder / "cpv.csv").write_text("code,en\n90910000-9,Cleaning services\n", encoding="utf-8")
    return folder


def test_without_any_folder_the_core_is_used_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert offline_reference(None, tmp_path).loaded == frozenset()
    said = capsys.readouterr()
    assert "the small core" in said.err
    assert said.out == ""


def test_the_shared_folder_is_the_default_and_said(tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert offline_reference(None, tables.parent).loaded == {TableKind.CPV}
    assert "cpv" in capsys.readouterr().err


def test_a_folder_given_comes_first_and_must_exist(tables: Path, tmp_path: Path) -> None:
    assert offline_reference(tables, tmp_path / "nowhere").loaded == {TableKind.CPV}
    with pytest.raises(NotFound):
        offline_reference(tmp_path / "missing", tables.parent)


def test_loading_what_is_no_table_is_refused_with_the_columns_found(tmp_path: Path) -> None:
    stray = tmp_path / "toys.csv"
    stray.write_text("colour,shape\nred,round\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["reference", "load", str(stray)])
    assert isinstance(result.exception, UnreadableDocument)
    assert "colour, shape" in str(result.exception)


def test_an_address_must_name_its_table() -> None:
    for address in ("https://publisher.example/x.gc", "cpv=ftp://publisher.example/x.gc", "toys=https://publisher.example/x.gc"):
        result = CliRunner().invoke(app, ["reference", "fetch", "--address", address])
        assert isinstance(result.exception, Refusal)
