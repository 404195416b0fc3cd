"""An organisation reads who did what in its name, and nothing of what belongs to others."""

from collections.abc import Awaitable, Callable
from xml.etree.ElementTree import Element

import httpx
import pytest
import pytest_asyncio

from matchmaker.domain.access import SESSION_LIFETIME, Role
from matchmaker.domain.organisation import Base, Organisation, Provenance
from matchmaker.storage.audit import record
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.organisations import save_organisation
from matchmaker.storage.people import person_id_of
from matchmaker.storage.signed_sessions import save_session
from matchmaker.web.services import Services
from matchmaker.workflows.enrol import Enrolment, enrol

KEY = "example:wash"
SignIn = Callable[[str], Awaitable[int]]


@pytest_asyncio.fixture
async def sign_in(client: httpx.AsyncClient, services: Services, sessions: SessionMaker) -> SignIn:
    now = services.clock()
    async with transaction(sessions) as session:
        await save_organisation(session, Organisation(KEY, "Wash", Base("IE"), Provenance("example", "wash")), [], at=now)
    await enrol(sessions, Enrolment("sue@wash.example", Role.SUPPLIER, KEY), "people add", now)
    await enrol(sessions, Enrolment("ann@council.example", Role.BUYER, "council"), "people add", now)

    async def become(email: str) -> int:
        async with transaction(sessions) as session:
            person_id = await person_id_of(session, email) or 0
            await save_session(session, f"session {email}", person_id, now, now + SESSION_LIFETIME)
        client.cookies.set("session", f"session {email}", domain="matchmaker.test", path="/")
        return person_id

    return become


async def test_members_read_who_did_what_with_before_and_after(
    client: httpx.AsyncClient, sessions: SessionMaker, services: Services, sign_in: SignIn, check_page: Callable[[str], Element]
) -> None:
    sue = await sign_in("sue@wash.example")
    async with transaction(sessions) as session:
        await record(session, services.clock(), str(sue), "consent to be named", KEY, {"lot": None}, {"lot": "7-2026/1"})
    shown = (await client.get(f"/team/{KEY}/log")).text
    check_page(shown)
    assert "sue@wash.example" in shown
    assert "lot: 7-2026/1" in shown
    file = await client.get(f"/team/{KEY}/log/file?kind=csv&action=consent+to+be+named")
    assert file.text.splitlines()[1].endswith("sue@wash.example,Agreed to be named,,,lot: 7-2026/1")
    assert len(file.text.splitlines()) == 2


async def test_what_a_buyer_looked_at_is_told_without_the_buyer(
    client: httpx.AsyncClient, sessions: SessionMaker, services: Services, sign_in: SignIn
) -> None:
    ann = await sign_in("ann@council.example")
    async with transaction(sessions) as session:
        await record(session, services.clock(), str(ann), "figures seen", KEY, after={"team": "council"})
    assert "figures" in (await client.get("/team/council/log")).text
    await sign_in("sue@wash.example")
    shown = (await client.get(f"/team/{KEY}/log")).text
    assert "somebody outside your team" in shown
    assert "council" not in shown


@pytest.mark.parametrize("path", ["log", "log/file"])
async def test_nobody_else_reads_it(client: httpx.AsyncClient, sign_in: SignIn, path: str) -> None:
    await sign_in("ann@council.example")
    assert (await client.get(f"/team/{KEY}/{path}")).status_code == 404


async def test_a_date_that_is_none_is_refused_with_words(client: httpx.AsyncClient, sign_in: SignIn) -> None:
    await sign_in("sue@wash.example")
    assert (await client.get(f"/team/{KEY}/log?since=soon")).status_code == 422
