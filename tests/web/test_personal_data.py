"""A person takes all data along, or is erased; what organisations must keep stays under a pseudonym."""

import json
from collections.abc import Callable
from datetime import timedelta
from xml.etree.ElementTree import Element

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlmodel import SQLModel

from matchmaker.domain.access import SESSION_LIFETIME, Role, Scope
from matchmaker.domain.alert import MailKind
from matchmaker.domain.conversation import Conversation, Said, Side, Subject
from matchmaker.domain.membership import MembershipMail, MembershipNews
from matchmaker.domain.organisation import Base, Organisation, Provenance
from matchmaker.domain.released_list import NamingConsent
from matchmaker.storage.audit import forget_audit, history, record
from matchmaker.storage.codec import to_document
from matchmaker.storage.conversations import load_conversation, open_conversation, say
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.organisations import save_organisation
from matchmaker.storage.outbox import put_item
from matchmaker.storage.people import load_person, person_id_of, save_person
from matchmaker.storage.personal_data import tables_about_people
from matchmaker.storage.released_lists import consents_of, save_consent
from matchmaker.storage.signed_sessions import save_session
from matchmaker.web.services import Services
from matchmaker.workflows.api_tokens import make_token
from matchmaker.workflows.enrol import Enrolment, enrol
from matchmaker.workflows.personal_data import erase_person


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


async def test_what_a_person_wrote_is_in_the_file_and_stays_in_the_thread_without_a_name(
    client: httpx.AsyncClient, services: Services, sessions: SessionMaker, ann: int
) -> None:
    now = services.clock()
    thread = Conversation("t", "council", "Council", None, "Laundry", Subject("Linen"), now)
    asked = MembershipMail(MembershipNews.ASKED, "council", "Council", "ann@council.example")
    async with transaction(sessions) as session:
        other = await save_person(session, "bob@council.example", "en", now)
        await open_conversation(session, thread)
        await say(session, "t", Said(Side.BUYER, now, "Could you start in March?"), ann)
        await say(session, "t", Said(Side.SUPPLIER, now, "We could."), other)
        await put_item(session, "membership|of ann", other, MailKind.MEMBERSHIP, to_document(asked), now)
    stored = json.loads((await client.get("/account/data/file")).text)["stored"]
    assert [each["text"] for each in stored["conversation_message"]] == ["Could you start in March?"]
    assert [each["conversation_id"] for each in stored["conversation_read"]] == ["t"]
    await erase_person(sessions, ann, now)
    async with sessions() as session:
        kept = await load_conversation(session, "t")
        writers = list(await session.scalars(text("SELECT person_id FROM conversation_message ORDER BY message_id")))
        mail = await session.scalar(text("SELECT content ->> 'who' FROM outbox_item WHERE key = 'membership|of ann'"))
    assert kept
    assert [said.text for said in kept.said] == ["Could you start in March?", "We could."]
    assert writers == [None, other]
    assert str(mail).startswith("erased-")


async def test_a_consent_under_ones_own_address_ends_with_the_person_and_one_under_a_role_address_stays(
    services: Services, sessions: SessionMaker, ann: int
) -> None:
    now = services.clock()
    async with transaction(sessions) as session:
        await save_organisation(session, Organisation("test:bakery", "Bakery", Base("IE"), Provenance("test", "b")), [], at=now)
        await save_consent(session, NamingConsent("test:bakery", "1-2026/LOT-1", "ann@council.example", now), ann)
        await save_consent(session, NamingConsent("test:bakery", "1-2026/LOT-2", "office@bakery.example", now), ann)
    await erase_person(sessions, ann, now)
    async with sessions() as session:
        kept = await consents_of(session, ["test:bakery"])
    assert [each.contact for each in kept] == ["office@bakery.example"]


@pytest.mark.parametrize("name", ["conversation", "sounding", "sounding_asked", "role_address_use"])
def test_tables_of_contact_that_belong_to_organisations_name_no_person(name: str) -> None:
    assert name not in tables_about_people()
    columns = set(SQLModel.metadata.tables[name].columns.keys())
    assert not columns & {"person_id", "email", "address", "who", "made_by", "given_by"}


async def test_the_log_is_deleted_when_its_time_is_over(services: Services, sessions: SessionMaker) -> None:
    now = services.clock()
    async with transaction(sessions) as session:
        await record(session, now - timedelta(days=2), "test", "old", "council")
        await record(session, now, "test", "new", "council")
        await forget_audit(session, now - timedelta(days=1))
        assert [entry.action for entry in await history(session, "council")] == ["new"]
