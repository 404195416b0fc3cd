"""A purchase plan from the command line: taken in and planned for a team that exists, the second time without a change."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from matchmaker.cli import app
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.workflows.migrate import migrate

PLAN = "Title;Value;CPV code\nLaundry of linen;90 000;98310000\nCleaning of offices;120 000;90919200\n"


@pytest.fixture
def instance(new_database: Callable[[str], Coroutine[Any, Any, str]], tmp_path: Path) -> dict[str, str]:
    """The environment of an instance with a buyer's team and a plan in its folder."""
    url = asyncio.run(new_database(f"cli_{uuid4().hex[:8]}"))
    asyncio.run(migrate(url))
    environment = {"DATABASE_URL": url, "MATCHMAKER_HOME": str(tmp_path)}
    assert call(environment, "people", "add", "b@town.example", "--role", "buyer", "--organisation", "town").exit_code == 0
    (tmp_path / "plan.csv").write_text(PLAN)
    return environment


def call(environment: dict[str, str], *arguments: str) -> Any:
    return CliRunner().invoke(app, arguments, env=environment)


def take_in(environment: dict[str, str], *more: str) -> Any:
    file = str(Path(environment["MATCHMAKER_HOME"]) / "plan.csv")
    return call(environment, "purchase-plan", "import", file, "--team", "town", "--country", "IE", *more)


def test_a_plan_is_taken_in_and_planned_once_now_or_later_and_what_cannot_be_is_refused(instance: dict[str, str]) -> None:
    first = take_in(instance)
    assert first.exit_code == 0, first.output
    assert "2 rows new" in first.output
    assert "2 of 2 rows are planned" in first.output
    again = take_in(instance)
    assert "0 rows new, 0 changed, 2 unchanged" in again.output
    later = take_in(instance, "--later", "--name", "Next year")
    assert "rows are planned" not in later.output
    assert "Rows planned: 2." in call(instance, "purchase-plan", "run").output
    assert "Rows planned: 0." in call(instance, "purchase-plan", "run").output
    for more, refusal in (
        (("--team", "nobody"), NotFound),
        (("--country", "ZZ"), InvalidValue),
        (("--place", "Narnia"), InvalidValue),
    ):
        error = take_in(instance, *more).exception
        assert isinstance(error, refusal)
        assert error.next_step
