"""One Chromium, one site with the example data, one database; a context a kind of user."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio
import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright
from sqlalchemy import text

from matchmaker.alerts.mail import Mail
from matchmaker.cli.instance import match_tools
from matchmaker.domain.access import Role
from matchmaker.scoring.cpv_prediction import default_suggester
from matchmaker.settings import read_settings
from matchmaker.storage.embedded import sqlalchemy_url
from matchmaker.storage.engine import make_engine, make_sessions
from matchmaker.storage.migrating import EXTENSIONS
from matchmaker.storage.tables import metadata
from matchmaker.web.app import create_app
from matchmaker.web.services import Services
from matchmaker.workflows.demo_desk import fill_demo_desk
from matchmaker.workflows.demo_people import demo_links
from matchmaker.workflows.demo_purchase_plan import fill_demo_purchase_plan
from matchmaker.workflows.load_examples import load_examples

CHROMIUM = Path(os.environ.get("MATCHMAKER_CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
STANDARD = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
"""WCAG 2.2, levels A and AA, as axe names its rules."""

WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=360, height=740)
ENLARGED = ViewportSize(width=640, height=450)
"""What a window of 1280 by 900 shows at 200 % zoom."""


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class MailBox:
    """A mailer that keeps what it is given."""

    mails: list[Mail] = field(default_factory=list)

    async def send(self, mail: Mail) -> None:
        self.mails.append(mail)

    async def next_to(self, address: str, holding: str = "") -> Mail:
        """The first mail to ``address`` whose text holds these words, waiting a few seconds for it."""
        for _ in range(100):
            for mail in self.mails:
                if mail.to == address and holding in mail.text:
                    self.mails.remove(mail)
                    return mail
            await asyncio.sleep(0.05)
        pytest.fail(f"no mail to {address}")


@dataclass(frozen=True)
class Site:
    """The running site."""

    address: str
    services: Services
    mail: MailBox


class QuietServer(uvicorn.Server):
    """A server that leaves the signals of the test process alone and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Any:
        yield


@pytest_asyncio.fixture(scope="session")
async def site(
    browser: Browser,
    new_database: Callable[[str], Awaitable[str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Site]:
    """The whole application with the example data, served in this loop. ``browser`` comes first: without one all are skipped."""
    engine = make_engine(sqlalchemy_url(await new_database("browser")))
    async with engine.begin() as connection:
        for extension in EXTENSIONS:
            await connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {extension}"))
        await connection.run_sync(metadata.create_all)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = read_settings(
        {
            "MATCHMAKER_HOME": str(tmp_path_factory.mktemp("browser-home")),
            "MATCHMAKER_SECRET": "a key of the browser tests, long enough",
            "MATCHMAKER_BASE_URL": address,
            "MATCHMAKER_DEMO": "1",
        }
    )
    mail = MailBox()
    sessions = make_sessions(engine)
    services = Services(settings, sessions, await match_tools(settings, sessions), mail, now)
    await load_examples(sessions, services.tools, services.today, now())
    await fill_demo_desk(sessions, services.tools, services.today, now())
    await fill_demo_purchase_plan(sessions, services.tools, default_suggester(), services.today, now())
    server = QuietServer(uvicorn.Config(cast(Any, create_app(services)), log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    await server.ready.wait()
    yield Site(address, services, mail)
    server.should_exit = True
    await serving
    await engine.dispose()


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Real Chromium. Missing, the tests are skipped with a reason; in CI they fail."""
    if not CHROMIUM.is_file():
        if os.environ.get("CI"):
            pytest.fail(f"{CHROMIUM} is missing")
        pytest.skip(f"needs Chromium (looked for {CHROMIUM}; set MATCHMAKER_CHROMIUM)")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=ARGUMENTS)
        yield started
        await started.close()


@pytest_asyncio.fixture(scope="session")
async def signed_in(site: Site, browser: Browser) -> dict[Role | None, BrowserContext]:
    """A context a kind of user; None is the public."""
    contexts: dict[Role | None, BrowserContext] = {None: await browser.new_context(viewport=WIDE)}
    for role, link in await demo_links(site.services.sessions, site.address, now()):
        contexts[role] = await browser.new_context(viewport=WIDE)
        page = await contexts[role].new_page()
        await page.goto(link)
        await page.get_by_role("button", name="Sign in").click()
        await page.wait_for_url("**/account")
        await page.close()
    return contexts


@pytest_asyncio.fixture
async def page(site: Site, browser: Browser) -> AsyncIterator[Page]:
    """A page nobody is signed in on, with the site as the base of its addresses."""
    context = await browser.new_context(viewport=WIDE, base_url=site.address, accept_downloads=True)
    yield await context.new_page()
    await context.close()


class Inspector:
    """Looks for what keeps people out."""

    async def faults(self, page: Page) -> list[str]:
        """What axe finds."""
        results = await Axe().run(page, options=STANDARD)
        return [
            f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
            for violation in results.response["violations"]
            for node in violation["nodes"]
        ]

    async def overflow(self, page: Page) -> list[str]:
        """What makes the page wider than its window; boxes that scroll by themselves do not count."""
        found: list[str] = await page.evaluate(
            """() => {
                const width = document.documentElement.clientWidth;
                if (document.documentElement.scrollWidth <= width) return [];
                return [...document.body.querySelectorAll('*')]
                    .filter(element => element.getBoundingClientRect().right > width + 1)
                    .map(element => element.outerHTML.slice(0, 120));
            }"""
        )
        return found

    async def approve(self, page: Page) -> None:
        """No fault in a wide and in a narrow window; no sideways scrolling in these and at 200 % zoom."""
        for window in (ENLARGED, WIDE, NARROW):
            await page.set_viewport_size(window)
            assert await self.overflow(page) == [], window
            if window is not ENLARGED:
                assert await self.faults(page) == [], window
        await page.set_viewport_size(WIDE)


@pytest.fixture(scope="session")
def inspector() -> Inspector:
    return Inspector()


@pytest.fixture(scope="session")
def example_lot(site: Site) -> str:
    """A lot that is open, has suppliers and is described in English."""
    return f"EX000038-{site.services.today.year}/LOT-0001"
