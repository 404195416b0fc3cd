"""A buyer's team keeps lists and plans, decides, proves and exports them; nobody else finds them on any route."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4
from xml.etree.ElementTree import Element

import httpx
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as some

from matchmaker.domain.access import SESSION_LIFETIME, Role
from matchmaker.domain.hash_chain import Link, first_broken
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.figure_views import views_of
from matchmaker.storage.people import person_id_of
from matchmaker.storage.signed_sessions import save_session
from matchmaker.web.services import Services
from matchmaker.workflows.enrol import Enrolment, enrol

Check = Callable[[str], Element]
SignIn = Callable[..., Awaitable[None]]
LOT = "00000001-2026/LOT-0001"
SECRET = "Zanzibar laundry plan"
PURCHASE = {"text": f"Blanchisserie du linge. {SECRET}", "country": "FR", "currency": "EUR"}


@pytest_asyncio.fixture
async def sign_in(services: Services, client: httpx.AsyncClient) -> SignIn:
    async def become(email: str, role: Role, team: str) -> None:
        now = services.clock()
        await enrol(services.sessions, Enrolment(email, role, team, team.title()), "test", now)
        async with transaction(services.sessions) as session:
            token = f"session {uuid4().hex}"
            await save_session(session, token, await person_id_of(session, email) or 0, now, now + SESSION_LIFETIME)
        client.cookies.set("session", token, domain="matchmaker.test", path="/")
        await client.get("/account")

    return become


@pytest.fixture
def send(client: httpx.AsyncClient, csrf: Callable[[], str]) -> Callable[..., Awaitable[httpx.Response]]:
    async def post(path: str, **data: Any) -> httpx.Response:
        return await client.post(path, data={"_csrf_token": csrf(), **data})

    return post


@pytest_asyncio.fixture
async def kept(examples: None, sign_in: SignIn, send: Any) -> str:
    """The address of a record of a described purchase, kept by the town."""
    await sign_in("buyer@town.example", Role.BUYER, "town")
    answer = await send("/shortlists", title=SECRET, **PURCHASE)
    assert answer.status_code == 303
    return str(answer.headers["location"])


async def test_a_lot_s_list_is_kept_with_one_button(
    examples: None, client: httpx.AsyncClient, sign_in: SignIn, send: Any, check_page: Check
) -> None:
    await sign_in("buyer@town.example", Role.BUYER, "town")
    assert "Keep this list" in (await client.get(f"/lots/{LOT}")).text
    answer = await send("/shortlists", lot=LOT, only="reaches")
    page = (await client.get(answer.headers["location"])).text
    check_page(page)
    for said in ("Linge des hôpitaux", "Not decided yet", "buyer@town.example", "Show: reaches", "took turns"):
        assert said in page
    for path in ("/buyer", "/records", "/shortlists"):
        listed = (await client.get(path)).text
        check_page(listed)
        assert answer.headers["location"] in listed


async def test_a_plan_is_kept_and_shown(
    examples: None, client: httpx.AsyncClient, sign_in: SignIn, send: Any, check_page: Check
) -> None:
    await sign_in("buyer@town.example", Role.BUYER, "town")
    answer = await send("/records", lot=LOT)
    assert answer.status_code == 303
    page = (await client.get(answer.headers["location"])).text
    check_page(page)
    assert "What was answered" in page
    assert (await send("/records", **PURCHASE)).status_code == 303
    assert (await send("/records", lot="1-2026/no")).status_code == 404
    assert (await send("/records", text="x")).status_code == 422


async def test_notes_and_decisions_are_added_and_never_changed(
    client: httpx.AsyncClient, kept: str, send: Any, check_page: Check
) -> None:
    for path, data in (
        (f"{kept}/notes", {"note": " "}),
        (f"{kept}/decision", {"outcome": "", "because": ""}),
        (f"{kept}/decision", {"outcome": "perhaps", "because": "x"}),
        (f"{kept}/decision", {"outcome": "suitable", "because": "x", "supplier": "no:one"}),
        (f"{kept}/readers", {"email": "nobody"}),
    ):
        wrong = await send(path, **data)
        assert wrong.status_code == 422, path
        check_page(wrong.text)
    assert (await send(f"{kept}/notes", note="Asked <two> of them.")).status_code == 303
    made = await send(f"{kept}/decision", outcome="none-suitable", because="all too far away", awarded_on="2027-01-31")
    assert made.status_code == 303
    page = (await client.get(kept)).text
    check_page(page)
    for said in ("Asked &lt;two&gt; of them.", "None suitable", "because:", "all too far away", "Contract awarded on"):
        assert said in page
    assert "Kept until 31 Jan 2030" in page


async def test_the_button_proves_the_record(client: httpx.AsyncClient, kept: str, check_page: Check) -> None:
    page = (await client.get(kept, params={"proof": "1"})).text
    check_page(page)
    assert "Proven" in page
    assert "the order came out the same" in page


async def test_the_json_can_be_verified_by_anybody_and_any_altered_byte_shows(client: httpx.AsyncClient, kept: str) -> None:
    answer = await client.get(f"{kept}/file", params={"kind": "json"})
    assert answer.headers["content-disposition"].startswith("attachment")
    record = answer.json()
    links = [Link(event["number"], event["body"], event["hash"]) for event in record["events"]]
    assert first_broken(links) is None
    assert links[-1].digest == record["hash"]
    assert json.loads(links[-1].body)["kind"] == "exported"
    assert json.loads(links[0].body)["content"]["matches"][0]["features"]

    @given(some.integers(0, len(links[0].body.encode()) - 1), some.integers(1, 127))
    def altered(place: int, change: int) -> None:
        raw = bytearray(links[0].body.encode())
        raw[place] ^= change
        assert first_broken([Link(1, raw.decode("utf-8", "replace"), links[0].digest), *links[1:]]) == 1

    altered()
    assert (await client.get(f"/api{kept}")).json() == record


async def test_the_html_needs_nothing_else_and_carries_its_hash(client: httpx.AsyncClient, kept: str) -> None:
    answer = await client.get(f"{kept}/file", params={"kind": "html"})
    digest = (await client.get(f"/api{kept}")).json()["hash"]
    assert digest in answer.text
    assert "<link" not in answer.text
    assert "<script" not in answer.text
    assert SECRET in answer.text


@pytest.mark.parametrize(
    ("role", "team"),
    [
        (Role.BUYER, "village"),
        (Role.OFFICER, "town"),
        (Role.SUPPLIER, "example:laundry"),
        (Role.MAIN_CONTRACTOR, "works"),
        (None, ""),
    ],
)
async def test_nobody_outside_the_team_finds_a_record_on_any_route(
    client: httpx.AsyncClient, kept: str, send: Any, sign_in: SignIn, role: Role | None, team: str
) -> None:
    if role is None:
        client.cookies.delete("session")
        await client.get("/sign-in")
    else:
        await sign_in("stranger@elsewhere.example", role, team)
    inside = role in (Role.BUYER, Role.OFFICER)
    for path in (kept, f"{kept}?proof=1", f"{kept}/file", f"{kept}/file?kind=html", f"/api{kept}"):
        answer = await client.get(path)
        assert answer.status_code == (
            404 if inside else 401 if role is None and path.startswith("/api") else 303 if role is None else 403
        )
        assert SECRET not in answer.text
    for path in ("notes", "decision", "readers"):
        answer = await send(f"{kept}/{path}", note="x", outcome="suitable", because="x", email="stranger@elsewhere.example")
        assert answer.status_code in ({404, 403} if role else {303})
    for path in (
        "/",
        "/buyer",
        "/records",
        "/shortlists",
        "/api/records",
        "/account",
        "/lots?q=zanzibar",
        "/suppliers?q=zanzibar",
    ):
        assert SECRET not in (await client.get(path)).text


async def test_an_officer_let_in_reads_it_until_shut_out(
    client: httpx.AsyncClient, kept: str, send: Any, sign_in: SignIn, services: Services, check_page: Check
) -> None:
    now = services.clock()
    await enrol(services.sessions, Enrolment("officer@region.example", Role.OFFICER, "region"), "test", now)
    unknown = await send(f"{kept}/readers", email="nobody@region.example")
    assert "Nobody with that address" in (await client.get(unknown.headers["location"].split("#")[0])).text
    await send(f"{kept}/readers", email="officer@region.example")
    assert "officer@region.example" in (await client.get(kept)).text
    await sign_in("officer@region.example", Role.OFFICER, "region")
    page = (await client.get(kept)).text
    check_page(page)
    assert "Write down a decision" not in page
    assert kept in (await client.get("/records")).text
    assert (await send(f"{kept}/notes", note="A round table would help.")).status_code == 303
    assert (await send(f"{kept}/decision", outcome="suitable", because="x")).status_code == 403
    await sign_in("buyer@town.example", Role.BUYER, "town")
    async with services.sessions() as session:
        officer = await person_id_of(session, "officer@region.example")
    await send(f"{kept}/readers", end=str(officer))
    await sign_in("officer@region.example", Role.OFFICER, "region")
    assert (await client.get(kept)).status_code == 404


async def test_who_looked_at_figures_for_buyers_is_told_to_the_supplier_by_team_and_day(
    examples: None, client: httpx.AsyncClient, sign_in: SignIn, sessions: SessionMaker, check_page: Check, market: Any
) -> None:
    path = f"/suppliers/{market.LAUNDRY.key}"
    await client.get(path)
    await sign_in("officer@region.example", Role.OFFICER, "region")
    await client.get(path)
    async with sessions() as session:
        assert await views_of(session, market.LAUNDRY.key, 10) == []
    await sign_in("buyer@town.example", Role.BUYER, "town")
    await client.get(path)
    await client.get("/compare", params={"lot": LOT, "supplier": market.LAUNDRY.key})
    await client.get(f"/api{path}")
    await sign_in("member@laundry.example", Role.SUPPLIER, market.LAUNDRY.key)
    await client.get(path)
    async with sessions() as session:
        assert [(each.team, each.times) for each in await views_of(session, market.LAUNDRY.key, 10)] == [("Town", 3)]
        assert await views_of(session, market.GARDEN.key, 10) == []
