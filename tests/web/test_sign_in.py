import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast
from xml.etree.ElementTree import Element

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text

from matchmaker.alerts.mailers import RecordingMailer
from matchmaker.domain.access import CODE_ATTEMPTS, LINKS_PER_EMAIL, Role
from matchmaker.domain.organisation import Base, Organisation, Provenance
from matchmaker.settings import read_settings
from matchmaker.storage.alert_profiles import active_profiles
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.organisations import save_organisation
from matchmaker.storage.signed_sessions import hashed
from matchmaker.web.app import create_app
from matchmaker.web.services import Services
from matchmaker.workflows.demo_people import DEMO_PEOPLE, demo_links
from matchmaker.workflows.enrol import Enrolment, enrol

Check = Callable[[str], Element]
EMAIL = "orla@council.example"
BASE = "http://matchmaker.test"


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Site:
    """An application with a mailer that records, a clock that can be moved, and somebody who has an account."""

    def __init__(self, services: Services) -> None:
        self.mailer = RecordingMailer()
        self.clock = Clock(services.clock())
        self.services = replace(services, mailer=self.mailer, clock=self.clock)
        self.app = create_app(self.services)

    def browser(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=cast(Any, self.app), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=BASE)


async def post(browser: httpx.AsyncClient, path: str, **data: str) -> httpx.Response:
    if "csrf" not in browser.cookies:
        await browser.get("/")
    return await browser.post(path, data={"_csrf_token": browser.cookies["csrf"], **data})


def link_in(mailer: RecordingMailer) -> str:
    found = re.search(r"http\S+(/sign-in/\S+)", mailer.sent[-1].text)
    assert found
    return found.group(1)


def code_on(page: str) -> str:
    found = re.search(r'<p class="code">([0-9 ]+)</p>', page)
    assert found
    return found.group(1)


@pytest_asyncio.fixture
async def site(services: Services) -> AsyncIterator[Site]:
    made = Site(services)
    wanted = Enrolment(EMAIL, Role.BUYER, "council", "The Council")
    await enrol(services.sessions, wanted, "test", services.clock())
    yield made


async def test_a_link_from_the_mail_and_its_button_sign_in(site: Site, check_page: Check) -> None:
    async with site.browser() as browser:
        check_page((await browser.get("/sign-in")).text)
        sent = await post(browser, "/sign-in", email=EMAIL.upper(), next="/lots?q=pain")
        check_page(sent.text)
        path = link_in(site.mailer)
        opened = await browser.get(path)
        check_page(opened.text)
        assert 'name="code"' not in opened.text
        done = await post(browser, path)
        assert done.status_code == 303
        assert done.headers["location"] == "/lots?q=pain"
        cookie = done.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        account = await browser.get("/account")
        check_page(account.text)
        assert EMAIL in account.text
        assert "The Council" in account.text


async def test_opening_the_link_changes_nothing_and_its_button_works_once(site: Site) -> None:
    async with site.browser() as browser:
        await post(browser, "/sign-in", email=EMAIL)
        path = link_in(site.mailer)
        for _ in range(3):
            assert (await browser.get(path)).status_code == 200
        assert (await browser.get("/account")).status_code == 303
        assert (await post(browser, path)).status_code == 303
        await post(browser, "/sign-out")
        again = await post(browser, path)
        assert again.status_code == 404
        assert (await browser.get("/account")).headers["location"].startswith("/sign-in")


async def test_another_browser_is_asked_for_the_code_of_the_first_page(site: Site, check_page: Check) -> None:
    async with site.browser() as first, site.browser() as other:
        code = code_on((await post(first, "/sign-in", email=EMAIL)).text)
        path = link_in(site.mailer)
        opened = await other.get(path)
        check_page(opened.text)
        assert 'name="code"' in opened.text
        refused = await post(other, path)
        assert refused.status_code == 422
        check_page(refused.text)
        assert (await other.get("/account")).status_code == 303
        assert (await post(other, path, code=code)).status_code == 303
        assert (await other.get("/account")).status_code == 200


async def test_a_link_dies_of_wrong_codes(site: Site) -> None:
    async with site.browser() as first, site.browser() as other:
        code = code_on((await post(first, "/sign-in", email=EMAIL)).text)
        path = link_in(site.mailer)
        wrong = "000000" if code.replace(" ", "") != "000000" else "111111"
        for _ in range(CODE_ATTEMPTS):
            assert (await post(other, path, code=wrong)).status_code == 422
        assert (await post(other, path, code=code)).status_code == 404
        assert (await post(first, path)).status_code == 404


async def test_a_link_lives_fifteen_minutes(site: Site) -> None:
    async with site.browser() as browser:
        await post(browser, "/sign-in", email=EMAIL)
        path = link_in(site.mailer)
        site.clock.now += timedelta(minutes=14, seconds=59)
        assert (await browser.get(path)).status_code == 200
        site.clock.now += timedelta(seconds=1)
        assert (await browser.get(path)).status_code == 404
        assert (await post(browser, path)).status_code == 404


async def test_nobody_learns_whether_an_address_has_an_account(site: Site, sessions: SessionMaker, queries: Any) -> None:
    async with site.browser() as browser:
        queries.statements.clear()
        known = await post(browser, "/sign-in", email=EMAIL)
        sent = len(site.mailer.sent)
        queries.statements.clear()
        unknown = await post(browser, "/sign-in", email="nobody@council.example")
        assert len(site.mailer.sent) == sent == 1

    def shape(answer: httpx.Response) -> str:
        without = re.sub(r"[0-9]{3} [0-9]{3}|[a-z]+@council\.example|value=\"[^\"]*\"", "", answer.text)
        return f"{answer.status_code} {sorted(set(answer.headers) - {'content-length'})} {without}"

    assert shape(known) == shape(unknown)


async def test_both_kinds_of_address_run_the_same_statements(site: Site, queries: Any) -> None:
    site.app = create_app(replace(site.services, mailer=None))
    seen = []
    for email in (EMAIL, "nobody@council.example"):
        async with site.browser() as browser:
            await browser.get("/")
            queries.statements.clear()
            await post(browser, "/sign-in", email=email)
            seen.append([statement for statement in queries.statements if "SAVEPOINT" not in statement])
    assert len(seen[0]) >= 5
    assert seen[0] == seen[1]


async def test_only_hashes_of_secrets_are_stored(site: Site, sessions: SessionMaker) -> None:
    async with site.browser() as browser:
        code = code_on((await post(browser, "/sign-in", email=EMAIL)).text).replace(" ", "")
        path = link_in(site.mailer)
        await post(browser, path)
        session_cookie = browser.cookies["session"]
    async with sessions() as session:
        stored = ""
        for table in ("signed_session", "sign_in_link", "outbox_item", "outbox_message"):
            rows = await session.execute(text(f"SELECT row_to_json({table})::text FROM {table}"))
            stored += "".join(rows.scalars())
        assert hashed(session_cookie).hex() in stored
    for secret in (session_cookie, path.rsplit("/", 1)[1], code):
        assert secret not in stored


async def test_a_new_sign_in_ends_the_session_the_browser_had(site: Site, sessions: SessionMaker) -> None:
    async with site.browser() as browser:
        tokens = []
        for _ in range(2):
            await post(browser, "/sign-in", email=EMAIL)
            await post(browser, link_in(site.mailer))
            tokens.append(browser.cookies["session"])
        assert tokens[0] != tokens[1]
    async with site.browser() as thief:
        thief.cookies.set("session", tokens[0])
        assert (await thief.get("/account")).status_code == 303


async def test_signing_out_ends_the_session_on_the_server(site: Site) -> None:
    async with site.browser() as browser, site.browser() as thief:
        await post(browser, "/sign-in", email=EMAIL)
        await post(browser, link_in(site.mailer))
        thief.cookies.set("session", browser.cookies["session"])
        assert (await thief.get("/account")).status_code == 200
        assert (await post(browser, "/sign-out")).status_code == 303
        assert (await thief.get("/account")).status_code == 303


async def test_a_session_ends_by_itself(site: Site) -> None:
    async with site.browser() as browser:
        await post(browser, "/sign-in", email=EMAIL)
        await post(browser, link_in(site.mailer))
        site.clock.now += timedelta(days=15)
        assert (await browser.get("/account")).status_code == 303


async def test_links_to_one_address_are_limited_and_the_limit_passes(site: Site, check_page: Check) -> None:
    async with site.browser() as browser:
        for _ in range(LINKS_PER_EMAIL):
            assert (await post(browser, "/sign-in", email=EMAIL)).status_code == 200
        refused = await post(browser, "/sign-in", email=EMAIL)
        assert refused.status_code == 429
        check_page(refused.text)
        assert len(site.mailer.sent) == LINKS_PER_EMAIL
        site.clock.now += timedelta(minutes=16)
        assert (await post(browser, "/sign-in", email=EMAIL)).status_code == 200


@pytest.mark.parametrize("typed", ["", "orla", "orla@council", "a b@council.example", "x" * 300 + "@council.example"])
async def test_what_is_no_address_is_said_on_the_form(site: Site, check_page: Check, typed: str) -> None:
    async with site.browser() as browser:
        answer = await post(browser, "/sign-in", email=typed)
        assert answer.status_code == 422
        check_page(answer.text)
        assert site.mailer.sent == []


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
async def test_signing_in_never_leads_to_another_site(site: Site, wanted: str) -> None:
    async with site.browser() as browser:
        await post(browser, "/sign-in", email=EMAIL, next=wanted)
        done = await post(browser, link_in(site.mailer))
        assert done.headers["location"] == "/"


async def test_a_page_for_members_leads_to_sign_in_and_back(site: Site) -> None:
    async with site.browser() as browser:
        answer = await browser.get("/officer?q=laundry")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/sign-in?next=%2Fofficer%3Fq%3Dlaundry"
        form = await browser.get(answer.headers["location"])
        assert 'value="/officer?q=laundry"' in form.text


async def test_cookies_are_bound_to_the_host_when_the_address_is_https(services: Services) -> None:
    settings = read_settings(
        {
            "MATCHMAKER_HOME": str(services.settings.home),
            "MATCHMAKER_SECRET": services.settings.secret or "",
            "MATCHMAKER_BASE_URL": "https://matchmaker.test",
        }
    )
    site = Site(replace(services, settings=settings))
    await enrol(services.sessions, Enrolment(EMAIL, Role.BUYER, "council"), "test", services.clock())
    transport = httpx.ASGITransport(app=cast(Any, site.app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="https://matchmaker.test") as browser:
        await post(browser, "/sign-in", email=EMAIL)
        done = await post(browser, link_in(site.mailer))
        cookie = next(value for value in done.headers.get_list("set-cookie") if value.startswith("__Host-session="))
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert (await browser.get("/account")).status_code == 200


async def test_the_language_chosen_while_signed_in_is_that_of_later_mails(site: Site) -> None:
    async with site.browser() as browser:
        await post(browser, "/sign-in", email=EMAIL)
        await post(browser, link_in(site.mailer))
        assert site.mailer.sent[-1].language == "en"
        await post(browser, "/language", language="fr", next="/account")
    async with site.browser() as another:
        await post(another, "/sign-in", email=EMAIL)
    assert site.mailer.sent[-1].language == "fr"


async def test_the_demonstration_s_doors_are_shut_everywhere_else(site: Site) -> None:
    async with site.browser() as browser:
        assert (await browser.get("/demo")).status_code == 404
        assert (await post(browser, "/demo", email="operator@example.org")).status_code in (404, 405)


async def test_in_a_demonstration_anybody_can_be_each_kind_of_user(services: Services, check_page: Check) -> None:
    settings = replace(services.settings, demo=True)
    site = Site(replace(services, settings=settings))
    kitchen = Organisation("example:ie-hearth", "Hearth Kitchen", Base("IE"), Provenance("example", "ie-hearth"))
    async with transaction(services.sessions) as session:
        await save_organisation(session, kitchen, at=services.clock())
    for someone in DEMO_PEOPLE:
        async with site.browser() as browser:
            check_page((await browser.get("/demo")).text)
            assert (await post(browser, "/demo", email=someone.email)).status_code == 303
            assert someone.email in (await browser.get("/account")).text
    async with site.browser() as browser:
        assert (await post(browser, "/demo", email=EMAIL)).status_code == 404
        links = await demo_links(services.sessions, BASE, services.clock())
        async with services.sessions() as session:
            assert [profile.organisation_key for profile in await active_profiles(session)] == ["example:ie-hearth"]
        for _, link in links:
            for _ in range(2):
                assert (await post(browser, link.removeprefix(BASE))).status_code == 303
