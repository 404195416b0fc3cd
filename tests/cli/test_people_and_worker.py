"""The command line enrols people, and its worker turns a new lot into one mail."""

import asyncio
import email
import email.policy
import os
import re
import socket
import subprocess
import sys
import warnings
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest
from typer.testing import CliRunner

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from aiosmtpd.controller import Controller

from matchmaker.alerts.compose import Composer
from matchmaker.alerts.mailers import RecordingMailer
from matchmaker.cli import app
from matchmaker.cli.worker import _until
from matchmaker.domain.access import Role
from matchmaker.domain.alert import AlertProfile, LotNews, MailKind, MatchedOrganisation
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.notice import Buyer, Lot, Notice, NoticeKind
from matchmaker.domain.organisation import Base, Capability, Organisation, Provenance, ServiceArea
from matchmaker.domain.values import CpvCode, Deadline, NutsCode
from matchmaker.reference.bundle import core_reference
from matchmaker.storage.codec import to_document
from matchmaker.storage.engine import SessionMaker, make_engine, make_sessions, transaction
from matchmaker.storage.notices import save_notice
from matchmaker.storage.organisations import save_organisation
from matchmaker.storage.outbox import put_item
from matchmaker.storage.people import load_person, person_id_of, save_person
from matchmaker.workflows.keep_working import Worker
from matchmaker.workflows.migrate import migrate
from matchmaker.workflows.save_alert import save_alert
from matchmaker.workflows.tools import MatchTools

LAUNDRY = CpvCode("98310000")
EMAIL = "niamh@laundry.example"


@pytest.fixture
def instance(new_database: Callable[[str], Coroutine[Any, Any, str]], tmp_path: Path) -> dict[str, str]:
    """The environment of an instance on a database of its own, in its newest form."""
    url = asyncio.run(new_database(f"cli_{uuid4().hex[:8]}"))
    asyncio.run(migrate(url))
    return {"DATABASE_URL": url, "MATCHMAKER_HOME": str(tmp_path), "MATCHMAKER_BASE_URL": "https://matchmaker.example"}


def call(environment: dict[str, str], *arguments: str) -> Any:
    return CliRunner().invoke(app, arguments, env=environment)


def test_the_first_operator_is_added_once(instance: dict[str, str]) -> None:
    words = ("people", "add", "Ops@Service.example", "--role", "operator", "--organisation", "operation", "--name", "Operation")
    first, second = call(instance, *words), call(instance, *words)
    assert first.exit_code == second.exit_code == 0
    assert "is now operator of operation" in first.output
    assert "already" in second.output

    async def roles() -> frozenset[Role]:
        engine = make_engine(instance["DATABASE_URL"])
        async with make_sessions(engine)() as session:
            person = await load_person(session, await person_id_of(session, "ops@service.example") or 0)
        await engine.dispose()
        assert person
        return person.roles

    assert asyncio.run(roles()) == {Role.OPERATOR}


def test_who_cannot_be_added_is_said_with_the_next_step(instance: dict[str, str]) -> None:
    nobody = call(instance, "people", "add", "not-an-address", "--role", "buyer", "--organisation", "council")
    assert isinstance(nobody.exception, InvalidValue)
    unknown = call(instance, "people", "add", "a@b.example", "--role", "supplier", "--organisation", "no:such")
    assert isinstance(unknown.exception, NotFound)
    assert unknown.exception.next_step
    tongue = call(instance, "people", "add", "a@b.example", "--role", "buyer", "--organisation", "c", "--language", "xx")
    assert tongue.exit_code == 2


class Inbox:
    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
def inbox(instance: dict[str, str]) -> Iterator[Inbox]:
    """A real SMTP server, named in the instance's settings."""
    handler = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    instance["MATCHMAKER_SMTP_URL"] = f"smtp://127.0.0.1:{port}"
    yield handler
    controller.stop()


async def _publish(url: str) -> None:
    """A laundry whose member asked for alerts, and a new lot for it."""
    engine = make_engine(url)
    sessions, now = make_sessions(engine), datetime.now(UTC)
    async with sessions() as session:
        person = await load_person(session, await person_id_of(session, EMAIL) or 0)
    assert person
    await save_alert(sessions, person, AlertProfile(person.person_id, "example:wash", minimum_score=0), core_reference(), now)
    lot = Lot(
        "LOT-0001",
        {"en": "Washing of hospital linen"},
        main_cpv=LAUNDRY,
        nuts=("IE06",),
        deadline=Deadline(now.date() + timedelta(days=40)),
    )
    kind, buyers = NoticeKind.COMPETITION, (Buyer("Health Service", "IE"),)
    title = {"en": "Linen"}
    notice = Notice("00000001-2026", "01", kind, "eforms", "1.13", "en", title, (lot,), buyers, published=now.date())
    async with transaction(sessions) as session:
        await save_notice(session, notice)
    await engine.dispose()


async def _save_laundry(url: str) -> None:
    engine = make_engine(url)
    laundry = Organisation(
        "example:wash",
        "Wash & Work",
        Base("IE", city="Dublin", nuts=NutsCode("IE06")),
        Provenance("example", "wash"),
        area=ServiceArea(nuts=(NutsCode("IE06"),)),
        capabilities=(Capability("Washing and ironing of hospital linen", "en", (LAUNDRY,)),),
    )
    async with transaction(make_sessions(engine)) as session:
        await save_organisation(session, laundry)
    await engine.dispose()


def test_a_new_lot_leads_to_one_mail_through_a_mail_server(instance: dict[str, str], inbox: Inbox) -> None:
    asyncio.run(_save_laundry(instance["DATABASE_URL"]))
    added = call(instance, "people", "add", EMAIL, "--role", "supplier", "--organisation", "example:wash")
    assert added.exit_code == 0, added.output
    asyncio.run(_publish(instance["DATABASE_URL"]))
    for _ in range(2):
        # A process of its own: it takes the signals and the log of whichever process it runs in.
        worker = [sys.executable, "-m", "matchmaker", "worker", "--once"]
        done = subprocess.run(worker, env={**os.environ, **instance}, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
    assert len(inbox.mails) == 1, done.stderr
    mail = inbox.mails[0]
    assert mail["To"] == EMAIL
    assert mail["Subject"] == "New lot for you: Washing of hospital linen"
    assert mail["List-Unsubscribe"].startswith("<https://matchmaker.example/alerts/stop/")
    text = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert re.search(r"Why it suits Wash & Work \(score [0-9]+%\):\n- \w", text)


class Failing(RecordingMailer):
    """Breaks at first, as if the program were wrong."""

    broken = True

    async def send(self, mail: Any) -> None:
        if self.broken:
            self.broken = False
            raise RuntimeError("a mistake of ours")
        await super().send(mail)


async def test_the_worker_outlives_a_failed_round_and_stops_when_asked(sessions: SessionMaker) -> None:
    moment = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    clock = iter(moment + timedelta(minutes=step) for step in range(1_000_000))
    mailer = Failing()
    composer = Composer("https://matchmaker.example", "a key of the tests", "alerts@matchmaker.example")
    # There are no lots, so nothing is matched.
    tools = MatchTools(core_reference(), cast(Any, None), cast(Any, None), frozenset())
    worker = Worker(sessions, tools, mailer, composer, lambda: next(clock), quarantine_days=30)
    async with transaction(sessions) as session:
        person = await save_person(session, EMAIL, "en", moment)
        news = LotNews("1-2026/LOT-1", "01", {"en": "Linen"}, "en", (MatchedOrganisation("s", "Wash & Work", 0.8, ()),))
        await put_item(session, "one", person, MailKind.LOT_ALERT, to_document(news), moment)
    stop = asyncio.Event()
    running = asyncio.create_task(_until(stop, worker, pause=0.01))
    for _ in range(500):
        await asyncio.sleep(0.01)
        if mailer.sent:
            break
    stop.set()
    await asyncio.wait_for(running, 5)
    assert not mailer.broken
    assert [mail.to for mail in mailer.sent] == [EMAIL]


@pytest.mark.parametrize("command", ["serve", "worker", "demo"])
def test_a_day_that_is_none_is_refused_before_anything_starts(command: str, instance: dict[str, str]) -> None:
    refused = call(instance, command, "--today", "yesterday")
    assert refused.exit_code == 2
    assert "is not a date" in refused.output
