"""Contracts that end, buyers, and the history of a procedure, as pages and as JSON."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element

import httpx
import pytest_asyncio

from matchmaker.domain.notice import Identifier, Lot, LotResult, Notice, NoticeKind, Winner
from matchmaker.domain.values import CpvCode, Money, Period
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.lot_columns import PLAIN
from matchmaker.storage.notices import Reading, save_notices
from matchmaker.storage.organisations import save_organisations

CheckPage = Callable[[str], Element]
LAUNDRY_NUMBER = Identifier("80746931700018", "SIRET")


def story(market: Any) -> tuple[Notice, ...]:
    """The open call of the market with its plan, and its award to the laundry and to a person."""
    buyer = replace(market.OPEN.buyers[0], identifier=Identifier("26740001000019"))
    call = replace(market.OPEN, buyers=(buyer,), procedure_id="p-1", previous=("1-2025",))
    plan = replace(market.OPEN, notice_id="00000001-2025", kind=NoticeKind.PLANNING, published=date(2025, 12, 1), buyers=(buyer,))
    winners = (
        Winner("Blanchisserie du Lac SARL", "FR", "Annecy", identifier=LAUNDRY_NUMBER),
        Winner("Jeanne P.", natural_person=True),
    )
    won = Lot(
        "LOT-0001",
        {"fr": "Linge des hôpitaux"},
        main_cpv=CpvCode("98310000"),
        nuts=("FRK2",),
        period=Period(end=date(2027, 3, 31)),
        result=LotResult(winners, Money(Decimal(230000), "EUR"), date(2026, 11, 12), awarded=True),
    )
    award = replace(
        call, notice_id="00000002-2026", kind=NoticeKind.RESULT, form="29", published=date(2026, 11, 20), lots=(won,), previous=()
    )
    return plan, call, award


@pytest_asyncio.fixture
async def contracts(sessions: SessionMaker, market: Any, examples: None) -> None:
    laundry = replace(market.LAUNDRY, identifiers=(LAUNDRY_NUMBER,))
    async with transaction(sessions) as session:
        await save_organisations(session, [laundry], {})
        readings = [Reading(replace(one, version="02")) for one in story(market)]
        await save_notices(session, readings, PLAIN)


async def test_a_lot_shows_what_came_before_and_after_it_and_leads_to_its_buyer(
    client: httpx.AsyncClient, contracts: None, check_page: CheckPage
) -> None:
    page = await client.get("/lots/00000001-2026/LOT-0001")
    check_page(page.text)
    assert "History of this procedure" in page.text
    assert page.text.index("Planned") < page.text.index("(this notice)")
    assert "Won by Blanchisserie du Lac SARL" in page.text
    assert 'href="/buyers/FR%3A267400010"' in page.text


async def test_a_lot_without_history_shows_no_empty_block(client: httpx.AsyncClient, examples: None) -> None:
    assert "History of this procedure" not in (await client.get("/lots/000044-2020/1")).text


async def test_contracts_that_end_name_the_incumbent_and_lead_to_a_plan_but_never_name_a_person(
    client: httpx.AsyncClient, contracts: None, check_page: CheckPage
) -> None:
    page = await client.get("/contracts/expiring")
    check_page(page.text)
    assert "1 contract" in page.text
    assert "Blanchisserie du Lac SARL" in page.text
    assert "a natural person, not shown" in page.text
    assert "Jeanne" not in page.text
    assert 'href="/plan/lots/00000001-2026/LOT-0001"' in page.text
    assert "was reserved" in page.text


async def test_the_filters_of_contracts_narrow_and_say_what_is_wrong(
    client: httpx.AsyncClient, contracts: None, check_page: CheckPage
) -> None:
    empty = await client.get("/contracts/expiring?country=DE")
    check_page(empty.text)
    assert "No contract is known to end then" in empty.text
    wrong = await client.get("/contracts/expiring?months=7")
    assert wrong.status_code == 422
    check_page(wrong.text)


async def test_a_buyers_page_gathers_calls_awards_and_reservations(
    client: httpx.AsyncClient, contracts: None, check_page: CheckPage
) -> None:
    moved = await client.get("/buyers/" + quote("FR~hopital-du-lac~annecy"))
    assert (moved.status_code, moved.headers["location"]) == (303, "/buyers/FR%3A267400010")
    page = await client.get(moved.headers["location"])
    check_page(page.text)
    assert "1 of 2 lots it called for" in page.text
    assert "Who won" in page.text
    assert "Jeanne" not in page.text
    assert (await client.get("/buyers/FR~nobody~")).status_code == 404


async def test_a_supplier_shows_the_contracts_that_are_its_own_for_sure(
    client: httpx.AsyncClient, contracts: None, check_page: CheckPage
) -> None:
    page = await client.get("/suppliers/example:laundry")
    check_page(page.text)
    assert "Contracts found in notices" in page.text
    assert "Contracts found in notices" not in (await client.get("/suppliers/example:garden")).text


async def test_the_json_twins_answer_the_same(client: httpx.AsyncClient, contracts: None) -> None:
    found = (await client.get("/api/contracts/expiring?country=FR&months=12")).json()
    assert (found["total"], found["contracts"][0]["ends"], found["contracts"][0]["ends_basis"]) == (1, "2027-03-31", "stated")
    assert found["contracts"][0]["reserved"] == ["res-ws"]
    assert found["contracts"][0]["natural_persons"] == 1
    steps = (await client.get("/api/procedures/p-1")).json()["steps"]
    assert [step["stage"] for step in steps] == ["planned", "called", "awarded"]
    assert (await client.get("/api/procedures/none")).status_code == 404
    assert (await client.get("/api/contracts/expiring?months=x")).status_code == 422
