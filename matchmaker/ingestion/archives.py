"""Documents from files, folders and archives, with bounds on what an archive may contain."""

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from matchmaker.domain.errors import NotFound, UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.ingestion.ocds.entries import Bounds, ByteStream, Entry, Unsplittable, entries
from matchmaker.ingestion.ocds.reading import is_json_name
from matchmaker.ingestion.safe_xml import MAX_BYTES, too_large

_READ = (".xml", ".zip", ".tar.gz", ".tgz")
_NESTED = (".zip", ".tar.gz", ".tgz", ".tar", ".gz", ".bz2", ".xz", ".7z", ".rar")
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
_LOOK_YOURSELF = Message("Unpack the archive yourself, look at it, and give the files inside.")


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes with the name they came under: a file name, or archive and member."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most: bytes of one document and of all an archive unpacks to, members, growth on unpacking.

    A daily package of TED is about 100 MB with some 3,000 members; XML notices grow 5 to 30 times. Growth is tested for
    members over ``small`` bytes only.
    """

    document: int = MAX_BYTES
    archive: int = 4_000_000_000
    members: int = 200_000
    ratio: int = 200
    small: int = 1_000_000


LIMITS = Limits()


def documents(paths: Iterable[Path], limits: Limits = LIMITS) -> Iterator[Document | UnreadableDocument]:
    """Every document under ``paths``: files, folders (recursively, sorted), ``.zip`` and ``.tar.gz``.

    An XML file is one document. A JSON file (``.json``, ``.jsonl``, ``.ndjson``, these with ``.gz``) is as many as it holds
    releases and records.

    What cannot be taken (an unsafe member, a broken archive, an over-large file) is yielded as a refusal in its place, so
    that the rest goes on.

    Raises:
        NotFound: a path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise NotFound(
                Message("There is no file or folder “%(path)s”.", {"path": str(path)}), Message("Check the spelling of the path.")
            )
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                if file.is_file() and (file.name.lower().endswith(_READ) or is_json_name(file.name)):
                    yield from _file(file, limits)
        else:
            yield from _file(path, limits)


def _file(path: Path, limits: Limits) -> Iterator[Document | UnreadableDocument]:
    name = path.name.lower()
    try:
        if name.endswith(".zip"):
            yield from _zip(path, limits)
        elif name.endswith((".tar.gz", ".tgz")):
            yield from _tar(path, limits)
        elif is_json_name(name):
            yield from _json(path, limits)
        elif path.stat().st_size > limits.document:
            yield too_large(path.name, path.stat().st_size, limits.document)
        else:
            yield Document(path.name, path.read_bytes())
    except _BROKEN as error:
        yield UnreadableDocument(
            Message("“%(name)s” could not be read: %(reason)s", {"name": path.name, "reason": _sentence(str(error))}),
            Message("Fetch it again; it may have been cut off on the way."),
        )


def _json(path: Path, limits: Limits) -> Iterator[Document | UnreadableDocument]:
    packed = path.name.lower().endswith(".gz")
    grown = max(limits.small, path.stat().st_size * limits.ratio) if packed else limits.archive
    with gzip.open(path) if packed else path.open("rb") as stream:
        yield from _split(stream, path.name, Bounds(limits.document, min(grown, limits.archive)))


def _split(stream: ByteStream, name: str, bounds: Bounds) -> Iterator[Document | UnreadableDocument]:
    """The entries of a JSON file; where it cannot be split further, the file itself, for its reader to say why."""
    try:
        for found in entries(stream, name, bounds):
            if isinstance(found, Entry):
                yield Document(f"{name}/{found.place}" if found.place else name, found.data)
            else:
                yield found
    except Unsplittable:
        stream.seek(0)
        data = stream.read(bounds.entry + 1)
        yield (
            Document(name, data)
            if len(data) <= bounds.entry
            else UnreadableDocument(
                Message("“%(name)s” is not readable JSON from some place on; what came before was read.", {"name": name}),
                Message("Fetch it again; it may have been cut off on the way."),
            )
        )


def _sentence(reason: str) -> str:
    return f"{reason[:200].rstrip('.')}."


def _zip(path: Path, limits: Limits) -> Iterator[Document | UnreadableDocument]:
    taker = _Taker(path.name, limits)
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.is_dir():
                continue
            if refusal := taker.refuse(member.filename, member.file_size, member.compress_size):
                yield refusal
                if taker.exhausted:
                    return
            elif _is_read(member.filename):
                try:
                    with archive.open(member) as stream:
                        yield from taker.read(member.filename, stream)
                except _BROKEN as error:
                    yield taker.broken(member.filename, str(error))


def _tar(path: Path, limits: Limits) -> Iterator[Document | UnreadableDocument]:
    taker = _Taker(path.name, limits)
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            if member.isdir():
                continue
            if not member.isfile():
                yield taker.link(member.name)
            elif refusal := taker.refuse(member.name, member.size, None):
                yield refusal
                if taker.exhausted:
                    return
            elif _is_read(member.name) and (stream := archive.extractfile(member)) is not None:
                yield from taker.read(member.name, stream)


def _is_read(member: str) -> bool:
    return member.lower().endswith(".xml") or is_json_name(member)


def _stays_inside(member: str) -> bool:
    path = PurePosixPath(member.replace("\\", "/"))
    return not (path.is_absolute() or ".." in path.parts or member[1:2] == ":" or "\x00" in member)


class _Taker:
    """Counts what one archive unpacks to, and refuses members in words."""

    def __init__(self, archive: str, limits: Limits) -> None:
        self.archive = archive
        self.limits = limits
        self.left = limits.archive
        self.members = 0
        self.exhausted = False

    def refuse(self, member: str, size: int, packed: int | None) -> UnreadableDocument | None:
        """Why a member is not taken, or None; counts it. Files of other kinds are passed over without a word."""
        self.members += 1
        self.left -= size
        if self.members > self.limits.members or self.left < 0:
            self.exhausted = True
            return UnreadableDocument(
                Message("“%(name)s” holds more than is unpacked at once; the rest of it was not read.", {"name": self.archive}),
                Message("Split it into smaller archives."),
            )
        if not _stays_inside(member):
            return UnreadableDocument(
                Message("“%(member)s” in “%(name)s” was not read: its name leads out of the archive.", self._named(member)),
                _LOOK_YOURSELF,
            )
        if member.lower().endswith(_NESTED):
            return UnreadableDocument(
                Message("“%(member)s” in “%(name)s” was not read: archives inside archives are not opened.", self._named(member)),
                _LOOK_YOURSELF,
            )
        if _is_read(member) and size > self.limits.document:
            return too_large(f"{self.archive}/{member}", size, self.limits.document)
        if packed is not None and size > self.limits.small and size > packed * self.limits.ratio:
            return UnreadableDocument(
                Message("“%(member)s” in “%(name)s” was not read: it grows too much on unpacking.", self._named(member)),
                _LOOK_YOURSELF,
            )
        return None

    def link(self, member: str) -> UnreadableDocument:
        """A member that is a link or a device."""
        return UnreadableDocument(
            Message("“%(member)s” in “%(name)s” was not read: it is a link or a device, not a file.", self._named(member)),
            _LOOK_YOURSELF,
        )

    def broken(self, member: str, reason: str) -> UnreadableDocument:
        """A member that could not be unpacked."""
        return UnreadableDocument(
            Message(
                "“%(member)s” in “%(name)s” could not be unpacked: %(reason)s",
                {**self._named(member), "reason": _sentence(reason)},
            ),
            _LOOK_YOURSELF,
        )

    def read(self, member: str, stream: IO[bytes]) -> Iterator[Document | UnreadableDocument]:
        """The member's documents; what an archive says of a size is not trusted."""
        data = stream.read(self.limits.document + 1)
        name = f"{self.archive}/{member}"
        if len(data) > self.limits.document:
            yield too_large(name, len(data), self.limits.document)
        elif is_json_name(member):
            yield from _split(io.BytesIO(data), name, Bounds(self.limits.document, self.limits.document))
        else:
            yield Document(name, data)

    def _named(self, member: str) -> dict[str, str]:
        return {"member": member[:200], "name": self.archive}
