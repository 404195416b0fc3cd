"""Gets reference tables from their publishers' own addresses: politely, bounded, and only when they changed.

Addresses and where they are documented:

- Code lists and CPV in genericode: the eForms SDK of the Publications Office of the EU, folder ``codelists``, listed in its
  ``codelists.json`` (https://docs.ted.europa.eu/eforms/latest/codelists/index.html). Licence CC BY 4.0.
- NUTS names and label points: GISCO, Eurostat, https://gisco-services.ec.europa.eu/distribution/v2/nuts/.
  © EuroGeographics for the administrative boundaries; points and names may be reused with attribution, non-commercially.
- Regions of postcodes: TERCET flat files of Eurostat, https://gisco-services.ec.europa.eu/tercet/flat-files, one a country.
- Points of postcodes: GeoNames, https://download.geonames.org/export/zip/readme.txt. Licence CC BY 4.0.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from matchmaker.domain.errors import InvalidValue, Refusal
from matchmaker.domain.messages import Message

SDK = "https://raw.githubusercontent.com/OP-TED/eForms-SDK/develop/codelists/"
GISCO = "https://gisco-services.ec.europa.eu/distribution/v2/nuts/"
TERCET = "https://gisco-services.ec.europa.eu/tercet/NUTS-2024/"
TERCET_COUNTRIES = (
    *("AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IS"),
    *("IT", "LI", "LT", "LU", "LV", "MK", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "TR"),
)
GEONAMES = "https://download.geonames.org/export/zip/"

USER_AGENT = "Matchmaker (public procurement matching for the social economy)"
PAUSE_SECONDS = 1.0
"""Between two requests, so that no publisher feels us."""
TRIES = 3
LONGEST_WAIT_SECONDS = 60.0
"""A publisher that asks for more patience than this is left for another day."""

Sleep = Callable[[float], Awaitable[None]]


class DownloadFailed(Refusal):
    """A publisher's file could not be had; what was fetched before stays."""


@dataclass(frozen=True, slots=True)
class Source:
    """A table at its publisher's. ``largest`` is the number of bytes at which reading stops."""

    key: str
    url: str
    publisher: str
    licence: str
    largest: int

    @property
    def file_name(self) -> str:
        """Name of the file it is kept as."""
        return f"{self.key}{Path(httpx.URL(self.url).path).suffix}"


def _sdk(key: str, file: str, largest: int = 20_000_000) -> Source:
    return Source(key, SDK + file, "Publications Office of the European Union", "CC BY 4.0", largest)


SOURCES: tuple[Source, ...] = (
    _sdk("cpv", "cpv.gc", 150_000_000),
    _sdk("cpv-art77", "cpv_social-service-cpv.gc"),
    _sdk("countries", "country.gc"),
    _sdk("currencies", "currency.gc"),
    _sdk("languages", "language.gc"),
    _sdk("reserved-procurement", "reserved-procurement.gc"),
    _sdk("strategic-procurement", "strategic-procurement.gc"),
    _sdk("social-objective", "social-objective.gc"),
    _sdk("environmental-impact", "environmental-impact.gc"),
    _sdk("economic-operator-size", "economic-operator-size.gc"),
    Source("nuts", GISCO + "csv/NUTS_AT_2024.csv", "Eurostat, GISCO", "© EuroGeographics, non-commercial", 5_000_000),
    Source(
        "nuts-points",
        GISCO + "geojson/NUTS_LB_2024_4326.geojson",
        "Eurostat, GISCO",
        "© EuroGeographics, non-commercial",
        20_000_000,
    ),
    Source("postcodes", GEONAMES + "allCountries.zip", "GeoNames", "CC BY 4.0", 100_000_000),
    *(
        Source(
            f"postcode-regions-{country.lower()}",
            f"{TERCET}pc2025_{country}_NUTS-2024_v1.0.zip",
            "Eurostat, GISCO",
            "CC BY-SA 4.0",
            50_000_000,
        )
        for country in TERCET_COUNTRIES
    ),
)
"""What ``reference fetch`` gets."""

GROUPS: Mapping[str, frozenset[str]] = {
    "postcode-regions": frozenset(source.key for source in SOURCES if source.key.startswith("postcode-regions-"))
}
"""Names that stand for several sources."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file at hand; ``changed`` is False where the publisher says that nothing changed since the last time."""

    source: Source
    path: Path
    changed: bool


def sources_with(addresses: Mapping[str, str], only: frozenset[str]) -> tuple[Source, ...]:
    """The sources wanted (all when ``only`` is empty), with the addresses given instead of the publishers'.

    Raises:
        InvalidValue: a name that is no source.
    """
    known = {source.key for source in SOURCES}
    if strangers := sorted((set(addresses) | only) - known - set(GROUPS)):
        raise InvalidValue(
            Message("There is no table called %(names)s to fetch.", {"names": ", ".join(strangers)}),
            Message("Tables: %(known)s.", {"known": ", ".join(sorted(known | set(GROUPS)))}),
        )
    wanted = {key for name in only for key in GROUPS.get(name, {name})}
    return tuple(
        Source(source.key, addresses.get(source.key, source.url), source.publisher, source.licence, source.largest)
        for source in SOURCES
        if not only or source.key in wanted
    )


def make_client(timeout_seconds: float = 30.0) -> httpx.AsyncClient:
    """A client that follows redirects, says who it is, and never waits longer than ``timeout_seconds`` for anything."""
    return httpx.AsyncClient(timeout=timeout_seconds, follow_redirects=True, headers={"User-Agent": USER_AGENT})


async def fetch_all(
    sources: Iterable[Source], client: httpx.AsyncClient, folder: Path, sleep: Sleep = asyncio.sleep
) -> AsyncIterator[tuple[Source, Fetched | DownloadFailed]]:
    """One after the other with a pause between; a source that fails does not stop the others."""
    for number, source in enumerate(sources):
        if number:
            await sleep(PAUSE_SECONDS)
        try:
            yield source, await fetch(source, client, folder, sleep)
        except DownloadFailed as failure:
            yield source, failure


async def fetch(source: Source, client: httpx.AsyncClient, folder: Path, sleep: Sleep = asyncio.sleep) -> Fetched:
    """Gets ``source`` into ``folder``; asks only for what is newer than the file that lies there.

    An answer 429 or 5xx is tried again, after the time the publisher names.

    Raises:
        DownloadFailed: refused, too large, cut short, or not reachable; the file of last time stays as it was.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    path, memory = folder / source.file_name, folder / f"{source.file_name}.http.json"
    headers = await asyncio.to_thread(_conditions, source, path, memory)
    for attempt in range(1, TRIES + 1):
        try:
            answer = await _get(source, client, headers)
        except httpx.HTTPError as error:
            if attempt == TRIES:
                raise _failed(source, f"{type(error).__name__}: {error}".strip(": ")) from None
            await sleep(PAUSE_SECONDS * 2**attempt)
            continue
        if answer.status == httpx.codes.NOT_MODIFIED:
            return Fetched(source, path, changed=False)
        if answer.body is not None:
            await asyncio.to_thread(_keep, source, answer, path, memory)
            return Fetched(source, path, changed=True)
        if attempt == TRIES or not (answer.status == httpx.codes.TOO_MANY_REQUESTS or answer.status >= 500):
            raise _failed(source, f"HTTP {answer.status}")
        wait = answer.retry_after if answer.retry_after is not None else PAUSE_SECONDS * 2**attempt
        if wait > LONGEST_WAIT_SECONDS:
            raise _failed(source, f"HTTP {answer.status}, {wait:.0f} s")
        await sleep(wait)
    raise AssertionError("the last try returns or raises")


@dataclass(frozen=True, slots=True)
class _Answer:
    """``body`` is None unless the status is 200."""

    status: int
    body: bytes | None
    retry_after: float | None
    validators: Mapping[str, str]


async def _get(source: Source, client: httpx.AsyncClient, headers: Mapping[str, str]) -> _Answer:
    async with client.stream("GET", source.url, headers=headers) as response:
        validators = {name: response.headers[name] for name in ("etag", "last-modified") if name in response.headers}
        after = response.headers.get("retry-after", "")
        retry_after = float(after) if after.isdigit() else None
        if response.status_code != httpx.codes.OK:
            return _Answer(response.status_code, None, retry_after, validators)
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > source.largest:
                raise _failed(source, f"> {source.largest} bytes")
        return _Answer(response.status_code, bytes(body), None, validators)


def _conditions(source: Source, path: Path, memory: Path) -> dict[str, str]:
    """Headers that make the answer conditional, when the same address gave the file that lies here."""
    if not path.is_file() or not memory.is_file():
        return {}
    try:
        remembered = json.loads(memory.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    if not isinstance(remembered, dict) or remembered.get("url") != source.url:
        return {}
    asked = {"If-None-Match": remembered.get("etag"), "If-Modified-Since": remembered.get("last-modified")}
    return {name: str(value) for name, value in asked.items() if value}


def _keep(source: Source, answer: _Answer, path: Path, memory: Path) -> None:
    """Writes beside and renames, so that a crash leaves the old file whole."""
    beside = path.with_name(path.name + ".part")
    beside.write_bytes(answer.body or b"")
    beside.replace(path)
    memory.write_text(json.dumps({"url": source.url, **answer.validators}), encoding="utf-8")


def _failed(source: Source, why: str) -> DownloadFailed:
    return DownloadFailed(
        Message("%(key)s could not be fetched from %(url)s: %(why)s.", {"key": source.key, "url": source.url, "why": why}),
        Message("Try again later, or give another address with --address %(key)s=URL.", {"key": source.key}),
    )
