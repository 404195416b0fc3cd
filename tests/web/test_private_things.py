"""What belongs to one team does not exist for anybody else: every address that names a private thing, for every kind of user."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast
from urllib.parse import quote

import httpx
import pytest_asyncio
from litestar import Litestar
from litestar.routes import HTTPRoute

from matchmaker.domain.access import SESSION_LIFETIME, Role
from matchmaker.domain.notice import Buyer, Lot, Notice, NoticeKind
from matchmaker.domain.values import Deadline
from matchmaker.storage.engine import transaction
from matchmaker.storage.evidence import evidence_of
from matchmaker.storage.notices import save_notice
from matchmaker.storage.people import person_id_of
from matchmaker.storage.signed_sessions import save_session
from matchmaker.web.app import create_app
from matchmaker.web.services import Services
from matchmaker.workflows.enrol import Enrolment, enrol
from matchmaker.workflows.purchase_plan_planning import Batches, plan_waiting

SECRET = "Zanzibar"
"""Stands in everything private that people wrote, and nowhere else."""

PLANNED, CALLED = "00000041-2026/LOT-0001", "00000042-2026/LOT-0001"
LAUNDRY = "example:laundry"
PLAN = f"Objet;Montant;Code CPV;Région;Trimestre\nBlanchisserie du linge {SECRET};240 000;98310000;FRK2;T2 2027\n"

BUYER = ("buyer@town.example", Role.BUYER, "town")
MEMBER = ("member@laundry.example", Role.SUPPLIER, LAUNDRY)
OFFICER = ("officer@region.example", Role.OFFICER, "region")
STRANGERS: dict[str, tuple[str, Role, str] | None] = {
    "another buyer": ("buyer@village.example", Role.BUYER, "village"),
    "another supplier": ("member@garden.example", Role.SUPPLIER, "example:garden"),
    "an officer without grant": ("officer@county.example", Role.OFFICER, "county"),
    "an operator": ("us@here.example", Role.OPERATOR, "operators"),
    "a main contractor": ("site@builder.example", Role.MAIN_CONTRACTOR, "builder"),
    "anonymous": None,
}

PRIVATE: dict[str, tuple[tuple[str, Role, str], tuple[str, ...]]] = {
    "/purchase-plans/": (BUYER, ("plan",)),
    "/api/purchase-plans/": (BUYER, ("plan",)),
    "/records/": (BUYER, ("record", "shortlist")),
    "/api/records/": (BUYER, ("record", "shortlist")),
    "/messages/": (BUYER, ("conversation",)),
    "/soundings/": (BUYER, ("sounding",)),
    "/released/": (BUYER, ("released",)),
    "/api/released/": (BUYER, ("released",)),
    "/team/": (BUYER, ("team",)),
    "/account/tokens/": (BUYER, ("token",)),
    "/officer/lists/": (OFFICER, ("invitations",)),
    "/evidence/": (MEMBER, ("evidence",)),
    "/supplier/": (MEMBER, ("supplier",)),
}
"""How an address of a private thing begins, who may open it, and which of the things made below it names."""

PUBLIC = (
    "/lots/",
    "/api/lots/",
    "/plan/lots/",
    "/api/plan/lots/",
    "/suppliers/",
    "/api/suppliers/",
    "/buyers/",
    "/regimes/",
    "/api/procedures/",
    "/static/",
    "/api/schema/",
)
"""Addresses that name something everybody may read."""

BY_SECRET_LINK = re.compile(r"/\{token\}$|^/feeds/\{name\}$")
"""Addresses whose last part is the key itself."""

ALSO_FOR = {
    ("an operator", "/evidence/{evidence_id}"),
    ("an operator", "/operator/statuses"),
    ("a main contractor", "/released/{list_id}"),
    ("a main contractor", "/released/{list_id}/file"),
    ("a main contractor", "/released/{list_id}/messages"),
    ("a main contractor", "/api/released/{list_id}"),
}
"""Operators decide on evidence; the list is released to main contractors."""


@dataclass(frozen=True)
class Address:
    """One way to a private thing."""

    route: str
    method: str
    path: str


def routes(app: Litestar) -> Iterator[tuple[str, str]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method in sorted(set(route.route_handler_map) & {"GET", "POST"}):
                yield route.path_format, method


def named(app: Litestar, things: dict[str, str]) -> Iterator[Address]:
    """Every address of every private thing."""
    for route, method in routes(app):
        beginning = next((each for each in PRIVATE if route.startswith(f"{each}{{")), None)
        if beginning is None:
            continue
        for thing in PRIVATE[beginning][1]:
            path = re.sub(r"^([^{]+)\{\w+\}", rf"\g<1>{quote(things[thing])}", route)
            path = path.replace("{row_id}", things["row"]).replace("{part}", "work")
            yield Address(route, method, path)


class Site:
    """Browsers of the people above, over one application."""

    def __init__(self, services: Services) -> None:
        self.services = replace(services, settings=replace(services.settings, rate_per_minute=0))
        self.app = create_app(self.services)
        self.opened: list[httpx.AsyncClient] = []

    async def browser(self, who: tuple[str, Role, str] | None) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=cast(Any, self.app), raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url="http://matchmaker.test")
        if who is not None:
            now, token = self.services.clock(), f"token of {who[0]} {len(self.opened)}"
            await enrol(self.services.sessions, Enrolment(*who), "test", now)
            async with transaction(self.services.sessions) as session:
                person_id = await person_id_of(session, who[0]) or 0
                await save_session(session, token, person_id, now, now + SESSION_LIFETIME)
            client.cookies.set("session", token, domain="matchmaker.test", path="/")
        await client.get("/sign-in")
        self.opened.append(client)
        return client


async def send(client: httpx.AsyncClient, path: str, file: tuple[str, bytes] | None = None, **data: Any) -> httpx.Response:
    fields = {"_csrf_token": client.cookies.get("csrf") or "", **data}
    return await client.post(path, data=fields, files={"file": file} if file else None)


async def made(client: httpx.AsyncClient, path: str, file: tuple[str, bytes] | None = None, **data: Any) -> str:
    """The last part of the address of what a form made."""
    answer = await send(client, path, file, **data)
    assert answer.status_code == 303, f"{path}: {answer.status_code} {answer.text.partition('error-summary')[2][:600]}"
    return str(answer.headers["location"]).partition("?")[0].rpartition("/")[2]


@pytest_asyncio.fixture
async def site(services: Services, examples: None) -> AsyncIterator[Site]:
    def notice(number: str, kind: NoticeKind, **more: Any) -> Notice:
        lot = Lot(
            "LOT-0001", {"fr": "Blanchisserie et repassage du linge pour les hôpitaux"}, nuts=("FRK2",), social=("opp",), **more
        )
        buyers = (Buyer("Ville", "FR"),)
        return Notice(number, "01", kind, "eforms", "1.13", "fr", {"fr": "Linge"}, (lot,), buyers, published=date(2026, 11, 1))

    async with transaction(services.sessions) as session:
        await save_notice(session, notice("00000041-2026", NoticeKind.PLANNING))
        await save_notice(session, notice("00000042-2026", NoticeKind.COMPETITION, deadline=Deadline(date(2027, 1, 10))))
    site = Site(services)
    yield site
    for client in site.opened:
        await client.aclose()


@pytest_asyncio.fixture
async def things(site: Site) -> dict[str, str]:
    """One of everything private, by its number."""
    member, buyer, officer = [await site.browser(who) for who in (MEMBER, BUYER, OFFICER)]
    await made(member, "/supplier/naming", organisation=LAUNDRY, agree="1", contact=MEMBER[0])
    pdf = (f"{SECRET}.pdf", b"%PDF-1.7\nthe decision of an authority\n%%EOF")
    await made(member, f"/supplier/{LAUNDRY}/evidence", pdf, status="ESAT", no_workers="1")
    async with site.services.sessions() as session:
        (document,) = await evidence_of(session, [LAUNDRY])
    plan = await made(buyer, "/purchase-plans", (f"{SECRET}.csv", PLAN.encode()), country="FR", currency="EUR")
    assert await plan_waiting(Batches(site.services.sessions, site.services.tools, site.services.today)) == 1
    (row,) = set(re.findall(r"/rows/([0-9a-f]{20})\"", (await buyer.get(f"/purchase-plans/{plan}")).text))
    described: dict[str, Any] = {"text": f"Blanchisserie du linge. {SECRET}", "country": "FR", "currency": "EUR"}
    await send(buyer, "/account/tokens", name=SECRET, scope="read:own", days="30")
    (token,) = set(re.findall(r"/account/tokens/(\w+)/end", (await buyer.get("/account/tokens")).text))
    return {
        "plan": plan,
        "row": row,
        "record": await made(buyer, "/records", **described),
        "shortlist": await made(buyer, "/shortlists", title=SECRET, **described),
        "conversation": await made(buyer, "/messages", supplier=LAUNDRY, lot=PLANNED, topic=SECRET, text=f"{SECRET}?"),
        "sounding": await made(buyer, "/soundings", lot=PLANNED, text=f"{SECRET}: could you?"),
        "released": await made(buyer, "/releases", lot=CALLED, audience="main-contractors", acts="1", clause="1"),
        "team": "town",
        "token": token,
        "invitations": await made(
            officer, "/officer/lists", title=SECRET, lot=CALLED, seats="5", minimum="0", small="0", newcomers="0"
        ),
        "evidence": document.evidence_id,
        "supplier": LAUNDRY,
    }


def test_every_address_that_names_something_says_whether_it_is_private(app: Litestar) -> None:
    """A new route with a parameter must be added above: to what is private, or on purpose to what is public."""
    for route, method in routes(app):
        if "{" in route and not BY_SECRET_LINK.search(route):
            known = [each for each in (*PRIVATE, *PUBLIC) if route.startswith(f"{each}{{")]
            assert len(known) == 1, f"{method} {route}"


async def test_a_private_thing_does_not_exist_for_anybody_else(site: Site, things: dict[str, str]) -> None:
    wrong = []
    for kind, who in STRANGERS.items():
        client = await site.browser(who)
        for address in named(site.app, things):
            if (kind, address.route) in ALSO_FOR:
                continue
            get = address.method == "GET"
            answer = await (client.get(address.path) if get else send(client, address.path))
            said = f"{kind}: {address.method} {address.path} {answer.status_code} {answer.headers.get('location', '')}"
            if not refused(answer, signed_in=who is not None) or SECRET in answer.text:
                wrong.append(said)
    assert not wrong, "\n".join(wrong)
    await still_there(site, things)


def refused(answer: httpx.Response, signed_in: bool) -> bool:
    """Not found or not allowed; or, for who is not signed in, first the way to sign in."""
    if answer.status_code == 303 and not signed_in:
        return answer.headers["location"].startswith("/sign-in?next=")
    return answer.status_code in ((403, 404) if signed_in else (401, 404))


async def still_there(site: Site, things: dict[str, str]) -> None:
    """Its owners open everything, and read the word in most of it: nothing was changed, and the test could have failed."""
    owners = {who: await site.browser(who) for who in (BUYER, MEMBER, OFFICER)}
    reading = set()
    for address in named(site.app, things):
        if address.method == "GET":
            beginning = next(each for each in PRIVATE if address.route.startswith(f"{each}{{"))
            answer = await owners[PRIVATE[beginning][0]].get(address.path)
            assert answer.status_code == 200, f"{address.path}: {answer.status_code}"
            if SECRET in answer.text:
                reading.add(beginning)
    assert reading >= {"/purchase-plans/", "/api/purchase-plans/", "/records/", "/api/records/", "/messages/", "/soundings/"}


async def test_no_list_page_or_file_of_anybody_else_names_a_private_thing(site: Site, things: dict[str, str]) -> None:
    plan, supplier = f"{things['plan']}/{things['row']}", quote(LAUNDRY)
    paths = [route for route, method in routes(site.app) if method == "GET" and "{" not in route]
    paths += [f"/messages/new?supplier={supplier}&purchase={plan}", f"/messages/new?supplier={supplier}&lot={PLANNED}"]
    paths += [f"/lots/{PLANNED}", f"/lots/{CALLED}", f"/suppliers/{supplier}", f"/soundings/new?lot={PLANNED}"]
    assert len(paths) > 40
    for kind, who in STRANGERS.items():
        client = await site.browser(who)
        for path in paths:
            if (kind, path) not in ALSO_FOR:
                assert SECRET not in (await client.get(path)).text, f"{kind}: {path}"
