"""Every route has a guard on purpose, and every guard holds for every kind of user."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar
from litestar.routes import HTTPRoute

from matchmaker.domain.access import SESSION_LIFETIME, Role
from matchmaker.domain.organisation import Base, Organisation, Provenance
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.organisations import save_organisation
from matchmaker.storage.people import person_id_of
from matchmaker.storage.signed_sessions import save_session
from matchmaker.web.guards import Allow, everyone, signed_in
from matchmaker.web.services import Services
from matchmaker.workflows.enrol import Enrolment, enrol

PUBLIC_WITHOUT_GUARD: frozenset[str] = frozenset()
"""Routes the framework adds itself and nobody can name a guard for."""

KINDS: tuple[Role | None, ...] = (None, *Role)


@dataclass(frozen=True)
class Handler:
    path: str
    method: str
    guards: tuple[Any, ...]

    @property
    def address(self) -> str:
        return re.sub(r"\{[^}]+\}", "nothing", self.path)

    def lets_in(self, role: Role | None) -> bool:
        needs_person = any(guard is signed_in or isinstance(guard, Allow) for guard in self.guards)
        if role is None:
            return not needs_person
        return all(role in guard.roles for guard in self.guards if isinstance(guard, Allow))


def handlers(app: Litestar) -> Iterator[Handler]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method, (handler, _) in sorted(route.route_handler_map.items()):
                if method != "OPTIONS":
                    yield Handler(route.path_format, method, tuple(handler.resolve_guards()))


def test_every_route_names_a_guard_of_ours_or_is_public_on_purpose(app: Litestar) -> None:
    found = list(handlers(app))
    assert len(found) > 20
    for handler in found:
        ours = [guard for guard in handler.guards if guard in (everyone, signed_in) or isinstance(guard, Allow)]
        assert ours or handler.path in PUBLIC_WITHOUT_GUARD, f"{handler.method} {handler.path} has no guard"


def test_what_is_open_to_all_stays_a_short_list_of_readings_and_forms_without_account(app: Litestar) -> None:
    """A new route that changes something for everybody must be added here by hand."""
    open_writes = {each.path for each in handlers(app) if each.method not in ("GET", "HEAD") and each.lets_in(None)}
    assert open_writes <= {
        "/language",
        "/purchase",
        "/purchase/compare",
        "/purchase/export",
        "/purchase/plan",
        "/objections",
        "/register/sign-in",
        "/sign-in",
        "/sign-in/{token}",
        "/sign-out",
        "/alerts/stop/{token}",
        "/alerts/preferences/{token}",
        "/answer/{token}",
        "/reply/{token}",
        "/sounding/{token}",
        "/join/{token}",
        "/claims/confirm/{token}",
        "/api/purchase",
        "/api/plan/purchase",
    }


@pytest_asyncio.fixture
async def tokens(services: Services, sessions: SessionMaker) -> dict[Role, int]:
    """One person per role."""
    people: dict[Role, int] = {}
    bakery = Organisation("test:bakery", "Bakery", Base("IE"), Provenance("test", "bakery"))
    async with transaction(sessions) as session:
        await save_organisation(session, bakery, [], at=services.clock())
    for role in Role:
        key = "test:bakery" if role is Role.SUPPLIER else f"team-{role.value}"
        email = f"{role.value}@team.example"
        await enrol(sessions, Enrolment(email, role, key), "test", services.clock())
        async with sessions() as session:
            people[role] = await person_id_of(session, email) or 0
    return people


@pytest.mark.parametrize("role", KINDS, ids=lambda role: role.value if role else "anonymous")
async def test_every_route_answers_each_kind_of_user_as_its_guard_says(
    app: Litestar, services: Services, sessions: SessionMaker, tokens: dict[Role, int], role: Role | None
) -> None:
    transport = httpx.ASGITransport(app=cast(Any, app), raise_app_exceptions=False)
    wrong: list[str] = []
    async with httpx.AsyncClient(transport=transport, base_url="http://matchmaker.test") as browser:
        await browser.get("/sign-in")
        for number, handler in enumerate(handlers(app)):
            if role is not None:
                token = f"token of {role.value} {number}"
                async with transaction(sessions) as session:
                    now = services.clock()
                    await save_session(session, token, tokens[role], now, now + SESSION_LIFETIME)
                browser.cookies.set("session", token, domain="matchmaker.test", path="/")
            data = {"_csrf_token": browser.cookies["csrf"]} if handler.method == "POST" else None
            answer = await browser.request(handler.method, handler.address, data=data)
            said = f"{handler.method} {handler.address}: {answer.status_code} {answer.headers.get('location', '')}"
            if not _as_expected(handler, role, answer):
                wrong.append(said)
    assert not wrong, wrong


def _as_expected(handler: Handler, role: Role | None, answer: httpx.Response) -> bool:
    to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next=")
    if answer.status_code >= 500 and not handler.path.startswith("/health"):
        return False
    if handler.lets_in(role):
        return answer.status_code not in (401, 403) and not to_sign_in
    if role is not None:
        return answer.status_code == 403
    return answer.status_code == 401 if handler.path.startswith("/api/") else to_sign_in
