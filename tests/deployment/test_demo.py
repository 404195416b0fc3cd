"""``matchmaker demo``: one command brings everything up, Ctrl-C takes everything down, the data stay."""

import os
import re
import signal
import socket
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from matchmaker.workflows.demo_people import DEMO_PEOPLE

if TYPE_CHECKING:
    from tests.deployment.conftest import Program

SECOND_START_SECONDS = 5.0
"""Of one processor, until the first page."""


@pytest_asyncio.fixture(scope="module")
async def settings(
    new_database: Callable[[str], Awaitable[str]],
    program_in: "Callable[[Path], Program]",
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, str]:
    """An instance after its first start, which loaded the examples."""
    home = tmp_path_factory.mktemp("demo-home")
    made = {"DATABASE_URL": await new_database("demo"), "MATCHMAKER_HOME": str(home), "MATCHMAKER_DEMO": "1"}
    first = program_in(tmp_path_factory.mktemp("first")).run(["demo", "--no-serve"], made)
    assert re.search(r"1[45]\d suppliers, \d\d notices with \d+ lots stored", first)
    assert "lots matched" in first
    return made


@contextmanager
def own_group(program: "Program", arguments: list[str], settings: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """The command as a terminal starts it: its process group gets what the keyboard sends."""
    with (program.folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            [*program.first_words, *arguments],
            cwd=program.folder,
            env=program.environment(settings),
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


def test_a_second_start_keeps_the_data_serves_the_site_prints_working_links_and_ends_with_ctrl_c(
    program: "Program", settings: dict[str, str], free_port: int
) -> None:
    with own_group(program, ["demo", "--port", str(free_port)], settings) as process:
        assert "<h1" in program.page(process, f"http://127.0.0.1:{free_port}/")
        assert _processor_seconds(process.pid) < SECOND_START_SECONDS
        assert "The example data are there" in program.output()
        assert "Loading" not in program.output()
        links = re.findall(rf"http://127\.0\.0\.1:{free_port}/sign-in/\S+", program.output())
        assert len(links) == len(DEMO_PEOPLE)
        assert all("<form" in program.page(process, link) for link in links)
        assert len(_group(process.pid)) >= 2, "the worker is not in the same process group"
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(20) == 0
    assert "Stopped." in program.output()
    assert "Traceback" not in program.output()
    assert _group(process.pid) == []


def test_without_the_demo_setting_it_prints_no_links(program: "Program", settings: dict[str, str], free_port: int) -> None:
    with own_group(program, ["demo", "--port", str(free_port)], settings | {"MATCHMAKER_DEMO": ""}) as process:
        program.page(process, f"http://127.0.0.1:{free_port}/")
        assert "/sign-in/" not in program.output()
        assert "MATCHMAKER_DEMO=1" in program.output()


def test_a_port_in_use_is_refused_at_once_with_another_one_to_try(program: "Program", settings: dict[str, str]) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        refused = program.run(["demo", "--port", str(port)], settings, code=2)
    assert f"--port {port + 1}" in refused


def _processor_seconds(number: int) -> float:
    """Processor time a process has used; unlike the clock it does not depend on what else the machine does."""
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


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
