from collections.abc import Callable
from xml.etree.ElementTree import Element

import httpx
import pytest
from litestar import Litestar

from matchmaker.web.guards import everyone
from matchmaker.web.i18n import accepted
from matchmaker.web.security import local_path

Check = Callable[[str], Element]


async def test_the_home_page_is_sound(client: httpx.AsyncClient, check_page: Check) -> None:
    answer = await client.get("/")
    assert answer.status_code == 200
    check_page(answer.text)


async def test_a_missing_page_says_what_to_do_next(client: httpx.AsyncClient, check_page: Check) -> None:
    answer = await client.get("/no-such-page")
    assert answer.status_code == 404
    check_page(answer.text)
    assert "/lots" in answer.text


async def test_a_missing_address_of_the_api_is_a_problem_document(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/no-such-thing")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["status"] == 404


async def test_every_answer_forbids_scripts_and_frames(client: httpx.AsyncClient) -> None:
    for path in ("/", "/no-such-page", "/static/icon.svg", "/health/live", "/api/schema/openapi.json"):
        headers = (await client.get(path)).headers
        assert headers["content-security-policy"].startswith("default-src 'none'"), path
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


async def test_a_form_without_its_token_is_refused_with_a_helpful_page(client: httpx.AsyncClient, check_page: Check) -> None:
    answer = await client.post("/sign-in", data={"email": "ann@wash.example"})
    assert answer.status_code == 403
    check_page(answer.text)


async def test_a_language_is_chosen_without_a_script_and_kept_in_a_cookie(
    client: httpx.AsyncClient, csrf: Callable[[], str]
) -> None:
    await client.get("/")
    answer = await client.post("/language", data={"_csrf_token": csrf(), "language": "fr", "next": "/lots?q=pain"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/lots?q=pain"
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert '<html lang="fr">' in (await client.get("/")).text


async def test_the_page_of_an_address_that_does_not_exist_lets_the_language_be_changed(client: httpx.AsyncClient) -> None:
    assert 'action="/language"' in (await client.get("/no-such-page")).text
    answer = await client.post("/language", data={"_csrf_token": "", "language": "fr", "next": "/no-such-page"})
    assert answer.headers["location"] == "/no-such-page"
    assert '<html lang="fr">' in (await client.get("/no-such-page")).text


async def test_the_browser_s_language_counts_until_one_is_chosen(client: httpx.AsyncClient) -> None:
    answer = await client.get("/", headers={"accept-language": "xx, fr-BE;q=0.8, en;q=0.5"})
    assert '<html lang="fr">' in answer.text


async def test_a_body_larger_than_any_form_is_refused(client: httpx.AsyncClient, csrf: Callable[[], str]) -> None:
    await client.get("/")
    answer = await client.post("/language", data={"_csrf_token": csrf(), "language": "x" * 300_000})
    assert answer.status_code == 413


async def test_every_route_names_its_guard(app: Litestar) -> None:
    without = [
        (route.path, handler)
        for route in app.routes
        for handler in getattr(route, "route_handlers", [getattr(route, "route_handler", None)])
        if handler is not None and not handler.resolve_guards() and set(handler.http_methods) != {"OPTIONS"}
    ]
    assert without == []


async def test_health_says_that_the_process_and_the_database_answer(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health/live")).json() == {"status": "live"}
    ready = await client.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json()["database"] == "reachable"


@pytest.mark.parametrize("text", ["//evil.test", "https://evil.test", "/\\evil.test", "javascript:alert(1)", "", "/a\nb"])
def test_a_way_back_never_leads_to_another_site(text: str) -> None:
    assert local_path(text) == "/"


def test_accepted_languages_are_read_by_weight_and_nonsense_is_passed_over() -> None:
    assert accepted("de;q=0.2, fr-CA, *;q=x, en;q=0") == ["fr", "de"]


def test_everyone_is_a_guard_said_on_purpose() -> None:
    assert everyone.__doc__
