"""An officer ticks upcoming lots and gets one list with reasons."""

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any
from xml.etree.ElementTree import Element

import httpx
import pytest_asyncio

from matchmaker.domain.access import SESSION_LIFETIME, Role
from matchmaker.domain.notice import Buyer, Lot, Notice, NoticeKind
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance, SizeFigures
from matchmaker.domain.values import CpvCode, Deadline, NutsCode
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.notices import save_notice
from matchmaker.storage.organisations import save_organisation
from matchmaker.storage.people import person_id_of
from matchmaker.storage.signed_sessions import save_session
from matchmaker.web.services import Services
from matchmaker.workflows.enrol import Enrolment, enrol

Check = Callable[[str], Element]
CLEANING = CpvCode("90910000")


def notice(number: int, title: str, services: Services, days: int = 30, kind: NoticeKind = NoticeKind.COMPETITION) -> Notice:
    lot = Lot(
        "LOT-0001",
        {"en": title},
        main_cpv=CLEANING,
        nuts=("IE06",),
        deadline=Deadline(services.today + timedelta(days=days)),
    )
    name = f"{number:08d}-2026"
    return Notice(
        name, "01", kind, "eforms", "1.13", "en", {"en": title}, (lot,), (Buyer("Council", "IE"),), published=services.today
    )


def supplier(name: str, words: str, employees: int = 20) -> Organisation:
    return Organisation(
        f"example:{name.split()[0].lower()}",
        name,
        Base("IE", city="Dublin", nuts=NutsCode("IE06")),
        Provenance("example", name),
        size=SizeFigures(employees=employees),
        capabilities=(Capability(words, "en", (CLEANING,)),),
    )


async def sign_in(services: Services, browser: httpx.AsyncClient, email: str, team: str) -> None:
    now = services.clock()
    await enrol(services.sessions, Enrolment(email, Role.OFFICER, team, team.title()), "test", now)
    async with transaction(services.sessions) as session:
        person_id = await person_id_of(session, email) or 0
        await save_session(session, f"session of {email}", person_id, now, now + SESSION_LIFETIME)
    browser.cookies.set("session", f"session of {email}", domain="matchmaker.test", path="/")
    await browser.get("/account")


@pytest_asyncio.fixture
async def lots(services: Services, sessions: SessionMaker, client: httpx.AsyncClient) -> list[str]:
    """Two open lots and a closed one; suppliers; an officer signed in."""
    notices = [
        notice(1, "cleaning school buildings", services),
        notice(2, "window cleaning for offices", services),
        notice(3, "cleaning finished long ago", services, days=-30),
    ]
    async with transaction(sessions) as session:
        for each in notices:
            await save_notice(session, each)
        for organisation in (
            supplier("Bright Windows", "window cleaning for offices"),
            supplier("School Helpers", "cleaning school buildings", employees=300),
            supplier("=Formula Ltd", "cleaning school buildings"),
            supplier("Bakers", "bread"),
        ):
            await save_organisation(session, organisation, None, at=services.clock())
    await sign_in(services, client, "officer@region.example", "region")
    return [f"{each.notice_id}/LOT-0001" for each in notices]


async def make(client: httpx.AsyncClient, csrf: Callable[[], str], lots: list[str], **more: str) -> httpx.Response:
    rule = {"title": "Round table", "seats": "2", "minimum": "40", "small": "30", "newcomers": "30", **more}
    data: dict[str, Any] = {"_csrf_token": csrf(), "lot": lots, **rule}
    return await client.post("/officer/lists", data=data)


async def test_only_lots_that_are_open_or_planned_are_offered(
    client: httpx.AsyncClient, lots: list[str], check_page: Check
) -> None:
    page = (await client.get("/officer")).text
    check_page(page)
    assert f'value="{lots[0]}"' in page
    assert f'value="{lots[1]}"' in page
    assert lots[2] not in page


async def test_what_is_ticked_stays_ticked_while_searching_on(
    client: httpx.AsyncClient, lots: list[str], check_page: Check
) -> None:
    page = (await client.get("/officer", params={"q": "window", "lot": [lots[0]]})).text
    tree = check_page(page)
    boxes = {box.get("value"): box.get("checked") is not None for box in tree.iter("input") if box.get("name") == "lot"}
    assert boxes == {lots[0]: True, lots[1]: False}


async def test_no_lot_ticked_leads_back_with_a_sentence(client: httpx.AsyncClient, lots: list[str], check_page: Check) -> None:
    answer = await client.get("/officer/lists/new")
    assert answer.status_code == 303
    page = (await client.get(answer.headers["location"])).text
    check_page(page)
    assert "No lot is ticked" in page


async def test_a_list_is_made_with_a_reason_for_everyone(
    client: httpx.AsyncClient, csrf: Callable[[], str], lots: list[str], check_page: Check
) -> None:
    check_page((await client.get("/officer/lists/new", params={"lot": lots[:2]})).text)
    answer = await make(client, csrf, lots[:2])
    assert answer.status_code == 303
    page = (await client.get(answer.headers["location"])).text
    check_page(page)
    for said in (
        "Round table",
        "officer@region.example",
        "2 suppliers to invite",
        "Bright Windows",
        "Who, and why not",
        "Bakers",
    ):
        assert said in page
    assert "Round table" in (await client.get("/officer")).text


async def test_the_file_holds_everyone_considered_and_no_formula(
    client: httpx.AsyncClient, csrf: Callable[[], str], lots: list[str]
) -> None:
    answer = await make(client, csrf, lots[:2], seats="3")
    location = answer.headers["location"]
    file = await client.get(f"{location}/file", params={"kind": "csv"})
    assert file.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(StringIO(file.content.decode("utf-8-sig"))))
    assert len(rows) == 1 + 4
    assert {row[0] for row in rows[1:]} == {"yes", "no"}
    assert "'=Formula Ltd" in {row[1] for row in rows}
    assert all(row[-1] for row in rows)
    assert (await client.get(f"{location}/file", params={"kind": "xlsx"})).content[:2] == b"PK"
    assert (await client.get(f"{location}/file", params={"kind": "exe"})).status_code == 422


async def test_what_is_wrong_with_the_rule_is_said_on_the_form(
    client: httpx.AsyncClient, csrf: Callable[[], str], lots: list[str], check_page: Check
) -> None:
    for wrong in ({"title": ""}, {"seats": "0"}, {"seats": "many"}, {"minimum": "101"}, {"small": "-1"}):
        answer = await make(client, csrf, lots[:1], **wrong)
        assert answer.status_code == 422, wrong
        check_page(answer.text)
    closed = await make(client, csrf, lots[2:])
    assert closed.status_code == 422
    check_page(closed.text)
    assert "is closed" in closed.text
    unknown = await make(client, csrf, ["nowhere/LOT-1"])
    assert unknown.status_code == 422
    check_page(unknown.text)


async def test_another_team_s_list_is_as_if_it_did_not_exist(
    client: httpx.AsyncClient, csrf: Callable[[], str], lots: list[str], services: Services
) -> None:
    location = (await make(client, csrf, lots[:2])).headers["location"]
    await sign_in(services, client, "other@elsewhere.example", "elsewhere")
    assert (await client.get(location)).status_code == 404
    assert (await client.get(f"{location}/file")).status_code == 404
    assert "Round table" not in (await client.get("/officer")).text


async def test_planned_lots_can_be_chosen_too(
    client: httpx.AsyncClient, csrf: Callable[[], str], lots: list[str], services: Services, sessions: SessionMaker
) -> None:
    planned = notice(7, "planned cleaning", services, kind=NoticeKind.PLANNING)
    planned = replace(planned, lots=(replace(planned.lots[0], deadline=None),))
    async with transaction(sessions) as session:
        await save_notice(session, planned)
    assert "planned cleaning" in (await client.get("/officer", params={"state": "planned"})).text
    assert (await make(client, csrf, ["00000007-2026/LOT-0001"])).status_code == 303
