"""Belonging to an organisation: invitations, requests, removals, claims of records, and what nobody outside learns."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from secrets import token_urlsafe
from typing import Any, cast
from xml.etree.ElementTree import Element

import httpx
import pytest
import pytest_asyncio

from matchmaker.alerts.mailers import RecordingMailer
from matchmaker.domain.access import SESSION_LIFETIME, Role
from matchmaker.domain.membership import proves
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance
from matchmaker.storage.audit import history
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.joining import members_of
from matchmaker.storage.organisations import load_organisation, save_organisation
from matchmaker.storage.people import person_id_of, save_person
from matchmaker.storage.signed_sessions import save_session
from matchmaker.web.app import create_app
from matchmaker.web.services import Services
from matchmaker.web.session import composer_of
from matchmaker.workflows.dispatch_due import dispatch_due
from matchmaker.workflows.enrol import Enrolment, enrol

Check = Callable[[str], Element]
WORKSHOP = Organisation(
    "example:workshop",
    "Green Workshop",
    Base("IE"),
    Provenance("example", "77", "CC BY 4.0", date(2026, 10, 1)),
    capabilities=(Capability("We wash and iron linen.", "en"),),
    website="https://www.green-workshop.example/about",
    email="greenworkshop@gmail.com",
)


class Team:
    """A site whose clock can be moved, and browsers of people signed in."""

    def __init__(self, services: Services) -> None:
        self.now: datetime = services.clock()
        self.mailer = RecordingMailer()
        self.services = replace(services, clock=lambda: self.now, mailer=self.mailer)
        self.app = create_app(self.services)
        self.sessions: SessionMaker = services.sessions

    @asynccontextmanager
    async def browser(self, email: str | None = None) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(app=cast(Any, self.app), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://matchmaker.test") as browser:
            if email:
                async with transaction(self.sessions) as session:
                    person_id = await save_person(session, email, "en", self.now)
                    token = token_urlsafe()
                    await save_session(session, token, person_id, self.now, self.now + SESSION_LIFETIME)
                browser.cookies.set("session", token, domain="matchmaker.test", path="/")
            await browser.get("/sign-in")
            yield browser

    async def post(self, browser: httpx.AsyncClient, path: str, **data: str) -> httpx.Response:
        return await browser.post(path, data={"_csrf_token": browser.cookies["csrf"], **data})

    async def mails(self) -> list[tuple[str, str, str]]:
        """To, subject and the first path of every mail sent since the last call."""
        before = len(self.mailer.sent)
        await dispatch_due(self.sessions, self.mailer, composer_of(self.services), lambda: self.now)
        found = []
        for mail in self.mailer.sent[before:]:
            link = re.search(r"http\S+?(/(?:join|claims|team)/\S+)", mail.text)
            found.append((mail.to, mail.subject, link.group(1) if link else ""))
        return found

    async def members(self, key: str) -> list[str]:
        async with self.sessions() as session:
            return [member.email for member in await members_of(session, key)]


@pytest_asyncio.fixture
async def team(services: Services, sessions: SessionMaker) -> Team:
    async with transaction(sessions) as session:
        await save_organisation(session, WORKSHOP, None, at=services.clock())
    await enrol(sessions, Enrolment("ann@council.example", Role.BUYER, "council", "The Council"), "test", services.clock())
    return Team(services)


async def test_an_invited_colleague_joins_by_a_button_and_not_by_opening_the_link(team: Team, check_page: Check) -> None:
    async with team.browser("ann@council.example") as ann:
        sent = await team.post(ann, "/team/council/invitations", email="Ben@Council.example", role="buyer")
        assert sent.headers["location"] == "/team/council?done=invited"
        check_page((await ann.get(sent.headers["location"])).text)
    [(to, subject, link)] = await team.mails()
    assert (to, subject) == ("ben@council.example", "You are invited to join The Council on Matchmaker")
    async with team.browser() as ben:
        shown = await ben.get(link)
        check_page(shown.text)
        assert "The Council" in shown.text
        assert await team.members("council") == ["ann@council.example"]
        joined = await team.post(ben, link)
        assert joined.headers["location"] == "/sign-in?next=%2Fteam%2Fcouncil"
        assert await team.members("council") == ["ann@council.example", "ben@council.example"]
        assert (await team.post(ben, link)).status_code == 404


async def test_an_invitation_taken_back_or_older_than_fourteen_days_leads_nowhere(team: Team) -> None:
    async with team.browser("ann@council.example") as ann:
        await team.post(ann, "/team/council/invitations", email="ben@council.example", role="buyer")
        await team.post(ann, "/team/council/invitations", email="cia@council.example", role="buyer")
        links = {to: link for to, _, link in await team.mails()}
        page = (await ann.get("/team/council")).text
        first = re.findall(r'name="invitation" value="(\w+)"', page)[0]
        await team.post(ann, "/team/council/invitations/end", invitation=first)
    async with team.browser() as browser:
        assert (await browser.get(links["ben@council.example"])).status_code == 404
        assert (await browser.get(links["cia@council.example"])).status_code == 200
        assert (await browser.get(links["cia@council.example"] + "x")).status_code == 404
        team.now += timedelta(days=14)
        assert (await browser.get(links["cia@council.example"])).status_code == 404


async def test_nobody_can_be_given_a_role_that_the_team_does_not_hold(team: Team) -> None:
    async with team.browser("ann@council.example") as ann:
        refused = await team.post(ann, "/team/council/invitations", email="ben@council.example", role="operator")
    assert refused.status_code == 422
    assert await team.mails() == []


async def test_the_last_member_stays_and_every_change_is_written_down(team: Team, sessions: SessionMaker) -> None:
    await enrol(sessions, Enrolment("ben@council.example", Role.BUYER, "council"), "test", team.now)
    async with sessions() as session:
        ann, ben = [await person_id_of(session, f"{name}@council.example") for name in ("ann", "ben")]
    async with team.browser("ann@council.example") as browser:
        gone = await team.post(browser, "/team/council/members/end", person=str(ben), role="buyer")
        assert gone.headers["location"] == "/team/council?done=removed"
        refused = await team.post(browser, "/team/council/members/end", person=str(ann), role="buyer")
        assert refused.status_code == 422
        assert "The last member cannot be removed." in refused.text
    assert await team.members("council") == ["ann@council.example"]
    async with sessions() as session:
        last = (await history(session, "council"))[-1]
    assert (last.who, last.action, last.before) == (str(ann), "member removed", {"person": ben, "role": "buyer"})


async def test_a_team_is_not_found_by_people_outside_it(team: Team) -> None:
    async with team.browser("eve@else.example") as eve:
        for key in ("council", "no-such-team"):
            assert (await eve.get(f"/team/{key}")).status_code == 404
            for path in ("invitations", "invitations/end", "members/end", "requests"):
                data = {"email": "a@b.example", "role": "buyer", "person": "1", "request": "1"}
                assert (await team.post(eve, f"/team/{key}/{path}", **data)).status_code == 404
    assert await team.mails() == []


async def test_an_address_at_the_domain_of_the_records_website_proves_a_claim(team: Team, check_page: Check) -> None:
    async with team.browser("pat@private.example") as pat:
        shown = await pat.get("/claim?supplier=example:workshop")
        check_page(shown.text)
        assert "CC BY 4.0" in shown.text
        sent = await team.post(
            pat, "/claim", supplier=WORKSHOP.key, address="office@green-workshop.example", words="I run the office."
        )
        check_page(sent.text)
    [(to, subject, link)] = await team.mails()
    assert (to, subject) == ("office@green-workshop.example", "Does this person work for Green Workshop?")
    async with team.browser() as office:
        shown = await office.get(link)
        check_page(shown.text)
        assert await team.members(WORKSHOP.key) == []
        check_page((await team.post(office, link)).text)
        assert (await team.post(office, link)).status_code == 404
    assert await team.members(WORKSHOP.key) == ["pat@private.example"]
    async with team.sessions() as session:
        owned = await load_organisation(session, WORKSHOP.key)
    assert owned is not None
    assert owned.provenance == replace(WORKSHOP.provenance, claimed=True)
    assert [to for to, _, _ in await team.mails()] == ["pat@private.example"]


@pytest.mark.parametrize("address", ["pat@gmail.com", "pat@else.example", "pat@notgreen-workshop.example"])
async def test_an_address_elsewhere_proves_nothing(team: Team, address: str) -> None:
    async with team.browser("pat@private.example") as pat:
        refused = await team.post(pat, "/claim", supplier=WORKSHOP.key, address=address, words="me")
    assert refused.status_code == 422
    assert await team.mails() == []


def test_the_very_address_of_the_record_proves_even_at_a_shared_host() -> None:
    assert proves("greenworkshop@gmail.com", WORKSHOP)
    assert proves("pat@mail.green-workshop.example", WORKSHOP)
    assert not proves("other@gmail.com", WORKSHOP)


async def test_without_proof_an_operator_decides_and_the_answer_is_told(
    team: Team, sessions: SessionMaker, check_page: Check
) -> None:
    await enrol(sessions, Enrolment("op@service.example", Role.OPERATOR, "operators"), "test", team.now)
    for name, decision in (("pat", "refuse"), ("kim", "accept")):
        async with team.browser(f"{name}@private.example") as browser:
            assert (await team.post(browser, "/claim", supplier=WORKSHOP.key, words="I work there.")).status_code == 200
        async with team.browser("op@service.example") as operator:
            listed = (await operator.get("/operator/claims")).text
            check_page(listed)
            [claim] = re.findall(r'name="claim" value="(\w+)"', listed)
            await team.post(operator, "/operator/claims", claim=claim, decision=decision)
    assert [(to, subject) for to, subject, _ in await team.mails()] == [
        ("pat@private.example", "About your request for Green Workshop"),
        ("kim@private.example", "You now belong to Green Workshop"),
    ]
    assert await team.members(WORKSHOP.key) == ["kim@private.example"]


async def test_who_asks_to_join_learns_nothing_of_the_members_and_they_decide(
    team: Team, sessions: SessionMaker, check_page: Check
) -> None:
    async with transaction(sessions) as session:
        await save_organisation(
            session, replace(WORKSHOP, provenance=replace(WORKSHOP.provenance, claimed=True)), None, at=team.now
        )
    said = []
    for email in ("before@private.example", "after@private.example"):
        async with team.browser(email) as browser:
            answer = await team.post(browser, "/claim", supplier=WORKSHOP.key, words="I iron.")
            said.append(re.sub(r"\w+@private.example|value=\"[\w-]+\"", "", answer.text))
            assert "mia@" not in answer.text
        await enrol(sessions, Enrolment("mia@workshop.example", Role.SUPPLIER, WORKSHOP.key), "test", team.now)
    assert said[0] == said[1], "with members or without, the answer is the same"
    [(to, subject, link)] = await team.mails()
    assert (to, subject) == ("mia@workshop.example", "Somebody asks to join Green Workshop")
    async with team.browser("mia@workshop.example") as mia:
        page = (await mia.get(link)).text
        check_page(page)
        [request] = re.findall(r'name="request" value="(\d+)"', page)
        await team.post(mia, f"/team/{WORKSHOP.key}/requests", request=request, decision="accept")
    assert await team.members(WORKSHOP.key) == ["after@private.example", "mia@workshop.example"]
