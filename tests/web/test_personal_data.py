"""A person takes all data along, or is erased; what organisations must keep stays under a pseudonym."""

import json
from collections.abc import Callable
from datetime import timedelta
from xml.etree.ElementTree import Element

import httpx
import pytest_asyncio
from sqlalchemy import text

from matchmaker.domain.access import SESSION_LIFETIME, Role, Scope
from matchmaker.storage.audit import forget_audit, history, record
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.people import load_person, person_id_of
from matchmaker.storage.personal_data import tables_about_people
from matchmaker.storage.signed_sessions import save_session
from matchmaker.web.services import Services
from matchmaker.workflows.api_tokens import make_token
from matchmaker.workflows.enrol import Enrolment, enrol


@pytest_asyncio.fixture
async def ann(client: httpx.AsyncClient, services: Services, sessions: SessionMaker) -> int:
    now = services.clock()
    await enrol(sessions, Enrolment("ann@council.example", Role.BUYER, "council"), "test", now)
    async with transaction(sessions) as session:
        person_id = await person_id_of(session, "ann@council.example") or 0
        await save_session(session, "s", person_id, now, now + SESSION_LIFETIME)
        await record(session, now, str(person_id), "invitation list computed", "council", after={"lots": 1})
        person = await load_person(session, person_id)
    assert person
    await make_token(sessions, person, "nightly", [Scope.OWN], 30, now)
    client.cookies.set("session", "s", domain="matchmaker.test", path="/")
    return person_id


async def test_the_file_holds_every_row_about_me_and_no_secret(client: httpx.AsyncClient, ann: int) -> None:
    found = json.loads((await client.get("/account/data/file")).text)
    assert found["stored"]["person"][0]["email"] == "ann@council.example"
    assert found["stored"]["membership"][0]["team_key"] == "council"
    assert found["stored"]["api_token"][0]["name"] == "nightly"
    assert "token_hash" not in json.dumps(found)
    assert [act["action"] for act in found["log_of_changes"]] == ["invitation list computed", "token made"]
    assert {"alert_profile", "outbox_item", "lot_answer", "sourcing_record_person"} <= set(tables_about_people())


async def test_an_erasure_needs_a_tick_then_leaves_only_a_pseudonym(
    client: httpx.AsyncClient, sessions: SessionMaker, ann: int, check_page: Callable[[str], Element]
) -> None:
    check_page((await client.get("/account/data")).text)
    csrf = {"_csrf_token": client.cookies["csrf"]}
    refused = await client.post("/account/data/erasure", data=csrf)
    assert refused.status_code == 422
    check_page(refused.text)
    assert (await client.post("/account/data/erasure", data={**csrf, "sure": "1"})).status_code == 303
    async with sessions() as session:
        for table, columns in tables_about_people().items():
            for column in columns:
                left = await session.scalar(text(f"SELECT count(*) FROM {table} WHERE {column} = :id"), {"id": ann})
                assert left == 0, table
        acts = await history(session, "council")
    assert acts[-1].action == "invitation list computed"
    assert acts[-1].who.startswith("erased-")
    assert (await client.get("/account")).headers["location"].startswith("/sign-in")


async def test_the_log_is_deleted_when_its_time_is_over(services: Services, sessions: SessionMaker) -> None:
    now = services.clock()
    async with transaction(sessions) as session:
        await record(session, now - timedelta(days=2), "test", "old", "council")
        await record(session, now, "test", "new", "council")
        await forget_audit(session, now - timedelta(days=1))
        assert [entry.action for entry in await history(session, "council")] == ["new"]
