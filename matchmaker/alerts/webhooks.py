"""News for programs: JSON posted to an address of the reader's, signed so that it can be checked, never to our own network."""

import asyncio
import hmac
import ipaddress
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import httpx

from matchmaker.alerts.mailers import DeliveryUnknown, MailRefused
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message

SECONDS = 20.0
"""Longest wait for an answer."""
SIGNATURE = "Matchmaker-Signature"
DELIVERY = "Matchmaker-Delivery"
"""The header that stays the same when a delivery is repeated."""

Resolve = Callable[[str, int], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class Post:
    """One delivery: ``delivery_id`` is the same for every try; ``secret`` signs the body."""

    url: str
    delivery_id: str
    body: dict[str, Any]
    secret: str = field(repr=False)


class Poster(Protocol):
    """Hands deliveries over, one at a time."""

    async def post(self, post: Post) -> None:
        """Returns once the address has accepted (2xx).

        Raises:
            MailRefused: it was not accepted; ``permanent`` when the address says it is gone (410).
            DeliveryUnknown: nobody can tell.
        """


def signature(secret: str, body: bytes) -> str:
    """``sha256=`` and the HMAC-SHA256 of the body in hexadecimal."""
    return "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()


def check_address(url: str) -> None:
    """Whether an address may be told at all; where its name leads is checked at every delivery.

    Raises:
        InvalidValue: not https, no host, or a name and password in it.
    """
    parts = urlsplit(url)
    try:
        odd = parts.scheme != "https" or not parts.hostname or parts.username is not None or parts.port == 0
    except ValueError:
        odd = True
    if odd or any(letter.isspace() for letter in url):
        raise InvalidValue(
            Message("“%(url)s” is not an address we can tell.", {"url": url[:80]}),
            Message("Give one that begins with https:// and holds no password."),
        )


async def resolve(host: str, port: int) -> list[str]:
    """The network addresses of a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port)
    return [str(entry[4][0]) for entry in found]


@dataclass(frozen=True)
class HttpPoster:
    """Posts over HTTPS to public addresses only: the name is resolved here and the connection made to what was checked.

    ``private`` lets proofs post to this machine, without encryption.
    """

    resolve: Resolve = resolve
    private: bool = False

    async def post(self, post: Post) -> None:
        """As ``Poster.post``; redirections are not followed."""
        body = json.dumps(post.body, ensure_ascii=False, separators=(",", ":")).encode()
        address, host = await self._place(post.url)
        headers = {
            "Host": host,
            "Content-Type": "application/json",
            SIGNATURE: signature(post.secret, body),
            DELIVERY: post.delivery_id,
        }
        extensions = {"sni_hostname": urlsplit(post.url).hostname or ""}
        try:
            async with httpx.AsyncClient(timeout=SECONDS, follow_redirects=False, trust_env=False) as client:
                answer = await client.post(address, content=body, headers=headers, extensions=extensions)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise MailRefused(f"{type(error).__name__}: {error}", permanent=False) from error
        except httpx.HTTPError as error:
            raise DeliveryUnknown(f"{type(error).__name__}: {error}") from error
        if not answer.is_success:
            raise MailRefused(f"HTTP {answer.status_code}", permanent=answer.status_code == httpx.codes.GONE)

    async def _place(self, url: str) -> tuple[str, str]:
        """The address with the host's number in place of its name, and the name with its port as it is asked for.

        Raises:
            MailRefused: the name is not known, or leads into a private network.
        """
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        if parts.scheme != "https" and not self.private:
            raise MailRefused("not https", permanent=True)
        try:
            numbers = await self.resolve(host, port)
        except OSError as error:
            raise MailRefused(f"{host}: {error.strerror or error}", permanent=False) from error
        if not numbers or not (self.private or all(ipaddress.ip_address(number).is_global for number in numbers)):
            raise MailRefused(f"{host} is not a public address", permanent=True)
        number = f"[{numbers[0]}]" if ":" in numbers[0] else numbers[0]
        return urlunsplit((parts.scheme, f"{number}:{port}", parts.path or "/", parts.query, "")), parts.netloc


@dataclass
class RecordingPoster:
    """Keeps deliveries in a list; ``fail_with`` is raised instead, as often as it has entries."""

    posted: list[Post] = field(default_factory=list)
    fail_with: list[Exception] = field(default_factory=list)

    async def post(self, post: Post) -> None:
        """As ``Poster.post``."""
        if self.fail_with:
            raise self.fail_with.pop(0)
        self.posted.append(post)
