from typing import Any, cast

import httpx
from litestar import Litestar
from structlog.testing import capture_logs

from matchmaker.web.request_log import RequestLog


def client_of(app: Litestar) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=cast(Any, RequestLog(app)), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://matchmaker.test")


async def test_a_request_is_logged_by_its_route_without_what_was_searched_for(app: Litestar) -> None:
    with capture_logs() as logs:
        async with client_of(app) as client:
            answer = await client.get("/lots", params={"q": "secret plan"})
    assert [entry["route"] for entry in logs] == ["/lots"]
    assert "secret" not in str(logs)
    assert logs[0]["request_id"] == answer.headers["x-request-id"]
    assert logs[0]["status"] == 200


async def test_a_sign_in_token_in_the_path_is_not_logged(app: Litestar) -> None:
    with capture_logs() as logs:
        async with client_of(app) as client:
            await client.get("/sign-in/a-token-nobody-may-see")
            await client.get("/no/such/thing/anna@example.org")
    assert "nobody-may-see" not in str(logs)
    assert "anna" not in str(logs)
    assert logs[-1]["route"] == "no such route"


async def test_the_text_of_a_planned_purchase_is_not_logged(app: Litestar) -> None:
    with capture_logs() as logs:
        async with client_of(app) as client:
            await client.post("/api/purchase", json={"text": "secret plan", "country": "FR"})
    assert logs
    assert "secret" not in str(logs)


async def test_a_number_given_by_the_proxy_is_kept_and_nonsense_is_not(app: Litestar) -> None:
    async with client_of(app) as client:
        kept = await client.get("/health/live", headers={"x-request-id": "abcdef-123456"})
        made = await client.get("/health/live", headers={"x-request-id": "x\ty"})
    assert kept.headers["x-request-id"] == "abcdef-123456"
    assert len(made.headers["x-request-id"]) == 16


async def test_asking_for_health_is_quiet(app: Litestar) -> None:
    with capture_logs() as logs:
        async with client_of(app) as client:
            await client.get("/health/live")
    assert logs == []
