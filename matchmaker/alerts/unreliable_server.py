"""A mail server that accepts, dawdles, refuses and drops connections as told, and remembers what it has accepted.

For proofs that no alert is lost: it speaks SMTP (RFC 5321) on a port of this machine and keeps mails in memory only.
"""

import asyncio
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from enum import StrEnum
from typing import Any

with warnings.catch_warnings():
    # It names a module of the standard library that is deprecated in the newest Python.
    warnings.simplefilter("ignore")
    from aiosmtpd.smtp import SMTP

HOST = "127.0.0.1"
SLOW_SECONDS = 0.05


class Mood(StrEnum):
    """What becomes of a mail that is handed over."""

    ACCEPT = "accept"
    SLOW = "slow"
    REFUSE = "refuse"
    """A temporary refusal (451)."""
    DROP_BEFORE = "drop before accepting"
    DROP_AFTER = "drop after accepting"
    """Accepted, but the connection breaks before the answer."""


class Step(StrEnum):
    """Where in the conversation a mail is."""

    GREETING = "greeting"
    SENDER = "sender"
    RECIPIENT = "recipient"
    TEXT = "text"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Accepted:
    """One mail the server took: to whom, its Message-ID, its plain text."""

    to: str
    message_id: str
    text: str


@dataclass
class UnreliableServer:
    """``mood`` decides on each mail; ``at_step`` is called as the conversation goes on and may kill who speaks."""

    mood: Callable[[], Mood] = lambda: Mood.ACCEPT
    at_step: Callable[[Step], None] = lambda _: None
    accepted: list[Accepted] = field(default_factory=list)
    port: int = 0

    async def handle_EHLO(self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]) -> list[str]:
        """The first word of a client."""
        session.host_name = hostname
        self.at_step(Step.GREETING)
        return responses

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]) -> str:
        """Who sends."""
        envelope.mail_from = address
        self.at_step(Step.SENDER)
        return "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]) -> str:
        """Who is to receive."""
        envelope.rcpt_tos.append(address)
        self.at_step(Step.RECIPIENT)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        """The mail itself; what was accepted is remembered before anything is answered."""
        self.at_step(Step.TEXT)
        mood = self.mood()
        if mood is Mood.SLOW:
            await asyncio.sleep(SLOW_SECONDS)
        if mood is Mood.REFUSE:
            return "451 try again later"
        if mood is Mood.DROP_BEFORE:
            server.transport.abort()
            return "451 gone"
        self.accepted.append(_accepted(envelope.rcpt_tos[0], envelope.content))
        self.at_step(Step.ACCEPTED)
        if mood is Mood.DROP_AFTER:
            server.transport.abort()
        return "250 OK"


@asynccontextmanager
async def listening(server: UnreliableServer) -> AsyncIterator[UnreliableServer]:
    """The server on a free port, while the block runs."""
    loop = asyncio.get_running_loop()
    made = await loop.create_server(lambda: SMTP(server, hostname="mail.test", loop=loop), HOST, 0)
    server.port = made.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        made.close()
        await made.wait_closed()


def _accepted(to: str, content: bytes) -> Accepted:
    mail = message_from_bytes(content, policy=policy.default)
    body = mail.get_body(("plain",))
    return Accepted(to, str(mail["Message-ID"]), str(body.get_content()) if body is not None else "")
