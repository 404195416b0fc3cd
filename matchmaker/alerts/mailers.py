"""Ways to hand a mail over: to an SMTP server, into a folder, or into a list."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from matchmaker.alerts.mail import Mail, mime_message
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message

SEND_SECONDS = 60.0
"""Longest wait for one answer of an SMTP server."""
STAGE_SECONDS = 120.0
"""Longest time for all before the text, and again for the text. Both together stay well below ``SEND_AGAIN_AFTER``."""


class MailRefused(Exception):
    """The mail was not accepted, and that is certain; ``permanent`` when trying again cannot help."""

    def __init__(self, answer: str, permanent: bool) -> None:
        super().__init__(answer)
        self.answer = answer
        self.permanent = permanent


class DeliveryUnknown(Exception):
    """The connection broke after the mail was handed over and before the answer: it may or may not have been accepted."""


class Mailer(Protocol):
    """Hands mails over, one at a time."""

    async def send(self, mail: Mail) -> None:
        """Returns once the mail is accepted.

        Raises:
            MailRefused: it was not accepted.
            DeliveryUnknown: nobody can tell.
        """


@dataclass(frozen=True)
class SmtpMailer:
    """Hands mails to an SMTP server (RFC 5321), encrypted wherever the server offers it."""

    host: str
    port: int
    sender: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls_from_start: bool = False
    timeout: float = SEND_SECONDS

    async def send(self, mail: Mail) -> None:
        """As ``Mailer.send``; stages are told apart, so that only a break after the text was sent leaves doubt."""
        client = aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            username=self.username,
            password=self.password,
            use_tls=self.tls_from_start,
            timeout=self.timeout,
        )
        message = mime_message(mail, self.sender)
        try:
            await _before_text(client, str(message["From"].addresses[0].addr_spec), mail.to)
            await _text(client, message)
        finally:
            client.close()


async def _before_text(client: aiosmtplib.SMTP, sender: str, to: str) -> None:
    try:
        async with asyncio.timeout(STAGE_SECONDS):
            await client.connect()
            await client.mail(sender)
            await client.rcpt(to)
    except aiosmtplib.SMTPResponseException as error:
        raise MailRefused(f"{error.code} {error.message}", permanent=_for_good(error)) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise MailRefused(f"{type(error).__name__}: {error}", permanent=False) from error
    except UnicodeError as error:
        raise MailRefused("the address has letters the server does not take", permanent=True) from error


async def _text(client: aiosmtplib.SMTP, message: EmailMessage) -> None:
    try:
        async with asyncio.timeout(STAGE_SECONDS):
            await client.data(message.as_bytes())
    except aiosmtplib.SMTPResponseException as error:
        raise MailRefused(f"{error.code} {error.message}", permanent=_for_good(error)) from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise DeliveryUnknown(f"{type(error).__name__}: {error}") from error


def _for_good(error: aiosmtplib.SMTPResponseException) -> bool:
    # A refused log-in or a closing server says something about our set-up, nothing about the address.
    ours = isinstance(error, aiosmtplib.SMTPAuthenticationError | aiosmtplib.SMTPConnectResponseError | aiosmtplib.SMTPHeloError)
    return 500 <= error.code < 600 and not ours


@dataclass(frozen=True)
class FolderMailer:
    """Writes each mail as an ``.eml`` file named after its Message-ID: sending twice leaves one file."""

    folder: Path
    sender: str
    announce: Callable[[Mail, Path], None] | None = None

    async def send(self, mail: Mail) -> None:
        """As ``Mailer.send``."""
        path = await asyncio.to_thread(self._write, mail)
        if self.announce is not None:
            self.announce(mail, path)

    def _write(self, mail: Mail) -> Path:
        name = re.sub(r"[^A-Za-z0-9.-]+", "_", mail.message_id.strip("<>"))
        path = self.folder / f"{name}.eml"
        draft = path.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(mime_message(mail, self.sender).as_bytes())
            draft.replace(path)
        except OSError as error:
            raise MailRefused(f"{type(error).__name__}: {error}", permanent=False) from error
        return path


@dataclass
class RecordingMailer:
    """Keeps mails in a list; ``fail_with`` is raised instead, as often as it has entries."""

    sent: list[Mail] = field(default_factory=list)
    fail_with: list[Exception] = field(default_factory=list)

    async def send(self, mail: Mail) -> None:
        """As ``Mailer.send``."""
        if self.fail_with:
            raise self.fail_with.pop(0)
        self.sent.append(mail)


def mailer_for(smtp_url: str | None, sender: str, folder: Path, announce: Callable[[Mail, Path], None] | None = None) -> Mailer:
    """The mailer settings ask for: SMTP when there is a URL (``smtp://`` or ``smtps://``), else files in ``folder``.

    Raises:
        InvalidValue: the URL is no such address.
    """
    if smtp_url is None:
        return FolderMailer(folder, sender, announce)
    parts = urlsplit(smtp_url)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or port == 0:
        raise InvalidValue(
            Message("MATCHMAKER_SMTP_URL does not name a mail server."),
            Message("Write it like smtp://user:password@mail.example.org:587."),
        )
    return SmtpMailer(
        host=parts.hostname,
        port=port or (465 if parts.scheme == "smtps" else 25),
        sender=sender,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        tls_from_start=parts.scheme == "smtps",
    )
