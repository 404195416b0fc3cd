"""The program as others run it: its commands, as processes of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

STOPS_WITHIN = 15.0
"""Seconds."""


class Program:
    """Runs ``matchmaker`` commands with an environment of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.first_words: Sequence[str] = (sys.executable, "-m", "matchmaker")
        self.more: dict[str, str] = {}

    def environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        return {**kept, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1", **self.more, **settings}

    def run(self, arguments: Sequence[str], settings: Mapping[str, str], code: int = 0) -> str:
        """Runs to the end and expects that exit code; the output, errors after it."""
        done = subprocess.run(
            [*self.first_words, *arguments],
            cwd=self.folder,
            env=self.environment(settings),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    @contextmanager
    def running(self, arguments: Sequence[str], settings: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
        """A process that is still running inside the block, and ends by itself with code 0 when asked to stop after it."""
        with (self.folder / "output.txt").open("w+b") as output:
            process = subprocess.Popen(
                [*self.first_words, *arguments], cwd=self.folder, env=self.environment(settings), stdout=output, stderr=output
            )
            try:
                yield process
                output.seek(0)
                assert process.poll() is None, output.read().decode()
                process.send_signal(signal.SIGTERM)
                code = process.wait(STOPS_WITHIN)
                output.seek(0)
                assert code == 0, output.read().decode()
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()

    def output(self) -> str:
        """What the running process has printed."""
        return (self.folder / "output.txt").read_text()

    def wait_for(self, words: str, process: "subprocess.Popen[bytes]", seconds: float = 40) -> None:
        """Until the running process prints ``words``."""
        end = time.monotonic() + seconds
        while words not in self.output():
            if process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"“{words}” was not printed\n{self.output()}")
            time.sleep(0.1)

    def page(self, process: "subprocess.Popen[bytes]", address: str, seconds: float = 40) -> str:
        """The page at ``address``, as soon as it is served."""
        end = time.monotonic() + seconds
        while True:
            try:
                with urlopen(address, timeout=5) as answer:
                    return str(answer.read().decode())
            except (URLError, ConnectionError, TimeoutError):
                alive = process.poll() is None
                if not alive or time.monotonic() > end:
                    pytest.fail(f"{address} is not served\n{self.output()}")
                time.sleep(0.1)


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


@pytest.fixture(scope="session")
def program_in() -> Callable[[Path], Program]:
    """The same, with a folder to run in."""
    return Program


@pytest.fixture(scope="session")
def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
