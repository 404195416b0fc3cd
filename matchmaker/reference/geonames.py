"""Reads the postcode files of GeoNames: text without header, twelve cells divided by tabs.

The layout is documented at https://download.geonames.org/export/zip/readme.txt: country code, postal code, place name, admin name
and code 1 to 3, latitude, longitude, accuracy. Licence: CC BY 4.0, GeoNames.
"""

import re

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.reference.comma_separated import Cells, LateRows
from matchmaker.reference.countries import EUROPE
from matchmaker.reference.tables import COLUMNS, Table, TableKind


def is_geonames(data: bytes) -> bool:
    """Whether the first line looks like theirs."""
    cells = data[:2000].split(b"\n", 1)[0].rstrip(b"\r").split(b"\t")
    return len(cells) == 12 and bool(re.fullmatch(rb"[A-Z]{2}", cells[0])) and bool(re.fullmatch(rb"-?\d+(\.\d+)?", cells[9]))


def read_geonames(data: bytes, name: str) -> Table:
    """Postcodes of the countries of Europe; a postcode of several places lies at their mean.

    Raises:
        UnreadableDocument: not UTF-8.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableDocument(
            Message("%(name)s is not UTF-8 text (byte %(position)s).", {"name": name, "position": error.start}),
            Message("Get the file again from its publisher."),
        ) from None
    return Table(TableKind.POSTCODES, COLUMNS[TableKind.POSTCODES], LateRows(lambda: _rows(text)), name)


def _rows(text: str) -> list[Cells]:
    sums: dict[tuple[str, str], tuple[float, float, int]] = {}
    countries = frozenset(EUROPE)
    for line in text.splitlines():
        cells = line.split("\t")
        if len(cells) < 11 or cells[0] not in countries:
            continue
        try:
            latitude, longitude = float(cells[9]), float(cells[10])
        except ValueError:
            continue
        before = sums.get((cells[0], cells[1]), (0.0, 0.0, 0))
        sums[cells[0], cells[1]] = (before[0] + latitude, before[1] + longitude, before[2] + 1)
    return [(country, code, f"{lat / n:.4f}", f"{lon / n:.4f}", "") for (country, code), (lat, lon, n) in sums.items()]
