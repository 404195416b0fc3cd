"""What README says of settings, rooms and commands is what the program does."""

import re
from pathlib import Path

import pytest
import typer

from matchmaker.cli import app
from matchmaker.settings import VARIABLES

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", VARIABLES)
def test_a_setting_stands_in_the_table_with_what_it_does(name: str) -> None:
    assert re.search(rf"^\| `{name}` \| .* \| {re.escape(VARIABLES[name][1])} \|$", README, re.MULTILINE)


def test_the_table_names_no_setting_that_does_not_exist() -> None:
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE)) == set(VARIABLES)


def test_the_room_map_names_every_room_and_no_other() -> None:
    rooms = {path.parent.name for path in (ROOT / "matchmaker").glob("*/__init__.py")}
    assert set(re.findall(r"^\| `([a-z]+)/` \|", README, re.MULTILINE)) == rooms


def test_every_command_named_exists() -> None:
    group = typer.main.get_command(app)
    known = set(getattr(group, "commands", {}))
    named = set(re.findall(r"\bmatchmaker ([a-z][a-z-]*)", re.sub(r"https?://\S+", "", README)))
    assert named
    assert named <= known
