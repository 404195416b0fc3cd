"""``matchmaker demo``: one command brings everything up, Ctrl-C takes everything down, the data stay."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

if TYPE_CHECKING:
    from tests.deployment.conftest import Program

SECOND_START_SECONDS = 5.0


@pytest_asyncio.fixture(scope="module")
async def settings(new_database: Callable[[str], Awaitable[str]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    home = tmp_path_factory.mktemp("demo-home")
    return {"DATABASE_URL": await new_database("demo"), "MATCHMAKER_HOME": str(home), "MATCHMAKER_DEMO": "1"}


@contextmanager
def own_group(program: "Program", arguments: list[str], settings: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """The command as a terminal starts it: its process group gets what the keyboard sends."""
    with (program.folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            [*program.first_words, *arguments],
            cwd=program.folder,
            env=program.environment(settings) | {"PYTHONUNBUFFERED": "1"},
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_the_first_start_loads_the_examples_and_the_second_keeps_them(program: "Program", settings: dict[str, str]) -> None:
    first = program.run(["demo", "--no-serve"], settings)
    assert re.search(r"1[45]\d suppliers, \d\d notices with \d+ lots stored", first)
    assert "lots matched" in first
    second = program.run(["demo", "--no-serve"], settings)
    assert "The example data are there" in second
    assert "Loading" not in second


def test_asked_for_fresh_dates_it_gives_them(program: "Program", settings: dict[str, str]) -> None:
    program.run(["demo", "--no-serve"], settings)
    assert "0 suppliers" in program.run(["demo", "--no-serve", "--refresh"], settings)


def test_it_serves_the_site_prints_working_links_and_ends_with_ctrl_c(
    program: "Program", settings: dict[str, str], free_port: int
) -> None:
    program.run(["demo", "--no-serve"], settings)
    begun = time.monotonic()
    with own_group(program, ["demo", "--port", str(free_port)], settings) as process:
        assert "<h1" in program.page(process, f"http://127.0.0.1:{free_port}/")
        took = time.monotonic() - begun
        output = (program.folder / "output.txt").read_text()
        links = re.findall(rf"http://127\.0\.0\.1:{free_port}/sign-in/\S+", output)
        assert len(links) == 4
        assert all("<form" in program.page(process, link) for link in links)
        members = _group(process.pid)
        assert len(members) >= 2, "the worker is not in the same process group"
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(15) == 0
    assert "Stopped." in (program.folder / "output.txt").read_text()
    assert "Traceback" not in (program.folder / "output.txt").read_text()
    assert _group(process.pid) == []
    assert took < SECOND_START_SECONDS


def test_without_the_demo_setting_it_prints_no_links(program: "Program", settings: dict[str, str], free_port: int) -> None:
    with own_group(program, ["demo", "--port", str(free_port)], settings | {"MATCHMAKER_DEMO": ""}) as process:
        program.page(process, f"http://127.0.0.1:{free_port}/")
        output = (program.folder / "output.txt").read_text()
        assert "/sign-in/" not in output
        assert "MATCHMAKER_DEMO=1" in output


def test_a_port_in_use_is_refused_with_another_one_to_try(program: "Program", settings: dict[str, str], free_port: int) -> None:
    with own_group(program, ["demo", "--port", str(free_port)], settings) as process:
        program.page(process, f"http://127.0.0.1:{free_port}/")
        refused = subprocess.run(
            [*program.first_words, "demo", "--port", str(free_port)],
            cwd=program.folder,
            env=program.environment(settings),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert refused.returncode == 2
        assert f"--port {free_port + 1}" in refused.stderr


def _group(number: int) -> list[int]:
    """Processes of a process group that have not ended."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            state, _, group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(group) == number and state != "Z":
            found.append(int(folder.name))
    return found
