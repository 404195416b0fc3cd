"""One door for every form of table: bytes in, a table of ours out."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from matchmaker.domain.errors import NotFound, UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.reference.comma_separated import read_csv
from matchmaker.reference.genericode import read_genericode
from matchmaker.reference.geonames import is_geonames, read_geonames
from matchmaker.reference.gisco import is_geojson, read_label_points
from matchmaker.reference.tables import Table, TableKind, merge
from matchmaker.reference.tercet import is_tercet, read_tercet

SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".gc", ".xml", ".zip", ".geojson", ".json"})
"""Files of a folder that are looked into; others are skipped and named."""

LARGEST_MEMBER = 400_000_000
"""Bytes a file inside a zip may unpack to."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not loaded, and why."""

    name: str
    reason: Message


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder or a set of files held: one table a kind, and what was skipped."""

    tables: dict[TableKind, Table]
    skipped: tuple[Skipped, ...]


def read_table(data: bytes, name: str) -> Table:
    """The table in ``data``, whatever its form: genericode, CSV, GISCO label points, GeoNames or TERCET text, or a zip.

    Raises:
        UnreadableDocument: no form we read; says what was found.
    """
    if data[:4] == b"PK\x03\x04":
        return read_table(*_unpacked(data, name))
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise UnreadableDocument(Message("%(name)s is empty.", {"name": name}), Message("Get the file again from its publisher."))
    if start.startswith(b"<"):
        return read_genericode(data, name)
    if is_geojson(start):
        return read_label_points(data, name)
    if is_geonames(data):
        return read_geonames(data, name)
    if is_tercet(data):
        return read_tercet(data, name)
    return read_csv(data, name)


def read_path(path: Path) -> Reading:
    """A file, or every file of a folder (not its subfolders) that holds a table; the others are named in ``skipped``.

    Raises:
        NotFound: no such file or folder.
        UnreadableDocument: ``path`` is one file and no table.
    """
    if path.is_dir():
        return read_all((file.name, file) for file in sorted(path.iterdir()) if file.is_file())
    if not path.is_file():
        raise NotFound(
            Message("There is no file or folder %(path)s.", {"path": str(path)}),
            Message("Check the name; the folder of reference tables is given with --reference or MATCHMAKER_SHARED."),
        )
    table = read_table(path.read_bytes(), path.name)
    return Reading({table.kind: table}, ())


def read_all(files: Iterable[tuple[str, Path]]) -> Reading:
    """Several files as one reading; unreadable ones are skipped with their reason."""
    tables: dict[TableKind, Table] = {}
    skipped: list[Skipped] = []
    for name, path in files:
        if path.suffix.lower() not in SUFFIXES:
            skipped.append(Skipped(name, Message("not a kind of file that holds a table")))
            continue
        try:
            add(tables, read_table(path.read_bytes(), name))
        except UnreadableDocument as refusal:
            skipped.append(Skipped(name, refusal.sentence))
    return Reading(tables, tuple(skipped))


def add(tables: dict[TableKind, Table], table: Table) -> None:
    """Puts ``table`` among ``tables``; one of the same kind that is already there is merged, the newer row winning."""
    older = tables.get(table.kind)
    tables[table.kind] = table if older is None else merge(older, table)


def _unpacked(data: bytes, name: str) -> tuple[bytes, str]:
    """The one table inside a zip: the largest file that is not a note of the publisher."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        member = max(_members(archive), key=lambda entry: entry.file_size, default=None)
        if member is None or member.file_size > LARGEST_MEMBER:
            raise UnreadableDocument(
                Message("%(name)s holds no table of a size we read.", {"name": name}),
                Message("Unpack it and load the table itself."),
            )
        with archive.open(member) as stream:
            return stream.read(LARGEST_MEMBER), f"{name}/{Path(member.filename).name}"
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError, LookupError) as error:
        raise UnreadableDocument(
            Message("%(name)s is a damaged zip: %(why)s.", {"name": name, "why": str(error)}),
            Message("Get it again from its publisher."),
        ) from None


def _members(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    for entry in archive.infolist():
        path = Path(entry.filename)
        if not entry.is_dir() and path.suffix.lower() in SUFFIXES - {".zip"} and "readme" not in path.name.lower():
            yield entry
