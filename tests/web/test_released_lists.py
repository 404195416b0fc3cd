"""One frozen list of consenting suppliers a lot: the same for everybody, with nobody on it who did not agree."""

import csv
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from io import StringIO
from typing import Any
from xml.etree.ElementTree import Element

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text

from matchmaker.alerts.mailers import RecordingMailer
from matchmaker.domain.access import Role
from matchmaker.domain.hash_chain import digest_of
from matchmaker.domain.notice import Buyer, Lot, Notice, NoticeKind
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance
from matchmaker.domain.released_list import NamingConsent
from matchmaker.domain.values import Deadline, NutsCode
from matchmaker.storage.audit import history
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.notices import save_notice
from matchmaker.storage.organisations import record_objection, save_organisations
from matchmaker.storage.people import person_id_of
from matchmaker.storage.released_lists import save_consent
from matchmaker.web.services import Services
from matchmaker.web.session import composer_of
from matchmaker.workflows.dispatch_due import dispatch_due
from matchmaker.workflows.enrol import Enrolment, enrol
from matchmaker.workflows.released_list import foresee

Check = Callable[[str], Element]
LOT = "00000021-2026/LOT-0001"
NAMES = ("Zebra Cleaning", "Ärmel Cleaning", "brook cleaning", "=Cleaning Corner")
"""Four that suit; a bakery and a cleaner far away do not."""


def supplier(name: str, work: str = "cleaning school buildings", country: str = "IE", nuts: str = "IE06") -> Organisation:
    key = f"example:{name.split()[0].strip('=').lower()}"
    base = Base(country, city="Town", nuts=NutsCode(nuts))
    return Organisation(
        key, name, base, Provenance("example", name), email="office@work.example", capabilities=(Capability(work, "en"),)
    )


SUPPLIERS = [supplier(name) for name in NAMES] + [supplier("Bakers", "bread and rolls")]


@pytest_asyncio.fixture
async def lot(sessions: SessionMaker) -> str:
    lots = (
        Lot(
            "LOT-0001",
            {"en": "cleaning school buildings"},
            nuts=("IE06",),
            deadline=Deadline(date(2027, 1, 10)),
            social=("opp",),
        ),
        Lot("LOT-0002", {"en": "cleaning school buildings"}, nuts=("IE06",), deadline=Deadline(date(2027, 1, 10))),
        Lot("LOT-0003", {"en": "cleaning"}, nuts=("IE06",), deadline=Deadline(date(2026, 1, 10)), social=("opp",)),
    )
    notice = Notice(
        "00000021-2026", "01", NoticeKind.COMPETITION, "eforms", "1.13", "en", {"en": "Schools"}, lots, (Buyer("Council", "IE"),)
    )
    async with transaction(sessions) as session:
        await save_notice(session, notice)
        await save_organisations(session, SUPPLIERS, {})
    return LOT


@pytest.fixture
def agree(sign_in: Any, send: Any) -> Callable[..., Awaitable[httpx.Response]]:
    """A supplier's member agrees, or takes it back."""

    async def consent(organisation: Organisation, lot: str = "", agree: str = "1", contact: str = "office@work.example") -> Any:
        await sign_in(f"member@{organisation.key[8:]}.example", Role.SUPPLIER, organisation.key)
        return await send("/supplier/naming", organisation=organisation.key, lot=lot, agree=agree, contact=contact)

    return consent


@pytest.fixture
def release(sign_in: Any, send: Any) -> Callable[..., Awaitable[httpx.Response]]:
    async def make(lot: str = LOT, audience: str = "public", **more: str) -> Any:
        await sign_in("buyer@council.example")
        return await send("/releases", lot=lot, audience=audience, **{"acts": "1", **more})

    return make


@pytest_asyncio.fixture
async def released(lot: str, agree: Any, release: Any) -> str:
    """The address of a public list of the first three."""
    for organisation in SUPPLIERS[:3]:
        assert (await agree(organisation)).status_code == 303
    answer = await release()
    assert answer.status_code == 303
    return str(answer.headers["location"])


async def names_on(client: httpx.AsyncClient, released: str) -> list[str]:
    rows = list(csv.reader(StringIO((await client.get(f"{released}/file")).content.decode("utf-8-sig"))))
    return [row[0] for row in rows[1:]]


async def test_only_those_who_agreed_stand_on_it_in_the_order_of_names(
    client: httpx.AsyncClient, released: str, check_page: Check
) -> None:
    page = (await client.get(released)).text
    check_page(page)
    assert await names_on(client, released) == ["Ärmel Cleaning", "brook cleaning", "Zebra Cleaning"]
    for said in ("the same for every bidder", "not exhaustive", "equivalents are accepted", "Council, which says that it acts"):
        assert said in page
    assert "Cleaning Corner" not in page


async def test_whoever_did_not_agree_is_named_nowhere(sessions: SessionMaker, lot: str, services: Services) -> None:
    """Every subset of the suppliers that suit, agreeing for this lot, for another or for any."""
    now = services.clock()
    await enrol(sessions, Enrolment("a@b.example", Role.BUYER, "t"), "test", now)
    async with sessions() as session:
        person = await person_id_of(session, "a@b.example") or 0
    for agreeing in range(16):
        wanted = {each.key for place, each in enumerate(SUPPLIERS[:4]) if agreeing >> place & 1}
        async with transaction(sessions) as session:
            await session.execute(text("DELETE FROM naming_consent"))
            for place, each in enumerate(SUPPLIERS):
                lot_id = (lot if place % 2 else "") if each.key in wanted else "00000021-2026/LOT-0002"
                await save_consent(session, NamingConsent(each.key, lot_id, "a@b.example", now), person)
        found = await foresee(sessions, lot, services.tools, services.today)
        assert {each.key for each in found} == wanted


async def test_everybody_sees_the_same_list(client: httpx.AsyncClient, released: str, sign_in: Any) -> None:
    seen = set()
    for someone in (
        (None,),
        ("buyer@council.example", Role.BUYER, "council"),
        ("buyer@other.example", Role.BUYER, "other"),
        ("member@zebra.example", Role.SUPPLIER, "example:zebra"),
        ("builder@works.example", Role.MAIN_CONTRACTOR, "works"),
        ("rival@firm.example", Role.MAIN_CONTRACTOR, "firm"),
    ):
        await sign_in(*someone)
        file = (await client.get(f"{released}/file")).content
        record = (await client.get(f"/api{released}")).text
        shown = (await client.get(released)).text.split('<ol class="listing">')[1].split("</ol>")[0]
        seen.add((file, record, shown))
    assert len(seen) == 1


async def test_it_is_frozen_with_a_hash_that_fits_its_text(
    client: httpx.AsyncClient, released: str, agree: Any, sessions: SessionMaker
) -> None:
    before = (await client.get(f"/api{released}")).json()
    assert digest_of(before["sealed"]) == before["hash"]
    await agree(SUPPLIERS[3])
    await agree(SUPPLIERS[0], agree="")
    async with transaction(sessions) as session:
        await save_organisations(session, [replace(SUPPLIERS[1], name="Renamed")], {})
    assert (await client.get(f"/api{released}")).json() == before
    async with transaction(sessions) as session:
        await session.execute(text("UPDATE released_list SET doc = replace(doc::text, 'Zebra', 'Zorro')::jsonb"))
    assert "it was altered" in (await client.get(released)).text


async def test_a_lot_has_one_list_until_it_is_withdrawn_with_the_reason(
    client: httpx.AsyncClient, released: str, release: Any, send: Any, sign_in: Any, agree: Any, check_page: Check
) -> None:
    again = await release()
    assert again.status_code == 422
    assert "released for this lot already" in again.text
    await sign_in("buyer@other.example", Role.BUYER, "other")
    assert (await send(f"{released}/withdrawal", because="we do not like it")).status_code == 404
    await sign_in("buyer@council.example")
    assert (await send(f"{released}/withdrawal", because="")).status_code == 422
    assert (await send(f"{released}/withdrawal", because="The lot was divided.")).status_code == 303
    page = (await client.get(released)).text
    check_page(page)
    assert "Withdrawn on" in page
    assert "The lot was divided." in page
    assert "Zebra" in page
    await agree(SUPPLIERS[3])
    second = await release()
    assert second.status_code == 303
    assert len(await names_on(client, second.headers["location"])) == 4


async def test_a_list_for_the_documents_is_found_by_main_contractors_and_its_team_only(
    client: httpx.AsyncClient, lot: str, agree: Any, release: Any, sign_in: Any, check_page: Check
) -> None:
    await agree(SUPPLIERS[0])
    address = (await release(audience="main-contractors")).headers["location"]
    for someone, status in (
        ((None,), 404),
        (("buyer@other.example", Role.BUYER, "other"), 404),
        (("member@zebra.example", Role.SUPPLIER, "example:zebra"), 404),
        (("officer@region.example", Role.OFFICER, "region"), 404),
        (("buyer@council.example", Role.BUYER, "council"), 200),
        (("builder@works.example", Role.MAIN_CONTRACTOR, "works"), 200),
    ):
        await sign_in(*someone)
        for path in (address, f"{address}/file", f"/api{address}"):
            assert (await client.get(path)).status_code == status, (someone, path)
        listed = (await client.get("/released")).text
        check_page(listed)
        assert (address in listed) == (status == 200)
        assert (address in (await client.get(f"/lots/{lot}")).text) == (status == 200)


async def test_what_must_hold_before_a_release_is_said(
    client: httpx.AsyncClient, lot: str, agree: Any, release: Any, check_page: Check
) -> None:
    nobody = await release()
    assert nobody.status_code == 422
    assert "No supplier that agreed" in nobody.text
    await agree(SUPPLIERS[0])
    await agree(SUPPLIERS[4])
    for wanted, said in (
        ({"acts": ""}, "acts for it, can release"),
        ({"lot": "00000021-2026/LOT-0002"}, "names no social clause"),
        ({"lot": "00000021-2026/LOT-0003"}, "lot is closed"),
        ({"audience": "friends"}, "Choose from the list"),
    ):
        answer = await release(**wanted)
        assert answer.status_code == 422, wanted
        check_page(answer.text)
        assert said in answer.text
    assert (await release(lot="1-2026/x")).status_code == 404
    ours = await release(lot="00000021-2026/LOT-0002", clause="1")
    assert await names_on(client, ours.headers["location"]) == ["Zebra Cleaning"]
    assert "the notice does not name it" in (await client.get(ours.headers["location"])).text


async def test_consent_is_given_for_one_lot_or_any_to_an_address_of_ones_own(
    client: httpx.AsyncClient, lot: str, agree: Any, check_page: Check, sessions: SessionMaker, send: Any
) -> None:
    assert (await agree(SUPPLIERS[0], contact="victim@elsewhere.example")).status_code == 422
    assert (await agree(SUPPLIERS[0], lot="1-2026/x")).status_code == 404
    assert (await agree(SUPPLIERS[0], lot=lot, contact="member@zebra.example")).status_code == 303
    stolen = await send("/supplier/naming", organisation=SUPPLIERS[1].key, lot="", agree="1", contact="office@work.example")
    assert stolen.status_code == 404
    page = (await client.get("/supplier/naming", params={"lot": lot})).text
    check_page(page)
    assert "Agreed for single lots" in page
    await agree(SUPPLIERS[0])
    check_page((await client.get("/supplier/naming")).text)
    async with sessions() as session:
        acts = [(entry.action, entry.after) for entry in await history(session, SUPPLIERS[0].key)]
    assert [each for each in acts if each[0] == "consent to be named"] == [
        ("consent to be named", {"lot": lot}),
        ("consent to be named", {"lot": ""}),
    ]


async def test_a_supplier_that_objected_to_being_listed_is_not_named(
    lot: str, agree: Any, release: Any, sessions: SessionMaker, services: Services, client: httpx.AsyncClient
) -> None:
    await agree(SUPPLIERS[0])
    await agree(SUPPLIERS[1])
    async with transaction(sessions) as session:
        await record_objection(session, SUPPLIERS[0].key, services.clock())
    assert await names_on(client, (await release()).headers["location"]) == ["Ärmel Cleaning"]


async def test_a_main_contractor_writes_once_a_day_and_its_own_address_stays_hidden(
    client: httpx.AsyncClient, released: str, sign_in: Any, send: Any, agree: Any, services: Services, check_page: Check
) -> None:
    await agree(SUPPLIERS[2], agree="")
    await sign_in("jane@works.example", Role.MAIN_CONTRACTOR, "works")
    keys = [SUPPLIERS[0].key, SUPPLIERS[2].key, SUPPLIERS[3].key]
    words = {"text": "Who can clean two schools from March?", "answer_to": "tenders@works.example"}
    for wrong in ({**words, "text": "short"}, {**words, "answer_to": "nobody"}):
        answer = await send(f"{released}/messages", supplier=keys, **wrong)
        assert answer.status_code == 422
        check_page(answer.text)
    assert (await send(f"{released}/messages", supplier=[SUPPLIERS[3].key], **words)).status_code == 422
    answer = await send(f"{released}/messages", supplier=keys, **words)
    assert answer.headers["location"] == f"{released}?sent=1&missed=1#write"
    check_page((await client.get(answer.headers["location"].split("#")[0])).text)
    again = await send(f"{released}/messages", supplier=keys, **words)
    assert "sent=0" in again.headers["location"]
    mailer = RecordingMailer()
    await dispatch_due(services.sessions, mailer, composer_of(services), services.clock)
    (mail,) = mailer.sent
    assert mail.to == "office@work.example"
    assert mail.headers["Reply-To"] == "tenders@works.example"
    assert "two schools from March" in mail.text
    assert "jane@works.example" not in mail.text + mail.html + str(mail.headers)


async def test_nobody_else_writes_to_those_on_a_list(released: str, sign_in: Any, send: Any) -> None:
    words = {"text": "Who can clean two schools from March?", "answer_to": "x@y.example", "supplier": SUPPLIERS[0].key}
    for someone in (("buyer@council.example", Role.BUYER, "council"), ("member@zebra.example", Role.SUPPLIER, "example:zebra")):
        await sign_in(*someone)
        assert (await send(f"{released}/messages", **words)).status_code == 403
