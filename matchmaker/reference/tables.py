"""A reference table in the project's own form: what readers return, the database keeps, and look-ups are built from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class TableKind(StrEnum):
    """What a table is about. The columns of each are in ``COLUMNS``."""

    CPV = "cpv"
    NUTS = "nuts"
    NUTS_POINTS = "nuts-points"
    NUTS_RECODE = "nuts-recode"
    COUNTRIES = "countries"
    CURRENCIES = "currencies"
    LANGUAGES = "languages"
    POSTCODES = "postcodes"
    POSTCODE_PREFIXES = "postcode-prefixes"
    PLACES = "places"
    CODES = "codes"
    ART77 = "art77"
    ES_ANNEX_VI = "es-annex-vi"
    THRESHOLDS = "thresholds"
    REGIMES = "regimes"
    REGIME_RULES = "regime-rules"


COLUMNS: dict[TableKind, tuple[str, ...]] = {
    TableKind.CPV: ("code",),
    TableKind.NUTS: ("code", "name", "native_name", "lat", "lon", "population", "current"),
    TableKind.NUTS_POINTS: ("code", "lat", "lon"),
    TableKind.NUTS_RECODE: ("old_code", "new_code", "population_share"),
    TableKind.COUNTRIES: ("code",),
    TableKind.CURRENCIES: ("code",),
    TableKind.LANGUAGES: ("code",),
    TableKind.POSTCODES: ("country", "postcode", "lat", "lon", "nuts3"),
    TableKind.POSTCODE_PREFIXES: ("country", "prefix", "nuts3", "rank"),
    TableKind.PLACES: ("name", "country", "lat", "lon", "population", "nuts3", "other_names"),
    TableKind.CODES: ("codelist", "code"),
    TableKind.ART77: ("cpv", "label_en", "source"),
    TableKind.ES_ANNEX_VI: ("cpv", "group", "source"),
    TableKind.THRESHOLDS: ("directive", "article", "category", "valid_from", "valid_to", "eur", "evidence"),
    TableKind.REGIMES: (
        *("country", "regime_id", "legal_reference", "scope_cpv", "supplier_types", "min_disadvantaged_share"),
        *(
            "disadvantage_kind",
            "max_duration_months",
            "exclusion_years",
            "quota",
            "notes",
            "evidence",
            "valid_from",
            "valid_to",
            "edited",
        ),
    ),
    TableKind.REGIME_RULES: (
        *("regime_id", "family", "share_operator", "share_basis", "joint_bid_rule", "reliance_rule"),
        *("subcontract_rule", "notice_reference_required", "eforms_bt71", "eforms_bt736", "cautions"),
    ),
}
"""Columns of each kind, in order. CPV, countries, currencies, languages and codes add one column a language (two letters)."""

KEYS: dict[TableKind, tuple[str, ...]] = {
    TableKind.NUTS_RECODE: ("old_code", "new_code"),
    TableKind.POSTCODES: ("country", "postcode"),
    TableKind.POSTCODE_PREFIXES: ("country", "prefix", "rank"),
    TableKind.PLACES: ("name", "country", "lat", "lon"),
    TableKind.CODES: ("codelist", "code"),
    TableKind.ART77: ("cpv",),
    TableKind.ES_ANNEX_VI: ("cpv",),
    TableKind.THRESHOLDS: ("directive", "article", "valid_from"),
    TableKind.REGIMES: ("regime_id", "valid_from"),
    TableKind.REGIME_RULES: ("regime_id",),
}
"""Columns that name a row; ``code`` alone where not listed. A later table of the same kind replaces rows of the same key."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of one kind. Every cell is text, empty when the source says nothing; ``source`` is where it was read from."""

    kind: TableKind
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    source: str

    def records(self) -> Iterator[dict[str, str]]:
        """Rows as mappings from column to cell."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    @property
    def languages(self) -> tuple[str, ...]:
        """The columns that hold names in a language."""
        return self.columns[len(COLUMNS[self.kind]) :]


def merge(older: Table, newer: Table) -> Table:
    """Both tables as one: rows of ``newer`` replace those with the same key, columns of languages add up.

    Raises:
        ValueError: the kinds differ.
    """
    if older.kind is not newer.kind:
        raise ValueError(f"{older.kind} and {newer.kind} are different kinds of table")
    key_columns = KEYS.get(newer.kind, ("code",))
    columns = tuple(dict.fromkeys((*older.columns, *newer.columns)))
    positions = [columns.index(column) for column in key_columns]
    merged: dict[tuple[str, ...], tuple[str, ...]] = {}
    for table in (older, newer):
        place = {column: index for index, column in enumerate(table.columns)}
        for row in table.rows:
            wide = tuple(row[place[column]] if column in place else "" for column in columns)
            key = tuple(wide[position] for position in positions)
            before = merged.get(key)
            merged[key] = wide if before is None else tuple(new or old for new, old in zip(wide, before, strict=True))
    sources = dict.fromkeys((*older.source.split("; "), *newer.source.split("; ")))
    return Table(newer.kind, columns, tuple(merged.values()), "; ".join(sources))
