"""A supplier keeps its capabilities and its alert, without JavaScript, and reaches nobody else's."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast
from urllib.parse import quote
from xml.etree.ElementTree import Element

import httpx
import pytest
import pytest_asyncio
from litestar import Litestar

from matchmaker.alerts.mailers import RecordingMailer
from matchmaker.domain.access import SESSION_LIFETIME, Role
from matchmaker.domain.match import Need
from matchmaker.domain.notice import Buyer, Lot, Notice, NoticeKind
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance, ServiceArea
from matchmaker.domain.values import CpvCode, Deadline, NutsCode
from matchmaker.storage.alert_profiles import load_alert_profile
from matchmaker.storage.audit import history
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.notices import save_notice
from matchmaker.storage.organisations import load_organisation, load_vectors, save_organisation
from matchmaker.storage.people import load_person, person_id_of
from matchmaker.storage.signed_sessions import save_session
from matchmaker.web.services import Services
from matchmaker.web.session import composer_of
from matchmaker.workflows.dispatch_due import dispatch_due
from matchmaker.workflows.enrol import Enrolment, enrol
from matchmaker.workflows.raise_alerts import raise_alerts_for_new_lots
from matchmaker.workflows.shortlist import Keep, keep_shortlist

Check = Callable[[str], Element]
Post = Callable[..., Awaitable[httpx.Response]]
KEY = "example:laundry"
PROFILE = f"/supplier/{quote(KEY)}/profile"
ALERT = f"/supplier/{quote(KEY)}/alert"
EMAIL = "niamh@laundry.example"
LAUNDRY = Organisation(
    KEY,
    "Wash & Work",
    Base("IE", city="Cork", nuts=NutsCode("IE053")),
    Provenance("example", "laundry"),
    language="en",
    area=ServiceArea(nuts=(NutsCode("IE053"),)),
    capabilities=(Capability("washing hospital linen", "en", (CpvCode("98310000"),)),),
)


@pytest_asyncio.fixture
async def person_id(services: Services, sessions: SessionMaker, client: httpx.AsyncClient) -> int:
    """The browser signed in as a member of the laundry; another supplier exists."""
    other = replace(LAUNDRY, key="example:other", name="Other", provenance=Provenance("example", "other"))
    now = services.clock()
    async with transaction(sessions) as session:
        for organisation in (LAUNDRY, other):
            await save_organisation(session, organisation, None, at=now)
    await enrol(sessions, Enrolment(EMAIL, Role.SUPPLIER, KEY), "test", now)
    async with transaction(sessions) as session:
        found = await person_id_of(session, EMAIL) or 0
        await save_session(session, "a session", found, now, now + SESSION_LIFETIME)
    client.cookies.set("session", "a session", domain="matchmaker.test", path="/")
    await client.get("/account")
    return found


@pytest.fixture
def post(client: httpx.AsyncClient, csrf: Callable[[], str]) -> Post:
    async def send(path: str, **data: Any) -> httpx.Response:
        return await client.post(path, data={"_csrf_token": csrf(), **data})

    return send


async def stored(sessions: SessionMaker) -> Organisation:
    async with sessions() as session:
        organisation = await load_organisation(session, KEY)
    assert organisation
    return organisation


async def test_every_page_of_a_supplier_is_sound(client: httpx.AsyncClient, person_id: int, check_page: Check) -> None:
    for path in ("/account", "/supplier", PROFILE, ALERT):
        answer = await client.get(path)
        assert answer.status_code == 200, path
        check_page(answer.text)
    assert "washing hospital linen" in (await client.get("/supplier")).text


async def test_capabilities_and_area_are_saved_in_own_words(
    sessions: SessionMaker, services: Services, client: httpx.AsyncClient, post: Post, person_id: int
) -> None:
    activity = next(each for each in services.tools.reference.activities if each.group == "food")
    answer = await post(
        PROFILE,
        places="2",
        written_in="ga",
        text_0="níocháin éadaí oibre",
        cpv_0="98311000-6",
        text_1="béilí scoile",
        activity_1=activity.key,
        regions="IE06, Luxembourg, Southern",
        radius="40",
    )
    assert answer.status_code == 303
    organisation = await stored(sessions)
    assert [each.text for each in organisation.capabilities] == ["níocháin éadaí oibre", "béilí scoile"]
    assert {each.language for each in organisation.capabilities} == {"ga"}
    assert organisation.capabilities[0].cpvs == (CpvCode("98311000"),)
    assert all(activity.covers(code) for code in organisation.capabilities[1].cpvs)
    assert organisation.area == ServiceArea((NutsCode("IE06"), NutsCode("IE05")), ("LU",), 40)
    assert organisation.provenance.claimed
    assert "níocháin éadaí oibre" in (await client.get(answer.headers["location"])).text
    async with sessions() as session:
        assert (await load_vectors(session, [KEY]))[KEY].shape == (2, 256)


async def test_each_change_is_written_down_with_who_before_and_after(sessions: SessionMaker, post: Post, person_id: int) -> None:
    await post(PROFILE, places="1", written_in="en", text_0="ironing", regions="")
    async with sessions() as session:
        entry = (await history(session, KEY))[-1]
    assert (entry.action, entry.who) == ("profile edited", str(person_id))
    assert entry.before
    assert entry.before["capabilities"][0]["text"] == "washing hospital linen"
    assert entry.after
    assert entry.after["capabilities"][0]["text"] == "ironing"


async def test_saving_the_form_as_it_is_shown_changes_nothing_but_the_confirmation(
    sessions: SessionMaker, client: httpx.AsyncClient, post: Post, person_id: int, check_page: Check
) -> None:
    before = await stored(sessions)
    tree = check_page((await client.get(PROFILE)).text)
    fields: dict[str, str] = {}
    for element in tree.iter():
        name = element.get("name")
        if not name or name in ("_csrf_token", "more", "next"):
            continue
        if element.tag == "textarea":
            fields[name] = element.text or ""
        elif element.tag == "select":
            chosen = [option.get("value") or "" for option in element.iter("option") if option.get("selected") is not None]
            fields[name] = chosen[0] if chosen else ""
        elif element.tag == "input":
            fields[name] = element.get("value") or ""
    assert (await post(PROFILE, **fields)).status_code == 303
    after = await stored(sessions)
    assert after == replace(before, provenance=replace(before.provenance, claimed=True))


async def test_what_is_wrong_is_said_at_once_and_what_was_typed_stays(
    sessions: SessionMaker, post: Post, person_id: int, check_page: Check
) -> None:
    answer = await post(
        PROFILE,
        places="2",
        written_in="xx",
        text_0="mending",
        cpv_0="123",
        text_1="",
        cpv_1="98310000",
        regions="Atlantis",
        radius="-3",
    )
    assert answer.status_code == 422
    check_page(answer.text)
    for said in ("Atlantis", "mending", "123", "own words", "kilometres", "Choose a language"):
        assert said in answer.text
    assert (await stored(sessions)).capabilities == LAUNDRY.capabilities
    nothing = await post(PROFILE, places="1", written_in="en", text_0="  ", regions="")
    assert nothing.status_code == 422
    check_page(nothing.text)


async def test_another_field_comes_without_a_script_and_without_saving(
    sessions: SessionMaker, post: Post, person_id: int, check_page: Check
) -> None:
    answer = await post(PROFILE, places="2", written_in="en", text_0="folding", text_1="", regions="", more="1")
    assert answer.status_code == 200
    tree = check_page(answer.text)
    assert len(list(tree.iter("textarea"))) == 3
    assert "folding" in answer.text
    assert await stored(sessions) == LAUNDRY


async def test_an_alert_is_saved_shown_and_stopped(
    sessions: SessionMaker, client: httpx.AsyncClient, post: Post, person_id: int, services: Services, check_page: Check
) -> None:
    keys = [each.key for each in services.tools.reference.activities if each.group == "textiles"][:2]
    answer = await post(ALERT, regions="Ireland, FRE1", minimum="35", only_reserved="1", activity=keys)
    assert answer.status_code == 303
    async with sessions() as session:
        profile = await load_alert_profile(session, person_id, KEY)
    assert profile
    assert profile.regions == (NutsCode("IE"), NutsCode("FRE1"))
    assert (profile.minimum_score, profile.only_reserved, list(profile.activities)) == (0.35, True, keys)
    for path in ("/supplier", ALERT):
        check_page((await client.get(path)).text)
    assert "35" in (await client.get("/supplier")).text
    assert (await post("/supplier/stop-alerts")).status_code == 303
    async with sessions() as session:
        stopped = await load_alert_profile(session, person_id, KEY)
    assert stopped
    assert not stopped.active


@pytest.mark.parametrize("minimum", ["101", "-1", "half", "1e1"])
async def test_a_score_that_is_none_is_said(post: Post, person_id: int, check_page: Check, minimum: str) -> None:
    answer = await post(ALERT, regions="", minimum=minimum)
    assert answer.status_code == 422
    check_page(answer.text)


async def test_another_organisation_is_as_if_it_did_not_exist(client: httpx.AsyncClient, post: Post, person_id: int) -> None:
    for key in ("example:other", "example:nowhere"):
        for kind in ("profile", "alert"):
            path = f"/supplier/{quote(key)}/{kind}"
            shown, sent = await client.get(path), await post(path, places="1", text_0="x", minimum="1")
            assert (shown.status_code, sent.status_code) == (404, 404)
            assert "Other" not in shown.text


async def test_a_mail_about_a_new_lot_can_be_stopped_with_one_click_and_without_account(
    app: Litestar, sessions: SessionMaker, services: Services, post: Post, person_id: int, check_page: Check
) -> None:
    await post(ALERT, regions="", minimum="0")
    lot = Lot(
        "LOT-0001",
        {"en": "washing hospital linen"},
        main_cpv=CpvCode("98310000"),
        nuts=("IE053",),
        deadline=Deadline(services.today + timedelta(days=20)),
    )
    notice = Notice(
        "00000001-2026", "01", NoticeKind.COMPETITION, "eforms", "1.13", "en", {"en": "Linen"}, (lot,), (Buyer("HSE", "IE"),)
    )
    async with transaction(sessions) as session:
        await save_notice(session, notice)
    mailer = RecordingMailer()

    async def work() -> int:
        await raise_alerts_for_new_lots(sessions, services.tools, services.today, services.clock())
        return (await dispatch_due(sessions, mailer, composer_of(services), services.clock)).sent

    assert await work() == 1
    stop = mailer.sent[0].headers["List-Unsubscribe"].strip("<>").removeprefix(services.settings.base_url)
    assert mailer.sent[0].headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    transport = httpx.ASGITransport(app=cast(Any, app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://matchmaker.test") as stranger:
        opened = await stranger.get(stop)
        check_page(opened.text)
        async with sessions() as session:
            profile = await load_alert_profile(session, person_id, KEY)
        assert profile
        assert profile.active, "opening the link changes nothing"
        stranger.cookies.clear()
        done = await stranger.post(stop, data={"List-Unsubscribe": "One-Click"})
        assert done.status_code == 200
        check_page(done.text)
        for forged in (stop[:-1], stop[:-1] + ("A" if stop[-1] != "A" else "B"), "/alerts/stop/1.x", "/alerts/stop/1"):
            assert (await stranger.post(forged)).status_code == 404, forged
    async with sessions() as session:
        profile = await load_alert_profile(session, person_id, KEY)
    assert profile
    assert not profile.active
    async with transaction(sessions) as session:
        await save_notice(session, replace(notice, notice_id="00000002-2026"))
    assert await work() == 0


async def test_what_was_sent_is_listed_for_the_person(
    client: httpx.AsyncClient, sessions: SessionMaker, services: Services, post: Post, person_id: int, check_page: Check
) -> None:
    await post(ALERT, regions="", minimum="0")
    lot = Lot("LOT-0001", {"fr": "linge"}, deadline=Deadline(services.today + timedelta(days=20)))
    async with transaction(sessions) as session:
        await save_notice(
            session, Notice("1-2026", "01", NoticeKind.COMPETITION, "eforms", "1.13", "fr", {"fr": "Linge"}, (lot,))
        )
    await raise_alerts_for_new_lots(sessions, services.tools, services.today, services.clock())
    await dispatch_due(sessions, RecordingMailer(), composer_of(services), services.clock)
    page = (await client.get("/supplier")).text
    check_page(page)
    assert "/lots/1-2026/LOT-0001" in page


async def test_a_buyer_s_unpublished_plan_reaches_no_supplier_officer_mail_or_list(
    client: httpx.AsyncClient, sessions: SessionMaker, services: Services, post: Post, person_id: int
) -> None:
    await post(ALERT, regions="", minimum="0")
    now = services.clock()
    await enrol(sessions, Enrolment("buyer@council.example", Role.BUYER, "council"), "test", now)
    await enrol(sessions, Enrolment(EMAIL, Role.OFFICER, "region"), "test", now)
    async with sessions() as session:
        buyer = await load_person(session, await person_id_of(session, "buyer@council.example") or 0)
    assert buyer
    plan = Need("draft", {"en": "washing hospital linen, zanzibar plan"}, nuts=(NutsCode("IE053"),), country="IE")
    await keep_shortlist(sessions, buyer, Keep("council", "zanzibar plan"), plan, services.tools, services.today, now)
    mailer = RecordingMailer()
    raised = await raise_alerts_for_new_lots(sessions, services.tools, services.today, now)
    await dispatch_due(sessions, mailer, composer_of(services), services.clock)
    assert (raised.lots, mailer.sent) == (0, [])
    for path in ("/supplier", "/officer", "/officer?q=zanzibar", "/officer/lists/new?lot=draft", "/account", "/lots?q=zanzibar"):
        page = (await client.get(path)).text
        assert "zanzibar plan" not in page, path
    refused = await post("/officer/lists", lot=["draft"], title="x", seats="5", minimum="0", small="0", newcomers="0")
    assert refused.status_code == 422
