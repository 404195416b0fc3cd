"""The mailers, against a real SMTP server in this process."""

import asyncio
import email
import email.policy
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from aiosmtpd.smtp import SMTP

from matchmaker.alerts.mail import Mail, mime_message
from matchmaker.alerts.mailers import DeliveryUnknown, FolderMailer, MailRefused, RecordingMailer, SmtpMailer, mailer_for
from matchmaker.domain.errors import InvalidValue

LONG_LINK = "https://matchmaker.example/alerts/stop/" + "x1" * 80
MAIL = Mail(
    message_id="<one@matchmaker.example>",
    to="juho@pesula.example",
    subject="Uusi hankinta: pesulapalvelut – Älvsbyn",
    text="Hei, täällä on uusi hankinta.\n.\nPiste rivillä yksin.\n",
    html="<!doctype html><html lang='fi'><body><h1>Hei</h1></body></html>",
    language="fi",
    date=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    headers={"List-Unsubscribe": f"<{LONG_LINK}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
)


class Behaviour:
    """What the server does with a mail; ``received`` are those it accepted."""

    def __init__(self, rcpt: str = "250 OK", data: str = "250 OK", drop: str = "", wait: float = 0) -> None:
        self.rcpt, self.data, self.drop, self.wait = rcpt, data, drop, wait
        self.received: list[bytes] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        if self.drop == "before":
            server.transport.abort()
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.wait)
        if self.data.startswith("250"):
            self.received.append(envelope.content)
        if self.drop == "after":
            server.transport.abort()
        return self.data


@asynccontextmanager
async def smtp_server(behaviour: Behaviour) -> AsyncIterator[SmtpMailer]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(behaviour, hostname="mail.test", loop=loop), "127.0.0.1", 0)
    try:
        port = server.sockets[0].getsockname()[1]
        yield SmtpMailer("127.0.0.1", port, "Matchmaker <alerts@matchmaker.example>", timeout=1)
    finally:
        server.close()
        await server.wait_closed()


async def test_a_mail_arrives_whole_through_smtp() -> None:
    behaviour = Behaviour()
    async with smtp_server(behaviour) as mailer:
        await mailer.send(MAIL)
    message: Any = email.message_from_bytes(behaviour.received[0], policy=email.policy.default)
    assert message["Message-ID"] == MAIL.message_id
    assert message["Subject"] == MAIL.subject
    assert message["To"] == MAIL.to
    assert message["Content-Language"] == "fi"
    assert message["From"] == "Matchmaker <alerts@matchmaker.example>"
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == MAIL.text
    assert "<h1>Hei</h1>" in message.get_body(("html",)).get_content()


async def test_headers_for_one_click_unsubscribe_are_neither_folded_nor_encoded() -> None:
    raw = mime_message(MAIL, "alerts@matchmaker.example").as_bytes()
    assert f"List-Unsubscribe: <{LONG_LINK}>\r\n".encode() in raw
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw


async def test_a_line_break_in_a_subject_makes_no_new_header() -> None:
    message = mime_message(replace(MAIL, subject="Hello\r\nBcc: everybody@example.org"), "alerts@matchmaker.example")
    assert message["Bcc"] is None
    assert message["Subject"] == "Hello Bcc: everybody@example.org"


@pytest.mark.parametrize(
    ("behaviour", "permanent"),
    [
        (Behaviour(rcpt="550 no such user"), True),
        (Behaviour(rcpt="450 come back later"), False),
        (Behaviour(data="554 looks like spam"), True),
        (Behaviour(data="451 out of space"), False),
        (Behaviour(drop="before"), False),
    ],
    ids=["unknown-address", "greylisted", "refused-text", "full", "dropped-before-text"],
)
async def test_a_certain_refusal_says_whether_trying_again_can_help(behaviour: Behaviour, permanent: bool) -> None:
    async with smtp_server(behaviour) as mailer:
        with pytest.raises(MailRefused) as refused:
            await mailer.send(MAIL)
    assert refused.value.permanent is permanent
    assert behaviour.received == []


async def test_a_connection_that_breaks_after_the_text_leaves_doubt() -> None:
    behaviour = Behaviour(drop="after")
    async with smtp_server(behaviour) as mailer:
        with pytest.raises(DeliveryUnknown):
            await mailer.send(MAIL)
    assert len(behaviour.received) == 1


async def test_an_answer_that_does_not_come_in_time_leaves_doubt() -> None:
    behaviour = Behaviour(wait=2)
    async with smtp_server(behaviour) as mailer:
        with pytest.raises(DeliveryUnknown):
            await replace(mailer, timeout=0.3).send(MAIL)


async def test_a_server_that_is_not_there_is_tried_again_later() -> None:
    async with smtp_server(Behaviour()) as mailer:
        pass
    with pytest.raises(MailRefused) as refused:
        await mailer.send(MAIL)
    assert not refused.value.permanent


async def test_the_folder_mailer_writes_one_file_however_often_a_mail_is_sent(tmp_path: Path) -> None:
    announced: list[Path] = []
    mailer = FolderMailer(tmp_path / "mail", "alerts@matchmaker.example", lambda _, path: announced.append(path))
    await mailer.send(MAIL)
    await mailer.send(replace(MAIL, date=datetime(2026, 11, 25, tzinfo=UTC)))
    files = list((tmp_path / "mail").iterdir())
    assert [file.name for file in files] == ["one_matchmaker.example.eml"]
    assert announced == [files[0], files[0]]


async def test_a_message_id_never_leaves_the_folder(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path / "mail", "alerts@matchmaker.example")
    await mailer.send(replace(MAIL, message_id="<../../outside@x>"))
    assert [path.parent for path in tmp_path.rglob("*.eml")] == [tmp_path / "mail"]


async def test_the_recording_mailer_fails_as_told_then_keeps_mails() -> None:
    mailer = RecordingMailer(fail_with=[MailRefused("451", permanent=False)])
    with pytest.raises(MailRefused):
        await mailer.send(MAIL)
    await mailer.send(MAIL)
    assert mailer.sent == [MAIL]


def test_settings_choose_the_mailer(tmp_path: Path) -> None:
    assert mailer_for(None, "a@b.example", tmp_path) == FolderMailer(tmp_path, "a@b.example")
    wanted = SmtpMailer("mail.example", 587, "a@b.example", username="us er", password="p@ss")
    assert mailer_for("smtp://us%20er:p%40ss@mail.example:587", "a@b.example", tmp_path) == wanted
    secure = mailer_for("smtps://mail.example", "a@b.example", tmp_path)
    assert secure == SmtpMailer("mail.example", 465, "a@b.example", tls_from_start=True)
    assert "p@ss" not in repr(wanted)


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example:port"])
def test_what_is_no_mail_server_is_refused_with_an_example(url: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="MATCHMAKER_SMTP_URL"):
        mailer_for(url, "a@b.example", tmp_path)
