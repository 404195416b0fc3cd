"""Reads TERCET flat files: the NUTS 3 region of every postcode of a country, as Eurostat publishes them.

Documented at https://gisco-services.ec.europa.eu/tercet/flat-files: text with the columns ``NUTS3`` and ``CODE``, divided
by semicolons, cells in single quotes. Millions of postcodes become a few thousand rules, because neighbours share
their first digits.
"""

import re
from collections import Counter
from collections.abc import Iterator

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.domain.values import iso_country
from matchmaker.reference.tables import COLUMNS, Table, TableKind

RANK = "0"
"""Official, so asked before rules made from other sources."""


def is_tercet(data: bytes) -> bool:
    """Whether the header is theirs, in either order."""
    header = data[:100].split(b"\n", 1)[0].decode("utf-8-sig", errors="replace")
    return sorted(_cells(header)) == ["CODE", "NUTS3"]


def read_tercet(data: bytes, name: str) -> Table:
    """Rules for prefixes of postcodes, one set a country.

    Raises:
        UnreadableDocument: not UTF-8, or a line without region and code; says which.
    """
    try:
        lines = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise UnreadableDocument(
            Message("%(name)s is not UTF-8 text (byte %(position)s).", {"name": name, "position": error.start}),
            Message("Get the file again from its publisher."),
        ) from None
    header = _cells(lines[0])
    region_at, code_at = header.index("NUTS3"), header.index("CODE")
    regions: dict[str, dict[str, str]] = {}
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        cells = _cells(line)
        code = re.sub(r"[^0-9A-Z]", "", cells[code_at].upper()) if len(cells) > 1 else ""
        if not code or not re.fullmatch(r"[A-Z]{2}[0-9A-Z]{3}", cells[region_at]):
            raise UnreadableDocument(
                Message("%(name)s, line %(line)s: no postcode with its region.", {"name": name, "line": number}),
                Message("Get the file again from its publisher."),
            )
        regions.setdefault(iso_country(cells[region_at][:2]), {})[code] = cells[region_at]
    rows = [(country, prefix, region, RANK) for country, codes in regions.items() for prefix, region in rules(codes)]
    return Table(TableKind.POSTCODE_PREFIXES, COLUMNS[TableKind.POSTCODE_PREFIXES], rows, name)


def rules(codes: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The fewest prefixes, longest first to be asked, that give every code its region; ``$`` ends a whole code."""
    return _rules("", sorted(codes.items()), "")


def _rules(prefix: str, codes: list[tuple[str, str]], inherited: str) -> Iterator[tuple[str, str]]:
    counts = Counter(region for _, region in codes)
    usual = min(counts, key=lambda region: (-counts[region], region))
    if usual != inherited:
        yield prefix, usual
    if len(counts) == 1:
        return
    branches: dict[str, list[tuple[str, str]]] = {}
    for code, region in codes:
        if code == prefix:
            if region != usual:
                yield f"{prefix}$", region
        else:
            branches.setdefault(code[: len(prefix) + 1], []).append((code, region))
    for branch, inside in branches.items():
        yield from _rules(branch, inside, usual)


def _cells(line: str) -> list[str]:
    return [cell.strip().strip("'\"").strip() for cell in re.split(r"[;,\t]", line)]
