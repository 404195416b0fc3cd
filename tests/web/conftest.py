"""A client that speaks to the application in this loop, a checker for every page, a counter for every query."""

import importlib.util
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, cast
from uuid import uuid4
from xml.etree.ElementTree import Element

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from matchmaker.domain.access import SESSION_LIFETIME, Role
from matchmaker.settings import Settings, read_settings
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.notices import Reading, save_notices
from matchmaker.storage.organisations import save_organisations
from matchmaker.storage.people import person_id_of
from matchmaker.storage.signed_sessions import save_session
from matchmaker.web.app import create_app
from matchmaker.web.services import Services
from matchmaker.workflows.enrol import Enrolment, enrol
from matchmaker.workflows.tools import MatchTools

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
"""The moment the tests live in."""


def _sibling(name: str) -> ModuleType:
    """A helper module beside this file: test folders are no packages, so it is loaded by path."""
    spec = importlib.util.spec_from_file_location(f"web_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def check_page() -> Callable[[str], Element]:
    """Asserts that HTML is a sound page and returns its tree."""
    function: Callable[[str], Element] = _sibling("page_check").check_page
    return function


@pytest.fixture(scope="session")
def tools() -> MatchTools:
    """Small tools whose answers can be predicted."""
    made: MatchTools = _sibling("plain_tools").plain_tools()
    return made


@pytest.fixture(scope="session")
def market() -> Any:
    """Two suppliers (LAUNDRY, GARDEN) and two notices (OPEN, CLOSED)."""
    return _sibling("example_market")


@pytest.fixture(scope="session")
def planned() -> Any:
    """A plan with every part in it (PLAN) and its suppliers (OPEN_TO_ALL, FOR_BUYERS, PRIVATE)."""
    return _sibling("planned_lot")


@pytest_asyncio.fixture
async def examples(sessions: SessionMaker, tools: MatchTools, market: Any) -> None:
    """The market stored, with vectors."""
    both = [market.LAUNDRY, market.GARDEN]
    vectors = {each.key: list(tools.encoder.encode([can.text for can in each.capabilities])) for each in both}
    async with transaction(sessions) as session:
        await save_organisations(session, both, vectors)
        await save_notices(session, [Reading(market.OPEN), Reading(market.CLOSED)])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"MATCHMAKER_HOME": str(tmp_path), "MATCHMAKER_SECRET": "a key of the tests, long enough to sign"})


@pytest.fixture
def services(settings: Settings, sessions: SessionMaker, tools: MatchTools) -> Services:
    return Services(settings=settings, sessions=sessions, tools=tools, mailer=None, clock=lambda: NOW)


@pytest.fixture
def app(services: Services) -> Litestar:
    return create_app(services)


@pytest_asyncio.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without JavaScript: keeps cookies, follows nothing by itself."""
    transport = httpx.ASGITransport(app=cast(Any, app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://matchmaker.test") as client:
        yield client


class QueryCounter:
    """Counts the statements an engine runs while it is open."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def note(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        self.statements.append(statement)

    @property
    def count(self) -> int:
        return len([statement for statement in self.statements if "SAVEPOINT" not in statement])


@pytest.fixture
def queries(engine: AsyncEngine) -> Iterator[QueryCounter]:
    """The statements run so far in this test; ``queries.statements.clear()`` starts again."""
    counter = QueryCounter()
    event.listen(engine.sync_engine, "before_cursor_execute", counter.note)
    yield counter
    event.remove(engine.sync_engine, "before_cursor_execute", counter.note)


@pytest.fixture
def csrf(client: httpx.AsyncClient) -> Callable[[], str]:
    """The token a form must carry; valid once any page has been fetched."""

    def token() -> str:
        return client.cookies.get("csrf") or ""

    return token


@pytest_asyncio.fixture
async def sign_in(services: Services, client: httpx.AsyncClient) -> Callable[..., Awaitable[None]]:
    """Makes the browser somebody else: a member of a team in a role, or nobody."""

    async def become(email: str | None = None, role: Role = Role.BUYER, team: str = "council") -> None:
        client.cookies.delete("session")
        if email is not None:
            now, token = services.clock(), uuid4().hex
            await enrol(services.sessions, Enrolment(email, role, team, team.title()), "test", now)
            async with transaction(services.sessions) as session:
                await save_session(session, token, await person_id_of(session, email) or 0, now, now + SESSION_LIFETIME)
            client.cookies.set("session", token, domain="matchmaker.test", path="/")
        await client.get("/sign-in")

    return become


@pytest.fixture
def send(client: httpx.AsyncClient, csrf: Callable[[], str]) -> Callable[..., Awaitable[httpx.Response]]:
    """Sends a form with its token."""

    async def post(path: str, **data: Any) -> httpx.Response:
        return await client.post(path, data={"_csrf_token": csrf(), **data})

    return post
