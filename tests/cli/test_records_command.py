"""``records``: every record proves itself, in the database and as a file, and a forged one is found out."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from matchmaker.cli import app
from matchmaker.domain.access import Role
from matchmaker.domain.errors import InvalidValue, NotFound, Refusal
from matchmaker.domain.match import Need
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance
from matchmaker.domain.values import NutsCode
from matchmaker.reference.bundle import core_reference
from matchmaker.scoring.capability import default_capability
from matchmaker.scoring.encoder import default_encoder
from matchmaker.scoring.profile import profile_vectors
from matchmaker.storage.engine import SessionMaker, make_engine, make_sessions, transaction
from matchmaker.storage.organisations import save_organisations
from matchmaker.storage.people import load_person, person_id_of
from matchmaker.workflows.enrol import Enrolment, enrol
from matchmaker.workflows.migrate import migrate
from matchmaker.workflows.shortlist import Keep, keep_shortlist
from matchmaker.workflows.tools import MatchTools

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
NEED = Need("draft", {"en": "washing hospital linen"}, language="en", nuts=(NutsCode("IE06"),), country="IE")


@dataclass
class Instance:
    """An instance with two records, made by the scorer of the package."""

    environment: dict[str, str]
    records: list[str]

    def call(self, *arguments: str) -> Any:
        return CliRunner().invoke(app, arguments, env=self.environment)

    def execute(self, *statements: str) -> None:
        async def run() -> None:
            engine = make_engine(self.environment["DATABASE_URL"])
            async with engine.begin() as connection:
                for statement in statements:
                    await connection.execute(text(statement))
            await engine.dispose()

        asyncio.run(run())


@pytest.fixture
def instance(new_database: Callable[[str], Coroutine[Any, Any, str]], tmp_path: Path) -> Instance:
    url = asyncio.run(new_database(f"records_{uuid4().hex[:8]}"))
    asyncio.run(migrate(url))
    return Instance({"DATABASE_URL": url, "MATCHMAKER_HOME": str(tmp_path)}, asyncio.run(_two_records(url)))


async def _two_records(url: str) -> list[str]:
    engine = make_engine(url)
    sessions = make_sessions(engine)
    made = [await _record(sessions, title) for title in ("Linen", "Linen again")]
    await engine.dispose()
    return made


async def _record(sessions: SessionMaker, title: str) -> str:
    tools = MatchTools(core_reference(), default_encoder(), default_capability(), frozenset({"example"}))
    base = Base("IE", nuts=NutsCode("IE06"))
    suppliers = [
        Organisation(f"example:{work}", work, base, Provenance("example", work), capabilities=(Capability(words, "en"),))
        for work, words in (("laundry", "industrial laundry for hospitals"), ("garden", "parks and gardens"))
    ]
    async with transaction(sessions) as session:
        await save_organisations(session, suppliers, profile_vectors(suppliers, tools.encoder))
    await enrol(sessions, Enrolment("buyer@town.example", Role.BUYER, "town"), "test", NOW)
    async with sessions() as session:
        buyer = await load_person(session, await person_id_of(session, "buyer@town.example") or 0)
    assert buyer
    return await keep_shortlist(sessions, buyer, Keep("town", title), NEED, tools, date(2026, 11, 24), NOW)


def test_records_prove_themselves_until_one_is_forged(instance: Instance, tmp_path: Path) -> None:
    assert set(instance.call("records", "list").output.split()) == set(instance.records)
    good = instance.call("records", "verify", "--all")
    assert good.exit_code == 0
    assert " ".join(good.output.split()).count("entries: 1, whole scores: 2, the same") == 2
    file = tmp_path / "record.json"
    exported = instance.call("records", "export", instance.records[0], "--json", "--to", str(file))
    assert exported.exit_code == 0
    record = json.loads(file.read_text())
    assert instance.call("records", "verify", "--file", str(file)).exit_code == 0
    for digest, code in ((record["events"][0]["hash"], 0), (record["hash"], 0), ("f" * 64, 1)):
        assert instance.call("records", "verify", instance.records[0], "--hash", digest).exit_code == code
        assert instance.call("records", "verify", "--file", str(file), "--hash", digest).exit_code == code
    file.write_text(file.read_text().replace("washing", "soaking"))
    assert "Entry 1 was altered" in instance.call("records", "verify", "--file", str(file)).output
    instance.execute(
        "ALTER TABLE sourcing_record_event DISABLE TRIGGER USER",
        f"UPDATE sourcing_record_event SET body = replace(body, 'garden', 'Garden') WHERE record_id = '{instance.records[1]}'",
    )
    bad = instance.call("records", "verify", "--all")
    assert bad.exit_code == 1
    assert "broken at 1" in bad.output
    assert instance.call("records", "verify", instance.records[0]).exit_code == 0


def test_the_page_to_print_and_what_cannot_be_exported(instance: Instance, tmp_path: Path) -> None:
    page = instance.call("records", "export", instance.records[0], "--html")
    assert page.exit_code == 0
    assert "<!doctype html>" in page.output
    assert "The operator of this service" in page.output
    assert isinstance(instance.call("records", "export", "no-such").exception, NotFound)
    assert instance.call("records", "export", instance.records[0], "--json", "--html").exit_code == 2
    assert instance.call("records", "export", instance.records[0], "--language", "xx").exit_code == 2
    assert instance.call("records", "verify").exit_code == 2
    (tmp_path / "other.json").write_text("[]")
    assert isinstance(instance.call("records", "verify", "--file", str(tmp_path / "other.json")).exception, InvalidValue)
    assert isinstance(instance.call("records", "verify", "--file", str(tmp_path / "none.json")).exception, Refusal)
