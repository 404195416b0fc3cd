from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, cast
from xml.etree.ElementTree import Element

import httpx
import pytest

from matchmaker.domain.notice import Lot, Notice, NoticeKind, ReservedParticipation
from matchmaker.domain.values import CpvCode, Deadline
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.notices import save_notice
from matchmaker.storage.organisations import load_public_organisation
from matchmaker.web.app import create_app
from matchmaker.web.services import Services

Check = Callable[[str], Element]
Token = Callable[[], str]
pytestmark = pytest.mark.usefixtures("examples")


def call(number: str, lot: Lot) -> Notice:
    return Notice(number, "01", NoticeKind.COMPETITION, "eforms", "1.10", "fr", {}, (lot,), published=date(2026, 11, 20))


def addresses(tree: Element) -> list[str]:
    return [link.get("href") or "" for link in tree.iter("a")]


async def test_the_list_shows_open_lots_first_and_labels_closed_ones(client: httpx.AsyncClient, check_page: Check) -> None:
    answer = await client.get("/lots")
    assert answer.status_code == 200
    tree = check_page(answer.text)
    lots = [address for address in addresses(tree) if address.startswith("/lots/")]
    assert lots[0] == "/lots/00000001-2026/LOT-0001"
    assert lots[-1] == "/lots/000044-2020/1"
    assert "Open until 18 Dec 2026" in answer.text
    assert "Closed" in answer.text


@pytest.mark.parametrize("address", ["/lots?page=999", "/suppliers?page=999"])
async def test_a_page_after_the_last_one_shows_the_last_one(address: str, client: httpx.AsyncClient, check_page: Check) -> None:
    tree = check_page((await client.get(address)).text)
    assert [found for found in addresses(tree) if found.startswith(address.partition("?")[0] + "/")]


async def test_lists_go_by_the_day_the_site_is_told(services: Services, market: Any) -> None:
    earlier = create_app(replace(services, day=date(2020, 3, 1)))
    later = create_app(replace(services, day=date(2027, 1, 1)))
    states = []
    for app in (earlier, later):
        transport = httpx.ASGITransport(app=cast(Any, app), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://matchmaker.test") as client:
            states.append((await client.get(f"/api/lots/{market.OPEN.notice_id}/LOT-0001")).json()["state"])
    assert states == ["open", "closed"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "BLANCHISSERIE"}, 1),
        ({"q": "9831"}, 1),
        ({"country": "FR"}, 2),
        ({"reserved": "any"}, 1),
        ({"state": "closed"}, 1),
        ({"until": "2026-12-18", "from": "200000", "to": "300 000"}, 1),
        ({"q": "nothing like this"}, 0),
    ],
)
async def test_filters_narrow_the_list_and_stand_in_the_address(
    client: httpx.AsyncClient, check_page: Check, query: dict[str, str], expected: int
) -> None:
    answer = await client.get("/lots", params=query)
    assert answer.status_code == 200
    tree = check_page(answer.text)
    lots = [address for address in addresses(tree) if address.startswith("/lots/")]
    assert len(lots) == expected
    exports = [address for address in addresses(tree) if address.startswith("/export/lots")]
    for name in query:
        assert all(f"{name}=" in address for address in exports)


async def test_a_filter_that_makes_no_sense_is_said_and_left_out(client: httpx.AsyncClient, check_page: Check) -> None:
    answer = await client.get("/lots", params={"until": "tomorrow", "country": "XX", "page": "-4"})
    assert answer.status_code == 422
    tree = check_page(answer.text)
    summary = next(element for element in tree.iter("div") if element.get("class") == "error-summary")
    assert {link.get("href") for link in summary.iter("a")} == {"#until", "#country"}
    assert [address for address in addresses(tree) if address.startswith("/lots/")]


async def test_a_lot_shows_its_original_and_has_the_other_languages_at_hand(client: httpx.AsyncClient, check_page: Check) -> None:
    answer = await client.get("/lots/00000001-2026/LOT-0001")
    assert answer.status_code == 200
    tree = check_page(answer.text)
    heading = next(tree.iter("h1"))
    assert heading.text == "Linge des hôpitaux"
    assert heading.get("lang") == "fr"
    assert "?text=de" in addresses(tree)
    assert "https://ted.europa.eu/en/notice/-/detail/00000001-2026" in addresses(tree)
    assert "Only sheltered workshops" in answer.text
    german = await client.get("/lots/00000001-2026/LOT-0001", params={"text": "de"})
    assert "Waschen der Wäsche." in german.text
    assert "The original is in French." in german.text


async def test_a_call_for_interest_shows_when_interest_can_last_be_expressed(
    client: httpx.AsyncClient, sessions: SessionMaker, check_page: Check
) -> None:
    lot = Lot("LOT-0001", {"fr": "Linge"}, interest_deadline=Deadline(date(2026, 12, 4)))
    async with transaction(sessions) as session:
        await save_notice(session, call("00000002-2026", lot))
    page = await client.get("/lots/00000002-2026/LOT-0001")
    check_page(page.text)
    assert "Deadline to express interest" in page.text
    assert "(10 days left)" in page.text
    listed = (await client.get("/lots", params={"q": "00000002-2026"})).text
    assert "Open until 4 Dec 2026" in listed
    assert (await client.get("/api/lots/00000002-2026/LOT-0001")).json()["deadline"] == "2026-12-04"


async def test_a_code_that_stands_on_the_notice_alone_is_not_called_missing(
    client: httpx.AsyncClient, sessions: SessionMaker
) -> None:
    lot = Lot("LOT-0001", {"fr": "Soins"}, reserved=frozenset({ReservedParticipation.PUBLIC_SERVICE_MISSION}))
    async with transaction(sessions) as session:
        await save_notice(session, replace(call("00000003-2026", lot), main_cpv=CpvCode("85000000")))
    page = (await client.get("/lots/00000003-2026/LOT-0001")).text
    twin = (await client.get("/api/lots/00000003-2026/LOT-0001")).text
    assert "Only organisations with a public service mission may bid." in page
    assert "The main CPV code is missing" not in page + twin


async def test_the_matched_suppliers_of_a_lot_are_ranked_with_bars_that_can_be_heard(
    client: httpx.AsyncClient, check_page: Check
) -> None:
    tree = check_page((await client.get("/lots/00000001-2026/LOT-0001")).text)
    names = [link.text for link in tree.iter("a") if (link.get("href") or "").startswith("/suppliers/")]
    assert names == ["Blanchisserie du Lac", "=Jardins & Compagnie"]
    spoken = [bar.get("aria-label") or "" for bar in tree.iter("svg") if bar.get("class") == "bars" and bar.get("role") == "img"]
    assert len(spoken) == 2
    assert all("Capability:" in label and "Timing:" in label for label in spoken)
    assert "unknown" in spoken[1]


async def test_a_lot_number_with_a_slash_and_spaces_has_a_page(client: httpx.AsyncClient, check_page: Check) -> None:
    tree = check_page((await client.get("/lots")).text)
    address = next(address for address in addresses(tree) if "4%20" in address)
    answer = await client.get(address)
    assert answer.status_code == 200
    check_page(answer.text)
    assert "Espaces verts &lt;des&gt; écoles" in answer.text


async def test_a_winner_who_is_a_natural_person_is_never_shown(client: httpx.AsyncClient, check_page: Check) -> None:
    answer = await client.get("/lots/000044-2020/1")
    check_page(answer.text)
    assert "Καθαρά ΑΕ" in answer.text
    assert "Maria" not in answer.text


async def test_the_page_of_a_lot_stays_within_its_budget_of_queries(client: httpx.AsyncClient, queries: Any) -> None:
    await client.get("/lots/00000001-2026/LOT-0001")
    assert queries.count < 25
    queries.statements.clear()
    await client.get("/lots/00000001-2026/LOT-0001")
    assert queries.count < 10


async def test_suppliers_of_a_lot_are_compared_and_saved(client: httpx.AsyncClient, check_page: Check) -> None:
    query = {"lot": "00000001-2026/LOT-0001", "supplier": ["example:laundry", "example:garden"]}
    compared = await client.get("/compare", params=query)
    assert compared.status_code == 200
    check_page(compared.text)
    saved = await client.get("/export/matches", params={"lot": "00000001-2026/LOT-0001", "file": "csv"})
    assert "'=Jardins" in saved.content.decode("utf-8-sig")
    lots = await client.get("/export/lots", params={"file": "xlsx", "country": "FR"})
    assert lots.content.startswith(b"PK")
    assert "attachment" in lots.headers["content-disposition"]


async def test_a_file_of_another_kind_is_refused(client: httpx.AsyncClient, check_page: Check) -> None:
    answer = await client.get("/export/lots", params={"file": "exe"})
    assert answer.status_code == 422
    check_page(answer.text)


async def test_more_than_four_suppliers_are_not_compared(client: httpx.AsyncClient, check_page: Check) -> None:
    answer = await client.get("/compare", params={"lot": "00000001-2026/LOT-0001"})
    assert answer.status_code == 422
    check_page(answer.text)


async def test_a_supplier_s_page_says_where_the_record_is_from_and_keeps_figures_for_buyers(
    client: httpx.AsyncClient, check_page: Check
) -> None:
    answer = await client.get("/suppliers/example:laundry")
    assert answer.status_code == 200
    check_page(answer.text)
    assert "Not yet confirmed by the organisation" in answer.text
    assert "1 Nov 2026" in answer.text
    assert "shown to buyers who sign in" in answer.text
    assert "1,900,000" not in answer.text


async def test_a_website_that_is_a_script_is_no_link(client: httpx.AsyncClient, check_page: Check) -> None:
    answer = await client.get("/suppliers/example:garden")
    check_page(answer.text)
    assert "javascript:" not in answer.text


async def test_one_click_takes_a_record_down_everywhere(
    client: httpx.AsyncClient, check_page: Check, csrf: Token, sessions: SessionMaker
) -> None:
    await client.get("/suppliers/example:laundry")
    answer = await client.post("/objections", data={"_csrf_token": csrf(), "supplier": "example:laundry"})
    assert answer.status_code == 303
    check_page((await client.get(answer.headers["location"])).text)
    assert (await client.get("/suppliers/example:laundry")).status_code == 404
    assert "Blanchisserie du Lac" not in (await client.get("/lots/00000001-2026/LOT-0001")).text
    async with transaction(sessions) as session:
        assert await load_public_organisation(session, "example:laundry", {"example"}) is None


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Blanchisserie du Lac", "=Jardins & Compagnie"]),
        ({"q": "repassage"}, ["Blanchisserie du Lac"]),
        ({"status": "sheltered-workshop", "country": "FR"}, ["Blanchisserie du Lac"]),
        ({"country": "DE"}, []),
        ({"activity": "laundry"}, ["Blanchisserie du Lac"]),
    ],
)
async def test_suppliers_are_found_by_word_place_kind_and_work(
    client: httpx.AsyncClient, check_page: Check, query: dict[str, str], names: list[str]
) -> None:
    answer = await client.get("/suppliers", params=query)
    assert answer.status_code == 200
    tree = check_page(answer.text)
    found = [link.text for link in tree.iter("a") if (link.get("href") or "").startswith("/suppliers/")]
    assert found == names
    twin = (await client.get("/api/suppliers", params=query)).json()
    assert [supplier["name"] for supplier in twin["suppliers"]] == names
