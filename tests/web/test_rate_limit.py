"""Asking too often is refused in time, in words, and with the seconds to wait; other pages stay open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import httpx

from matchmaker.web.app import create_app
from matchmaker.web.services import Services

START = datetime(2026, 11, 24, 9, 30, 15, tzinfo=UTC)


class Clock:
    now = START

    def __call__(self) -> datetime:
        return self.now


@asynccontextmanager
async def site(services: Services, most: int, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(replace(services, settings=replace(services.settings, rate_per_minute=most), clock=clock))
    transport = httpx.ASGITransport(app=cast(Any, app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://matchmaker.test") as client:
        yield client


async def test_the_fourth_request_of_a_minute_is_refused_and_the_next_minute_begins_anew(services: Services) -> None:
    clock = Clock()
    async with site(services, 3, clock) as client:
        assert [(await client.get("/api/lots")).status_code for _ in range(3)] == [200, 200, 200]
        refused = await client.get("/api/lots")
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "45"
        assert refused.headers["content-type"].startswith("application/problem+json")
        page = await client.get("/lots/1-2026/LOT-1")
        assert page.status_code == 429
        assert page.headers["content-type"].startswith("text/html")
        assert (await client.get("/lots")).status_code == 200
        clock.now += timedelta(seconds=45)
        assert (await client.get("/api/lots")).status_code == 200


async def test_every_application_counts_for_itself(services: Services) -> None:
    clock = Clock()
    async with site(services, 1, clock) as one, site(services, 1, clock) as other:
        assert [(await one.get("/api/lots")).status_code for _ in range(2)] == [200, 429]
        assert (await other.get("/api/lots")).status_code == 200


async def test_a_bound_of_zero_is_none(services: Services) -> None:
    async with site(services, 0, Clock()) as client:
        assert {(await client.get("/api/lots")).status_code for _ in range(5)} == {200}


async def test_an_unknown_address_under_the_description_of_the_api_is_a_problem_document(client: httpx.AsyncClient) -> None:
    for path in ("/api/schema/nothing", "/api/schema/nothing.json", "/api/nothing", "/api/lots/nothing"):
        answer = await client.get(path)
        assert answer.status_code == 404, path
        assert answer.headers["content-type"].startswith("application/problem+json"), path
    assert (await client.get("/api/schema/openapi.json")).status_code == 200


async def test_a_page_that_does_not_exist_offers_no_signing_in_to_somebody_whose_browser_is_signed_in(
    client: httpx.AsyncClient,
) -> None:
    assert "Sign in" in (await client.get("/nothing")).text
    client.cookies.set("session", "whatever", domain="matchmaker.test", path="/")
    assert "Sign in" not in (await client.get("/nothing")).text
