"""Documents that show a status: kept out of sight, typed by content, scanned, decided on, and reminded of in time."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlmodel import col

from matchmaker.alerts.mailers import RecordingMailer
from matchmaker.domain.access import SESSION_LIFETIME, Role
from matchmaker.domain.organisation import Base, Certificate, Organisation, Provenance, SocialStatus, StatusKind, Tier
from matchmaker.settings import read_settings
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.evidence import EvidenceRow, evidence_of
from matchmaker.storage.organisations import load_organisation, save_organisation
from matchmaker.storage.outbox_tables import OutboxItemRow
from matchmaker.storage.people import person_id_of
from matchmaker.storage.signed_sessions import save_session
from matchmaker.web.app import create_app
from matchmaker.web.services import Services
from matchmaker.web.session import composer_of
from matchmaker.workflows.dispatch_due import dispatch_due
from matchmaker.workflows.enrol import Enrolment, enrol
from matchmaker.workflows.evidence import MOST_BYTES, sweep_folder
from matchmaker.workflows.remind_expiries import remind_expiries

Check = Callable[[str], Element]
Send = Callable[..., Awaitable[httpx.Response]]
KEY = "example:workshop"
PAGE = f"/supplier/{quote(KEY)}/evidence"
PDF = b"%PDF-1.7\nthe decision of an authority\n%%EOF"
WORKSHOP = Organisation(
    KEY,
    "Atelier",
    Base("FR", "Lyon"),
    Provenance("example", "workshop", claimed=True),
    statuses=(SocialStatus(StatusKind.WORK_INTEGRATION, "ESAT", valid_until=date(2027, 1, 20)),),
    certificates=(Certificate("ISO 14001", date(2026, 12, 4)), Certificate("EMAS", date(2030, 1, 1))),
)


@pytest_asyncio.fixture
async def act_as(services: Services, sessions: SessionMaker, client: httpx.AsyncClient) -> Callable[[str], None]:
    """Changes who the browser is: ``member``, ``stranger`` (of another supplier), ``buyer`` or ``operator``."""
    now = services.clock()
    other = Organisation("example:other", "Other", Base("FR"), Provenance("example", "other"))
    async with transaction(sessions) as session:
        await save_organisation(session, WORKSHOP, [])
        await save_organisation(session, other, [])
    kinds = {
        "member": (Role.SUPPLIER, KEY),
        "stranger": (Role.SUPPLIER, "example:other"),
        "buyer": (Role.BUYER, "council"),
        "operator": (Role.OPERATOR, "operation"),
    }
    for name, (role, key) in kinds.items():
        await enrol(sessions, Enrolment(f"{name}@x.example", role, key), "test", now)
        async with transaction(sessions) as session:
            person_id = await person_id_of(session, f"{name}@x.example") or 0
            await save_session(session, f"session of {name}", person_id, now, now + SESSION_LIFETIME)
    await client.get("/sign-in")

    def become(name: str) -> None:
        client.cookies.set("session", f"session of {name}", domain="matchmaker.test", path="/")

    become("member")
    return become


@pytest.fixture
def send(client: httpx.AsyncClient, csrf: Callable[[], str]) -> Send:
    async def sent(content: bytes = PDF, name: str = "decision.pdf", **more: str) -> httpx.Response:
        data = {"_csrf_token": csrf(), "status": "ESAT", "no_workers": "1", **more}
        return await client.post(PAGE, data=data, files={"file": (name, content, "application/pdf")})

    return sent


@pytest.fixture
def post(client: httpx.AsyncClient, csrf: Callable[[], str]) -> Send:
    async def sent(path: str, **data: Any) -> httpx.Response:
        return await client.post(path, data={"_csrf_token": csrf(), **data})

    return sent


async def kept(sessions: SessionMaker) -> EvidenceRow:
    async with sessions() as session:
        return (await evidence_of(session, [KEY]))[0]


async def stored(sessions: SessionMaker) -> Organisation:
    async with sessions() as session:
        organisation = await load_organisation(session, KEY)
    assert organisation
    return organisation


async def test_a_document_is_kept_under_a_random_name_readable_by_nobody_else(
    client: httpx.AsyncClient, act_as: object, send: Send, sessions: SessionMaker, services: Services, check_page: Check
) -> None:
    assert (await send()).status_code == 303
    check_page((await client.get(PAGE)).text)
    row = await kept(sessions)
    path = services.settings.home / "evidence" / row.stored_as
    assert path.read_bytes() == PDF
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert row.stored_as not in (await client.get(PAGE)).text
    assert (await client.get(f"/static/{row.stored_as}")).status_code == 404


async def test_members_and_operators_may_open_it_and_for_everybody_else_it_does_not_exist(
    client: httpx.AsyncClient, act_as: Callable[[str], None], send: Send, sessions: SessionMaker
) -> None:
    await send(name="../../le décret.pdf")
    address = f"/evidence/{(await kept(sessions)).evidence_id}"
    expected = {"member": 200, "operator": 200, "stranger": 404, "buyer": 404}
    for name, status in expected.items():
        act_as(name)
        answer = await client.get(address)
        assert answer.status_code == status, name
        if status == 200:
            assert answer.content == PDF
            assert answer.headers["content-type"].startswith("application/pdf")
            assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''le%20d%C3%A9cret.pdf"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "sandbox" in answer.headers["content-security-policy"]
            assert "no-store" in answer.headers["cache-control"]
    client.cookies.delete("session")
    assert (await client.get(address)).status_code == 303


@pytest.mark.parametrize(
    ("content", "more", "field"),
    [
        (b"<html><script>alert(1)</script>", {}, "file"),
        (b"MZ executable", {"name": "harmless.pdf"}, "file"),
        (b"", {}, "file"),
        (b"%PDF-" + bytes(MOST_BYTES), {}, "file"),
        (PDF, {"no_workers": ""}, "no_workers"),
        (PDF, {"status": "Inklusionsbetrieb"}, "status"),
        (PDF, {"valid_until": "tomorrow"}, "valid_until"),
    ],
    ids=["web page", "program", "empty", "too large", "unread", "another status", "no day"],
)
async def test_what_is_not_a_document_for_a_status_is_refused_with_a_reason(
    content: bytes, more: dict[str, str], field: str, act_as: object, send: Send, check_page: Check, services: Services
) -> None:
    answer = await send(content, **more)
    assert answer.status_code == 422
    check_page(answer.text)
    assert f'href="#{field}"' in answer.text
    assert not list((services.settings.home / "evidence").glob("*"))


async def test_what_the_scanner_refuses_is_not_kept(
    tmp_path: Path, services: Services, act_as: object, sessions: SessionMaker, client: httpx.AsyncClient, csrf: Callable[[], str]
) -> None:
    for command, status in (("grep -q decision", 303), ("grep -q absent", 422), ("/nowhere/scanner", 422)):
        settings = replace(services.settings, scan_command=command)
        app: Any = create_app(replace(services, settings=settings))
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://matchmaker.test", cookies=client.cookies
        ) as browser:
            await browser.get(PAGE)
            data = {"_csrf_token": browser.cookies["csrf"], "status": "ESAT", "no_workers": "1"}
            answer = await browser.post(PAGE, data=data, files={"file": ("a.pdf", PDF, "application/pdf")})
            assert answer.status_code == status, command
    assert len(list((services.settings.home / "evidence").glob("*"))) == 1
    assert read_settings({"MATCHMAKER_SCAN_COMMAND": "clamdscan"}).scan_command == "clamdscan"


async def test_a_deleted_document_and_files_nobody_names_are_gone_from_the_disk(
    client: httpx.AsyncClient, act_as: Callable[[str], None], send: Send, post: Send, sessions: SessionMaker, services: Services
) -> None:
    await send()
    folder = services.settings.home / "evidence"
    (folder / "left over").write_bytes(b"x")
    assert await sweep_folder(sessions, folder, services.clock()) == 0
    long_after = services.clock().replace(year=2100)
    assert await sweep_folder(sessions, folder, long_after) == 1
    row = await kept(sessions)
    act_as("stranger")
    assert (await post(f"/evidence/{row.evidence_id}/delete")).status_code == 404
    act_as("member")
    assert (await post(f"/evidence/{row.evidence_id}/delete")).status_code == 303
    assert not list(folder.glob("*"))


async def test_an_operator_verifies_a_status_in_tiers_with_source_and_day(
    client: httpx.AsyncClient,
    act_as: Callable[[str], None],
    send: Send,
    post: Send,
    sessions: SessionMaker,
    services: Services,
    check_page: Check,
) -> None:
    await send(valid_until="2029-06-30")
    row = await kept(sessions)
    act_as("operator")
    check_page((await client.get("/operator/statuses")).text)
    decision = {"organisation": KEY, "position": "0", "status": "ESAT", "document": row.evidence_id}
    assert (await post("/operator/statuses", **decision, tier="document-seen", source="")).status_code == 422
    assert (await post("/operator/statuses", **decision, tier="document-seen", source="The operators")).status_code == 303
    status = (await stored(sessions)).statuses[0]
    assert (status.tier, status.verified_by, status.verified_on) == (Tier.DOCUMENT_SEEN, "The operators", services.today)
    assert status.valid_until == date(2029, 6, 30)
    assert "document seen by The operators" in (await client.get(f"/suppliers/{KEY}")).text
    await post("/operator/statuses", **decision, tier="confirmed", source="Registre des ESAT")
    assert "verified by Registre des ESAT" in (await client.get(f"/suppliers/{KEY}")).text
    await post("/operator/statuses", **decision, tier="self-declared", source="")
    assert (await stored(sessions)).statuses[0].tier is Tier.SELF_DECLARED
    assert (await post("/operator/statuses", **{**decision, "status": "EA"}, tier="confirmed", source="x")).status_code == 422


async def test_a_document_that_names_workers_is_refused_and_its_bytes_deleted(
    client: httpx.AsyncClient, act_as: Callable[[str], None], send: Send, post: Send, sessions: SessionMaker, services: Services
) -> None:
    await send()
    row = await kept(sessions)
    act_as("operator")
    assert (await post("/operator/statuses", refuse=row.evidence_id, why="")).status_code == 422
    assert (await post("/operator/statuses", refuse=row.evidence_id, why="It names two workers.")).status_code == 303
    assert not list((services.settings.home / "evidence").glob("*"))
    assert (await client.get(f"/evidence/{row.evidence_id}")).status_code == 404
    act_as("member")
    assert "It names two workers." in (await client.get(PAGE)).text


async def test_members_are_reminded_once_sixty_and_fourteen_days_before(
    client: httpx.AsyncClient, act_as: object, sessions: SessionMaker, services: Services
) -> None:
    now, today = services.clock(), services.today
    assert await remind_expiries(sessions, today, now) == 2
    assert await remind_expiries(sessions, today, now) == 0
    assert await remind_expiries(sessions, today + timedelta(days=11), now) == 0
    assert await remind_expiries(sessions, date(2027, 1, 8), now) == 1
    async with sessions() as session:
        keys = sorted(await session.scalars(select(col(OutboxItemRow.key)).where(col(OutboxItemRow.kind) == "expiry")))
    assert [key.rsplit("|", 1)[1] for key in keys] == ["14", "14", "60"]
    desk = (await client.get("/supplier")).text
    assert "The certificate “ISO 14001”" in desk
    assert "EMAS" not in desk.split("Enter the new day")[0]
    mailer = RecordingMailer()
    await dispatch_due(sessions, mailer, composer_of(services), services.clock)
    assert len(mailer.sent) == 3
    assert any("ISO 14001" in mail.text and f"/supplier/{quote(KEY, safe='')}/details/proof" in mail.text for mail in mailer.sent)
