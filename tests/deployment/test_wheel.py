"""A built wheel, installed elsewhere, brings its templates and migrations and serves a page."""

import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

if TYPE_CHECKING:
    from tests.deployment.conftest import Program

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content in a folder of its own."""
    made, folder = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    done = subprocess.run([*command, "--wheel-dir", str(made), str(ROOT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = made.glob("matchmaker-*.whl")
    with ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_the_wheel_holds_everything_the_program_reads(installed: Path) -> None:
    for folder, inside in (("matchmaker", ""), ("templates", "matchmaker"), ("migrations", "matchmaker")):
        listed = subprocess.run(["git", "ls-files", "--", folder], cwd=ROOT, capture_output=True, text=True, check=True)
        files = [name for name in listed.stdout.splitlines() if not Path(name).name.startswith(".")]
        assert files
        assert [name for name in files if not (installed / inside / name).is_file()] == []


async def test_the_installed_program_migrates_and_serves_a_page(
    installed: Path,
    program: "Program",
    tmp_path: Path,
    free_port: int,
    new_database: Callable[[str], Awaitable[str]],
) -> None:
    program.more = {"PYTHONPATH": str(installed)}
    settings = {"DATABASE_URL": await new_database("wheel"), "MATCHMAKER_HOME": str(tmp_path / "home")}
    where = (
        "import matchmaker.package_files as files; print(files.__file__, files.folder('templates'), files.folder('migrations'))"
    )
    program.first_words = (sys.executable, "-c")
    assert program.run([where], settings).count(str(installed)) == 3
    program.first_words = (sys.executable, "-m", "matchmaker")
    program.run(["migrate"], settings)
    with program.running(["serve", "--port", str(free_port)], settings) as process:
        assert "<h1" in program.page(process, f"http://127.0.0.1:{free_port}/")
