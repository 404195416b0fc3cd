"""compose.yaml: follows its schema, and each service's exact command works on the embedded database."""

import re
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from ruamel.yaml import YAML
from sqlalchemy import text

from matchmaker.settings import VARIABLES
from matchmaker.storage.engine import make_engine

if TYPE_CHECKING:
    from tests.deployment.conftest import Program

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "compose.yaml"


@pytest.fixture(scope="session")
def services() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(COMPOSE)["services"]
    return found


def command_of(service: dict[str, Any]) -> list[str]:
    """The arguments of ``matchmaker``."""
    name, *arguments = service["command"]
    assert name == "matchmaker"
    return list(arguments)


def settings_of(service: dict[str, Any], database: str, home: Path | None = None) -> dict[str, str]:
    """The service's environment with its defaults filled in, on the embedded database."""
    filled = {name: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", str(value)) for name, value in service.get("environment", {}).items()}
    return filled | {"DATABASE_URL": database, "MATCHMAKER_HOME": str(home or "home")}


@pytest_asyncio.fixture(scope="module")
async def migrated(
    services: dict[str, Any],
    new_database: Callable[[str], Awaitable[str]],
    program_in: "Callable[[Path], Program]",
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """An empty database, as ``db`` brings it, after the exact command of ``migrate``."""
    database = await new_database("compose")
    program_in(tmp_path_factory.mktemp("migrate")).run(
        command_of(services["migrate"]), settings_of(services["migrate"], database)
    )
    return database


def test_it_follows_the_compose_schema() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_database_site_worker_and_mail_catcher_are_there_and_depend_on_services_that_exist(services: dict[str, Any]) -> None:
    assert {"db", "web", "worker", "mail"} <= set(services)
    assert "pgvector" in services["db"]["image"]
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        assert not any(str(port).startswith("0.0.0.0") for port in service.get("ports", []))


def test_the_services_share_settings_that_exist_and_name_each_other(services: dict[str, Any]) -> None:
    for name in ("migrate", "web", "worker"):
        environment = services[name]["environment"]
        assert set(environment) <= set(VARIABLES)
        assert "@db:5432/" in environment["DATABASE_URL"]
        assert "smtp://mail:1025" in environment["MATCHMAKER_SMTP_URL"]
        assert "MATCHMAKER_DEMO" not in environment


def test_the_inline_dockerfile_installs_the_locked_packages_and_runs_as_nobody_special(services: dict[str, Any]) -> None:
    dockerfile = services["web"]["build"]["dockerfile_inline"]
    assert "--require-hashes --requirement requirements.lock" in dockerfile
    assert dockerfile.index("\nUSER matchmaker") > dockerfile.index("useradd")
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert sent >= {"matchmaker", "templates", "migrations", "pyproject.toml", "requirements.lock", "README.md", "LICENSE"}
    assert all((ROOT / name).exists() for name in sent)
    assert f"CMD {str(services['web']['command']).replace(chr(39), chr(34))}" in dockerfile


def test_the_command_of_migrate_made_the_tables_and_changes_nothing_again(
    services: dict[str, Any], migrated: str, program: "Program"
) -> None:
    settings = settings_of(services["migrate"], migrated)
    said = program.run([*command_of(services["migrate"]), "--check"], settings)
    assert "newest form" in said
    assert "those of the code" in said


def test_the_command_of_web_serves_the_home_page(
    services: dict[str, Any], migrated: str, program: "Program", free_port: int
) -> None:
    arguments = command_of(services["web"])
    port = int(arguments[-1])
    with socket.socket() as attempt:
        if attempt.connect_ex(("127.0.0.1", port)) == 0:
            # Somebody uses the port of the container on this machine; all else stays as written.
            arguments[-1] = str(port := free_port)
    with program.running(arguments, settings_of(services["web"], migrated)) as process:
        assert "ready" in program.page(process, f"http://127.0.0.1:{port}/health/ready")
        assert "<h1" in program.page(process, f"http://127.0.0.1:{port}/")


def test_the_command_of_worker_runs_until_it_is_told_to_stop(services: dict[str, Any], migrated: str, program: "Program") -> None:
    with program.running(command_of(services["worker"]), settings_of(services["worker"], migrated)) as process:
        program.wait_for("The worker is ready", process)


async def test_a_table_that_no_migration_makes_is_found(migrated: str, program: "Program") -> None:
    engine = make_engine(migrated)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("ALTER TABLE notice DROP COLUMN document"))
        assert "document" in program.run(["migrate", "--check"], {"DATABASE_URL": migrated}, code=1)
    finally:
        async with engine.begin() as connection:
            await connection.execute(text("ALTER TABLE notice ADD COLUMN document text NOT NULL DEFAULT ''"))
        await engine.dispose()
