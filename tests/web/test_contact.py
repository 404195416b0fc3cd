"""A buyer and a supplier write to each other: masked, read by nobody else, closed from call to award."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from matchmaker.alerts.mail import Mail
from matchmaker.alerts.mailers import RecordingMailer
from matchmaker.domain.access import Role
from matchmaker.domain.conversation import MESSAGES_A_DAY, Said, Side
from matchmaker.domain.notice import Buyer, Lot, Notice, NoticeKind
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance
from matchmaker.domain.values import Deadline, NutsCode
from matchmaker.storage.audit import history
from matchmaker.storage.conversations import say
from matchmaker.storage.engine import transaction
from matchmaker.storage.notices import save_notice
from matchmaker.storage.organisations import record_objection, save_organisations
from matchmaker.storage.people import person_id_of
from matchmaker.web.services import Services
from matchmaker.web.session import composer_of
from matchmaker.workflows.dispatch_due import dispatch_due
from matchmaker.workflows.enrol import Enrolment, enrol

PLANNED, CALLED = "00000031-2026/LOT-0001", "00000032-2026/LOT-0001"
WORDS = "Could you take two schools from March?"
BUYER = ("jane@council.example", Role.BUYER, "council")
MEMBER = ("mary@zebra.example", Role.SUPPLIER, "example:zebra")
ADDRESSES = ("jane@council.example", "mary@zebra.example", "office@zebra.example", "office@brook.example")


def supplier(name: str) -> Organisation:
    base = Base("IE", city="Town", nuts=NutsCode("IE06"))
    work = (Capability("cleaning school buildings", "en"),)
    at = f"office@{name}.example"
    return Organisation(f"example:{name}", name.title(), base, Provenance("example", name), email=at, capabilities=work)


def notice(number: str, kind: NoticeKind, published: date, **more: Any) -> Notice:
    lot = Lot("LOT-0001", {"en": "cleaning school buildings"}, nuts=("IE06",), **more)
    buyers = (Buyer("Council", "IE"),)
    return Notice(number, "01", kind, "eforms", "1.13", "en", {"en": "Schools"}, (lot,), buyers, published=published)


@pytest_asyncio.fixture
async def lots(services: Services) -> None:
    async with transaction(services.sessions) as session:
        await save_notice(session, notice("00000031-2026", NoticeKind.PLANNING, date(2026, 11, 1)))
        call = notice("00000032-2026", NoticeKind.COMPETITION, date(2026, 11, 1), deadline=Deadline(date(2027, 1, 10)))
        await save_notice(session, call)
        await save_organisations(session, [supplier(each) for each in ("zebra", "brook", "ash", "elm", "oak")], {})
    await enrol(services.sessions, Enrolment(*MEMBER), "test", services.clock())


@pytest.fixture
def mails(services: Services) -> Callable[[], Awaitable[list[Mail]]]:
    async def sent() -> list[Mail]:
        mailer = RecordingMailer()
        await dispatch_due(services.sessions, mailer, composer_of(services), services.clock)
        return list(mailer.sent)

    return sent


@pytest_asyncio.fixture
async def thread(lots: None, sign_in: Any, send: Any) -> str:
    """The address of what a buyer wrote to Zebra, which has a member, about the planned lot."""
    await sign_in(*BUYER)
    answer = await send("/messages", supplier="example:zebra", lot=PLANNED, topic="Schools", text=WORDS)
    assert answer.status_code == 303
    return str(answer.headers["location"].split("?")[0])


def link_in(mail: Mail, kind: str) -> str:
    (line,) = [line for line in mail.text.splitlines() if f"/{kind}/" in line]
    return line[line.index(f"/{kind}/") :]


async def test_they_write_to_each_other_and_neither_sees_an_address(
    client: httpx.AsyncClient, thread: str, sign_in: Any, send: Any, mails: Any, check_page: Any
) -> None:
    (asked,) = await mails()
    assert asked.to == "mary@zebra.example"
    assert WORDS in asked.text
    await sign_in(None)
    link = link_in(asked, "reply")
    check_page((await client.get(link)).text)
    assert (await send(link, text="Yes, <b>both</b>. See https://zebra.example")).status_code == 303
    (answered,) = await mails()
    assert answered.to == "jane@council.example"
    await sign_in(*BUYER)
    page = (await client.get(thread)).text
    check_page(page)
    assert "&lt;b&gt;both" in page
    assert 'href="https://zebra.example' not in page + answered.html
    await sign_in(*MEMBER)
    theirs = (await client.get(thread)).text
    for seen in (asked.text + asked.html + str(asked.headers), answered.text + answered.html, page, theirs):
        assert not [each for each in ADDRESSES if each in seen]


async def test_nobody_else_reads_a_thread_or_learns_that_it_is_there(
    client: httpx.AsyncClient, thread: str, sign_in: Any, send: Any
) -> None:
    others = (
        (None,),
        ("other@town.example", Role.BUYER, "town"),
        ("rival@brook.example", Role.SUPPLIER, "example:brook"),
        ("officer@region.example", Role.OFFICER, "region"),
        ("us@here.example", Role.OPERATOR, "operators"),
        ("builder@works.example", Role.MAIN_CONTRACTOR, "works"),
    )
    for someone in others:
        await sign_in(*someone)
        found, nothing = await client.get(thread), await client.get("/messages/nothing")
        assert (found.status_code, nothing.status_code) == (404, 404)
        assert (await send(thread, text="Let me in")).status_code in (303, 403, 404)
        assert WORDS not in (await client.get(f"/export/messages?thread={thread.rsplit('/', 1)[1]}")).text
        assert WORDS not in (await client.get(f"/messages?lot={PLANNED}")).text
    await sign_in(*BUYER)
    assert "Let me in" not in (await client.get(thread)).text


async def test_an_answer_shows_as_new_until_it_is_read_by_each(client: httpx.AsyncClient, thread: str, sign_in: Any) -> None:
    await sign_in(*MEMBER)
    assert ">new<" in (await client.get("/messages")).text
    await client.get(thread)
    assert ">new<" not in (await client.get("/messages")).text
    await sign_in(*BUYER)
    assert ">new<" not in (await client.get("/messages")).text


async def test_from_call_to_award_it_is_closed_and_the_page_names_the_official_channel(
    client: httpx.AsyncClient, services: Services, thread: str, sign_in: Any, send: Any, check_page: Any
) -> None:
    await sign_in(*BUYER)
    page = (await client.get(f"/messages/new?supplier=example:zebra&lot={CALLED}")).text
    check_page(page)
    assert "Closed until the award" in page
    assert "ted.europa.eu" in page
    assert (await send("/messages", supplier="example:zebra", lot=CALLED, topic="x", text=WORDS)).status_code == 422
    called = replace(notice("00000031-2026", NoticeKind.COMPETITION, date(2026, 11, 20)), version="02")
    async with transaction(services.sessions) as session:
        await save_notice(session, called)
    assert "Closed until the award" in (await client.get(thread)).text
    assert (await send(thread, text="One more thing")).status_code == 422
    awarded = replace(notice("00000031-2026", NoticeKind.RESULT, date(2026, 11, 22)), version="03")
    async with transaction(services.sessions) as session:
        await save_notice(session, awarded)
    assert (await send(thread, text="One more thing")).status_code == 303


async def test_a_general_text_that_names_a_procedure_under_call_is_asked_about(lots: None, sign_in: Any, send: Any) -> None:
    await sign_in(*BUYER)
    draft = {"supplier": "example:zebra", "topic": "Hello", "text": "Have you seen 32-2026? I mean 00000032-2026."}
    warned = await send("/messages", **draft)
    assert warned.status_code == 422
    assert "names a procedure under call: 00000032-2026" in warned.text
    assert (await send("/messages", **draft, not_about="1")).status_code == 303
    assert (await send("/messages", **{**draft, "text": "Of 00000031-2026"})).status_code == 303


async def test_several_get_the_same_text_and_the_file_says_who_when(
    client: httpx.AsyncClient, services: Services, lots: None, sign_in: Any, send: Any, mails: Any, check_page: Any
) -> None:
    await sign_in(*BUYER)
    keys = [f"example:{each}" for each in ("zebra", "brook", "ash")]
    answer = await send("/messages", supplier=keys, lot=PLANNED, topic="Schools", text=WORDS)
    assert answer.status_code == 200
    sent = await mails()
    assert sorted(each.to for each in sent) == ["mary@zebra.example", "office@ash.example", "office@brook.example"]
    assert all(WORDS in each.text for each in sent)
    cold = next(each for each in sent if each.to == "office@brook.example")
    assert "public list “example”" in cold.text
    assert "/suppliers/example%3Abrook" in cold.text
    page = (await client.get(f"/messages?lot={PLANNED}")).text
    check_page(page)
    assert page.count("same text to several") == 3
    file = (await client.get(f"/export/messages?lot={PLANNED}&file=json")).json()
    assert {each["supplier"] for each in file} == {"Zebra", "Brook", "Ash"}
    assert len({each["messages"][0]["sent_together"] for each in file}) == 1
    async with services.sessions() as session:
        log = [str(row.after) for each in file for row in await history(session, each["thread"])]
    assert len(log) == 3
    assert WORDS not in " ".join(log)


async def test_an_organisation_without_anybody_here_is_written_to_once_a_year_unless_it_answers(
    client: httpx.AsyncClient, services: Services, lots: None, sign_in: Any, send: Any, mails: Any
) -> None:
    await sign_in(*BUYER)
    draft = {"supplier": "example:brook", "topic": "Hello", "text": WORDS}
    thread = (await send("/messages", **draft)).headers["location"].split("?")[0]
    assert (await send("/messages", **draft)).status_code == 422
    assert (await send(thread, text="And?")).status_code == 422
    (cold,) = await mails()
    assert (await send(link_in(cold, "reply"), text="Good day")).status_code == 303
    assert (await send(thread, text="Thank you")).status_code == 303
    async with transaction(services.sessions) as session:
        await record_objection(session, "example:brook", services.clock())
    assert (await client.get(link_in(cold, "reply"))).status_code == 404


async def test_a_team_sends_so_many_a_day(lots: None, services: Services, thread: str, send: Any) -> None:
    async with transaction(services.sessions) as session:
        buyer = await person_id_of(session, BUYER[0]) or 0
        for number in range(MESSAGES_A_DAY - 2):
            await say(session, thread.rsplit("/", 1)[1], Said(Side.BUYER, services.clock(), f"Number {number}"), buyer)
    assert (await send(thread, text="The last one")).status_code == 303
    refused = await send(thread, text="Once more")
    assert refused.status_code == 422
    assert f"at most {MESSAGES_A_DAY} messages a day" in refused.text


async def test_a_link_that_was_altered_opens_nothing(client: httpx.AsyncClient, thread: str, mails: Any) -> None:
    (mail,) = await mails()
    link = link_in(mail, "reply")
    for wrong in (link[:-2] + ("aa" if link[-2:] != "aa" else "bb"), link.replace("/reply/", "/sounding/"), "/reply/x.y"):
        assert (await client.get(wrong)).status_code == 404


async def test_operators_see_counts_only(client: httpx.AsyncClient, thread: str, sign_in: Any, check_page: Any) -> None:
    await sign_in("us@here.example", Role.OPERATOR, "operators")
    page = (await client.get("/operator/messages")).text
    check_page(page)
    assert not [word for word in ("Council", "Zebra", "Schools", WORDS) if word in page]


async def test_suppliers_of_a_planned_lot_answer_a_sounding_by_name_or_as_a_number(
    client: httpx.AsyncClient, services: Services, lots: None, sign_in: Any, send: Any, mails: Any, check_page: Any
) -> None:
    await sign_in(*BUYER)
    check_page((await client.get(f"/soundings/new?lot={PLANNED}")).text)
    assert (await send("/soundings", lot=CALLED, text=WORDS)).status_code == 422
    sounding = (await send("/soundings", lot=PLANNED, text=WORDS)).headers["location"]
    assert (await send("/soundings", lot=PLANNED, text=WORDS)).status_code == 422
    asked = await mails()
    assert len(asked) == 5
    assert "jane@council.example" not in "".join(each.text + each.html for each in asked)
    links = {each.to: link_in(each, "sounding") for each in asked}
    named, *counted = links
    await sign_in(None)
    check_page((await client.get(links[named])).text)
    assert (await send(links[named], answer="yes-named")).status_code == 303
    for number, each in enumerate(counted):
        assert (await send(links[each], answer="yes-counted" if number < 3 else "no-counted")).status_code == 303
        if number == 1:
            await sign_in(*BUYER)
            assert "only counted." not in (await client.get(sounding)).text.replace("only counted: fewer", "")
            await sign_in(None)
    await sign_in(*BUYER)
    page = (await client.get(sounding)).text
    check_page(page)
    names = [each.split("@")[1].split(".")[0].title() for each in links]
    assert [each for each in names if f">{each}</a>" in page] == [names[0]]
    assert "And 3 that are only counted." in page
    assert "fewer than three, or none" in page
    for someone in ((None,), ("o@town.example", Role.BUYER, "town"), ("us@here.example", Role.OPERATOR, "operators")):
        await sign_in(*someone)
        assert (await client.get(sounding)).status_code == 404
    await sign_in(*MEMBER)
    theirs = (await client.get(sounding)).text
    assert "And 3" not in theirs
    async with transaction(services.sessions) as session:
        called = notice("00000031-2026", NoticeKind.COMPETITION, services.today - timedelta(days=1))
        await save_notice(session, replace(called, version="02"))
    assert (await send(sounding, answer="no-named", organisation="example:zebra")).status_code == 422
