"""When and how one is written to, answers without an account, feeds and webhooks: from the mail to what is stored."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, fromstring

import httpx
import pytest
import pytest_asyncio

from matchmaker.alerts.mail import Mail
from matchmaker.alerts.mailers import MailRefused, RecordingMailer
from matchmaker.alerts.webhooks import RecordingPoster
from matchmaker.domain.access import SESSION_LIFETIME, Role
from matchmaker.domain.alert import AlertProfile
from matchmaker.domain.answers import Answer, Reason
from matchmaker.domain.notice import Buyer, Lot, Notice, NoticeKind
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance, ServiceArea
from matchmaker.domain.values import CpvCode, Deadline, NutsCode
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.lot_answers import answers_of
from matchmaker.storage.notices import save_notice
from matchmaker.storage.organisations import save_organisation
from matchmaker.storage.people import load_person, person_id_of
from matchmaker.storage.signed_sessions import save_session
from matchmaker.web.services import Services
from matchmaker.web.session import composer_of
from matchmaker.workflows.dispatch_due import dispatch_due
from matchmaker.workflows.enrol import Enrolment, enrol
from matchmaker.workflows.raise_alerts import raise_alerts_for_new_lots
from matchmaker.workflows.save_alert import save_alert

Check = Callable[[str], Element]
Post = Callable[..., Awaitable[httpx.Response]]
KEY = "example:wash"
EMAIL = "niamh@wash.example"
LAUNDRY = CpvCode("98310000")
WASH = Organisation(
    KEY,
    "Wash & Work",
    Base("IE", city="Cork", nuts=NutsCode("IE053")),
    Provenance("example", "wash"),
    area=ServiceArea(countries=("IE",)),
    capabilities=(Capability("washing hospital linen", "en", (LAUNDRY,)),),
)
LOT_ID = "00000077-2026/LOT-0001"


@pytest_asyncio.fixture
async def person_id(services: Services, sessions: SessionMaker) -> int:
    """A member of the laundry with an alert that lets everything through; a lot is published."""
    now = services.clock()
    lot = Lot(
        "LOT-0001",
        {"en": "washing hospital linen"},
        main_cpv=LAUNDRY,
        nuts=("IE053",),
        deadline=Deadline(now.date() + timedelta(days=30)),
    )
    notice = Notice(
        "00000077-2026",
        "01",
        NoticeKind.COMPETITION,
        "eforms",
        "1.13",
        "en",
        {"en": "Linen"},
        (lot,),
        buyers=(Buyer("Hospital", country="IE"),),
        published=now.date(),
    )
    async with transaction(sessions) as session:
        vectors = list(services.tools.encoder.encode(["washing hospital linen"]))
        await save_organisation(session, WASH, vectors, at=now)
        await save_notice(session, notice)
    await enrol(sessions, Enrolment(EMAIL, Role.SUPPLIER, KEY), "test", now)
    async with sessions() as session:
        found = await person_id_of(session, EMAIL) or 0
        person = await load_person(session, found)
    assert person
    await save_alert(sessions, person, AlertProfile(found, KEY, minimum_score=0.0), services.tools.reference, now)
    return found


@pytest_asyncio.fixture
async def signed_in(sessions: SessionMaker, services: Services, client: httpx.AsyncClient, person_id: int) -> int:
    async with transaction(sessions) as session:
        await save_session(session, "a session", person_id, services.clock(), services.clock() + SESSION_LIFETIME)
    client.cookies.set("session", "a session", domain="matchmaker.test", path="/")
    await client.get("/account")
    return person_id


@pytest.fixture
def post(client: httpx.AsyncClient, csrf: Callable[[], str]) -> Post:
    async def send(path: str, **data: Any) -> httpx.Response:
        return await client.post(path, data={"_csrf_token": csrf(), **data})

    return send


async def round_of(
    services: Services, at: datetime, mailer: RecordingMailer, poster: RecordingPoster | None = None
) -> list[Mail]:
    """What a round of the worker sends at that moment."""
    await raise_alerts_for_new_lots(services.sessions, services.tools, services.today, at)
    await dispatch_due(services.sessions, mailer, composer_of(services), lambda: at, poster=poster)
    return mailer.sent


def path_in(mail: Mail, beginning: str) -> str:
    """The path of the one link of that kind in a mail."""
    (link,) = set(re.findall(rf"https?://\S+{beginning}\S+", mail.text))
    return str(urlsplit(link).path)


async def test_an_answer_is_given_by_the_link_alone_and_opening_it_changes_nothing(
    services: Services, sessions: SessionMaker, person_id: int, client: httpx.AsyncClient, post: Post, check_page: Check
) -> None:
    (mail,) = await round_of(services, services.clock(), RecordingMailer())
    link = path_in(mail, "/answer/")
    opened = await client.get(f"{link}?answer=interested")
    check_page(opened.text)
    assert "washing hospital linen" in opened.text
    assert opened.headers["referrer-policy"] == "no-referrer"
    async with sessions() as session:
        assert await answers_of(session, [KEY]) == []
    empty = await post(link, answer="not-for-us")
    assert empty.status_code == 422
    check_page(empty.text)
    given = await post(link, answer="not-for-us", reason="too-large")
    assert given.status_code == 303
    check_page((await client.get(given.headers["location"])).text)
    async with sessions() as session:
        (answer,) = await answers_of(session, [KEY])
    assert (answer.full_id, answer.answer, answer.reason) == (LOT_ID, Answer.NOT_FOR_US, Reason.TOO_LARGE)
    await post(link, answer="interested", reason="too-large")
    async with sessions() as session:
        (answer,) = await answers_of(session, [KEY])
    assert (answer.answer, answer.reason) == (Answer.INTERESTED, None), (
        "the newest answer counts, without a reason of a former no"
    )


async def test_a_forged_answer_link_and_a_foreign_organisation_are_refused(
    services: Services, person_id: int, client: httpx.AsyncClient, post: Post
) -> None:
    (mail,) = await round_of(services, services.clock(), RecordingMailer())
    link = path_in(mail, "/answer/")
    assert (await client.get(link[:-1] + ("A" if link[-1] != "A" else "B"))).status_code == 404
    assert (await post(link, answer="interested", organisation="example:other")).status_code == 404


async def test_news_waits_for_the_chosen_hour_and_follows_a_new_wish(
    services: Services, person_id: int, client: httpx.AsyncClient, post: Post, check_page: Check
) -> None:
    (mail,) = await round_of(services, services.clock(), RecordingMailer())
    link = path_in(mail, "/alerts/preferences/")
    check_page((await client.get(link)).text)
    saved = await post(link, rhythm="daily", hour="7", weekday="0", zone="Europe/Dublin")
    assert saved.status_code == 303
    page = (await client.get(saved.headers["location"])).text
    check_page(page)
    assert re.search(r'value="daily"[^>]*checked', page)
    later = services.clock() + timedelta(hours=1)
    await publish_again(services)
    mailer = RecordingMailer()
    assert await round_of(services, later, mailer) == []
    next_morning = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
    assert await round_of(services, next_morning - timedelta(minutes=1), mailer) == []
    assert len(await round_of(services, next_morning, mailer)) == 1


async def publish_again(services: Services) -> None:
    """A newer version of the lot's notice."""
    lot = Lot(
        "LOT-0001",
        {"en": "washing hospital linen"},
        main_cpv=LAUNDRY,
        nuts=("IE053",),
        deadline=Deadline(services.today + timedelta(days=40)),
    )
    notice = Notice(
        "00000077-2026",
        "02",
        NoticeKind.COMPETITION,
        "eforms",
        "1.13",
        "en",
        {"en": "Linen"},
        (lot,),
        buyers=(Buyer("Hospital", country="IE"),),
        published=services.today,
    )
    async with transaction(services.sessions) as session:
        await save_notice(session, notice)


async def test_a_wish_that_cannot_be_read_is_given_back_with_its_error(
    services: Services, signed_in: int, client: httpx.AsyncClient, post: Post, check_page: Check
) -> None:
    check_page((await client.get("/account/alerts")).text)
    for typed in ({"rhythm": "hourly"}, {"rhythm": "daily", "hour": "25"}, {"rhythm": "daily", "zone": "Moon/Sea"}, {}):
        answer = await post("/account/alerts", **typed)
        assert answer.status_code == 422
        check_page(answer.text)


async def test_a_refused_address_is_paused_told_and_written_to_again_when_the_person_says_so(
    services: Services, signed_in: int, client: httpx.AsyncClient, post: Post, check_page: Check
) -> None:
    now = services.clock()
    refusing = RecordingMailer(fail_with=[MailRefused("550 no such user", permanent=True)])
    await round_of(services, now, refusing)
    await publish_again(services)
    mailer = RecordingMailer()
    assert await round_of(services, now + timedelta(days=1), mailer) == [], "a paused address gets nothing, and nothing is lost"
    page = (await client.get("/account/alerts")).text
    check_page(page)
    assert "550 no such user" in page
    await post("/account/alerts", rhythm="at-once")
    assert len(await round_of(services, now + timedelta(days=1), mailer)) == 1


async def test_a_feed_holds_the_news_and_a_new_address_ends_the_old_one(
    services: Services, signed_in: int, client: httpx.AsyncClient, post: Post
) -> None:
    await round_of(services, services.clock(), RecordingMailer())
    await post("/account/feed")
    address = feed_address(await client.get("/account/alerts"))
    answer = await client.get(address)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert LOT_ID in answer.text
    fromstring(answer.content)
    await post("/account/feed")
    assert (await client.get(address)).status_code == 404
    renewed = feed_address(await client.get("/account/alerts"))
    await post("/account/feed", end="1")
    assert (await client.get(renewed)).status_code == 404


def feed_address(page: httpx.Response) -> str:
    found = re.search(r'value="https?://[^/"]+(/feeds/[^"]+)"', page.text)
    assert found
    return found.group(1)


async def test_a_webhook_is_told_signed_retried_and_given_up_when_gone(
    services: Services, signed_in: int, client: httpx.AsyncClient, post: Post, check_page: Check
) -> None:
    wrong = await post("/account/webhook", url="http://program.example/")
    assert wrong.status_code == 422
    check_page(wrong.text)
    await post("/account/webhook", url="https://program.example/hook")
    now, mailer = services.clock(), RecordingMailer()
    poster = RecordingPoster(fail_with=[MailRefused("HTTP 500", permanent=False)])
    await round_of(services, now, mailer, poster)
    assert (len(mailer.sent), poster.posted) == (1, [])
    await round_of(services, now + timedelta(hours=1), mailer, poster)
    (told,) = poster.posted
    assert (told.url, told.body["lots"][0]["need_id"]) == ("https://program.example/hook", LOT_ID)
    assert told.secret in (await client.get("/account/alerts")).text
    await publish_again(services)
    gone = RecordingPoster(fail_with=[MailRefused("HTTP 410", permanent=True)])
    await round_of(services, now + timedelta(hours=2), mailer, gone)
    page = (await client.get("/account/alerts")).text
    check_page(page)
    assert "HTTP 410" in page


async def test_one_mail_a_person_however_many_organisations(services: Services, sessions: SessionMaker, person_id: int) -> None:
    now = services.clock()
    other = replace(WASH, key="example:other", name="Other Wash", provenance=Provenance("example", "other"))
    async with transaction(sessions) as session:
        vectors = list(services.tools.encoder.encode(["washing hospital linen"]))
        await save_organisation(session, other, vectors, at=now)
    await enrol(sessions, Enrolment(EMAIL, Role.SUPPLIER, other.key), "test", now)
    async with sessions() as session:
        person = await load_person(session, person_id)
    assert person
    await save_alert(sessions, person, AlertProfile(person_id, other.key, minimum_score=0.0), services.tools.reference, now)
    (mail,) = await round_of(services, now, RecordingMailer())
    assert "Wash & Work" in mail.text
    assert "Other Wash" in mail.text
