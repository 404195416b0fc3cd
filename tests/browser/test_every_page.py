"""Every page of the site in real Chromium: free of accessibility faults, and fitting narrow and enlarged windows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
import pytest_asyncio
from litestar.handlers import HTTPRouteHandler
from litestar.response import Template
from playwright.async_api import BrowserContext, Page

from matchmaker.alerts.signed_links import Purpose, signed_answer, signed_for, signed_value
from matchmaker.domain.access import INVITATION_LIFETIME, Role
from matchmaker.domain.sounding import Asked, Sounding
from matchmaker.storage.claims import RecordClaimRow, save_claim
from matchmaker.storage.engine import transaction
from matchmaker.storage.joining import TeamInvitationRow
from matchmaker.storage.people import load_person, person_id_of
from matchmaker.storage.soundings import open_sounding
from matchmaker.web.app import create_app
from matchmaker.web.session import composer_of
from matchmaker.workflows.demo_people import demo_links

if TYPE_CHECKING:
    from tests.browser.conftest import Inspector, Site

pytestmark = pytest.mark.browser

SUPPLIER_KEY = "example:ie-hearth"
TEAM_KEY = "example:riverside-council"
UNCLAIMED_KEY = "example:fr-lien-des-ages"
PLAN = "/plan/lots/{notice_id:str}/{lot_id:path}"


@dataclass(frozen=True)
class Visit:
    """A page as one kind of user sees it; ``route`` is the pattern its handler is registered under."""

    route: str
    path: str
    role: Role | None = None
    status: int = 200


VISITS: Mapping[str, Visit] = {
    "home": Visit("/", "/"),
    "how": Visit("/how-matching-works", "/how-matching-works"),
    "privacy": Visit("/privacy", "/privacy"),
    "purchase": Visit("/purchase", "/purchase"),
    "lots": Visit("/lots", "/lots"),
    "lots, searched": Visit("/lots", "/lots?q=meals&country=IE"),
    "lots, a wrong filter": Visit("/lots", "/lots?from=many", status=422),
    "lots, none found": Visit("/lots", "/lots?q=submarine"),
    "lot": Visit("/lots/{notice_id:str}/{lot_id:path}", "/lots/EX000038-{year}/LOT-0001"),
    "lot, reserved": Visit("/lots/{notice_id:str}/{lot_id:path}", "/lots/EX000002-{year}/LOT-0002"),
    "lot, planned": Visit("/lots/{notice_id:str}/{lot_id:path}", "/lots/EX000007-{year}/PAR-0001"),
    "lot, awarded": Visit("/lots/{notice_id:str}/{lot_id:path}", "/lots/EX000018-{year}/LOT-0001"),
    "comparison": Visit(
        "/compare", f"/compare?lot=EX000038-{{year}}/LOT-0001&supplier=example:ie-wheelwrights&supplier={SUPPLIER_KEY}"
    ),
    "what if": Visit("/what-if", "/what-if?lot=EX000038-{year}/LOT-0001&place=0&scale=2"),
    "plan of a lot": Visit(PLAN, "/plan/lots/EX000038-{year}/LOT-0001"),
    "plan, assumptions moved by a buyer": Visit(PLAN, "/plan/lots/EX000002-{year}/LOT-0002?dependency=60&all=1", Role.BUYER),
    "plan, a wrong assumption": Visit(PLAN, "/plan/lots/EX000016-{year}/LOT-0002?members=many", status=422),
    "regimes": Visit("/regimes", "/regimes"),
    "regimes, of one country": Visit("/regimes", "/regimes?country=CZ"),
    "regime": Visit("/regimes/{regime_id:str}", "/regimes/CZ-38"),
    "regime, long scope": Visit("/regimes/{regime_id:str}", "/regimes/EU-24-77"),
    "suppliers": Visit("/suppliers", "/suppliers"),
    "suppliers, searched": Visit("/suppliers", "/suppliers?q=laundry"),
    "supplier": Visit("/suppliers/{key:path}", f"/suppliers/{SUPPLIER_KEY}"),
    "supplier, not confirmed": Visit("/suppliers/{key:path}", "/suppliers/example:fr-lien-des-ages"),
    "objection": Visit("/objections/recorded", "/objections/recorded"),
    "not found": Visit("", "/nothing-here", status=404),
    "sign in": Visit("/sign-in", "/sign-in"),
    "demo": Visit("/demo", "/demo"),
    "stop alerts": Visit("/alerts/stop/{token:str}", "/alerts/stop/{stop}"),
    "finish signing in": Visit("/sign-in/{token:str}", "/sign-in/{link}"),
    "account": Visit("/account", "/account", Role.BUYER),
    "one's data": Visit("/account/data", "/account/data", Role.BUYER),
    "tokens": Visit("/account/tokens", "/account/tokens", Role.BUYER),
    "team": Visit("/team/{key:str}", f"/team/{quote(TEAM_KEY)}", Role.BUYER),
    "team, its log": Visit("/team/{key:str}/log", f"/team/{quote(TEAM_KEY)}/log", Role.BUYER),
    "invitation to a team": Visit("/join/{token:str}", "/join/{invitation}"),
    "claim of a record": Visit("/claim", f"/claim?supplier={UNCLAIMED_KEY}", Role.BUYER),
    "claim, to be proven": Visit("/claims/confirm/{token:str}", "/claims/confirm/{claim}"),
    "claims to decide": Visit("/operator/claims", "/operator/claims", Role.OPERATOR),
    "supplier's desk": Visit("/supplier", "/supplier", Role.SUPPLIER),
    "supplier's profile": Visit("/supplier/{key:str}/profile", f"/supplier/{quote(SUPPLIER_KEY)}/profile", Role.SUPPLIER),
    "supplier's alert": Visit("/supplier/{key:str}/alert", f"/supplier/{quote(SUPPLIER_KEY)}/alert", Role.SUPPLIER),
    "registering": Visit("/register", "/register", Role.SUPPLIER),
    "supplier's status": Visit(
        "/supplier/{key:str}/details/{part:str}", f"/supplier/{quote(SUPPLIER_KEY)}/details/status", Role.SUPPLIER
    ),
    "supplier's preview": Visit("/supplier/{key:str}/preview", f"/supplier/{quote(SUPPLIER_KEY)}/preview", Role.SUPPLIER),
    "supplier's documents": Visit("/supplier/{key:str}/evidence", f"/supplier/{quote(SUPPLIER_KEY)}/evidence", Role.SUPPLIER),
    "operator's statuses": Visit("/operator/statuses", "/operator/statuses", Role.OPERATOR),
    "officer's desk": Visit("/officer", "/officer", Role.OFFICER),
    "officer's new list": Visit("/officer/lists/new", "/officer/lists/new?lot=EX000038-{year}/LOT-0001", Role.OFFICER),
    "officer's list": Visit("/officer/lists/{list_id:str}", "/officer/lists/{list}", Role.OFFICER),
    "purchase plans of an officer": Visit("/officer/purchase-plans", "/officer/purchase-plans", Role.OFFICER),
    "buyer's desk": Visit("/buyer", "/buyer", Role.BUYER),
    "records": Visit("/records", "/records", Role.BUYER),
    "shortlists": Visit("/shortlists", "/shortlists", Role.BUYER),
    "record, proven": Visit("/records/{record_id:str}", "/records/{record}?proof=1", Role.BUYER),
    "released lists": Visit("/released", "/released"),
    "released list, main contractor": Visit("/released/{list_id:str}", "/released/{released}", Role.MAIN_CONTRACTOR),
    "released list, its team": Visit("/released/{list_id:str}", "/released/{released}", Role.BUYER),
    "new released list": Visit("/releases/new", "/releases/new?lot=EX000006-{year}/LOT-0002", Role.BUYER),
    "being named": Visit("/supplier/naming", "/supplier/naming?lot=EX000038-{year}/LOT-0001", Role.SUPPLIER),
    "supplier's lots": Visit("/supplier/{key:str}/lots", f"/supplier/{quote(SUPPLIER_KEY)}/lots", Role.SUPPLIER),
    "when alerts come": Visit("/account/alerts", "/account/alerts", Role.SUPPLIER),
    "when alerts come, by the mail's link": Visit("/alerts/preferences/{token:str}", "/alerts/preferences/{preferences}"),
    "answer about a lot": Visit("/answer/{token:str}", "/answer/{answer}?answer=not-for-us"),
    "contracts that end": Visit("/contracts/expiring", "/contracts/expiring"),
    "contracts that end, of one country": Visit("/contracts/expiring", "/contracts/expiring?country=IE"),
    "contracting authority": Visit("/buyers/{key:str}", "/buyers/{buyer}"),
    "purchase plans": Visit("/purchase-plans", "/purchase-plans", Role.BUYER),
    "new purchase plan": Visit("/purchase-plans/new", "/purchase-plans/new", Role.BUYER),
    "purchase plan": Visit("/purchase-plans/{plan_id:str}", "/purchase-plans/{plan}", Role.BUYER),
    "purchase plan, to be checked": Visit("/purchase-plans/{plan_id:str}/check", "/purchase-plans/{plan}/check", Role.BUYER),
    "purchase plan, deleted": Visit("/purchase-plans/{plan_id:str}/delete", "/purchase-plans/{plan}/delete", Role.BUYER),
    "planned purchase": Visit("/purchase-plans/{plan_id:str}/rows/{row_id:str}", "/purchase-plans/{plan}/rows/{row}", Role.BUYER),
    "planned purchase, its words": Visit(
        "/purchase-plans/{plan_id:str}/rows/{row_id:str}/words", "/purchase-plans/{plan}/rows/{row}/words", Role.BUYER
    ),
    "messages": Visit("/messages", "/messages", Role.BUYER),
    "messages on file": Visit("/messages", "/messages?lot=EX000007-{year}/PAR-0001", Role.BUYER),
    "message, new, to several": Visit(
        "/messages/new",
        f"/messages/new?lot=EX000007-{{year}}/PAR-0001&supplier={SUPPLIER_KEY}&supplier=example:ie-wheelwrights",
        Role.BUYER,
    ),
    "message, closed": Visit(
        "/messages/new", f"/messages/new?lot=EX000038-{{year}}/LOT-0001&supplier={SUPPLIER_KEY}", Role.BUYER
    ),
    "thread": Visit("/messages/{conversation_id:str}", "/messages/{thread}", Role.BUYER),
    "thread, by the mail's link": Visit("/reply/{token:str}", "/reply/{reply}"),
    "new sounding": Visit("/soundings/new", "/soundings/new?lot=EX000007-{year}/PAR-0001", Role.BUYER),
    "sounding": Visit("/soundings/{sounding_id:str}", "/soundings/{sounding}", Role.BUYER),
    "sounding, by the mail's link": Visit("/sounding/{token:str}", "/sounding/{asked}"),
    "messages, counted": Visit("/operator/messages", "/operator/messages", Role.OPERATOR),
    "operator's mail": Visit("/operator/mail", "/operator/mail", Role.OPERATOR),
    "not allowed": Visit("", "/officer", Role.BUYER, status=403),
}


def test_every_page_of_the_site_is_visited(site: "Site") -> None:
    shown: set[str] = set()
    for route in create_app(site.services).routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler) and "GET" in handler.http_methods:
                answers = str(handler.parsed_fn_signature.return_type.raw)
                if Template.__name__ in answers or "Response[typing.Any]" in answers:
                    shown |= {path for path in handler.paths if not path.startswith("/api")}
    assert shown - {visit.route for visit in VISITS.values()} == set()


@pytest_asyncio.fixture(scope="module")
async def found(site: "Site", signed_in: dict[Role | None, BrowserContext]) -> dict[str, str]:
    """What pages need that only the site can give: tokens, and an invitation list."""
    year = str(site.services.today.year)
    page = await signed_in[Role.OFFICER].new_page()
    await page.goto(f"{site.address}/officer/lists/new?lot=EX000038-{year}/LOT-0001")
    await page.get_by_label("Name of the list").fill("Transport round table")
    await page.get_by_role("button", name="Draw up the list").click()
    await page.wait_for_url("**/officer/lists/*")
    made = page.url.rsplit("/", 1)[1]
    await page.close()
    links = await demo_links(site.services.sessions, site.address, site.services.clock())
    stop = composer_of(site.services).stop_token(1)
    desk = await signed_in[Role.BUYER].new_page()
    await desk.goto(f"{site.address}/buyer")
    record = await desk.locator("a[href^='/records/']").last.get_attribute("href") or ""
    released = await desk.locator("a[href^='/released/']").first.get_attribute("href") or ""
    await desk.goto(f"{site.address}/purchase-plans")
    plan = await first_link(desk, "/purchase-plans/", without=("new", "template"))
    await desk.goto(f"{site.address}/purchase-plans/{plan}")
    row = await first_link(desk, f"/purchase-plans/{plan}/rows/")
    await desk.goto(f"{site.address}/lots/EX000038-{year}/LOT-0001")
    buyer = await first_link(desk, "/buyers/")
    lot = f"EX000007-{year}/PAR-0001"
    await desk.goto(f"{site.address}/messages/new?lot={lot}&supplier={SUPPLIER_KEY}")
    thread = await sent(desk, "Send")
    await desk.close()
    composer = composer_of(site.services)
    async with site.services.sessions() as session:
        supplier = await person_id_of(session, "supplier@example.org")
        writer = await load_person(session, await person_id_of(session, "buyer@example.org") or 0)
    assert writer is not None
    team = writer.organisations_as(Role.BUYER)[0]
    sounding = "sounding-of-the-tests"
    question = Sounding(
        sounding, team.organisation_key, team.organisation_name, lot, "Meals", "Could you?", site.services.clock()
    )
    async with transaction(site.services.sessions) as session:
        await open_sounding(session, replace(question, asked=(Asked(SUPPLIER_KEY, "Hearth Kitchen Co-op"),)))
    invitation, claim_id = await asked_to_join(site, supplier or 0, writer.person_id)
    return {
        "invitation": signed_value(composer.secret, Purpose.INVITATION, invitation),
        "claim": signed_value(composer.secret, Purpose.CLAIM, claim_id),
        "thread": thread,
        "sounding": sounding,
        "reply": signed_for(composer.secret, Purpose.REPLY, supplier or 0, thread),
        "asked": signed_for(composer.secret, Purpose.SOUNDING, supplier or 0, f"{sounding} {SUPPLIER_KEY}"),
        "plan": plan,
        "row": row.split("/")[0],
        "buyer": buyer,
        "preferences": signed_value(composer.secret, Purpose.PREFERENCES, str(supplier)),
        "answer": signed_answer(composer.secret, supplier or 0, f"EX000038-{year}/LOT-0001"),
        "year": year,
        "list": made,
        "link": links[0][1].rsplit("/", 1)[1],
        "stop": stop,
        "record": record.rsplit("/", 1)[1],
        "released": released.rsplit("/", 1)[1],
    }


async def asked_to_join(site: "Site", supplier: int, buyer: int) -> tuple[str, str]:
    """An open invitation to the buyer's team, and a claim that waits for proof; another waits for the operator."""
    services, invitation, proof = site.services, "invitation-of-the-tests", "claim-of-the-tests"
    now = services.clock()
    later = now + INVITATION_LIFETIME
    async with transaction(services.sessions) as session:
        session.add(
            TeamInvitationRow(
                invitation_id=invitation,
                team_key=TEAM_KEY,
                person_id=supplier,
                role=Role.BUYER.value,
                invited_by=buyer,
                created_at=now,
                expires_at=later,
            )
        )
        for claim_id, address in ((proof, "office@lien.example"), ("claim-to-decide", None)):
            await save_claim(
                session,
                RecordClaimRow(
                    claim_id=claim_id,
                    organisation_key=UNCLAIMED_KEY,
                    person_id=supplier,
                    address=address,
                    words="I keep its books.",
                    created_at=now,
                    expires_at=later if address else None,
                ),
            )
    return invitation, proof


async def sent(page: Page, button: str) -> str:
    """The last part of the address that a text sent with this button leads to."""
    await page.locator("textarea").fill("Three schools from March: could you deliver this?")
    await page.get_by_role("button", name=button).click()
    await page.wait_for_url(lambda url: "/new" not in url and not url.endswith("/messages"))
    return page.url.rsplit("/", 1)[1].split("?")[0]


async def first_link(page: Page, beginning: str, without: tuple[str, ...] = ()) -> str:
    """What follows ``beginning`` in the first link that has it; query strings left away."""
    links = await page.locator(f"a[href^='{beginning}']").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return next(rest for link in links if (rest := str(link).removeprefix(beginning).split("?")[0]) not in without)


@pytest.mark.parametrize("name", VISITS)
async def test_the_page_has_no_accessibility_fault_and_never_scrolls_sideways(
    name: str, site: "Site", signed_in: dict[Role | None, BrowserContext], found: dict[str, str], inspector: "Inspector"
) -> None:
    visit = VISITS[name]
    page = await signed_in[visit.role].new_page()
    try:
        answer = await page.goto(site.address + visit.path.format(**found))
        assert answer is not None
        assert answer.status == visit.status
        await inspector.approve(page)
    finally:
        await page.close()


async def test_the_inspector_sees_faults_and_overflow(page: Page, inspector: "Inspector") -> None:
    await page.set_content(
        "<title>x</title><p style='width:2000px;color:#ccc;background:#fff'>hardly legible</p><img src='x.png'>"
    )
    found = " ".join(await inspector.faults(page))
    assert "image-alt" in found
    assert "color-contrast" in found
    assert "html-has-lang" in found
    assert await inspector.overflow(page)
