"""News posted to programs: signed, to public addresses only, and told apart when nobody can be sure."""

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256

import pytest

from matchmaker.alerts.mailers import DeliveryUnknown, MailRefused
from matchmaker.alerts.webhooks import HttpPoster, Post, check_address, signature
from matchmaker.domain.errors import InvalidValue

SECRET = "0123456789abcdef"


@asynccontextmanager
async def receiver(answer: bytes | None) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A program that answers once with these bytes, or hangs up; what it was sent."""
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
        seen.append(head + await reader.readexactly(length))
        if answer is not None:
            writer.write(answer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://program.example:{server.sockets[0].getsockname()[1]}/hook", seen


async def here(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


async def test_a_delivery_is_signed_and_names_itself() -> None:
    async with receiver(b"HTTP/1.1 204 No Content\r\n\r\n") as (url, seen):
        await HttpPoster(here, private=True).post(Post(url, "d-1", {"lots": [{"need_id": "é"}]}, SECRET))
    head, _, body = seen[0].partition(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    assert json.loads(body) == {"lots": [{"need_id": "é"}]}
    assert f"matchmaker-signature: sha256={hmac.new(SECRET.encode(), body, sha256).hexdigest()}" in lines
    assert "matchmaker-delivery: d-1" in lines
    assert any(line.startswith("host: program.example") for line in lines)


@pytest.mark.parametrize(
    ("answer", "failure", "permanent"),
    [
        (b"HTTP/1.1 500 Broken\r\ncontent-length: 0\r\n\r\n", MailRefused, False),
        (b"HTTP/1.1 302 Elsewhere\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\n\r\n", MailRefused, False),
        (b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n", MailRefused, True),
        (None, DeliveryUnknown, None),
    ],
    ids=["broken", "redirected", "gone", "hangs up"],
)
async def test_what_is_not_accepted_is_told_apart(answer: bytes | None, failure: type[Exception], permanent: bool | None) -> None:
    async with receiver(answer) as (url, _):
        with pytest.raises(failure) as caught:
            await HttpPoster(here, private=True).post(Post(url, "d-1", {}, SECRET))
    assert getattr(caught.value, "permanent", None) is permanent


@pytest.mark.parametrize("number", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1"])
async def test_our_own_network_is_never_told(number: str) -> None:
    async def inside(_host: str, _port: int) -> list[str]:
        return ["93.184.215.14", number]

    with pytest.raises(MailRefused) as caught:
        await HttpPoster(inside).post(Post("https://program.example/hook", "d-1", {}, SECRET))
    assert caught.value.permanent


async def test_a_name_nobody_knows_may_be_known_later() -> None:
    async def nowhere(_host: str, _port: int) -> list[str]:
        raise OSError(8, "unknown name")

    with pytest.raises(MailRefused) as caught:
        await HttpPoster(nowhere).post(Post("https://program.example/hook", "d-1", {}, SECRET))
    assert not caught.value.permanent


@pytest.mark.parametrize(
    "url", ["http://x.example/", "https://", "https://a:b@x.example/", "https://x.example:x/", "ftp://x", ""]
)
def test_addresses_that_cannot_be_told_are_refused_at_once(url: str) -> None:
    with pytest.raises(InvalidValue):
        check_address(url)


def test_the_signature_is_that_of_the_bytes_sent() -> None:
    assert signature("k", b"{}") == "sha256=" + hmac.new(b"k", b"{}", sha256).hexdigest()
