"""“Lots for us”: ranked with reasons, answered in place, with partners only among those who agree, and rules to undo."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element

import httpx
import pytest
import pytest_asyncio

from matchmaker.alerts.mailers import RecordingMailer
from matchmaker.domain.access import SESSION_LIFETIME, Role
from matchmaker.domain.alert import AlertProfile
from matchmaker.domain.match import need_of
from matchmaker.domain.notice import Buyer, Lot, Notice, NoticeKind
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance, ServiceArea
from matchmaker.domain.values import CpvCode, Deadline, NutsCode
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.notices import save_notice
from matchmaker.storage.organisations import save_organisation
from matchmaker.storage.people import load_person, person_id_of
from matchmaker.storage.signed_sessions import save_session
from matchmaker.web.services import Services
from matchmaker.web.session import composer_of
from matchmaker.workflows.dispatch_due import dispatch_due
from matchmaker.workflows.enrol import Enrolment, enrol
from matchmaker.workflows.match_lots import match_need_of_lot
from matchmaker.workflows.raise_alerts import raise_alerts_for_new_lots
from matchmaker.workflows.save_alert import save_alert

Check = Callable[[str], Element]
Post = Callable[..., Awaitable[httpx.Response]]
LAUNDRY = CpvCode("98310000")
WASH = Organisation(
    "example:wash",
    "Wash & Work",
    Base("IE", city="Cork", nuts=NutsCode("IE053")),
    Provenance("example", "wash"),
    area=ServiceArea(countries=("IE",)),
    capabilities=(Capability("washing hospital linen", "en", (LAUNDRY,)),),
    email="office@wash.example",
)
OTHER = replace(WASH, key="example:other", name="Other Wash", provenance=Provenance("example", "other"), email="hi@other.example")
PAGE = f"/supplier/{quote(WASH.key)}/lots"


def notice(number: int, services: Services) -> Notice:
    lot = Lot(
        "LOT-0001",
        {"en": f"washing hospital linen {number}"},
        main_cpv=LAUNDRY,
        nuts=("IE053",),
        deadline=Deadline(services.today + timedelta(days=30)),
    )
    return Notice(
        f"{number:08d}-2026",
        "01",
        NoticeKind.COMPETITION,
        "eforms",
        "1.13",
        "en",
        {"en": "Linen"},
        (lot,),
        buyers=(Buyer("Hospital", country="IE"),),
        published=services.today,
    )


async def publish(services: Services, *numbers: int) -> None:
    """Publishes lots and keeps their matches, as the worker does."""
    async with transaction(services.sessions) as session:
        for number in numbers:
            made = notice(number, services)
            await save_notice(session, made)
            await match_need_of_lot(session, need_of(made, made.lots[0]), services.tools, services.today)


@pytest_asyncio.fixture
async def person_id(services: Services, sessions: SessionMaker, client: httpx.AsyncClient) -> int:
    """The browser signed in as a member of the laundry, which has an alert; another laundry exists."""
    now = services.clock()
    async with transaction(sessions) as session:
        for organisation in (WASH, OTHER):
            vectors = list(services.tools.encoder.encode(["washing hospital linen"]))
            await save_organisation(session, organisation, vectors, at=now)
    await enrol(sessions, Enrolment("niamh@wash.example", Role.SUPPLIER, WASH.key), "test", now)
    await enrol(sessions, Enrolment("tom@other.example", Role.SUPPLIER, OTHER.key), "test", now)
    async with transaction(sessions) as session:
        found = await person_id_of(session, "niamh@wash.example") or 0
        person = await load_person(session, found)
        await save_session(session, "a session", found, now, now + SESSION_LIFETIME)
        tom = await person_id_of(session, "tom@other.example") or 0
        await save_session(session, "tom's session", tom, now, now + SESSION_LIFETIME)
    assert person
    await save_alert(sessions, person, AlertProfile(found, WASH.key, minimum_score=0.0), services.tools.reference, now)
    await sign_in_as(client, "a session")
    return found


async def sign_in_as(client: httpx.AsyncClient, session: str) -> None:
    client.cookies.set("session", session, domain="matchmaker.test", path="/")
    await client.get("/account")


@pytest.fixture
def post(client: httpx.AsyncClient, csrf: Callable[[], str]) -> Post:
    async def send(path: str, **data: Any) -> httpx.Response:
        return await client.post(path, data={"_csrf_token": csrf(), **data})

    return send


def full_id(number: int) -> str:
    return f"{number:08d}-2026/LOT-0001"


async def test_a_lot_is_listed_with_reasons_and_put_aside_by_its_answer(
    services: Services, person_id: int, client: httpx.AsyncClient, post: Post, check_page: Check
) -> None:
    empty = (await client.get(PAGE)).text
    check_page(empty)
    assert "No open lot suits it right now" in empty
    await publish(services, 1)
    page = (await client.get(PAGE)).text
    check_page(page)
    assert "washing hospital linen 1" in page
    assert "For it:" in page
    wrong = await post(PAGE, lot=full_id(1), answer="not-for-us")
    assert wrong.status_code == 422
    check_page(wrong.text)
    assert (await post(PAGE, lot=full_id(1), answer="not-for-us", reason="price")).status_code == 303
    page = (await client.get(PAGE)).text
    check_page(page)
    assert "1 lot put aside" in page


async def test_two_answers_that_say_the_same_keep_alerts_back_until_the_rule_is_undone(
    services: Services, person_id: int, client: httpx.AsyncClient, post: Post, check_page: Check
) -> None:
    await publish(services, 1, 2)
    await alerts(services)
    for number in (1, 2):
        await post(PAGE, lot=full_id(number), answer="not-for-us", reason="other-work")
    page = (await client.get(PAGE)).text
    check_page(page)
    assert "You are not told of work of the kind" in page
    await publish(services, 3)
    assert await alerts(services) == []
    assert "No mail was sent about it" in (await client.get(PAGE)).text
    await post(f"/supplier/{quote(WASH.key)}/rules", rule="other-work:9831")
    assert "No rule yet" in (await client.get(PAGE)).text
    await publish(services, 4)
    assert len(await alerts(services)) == 1


async def alerts(services: Services) -> list[Any]:
    mailer = RecordingMailer()
    await raise_alerts_for_new_lots(services.sessions, services.tools, services.today, services.clock())
    await dispatch_due(services.sessions, mailer, composer_of(services), services.clock)
    return mailer.sent


async def test_partners_are_shown_only_when_both_look_for_one_and_both_agree(
    services: Services, person_id: int, client: httpx.AsyncClient, post: Post, check_page: Check
) -> None:
    await publish(services, 1)
    other_page = f"/supplier/{quote(OTHER.key)}/lots"
    assert (await post(PAGE, lot=full_id(1), agree="1")).status_code == 422
    await post(PAGE, lot=full_id(1), answer="partner-wanted")
    assert "Nobody else looks for a partner" in (await client.get(PAGE)).text
    await sign_in_as(client, "tom's session")
    await post(other_page, lot=full_id(1), answer="partner-wanted")
    page = (await client.get(other_page)).text
    check_page(page)
    assert "1 other organisation looks for a partner" in page
    assert WASH.name.replace("&", "&amp;") not in page
    await post(other_page, lot=full_id(1), agree="1")
    assert WASH.name.replace("&", "&amp;") not in (await client.get(other_page)).text, "one side alone shows nobody"
    await sign_in_as(client, "a session")
    assert OTHER.name not in (await client.get(PAGE)).text
    await post(PAGE, lot=full_id(1), agree="1")
    page = (await client.get(PAGE)).text
    check_page(page)
    assert OTHER.name in page
    await post(PAGE, lot=full_id(1), answer="interested")
    await sign_in_as(client, "tom's session")
    assert WASH.name.replace("&", "&amp;") not in (await client.get(other_page)).text, "who no longer looks is no longer shown"


async def test_nobody_reaches_the_list_of_another_organisation(person_id: int, client: httpx.AsyncClient, post: Post) -> None:
    other_page = f"/supplier/{quote(OTHER.key)}/lots"
    assert (await client.get(other_page)).status_code == 404
    assert (await post(other_page, lot=full_id(1), answer="interested")).status_code == 404
    assert (await post(f"/supplier/{quote(OTHER.key)}/rules", rule="x")).status_code == 404
