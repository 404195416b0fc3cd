"""Fetching from publishers: polite, bounded, conditional; against a transport in process and a server on a real socket."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from matchmaker.domain.errors import InvalidValue
from matchmaker.reference.publishers import (
    PAUSE_SECONDS,
    SOURCES,
    TRIES,
    USER_AGENT,
    DownloadFailed,
    Source,
    fetch,
    fetch_all,
    make_client,
    sources_with,
)

SOURCE = Source("cpv", "https://publisher.example/cpv.gc", "Publisher", "CC BY 4.0", 100)
Handler = Callable[[httpx.Request], httpx.Response]


class Waits:
    """Stands for sleeping and remembers how long."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def client(handler: Handler) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(handler))


async def test_a_first_visit_keeps_the_file_and_a_second_asks_only_for_what_is_newer(tmp_path: Path) -> None:
    seen: list[httpx.Request] = []

    def publisher(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if request.headers.get("if-none-match") == '"v1"':
            return httpx.Response(304)
        return httpx.Response(200, content=b"table", headers={"ETag": '"v1"', "Last-Modified": "Mon, 01 Jun 2026 00:00:00 GMT"})

    async with client(publisher) as visitor:
        first = await fetch(SOURCE, visitor, tmp_path)
        second = await fetch(SOURCE, visitor, tmp_path)
    assert (first.changed, second.changed) == (True, False)
    assert second.path.read_bytes() == b"table"
    assert "if-none-match" not in seen[0].headers
    assert seen[1].headers["if-modified-since"] == "Mon, 01 Jun 2026 00:00:00 GMT"


async def test_another_address_is_asked_afresh(tmp_path: Path) -> None:
    def publisher(request: httpx.Request) -> httpx.Response:
        assert "if-none-match" not in request.headers
        return httpx.Response(200, content=request.url.host.encode(), headers={"ETag": '"v1"'})

    async with client(publisher) as visitor:
        await fetch(SOURCE, visitor, tmp_path)
        moved = Source("cpv", "https://mirror.example/cpv.gc", "Mirror", "CC BY 4.0", 100)
        assert (await fetch(moved, visitor, tmp_path)).path.read_bytes() == b"mirror.example"


async def test_a_busy_publisher_is_given_the_time_it_asks_for(tmp_path: Path) -> None:
    answers = iter([httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(503), httpx.Response(200, content=b"x")])
    waits = Waits()
    async with client(lambda request: next(answers)) as visitor:
        fetched = await fetch(SOURCE, visitor, tmp_path, waits)
    assert fetched.changed
    assert waits.seconds == [7.0, 4.0]


async def test_a_publisher_that_wants_an_hour_is_left_for_another_day(tmp_path: Path) -> None:
    waits = Waits()
    async with client(lambda request: httpx.Response(503, headers={"Retry-After": "3600"})) as visitor:
        with pytest.raises(DownloadFailed, match="503"):
            await fetch(SOURCE, visitor, tmp_path, waits)
    assert waits.seconds == []


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_a_refusal_is_not_argued_with(tmp_path: Path, status: int) -> None:
    visits: list[str] = []

    def publisher(request: httpx.Request) -> httpx.Response:
        visits.append(str(request.url))
        return httpx.Response(status)

    async with client(publisher) as visitor:
        with pytest.raises(DownloadFailed, match=str(status)):
            await fetch(SOURCE, visitor, tmp_path, Waits())
    assert len(visits) == 1


async def test_an_endless_file_is_stopped_and_the_old_one_stays(tmp_path: Path) -> None:
    (tmp_path / "cpv.gc").write_bytes(b"of last year")

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 60

    async with client(lambda request: httpx.Response(200, content=endless())) as visitor:
        with pytest.raises(DownloadFailed, match="100 bytes"):
            await fetch(SOURCE, visitor, tmp_path, Waits())
    assert (tmp_path / "cpv.gc").read_bytes() == b"of last year"
    assert [file.name for file in tmp_path.iterdir()] == ["cpv.gc"]


async def test_an_unreachable_publisher_is_tried_again_and_then_named(tmp_path: Path) -> None:
    def publisher(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    waits = Waits()
    async with client(publisher) as visitor:
        with pytest.raises(DownloadFailed, match=r"publisher\.example.*no route"):
            await fetch(SOURCE, visitor, tmp_path, waits)
    assert len(waits.seconds) == TRIES - 1


async def test_between_two_tables_we_pause_and_one_failure_does_not_stop_the_others(tmp_path: Path) -> None:
    sources = [Source(key, f"https://publisher.example/{key}.csv", "Publisher", "CC0", 100) for key in ("a", "b", "c")]
    waits = Waits()
    async with client(lambda request: httpx.Response(404 if "b." in request.url.path else 200, content=b"x")) as visitor:
        results = [
            (source.key, isinstance(found, DownloadFailed))
            async for source, found in fetch_all(sources, visitor, tmp_path, waits)
        ]
    assert results == [("a", False), ("b", True), ("c", False)]
    assert waits.seconds == [PAUSE_SECONDS, PAUSE_SECONDS]


@asynccontextmanager
async def server(answer: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A web server on a real socket that says ``answer`` to everybody and hangs up."""
    heard: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/cpv.gc", heard


async def test_over_a_real_socket_we_say_who_we_are(tmp_path: Path) -> None:
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\ntable"
    async with server(whole) as (url, heard), make_client() as visitor:
        fetched = await fetch(Source("cpv", url, "", "", 100), visitor, tmp_path)
    assert fetched.path.read_bytes() == b"table"
    assert f"User-Agent: {USER_AGENT}".encode().lower() in heard[0].lower()


async def test_a_body_cut_short_is_no_table(tmp_path: Path) -> None:
    short = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\nConnection: close\r\n\r\ntab"
    async with server(short) as (url, heard), make_client() as visitor:
        with pytest.raises(DownloadFailed):
            await fetch(Source("cpv", url, "", "", 1000), visitor, tmp_path, Waits())
    assert len(heard) == TRIES
    assert list(tmp_path.iterdir()) == []


def test_sources_can_be_chosen_and_their_addresses_replaced() -> None:
    chosen = sources_with({"cpv": "http://mirror.example/x.gc"}, frozenset({"cpv"}))
    assert [(source.key, source.url) for source in chosen] == [("cpv", "http://mirror.example/x.gc")]
    assert sources_with({}, frozenset()) == SOURCES
    regions = sources_with({}, frozenset({"postcode-regions"}))
    assert {source.key.rsplit("-", 1)[0] for source in regions} == {"postcode-regions"}
    with pytest.raises(InvalidValue, match="toys"):
        sources_with({}, frozenset({"toys"}))


def test_every_source_is_bounded_named_and_secure() -> None:
    for source in SOURCES:
        assert source.url.startswith("https://")
        assert source.publisher
        assert source.licence
        assert 0 < source.largest <= 200_000_000
    assert len({source.file_name for source in SOURCES}) == len(SOURCES)
