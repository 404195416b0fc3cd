"""Documents from files, folders and archives, with bounds on what an archive may contain."""

import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from matchmaker.domain.errors import NotFound, UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.ingestion.safe_xml import MAX_BYTES

MAX_ARCHIVE_BYTES = 4_000_000_000
"""Most that is unpacked from one archive; a daily TED package is about 100 MB."""

MAX_MEMBERS = 200_000
MAX_RATIO = 200
"""Most times a member may grow on unpacking; XML notices grow 5 to 30 times."""

_SMALL = 1_000_000
_ARCHIVES = (".zip", ".tar.gz", ".tgz", ".tar", ".gz", ".bz2", ".xz", ".7z", ".rar")


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes with the name they came under: a file name, or archive and member."""

    name: str
    data: bytes


def documents(paths: Iterable[Path], max_bytes: int = MAX_BYTES) -> Iterator[Document | UnreadableDocument]:
    """Every XML document under ``paths``: files, folders (recursively, sorted), ``.zip`` and ``.tar.gz``.

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
                if file.is_file() and _wanted(file.name):
                    yield from _file(file, max_bytes)
        else:
            yield from _file(path, max_bytes)


def _wanted(name: str) -> bool:
    return name.lower().endswith((".xml", ".zip", ".tar.gz", ".tgz"))


def _file(path: Path, max_bytes: int) -> Iterator[Document | UnreadableDocument]:
    name = path.name.lower()
    try:
        if name.endswith(".zip"):
            yield from _zip(path, max_bytes)
        elif name.endswith((".tar.gz", ".tgz")):
            yield from _tar(path, max_bytes)
        elif path.stat().st_size > max_bytes:
            yield _too_large(path.name, path.stat().st_size, max_bytes)
        else:
            yield Document(path.name, path.read_bytes())
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        yield UnreadableDocument(
            Message("“%(name)s” could not be read: %(reason)s", {"name": path.name, "reason": str(error)[:200]}),
            Message("Fetch it again; it may have been cut off on the way."),
        )


def _zip(path: Path, max_bytes: int) -> Iterator[Document | UnreadableDocument]:
    bounds = _Bounds(path.name, max_bytes)
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.is_dir():
                continue
            if refusal := bounds.refuse(member.filename, member.file_size, member.compress_size):
                yield refusal
            elif bounds.skips(member.filename):
                continue
            else:
                try:
                    with archive.open(member) as stream:
                        yield bounds.read(member.filename, stream)
                except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
                    yield bounds.broken(member.filename, str(error))
            if bounds.exhausted:
                return


def _tar(path: Path, max_bytes: int) -> Iterator[Document | UnreadableDocument]:
    bounds = _Bounds(path.name, max_bytes)
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            if member.isdir():
                continue
            if not member.isfile():
                yield bounds.unsafe(member.name, Message("it is a link or a device"))
            elif refusal := bounds.refuse(member.name, member.size, None):
                yield refusal
            elif not bounds.skips(member.name) and (stream := archive.extractfile(member)) is not None:
                yield bounds.read(member.name, stream)
            if bounds.exhausted:
                return


class _Bounds:
    """What one archive may still unpack, and refusals in words for what it may not."""

    def __init__(self, archive: str, max_bytes: int) -> None:
        self.archive = archive
        self.max_bytes = max_bytes
        self.left = MAX_ARCHIVE_BYTES
        self.members = 0
        self.exhausted = False

    def skips(self, member: str) -> bool:
        """Whether a member is no notice (a read-me, a signature)."""
        return not member.lower().endswith(".xml")

    def refuse(self, member: str, size: int, packed: int | None) -> UnreadableDocument | None:
        """Why a member is not taken, or None; counts it."""
        self.members += 1
        self.left -= size
        if self.members > MAX_MEMBERS or self.left < 0:
            self.exhausted = True
            return UnreadableDocument(
                Message("“%(name)s” holds more than is unpacked at once; the rest of it was not read.", {"name": self.archive}),
                Message("Split it into smaller archives."),
            )
        if not _stays_inside(member):
            return self.unsafe(member, Message("its name leads out of the archive"))
        if member.lower().endswith(_ARCHIVES):
            return self.unsafe(member, Message("archives inside archives are not opened"))
        if size > self.max_bytes:
            return _too_large(f"{self.archive}/{member}", size, self.max_bytes)
        if packed is not None and size > _SMALL and size > packed * MAX_RATIO:
            return self.unsafe(member, Message("it grows too much on unpacking"))
        return None

    def unsafe(self, member: str, reason: Message) -> UnreadableDocument:
        """A member that is not taken, and why."""
        return UnreadableDocument(
            Message(
                "“%(member)s” in “%(name)s” was not read: %(reason)s.",
                {"member": member[:200], "name": self.archive, "reason": str(reason)},
            ),
            Message("Unpack the archive yourself, look at it, and give the files inside."),
        )

    def broken(self, member: str, reason: str) -> UnreadableDocument:
        """A member that could not be unpacked."""
        return self.unsafe(member, Message(reason[:200].replace("%", "%%").rstrip(".")))

    def read(self, member: str, stream: IO[bytes]) -> Document | UnreadableDocument:
        """The member's bytes; what an archive says of a size is not trusted."""
        data = stream.read(self.max_bytes + 1)
        if len(data) > self.max_bytes:
            return _too_large(f"{self.archive}/{member}", len(data), self.max_bytes)
        return Document(f"{self.archive}/{member}", data)


def _stays_inside(member: str) -> bool:
    parts = PurePosixPath(member.replace("\\", "/"))
    return not (parts.is_absolute() or ".." in parts.parts or ":" in member or "\x00" in member)


def _too_large(name: str, size: int, max_bytes: int) -> UnreadableDocument:
    return UnreadableDocument(
        Message(
            "“%(name)s” is %(size)s MB large; at most %(limit)s MB are read.",
            {"name": name, "size": round(size / 1e6, 1), "limit": round(max_bytes / 1e6, 1)},
        ),
        Message("Give one notice per file."),
    )
