"""The single releases and records in a JSON file of any size, as a stream: one entry is held at a time.

Layouts: one release, record or package; an array of these; JSON Lines of these. Bounds: bytes of one entry, bytes of the whole,
and how far a compressed file may grow.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import ijson

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.ingestion.ocds.reading import PACKAGES, entries_of, is_ocds
from matchmaker.ingestion.safe_xml import too_large

_HEAD = 1_000_000
_NOT_JSON = (ijson.JSONError, ValueError, OverflowError, RecursionError)


class ByteStream(Protocol):
    """What is read of a file, compressed or not."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to ``size`` bytes."""

    def readline(self, size: int = -1, /) -> bytes:
        """A line, or its first ``size`` bytes."""

    def seek(self, target: int, /) -> int:
        """Goes to a place in the file."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bytes of one entry, and of the whole file when unpacked."""

    entry: int
    whole: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One release or record as JSON bytes, and where in the file: ``releases/12``, ``line 12``; nothing for the only one."""

    place: str
    data: bytes


class Unsplittable(Exception):
    """The file, or the rest of it, cannot be split into entries: broken, or another kind of JSON."""


def entries(stream: ByteStream, name: str, bounds: Bounds) -> Iterator[Entry | UnreadableDocument]:
    """Every release and record in ``stream``; what is no object or too large is refused in its place.

    Raises:
        Unsplittable: the file is broken from here on, or holds no OCDS at all.
    """
    bounded = _Bounded(stream, name, bounds)
    head = bounded.peek()
    try:
        if _is_lines(head):
            yield from _lines(bounded, name, bounds)
        else:
            yield from _values(bounded, head, name, bounds)
    except _TooLarge as too:
        yield too.refusal


class _TooLarge(Exception):
    def __init__(self, refusal: UnreadableDocument) -> None:
        super().__init__()
        self.refusal = refusal


class _Bounded:
    """A stream that counts: what is read since the last entry, and in all."""

    def __init__(self, stream: ByteStream, name: str, bounds: Bounds) -> None:
        self._stream, self._name, self._bounds = stream, name, bounds
        self._head = b""
        self._since = self._all = 0

    def peek(self) -> bytes:
        """The first bytes, without a byte order mark; they are read again afterwards."""
        self._head = self._stream.read(_HEAD).removeprefix(b"\xef\xbb\xbf")
        return self._head

    def entry_done(self) -> None:
        """The bytes up to here belong to entries already handed on."""
        self._since = 0

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes."""
        given, self._head = self._head[:size], self._head[size:]
        return self._counted(given or self._stream.read(size))

    def readline(self) -> bytes:
        """A line; one longer than an entry may be is cut there, and the rest of it passed over."""
        limit = self._bounds.entry + 1
        end = self._head.find(b"\n") + 1
        given, self._head = (self._head[:end], self._head[end:]) if end else (self._head, b"")
        if not end:
            given += self._stream.readline(max(limit - len(given), 0))
        cut = given
        while len(given) >= limit and cut and not cut.endswith(b"\n"):
            cut = self._counted(self._stream.readline(limit))
            self.entry_done()
        return self._counted(given)

    def _counted(self, data: bytes) -> bytes:
        self._since += len(data)
        self._all += len(data)
        if self._all > self._bounds.whole:
            raise _TooLarge(too_large(self._name, self._all, self._bounds.whole))
        if self._since > self._bounds.entry + 2 * _HEAD:
            raise _TooLarge(too_large(self._name, self._since, self._bounds.entry))
        return data


def _is_lines(head: bytes) -> bool:
    """Whether the first line is a whole object and another object follows."""
    first, _, rest = head.lstrip().partition(b"\n")
    return first.startswith(b"{") and first.rstrip().endswith(b"}") and rest.lstrip()[:1] == b"{"


def _lines(stream: _Bounded, name: str, bounds: Bounds) -> Iterator[Entry | UnreadableDocument]:
    known, number = False, 0
    while line := stream.readline():
        number += 1
        stream.entry_done()
        if not line.strip():
            continue
        place = f"line {number}"
        if len(line) > bounds.entry:
            yield too_large(f"{name}/{place}", len(line), bounds.entry)
            continue
        try:
            inside = entries_of(json.loads(line))
        except (ValueError, RecursionError):
            yield Entry(place, line.strip())
            continue
        known = known or any(isinstance(entry, dict) and is_ocds(entry) for entry in inside)
        if not known:
            raise Unsplittable
        for position, entry in enumerate(inside, 1):
            yield _entry(entry, place if len(inside) == 1 else f"{place}/{position}", name, bounds)


def _values(stream: _Bounded, head: bytes, name: str, bounds: Bounds) -> Iterator[Entry | UnreadableDocument]:
    prefix = _prefix(head)
    taken = 0
    try:
        for found in ijson.items(stream, prefix, use_float=True, multiple_values=True):
            stream.entry_done()
            inside = entries_of(found)
            if not taken and not any(isinstance(entry, dict) and is_ocds(entry) for entry in inside):
                break
            for entry in inside:
                taken += 1
                place = f"{prefix.removesuffix('item').strip('.') or 'entry'}/{taken}" if prefix or len(inside) > 1 else ""
                yield _entry(entry, place, name, bounds)
    except _NOT_JSON:
        raise Unsplittable from None
    if not taken:
        raise Unsplittable


def _prefix(head: bytes) -> str:
    """Where the entries are, by the first telling key: ``releases.item`` in a package, ``item`` in an array, else the whole.

    An ocid before ``releases`` tells a record from a package.
    """
    if head.lstrip().startswith(b"["):
        return "item"
    depth = 0
    try:
        for event, value in ijson.basic_parse(head, use_float=True):
            depth += {"start_map": 1, "start_array": 1, "end_map": -1, "end_array": -1}.get(event, 0)
            if depth == 1 and event == "map_key" and value in PACKAGES:
                return f"{value}.item"
            if depth == 1 and event == "map_key" and value == "ocid":
                return ""
    except _NOT_JSON:
        pass
    return ""


def _entry(found: object, place: str, name: str, bounds: Bounds) -> Entry | UnreadableDocument:
    if not isinstance(found, dict):
        return UnreadableDocument(
            Message("“%(name)s” holds something that is no release at %(member)s.", {"name": name, "member": place or "1"}),
            Message("Ask the publisher to mend it; the rest was read."),
        )
    try:
        data = json.dumps(found, separators=(",", ":")).encode()
    except (ValueError, RecursionError):
        return UnreadableDocument(
            Message("“%(name)s” nests its objects too deep at %(member)s.", {"name": name, "member": place or "1"}),
            Message("Ask the publisher to mend it; the rest was read."),
        )
    return Entry(place, data) if len(data) <= bounds.entry else too_large(f"{name}/{place}", len(data), bounds.entry)
