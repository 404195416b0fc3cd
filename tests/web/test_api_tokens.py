"""Tokens for programs: shown once, stored hashed, worth what their scopes and their owner allow."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any, cast
from xml.etree.ElementTree import Element

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar
from litestar.routes import HTTPRoute
from sqlalchemy import text

from matchmaker.domain.access import SESSION_LIFETIME, TOKEN_PREFIX, Role, Scope
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.people import load_person, person_id_of
from matchmaker.storage.signed_sessions import save_session
from matchmaker.web.services import Services
from matchmaker.web.token_scopes import scope_needed
from matchmaker.workflows.api_tokens import bearer_of, end_token, make_token, own_tokens
from matchmaker.workflows.enrol import Enrolment, enrol

PATHS = {
    Scope.LOTS: "/api/lots",
    Scope.SUPPLIERS: "/api/suppliers",
    Scope.MATCHES: "/api/matches?lot=nothing/1",
    Scope.OWN: "/api/records",
}


@pytest_asyncio.fixture
async def owner(services: Services, sessions: SessionMaker) -> Any:
    await enrol(sessions, Enrolment("ann@council.example", Role.BUYER, "council"), "test", services.clock())
    async with sessions() as session:
        person_id = await person_id_of(session, "ann@council.example")
        return await load_person(session, person_id or 0)


@pytest_asyncio.fixture
async def program(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """A client without cookies."""
    transport = httpx.ASGITransport(app=cast(Any, app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://matchmaker.test") as client:
        yield client


def carrying(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


async def test_a_token_is_shown_once_and_only_its_hash_is_stored(
    client: httpx.AsyncClient, services: Services, sessions: SessionMaker, owner: Any, check_page: Callable[[str], Element]
) -> None:
    async with transaction(sessions) as session:
        await save_session(session, "s", owner.person_id, services.clock(), services.clock() + SESSION_LIFETIME)
    client.cookies.set("session", "s", domain="matchmaker.test", path="/")
    check_page((await client.get("/account/tokens")).text)
    data = {"_csrf_token": client.cookies["csrf"], "name": "nightly report", "scope": "read:own", "days": "30"}
    made = await client.post("/account/tokens", data=data)
    tree = check_page(made.text)
    [token] = [each.get("value") for each in tree.iter("input") if each.get("id") == "token"]
    assert token
    assert token.startswith(TOKEN_PREFIX)
    again = (await client.get("/account/tokens")).text
    assert "nightly report" in again
    assert token not in again
    async with sessions() as session:
        stored = (await session.execute(text("SELECT api_token::text FROM api_token"))).scalar_one()
    assert token.removeprefix(TOKEN_PREFIX) not in stored


@pytest.mark.parametrize("scope", list(Scope))
async def test_a_token_opens_what_its_scope_names_and_nothing_else(
    program: httpx.AsyncClient, services: Services, sessions: SessionMaker, owner: Any, scope: Scope
) -> None:
    token = await make_token(sessions, owner, "t", [scope], 30, services.clock())
    for other, path in PATHS.items():
        answer = await program.get(path, headers=carrying(token))
        if other is scope:
            assert answer.status_code in (200, 404), path
        else:
            assert answer.status_code == 403, path
            assert answer.headers["content-type"].startswith("application/problem+json")


async def test_an_ended_expired_or_unknown_token_is_refused_even_where_nobody_needs_one(
    program: httpx.AsyncClient, services: Services, sessions: SessionMaker, owner: Any
) -> None:
    now = services.clock()
    ended = await make_token(sessions, owner, "t", [Scope.LOTS], 30, now)
    [known] = await own_tokens(sessions, owner)
    await end_token(sessions, owner, known.token_id, now)
    lapsed = await make_token(sessions, owner, "t", [Scope.LOTS], 30, now - timedelta(days=30))
    for token in (ended, lapsed, "mm_unknown", "", "basic"):
        answer = await program.get("/api/lots", headers=carrying(token))
        assert answer.status_code == 401, token
        assert answer.json()["status"] == 401
    assert (await program.get("/api/lots")).status_code == 200


async def test_a_token_is_no_session_pages_do_not_know_it(
    program: httpx.AsyncClient, services: Services, sessions: SessionMaker, owner: Any
) -> None:
    token = await make_token(sessions, owner, "t", list(Scope), 30, services.clock())
    answer = await program.get("/account", headers=carrying(token))
    assert answer.headers["location"] == "/sign-in?next=%2Faccount"


async def test_the_day_a_token_was_used_last_is_written_down_once(services: Services, sessions: SessionMaker, owner: Any) -> None:
    token = await make_token(sessions, owner, "t", [Scope.LOTS], 30, services.clock())
    assert [each.last_used_on for each in await own_tokens(sessions, owner)] == [None]
    bearer = await bearer_of(sessions, token, services.clock())
    assert bearer is not None
    assert bearer.person == owner
    assert [each.last_used_on for each in await own_tokens(sessions, owner)] == [services.clock().date()]


def test_every_route_of_the_api_names_its_scope_and_the_document_says_how_to_send_a_token(app: Litestar) -> None:
    handlers = [
        handler
        for route in app.routes
        if isinstance(route, HTTPRoute) and route.path.startswith("/api/")
        for handler, _ in route.route_handler_map.values()
        if handler.fn.__module__.startswith("matchmaker.")
    ]
    assert len(handlers) > 10
    without = [handler.paths for handler in handlers if scope_needed(handler) is None]
    assert without == []
    described = app.openapi_schema.to_schema()
    assert described["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert described["security"] == [{}, {"bearer": []}]
