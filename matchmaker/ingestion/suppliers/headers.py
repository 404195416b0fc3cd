"""Which column means what: the names people give to columns in seven languages."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from matchmaker.reference.folding import fold


class Column(StrEnum):
    """What a register can say of a supplier."""

    ID = "id"
    SOURCE = "source"
    SOURCE_ID = "source_id"
    LICENCE = "licence"
    NAME = "name"
    LEGAL_NAME = "legal_name"
    LEGAL_FORM = "legal_form"
    KIND = "kind"
    INTEGRATION_SHARE = "integration_share"
    STATUS_EVIDENCE = "status_evidence"
    STATUS_VALID_UNTIL = "status_valid_until"
    COUNTRY = "country"
    NUTS = "nuts"
    POSTCODE = "postcode"
    CITY = "city"
    LATITUDE = "lat"
    LONGITUDE = "lon"
    DESCRIPTION = "description"
    SECTOR = "sector"
    SECTOR_CODE = "sector_code"
    CPV = "cpv"
    LANGUAGE = "lang"
    LANGUAGES = "languages"
    WEBSITE = "website"
    EMAIL = "email"
    EMPLOYEES = "employees"
    TURNOVER = "turnover"
    CURRENCY = "currency"
    SMALLEST = "smallest_contract"
    LARGEST = "largest_contract"
    FREE_AMOUNT = "free_amount"
    FREE_HOURS = "free_hours"
    AREA_NUTS = "area_nuts"
    AREA_COUNTRIES = "area_countries"
    RADIUS = "radius_km"
    DELIVERY = "delivery"
    CERTIFICATES = "certificates"
    REFERENCES = "references"


_NAMES: Mapping[str, list[str]] = tomllib.loads((Path(__file__).parent / "headers.toml").read_text(encoding="utf-8"))

_BY_NAME = {fold(name): column for column in Column for name in (column.value, *_NAMES[column.value])}

SCHEMES: Mapping[str, str] = MappingProxyType(
    {name: name.upper() for name in ("siret", "siren", "cif", "nif", "kvk", "krs", "nip", "regon")}
    | {"partita iva": "PARTITA IVA", "codice fiscale": "CODICE FISCALE", "kvk nummer": "KVK", "handelsregisternummer": "HRB"}
)
"""Columns whose very name says which register the number is of."""

PERSONAL = frozenset(map(fold, _NAMES["personal"]))
"""Columns about persons: never read."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each column stands (the first of its meaning counts), which headers mean nothing to us, and which are personal."""

    positions: Mapping[Column, int]
    ignored: tuple[str, ...]
    personal: tuple[str, ...]
    id_scheme: str | None

    def of(self, texts: Sequence[str], column: Column) -> str:
        """The row's text in a column; empty where there is none."""
        position = self.positions.get(column)
        return texts[position] if position is not None else ""


def layout_of(headers: Sequence[str]) -> Layout:
    """The layout that the headers describe, whatever their case, accents and punctuation."""
    positions: dict[Column, int] = {}
    ignored: list[str] = []
    for position, header in enumerate(headers):
        column = _BY_NAME.get(fold(header))
        if column is None or column in positions:
            ignored.append(header)
        else:
            positions[column] = position
    personal = tuple(header for header in ignored if fold(header) in PERSONAL)
    id_header = fold(headers[positions[Column.ID]]) if Column.ID in positions else ""
    return Layout(
        MappingProxyType(positions),
        tuple(header for header in ignored if header and header not in personal),
        personal,
        SCHEMES.get(id_header),
    )
