"""Everything a process needs to know of the outside world's code lists, as one immutable value."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.values import CpvCode, NutsCode
from matchmaker.reference.activities import ACTIVITIES, Activity
from matchmaker.reference.countries import CountryTable, LanguageTable
from matchmaker.reference.cpv import CpvTable
from matchmaker.reference.currencies import CurrencyTable
from matchmaker.reference.law import Regimes, Thresholds, codes_of, regimes_of, thresholds_of
from matchmaker.reference.nuts import NutsTable, Region
from matchmaker.reference.places import PlaceTable
from matchmaker.reference.postcodes import PostcodeTable
from matchmaker.reference.reading import read_path
from matchmaker.reference.tables import COLUMNS, KEYS, Table, TableKind

_HERE = Path(__file__).parent
WHOLE_VOCABULARY = 9000
"""A CPV table with at least this many codes is taken as the whole vocabulary (CPV 2008 has 9,454)."""

CORE_FILES: Mapping[TableKind, str] = {
    TableKind.CPV: "core/cpv.csv",
    TableKind.NUTS: "core/nuts.csv",
    TableKind.NUTS_RECODE: "core/nuts_recode.csv",
    TableKind.ART77: "law/cpv_art77.csv",
    TableKind.ES_ANNEX_VI: "law/cpv_es_annex_vi.csv",
    TableKind.THRESHOLDS: "law/thresholds.csv",
    TableKind.REGIMES: "law/regimes.csv",
    TableKind.REGIME_RULES: "law/regime_rules.csv",
}
"""Tables that come with the package, written or collected for it."""


@dataclass(frozen=True)
class Reference:
    """The look-ups. ``loaded`` names the kinds that came from loaded tables; the others are the small core of the package.

    ``code_lists`` maps a list (``reserved-procurement``) to its codes, and a code to its names by language.
    """

    cpv: CpvTable
    nuts: NutsTable
    countries: CountryTable
    languages: LanguageTable
    currencies: CurrencyTable
    postcodes: PostcodeTable
    places: PlaceTable
    activities: tuple[Activity, ...]
    thresholds: Thresholds
    regimes: Regimes
    art77_codes: frozenset[CpvCode]
    code_lists: Mapping[str, Mapping[str, Mapping[str, str]]]
    loaded: frozenset[TableKind]


@lru_cache(maxsize=1)
def core_reference() -> Reference:
    """The small core alone: no file but the package's own is read."""
    return reference_from_tables({})


def reference_from_folder(path: Path) -> Reference:
    """Look-ups from every table in a folder (or one file); kinds that are missing there come from the core.

    Postcodes and places are parsed at their first use.

    Raises:
        NotFound: the folder does not exist.
    """
    return reference_from_tables(read_path(path).tables)


def reference_from_tables(tables: Mapping[TableKind, Table]) -> Reference:
    """Look-ups from loaded tables; kinds that are missing come from the core."""

    def table(kind: TableKind) -> Table:
        return tables.get(kind) or core_table(kind)

    return Reference(
        cpv=_cpv(table(TableKind.CPV)),
        nuts=_nuts(tables),
        countries=CountryTable(_names(tables.get(TableKind.COUNTRIES))),
        languages=LanguageTable(_names(tables.get(TableKind.LANGUAGES))),
        currencies=CurrencyTable(_names(tables.get(TableKind.CURRENCIES)), _euro_rates()),
        postcodes=PostcodeTable(
            tables[TableKind.POSTCODES].rows if TableKind.POSTCODES in tables else (),
            tables[TableKind.POSTCODE_PREFIXES].rows if TableKind.POSTCODE_PREFIXES in tables else (),
        ),
        places=PlaceTable(tables[TableKind.PLACES].rows if TableKind.PLACES in tables else ()),
        activities=ACTIVITIES,
        thresholds=thresholds_of(_thresholds(table(TableKind.THRESHOLDS))),
        regimes=_regimes(table(TableKind.REGIMES), table(TableKind.REGIME_RULES)),
        art77_codes=codes_of(table(TableKind.ART77).records()),
        code_lists=_code_lists(tables.get(TableKind.CODES)),
        loaded=frozenset(tables),
    )


@lru_cache(maxsize=len(CORE_FILES))
def core_table(kind: TableKind) -> Table:
    """A table of the package; columns it leaves out are empty."""
    name = CORE_FILES[kind]
    with (_HERE / name).open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        header = next(reader)
        columns = (*COLUMNS[kind], *(column for column in header if column not in COLUMNS[kind]))
        positions = [header.index(column) if column in header else None for column in columns]
        rows = [tuple("" if position is None else row[position] for position in positions) for row in reader]
    return Table(kind, columns, rows, name)


def _cpv(table: Table) -> CpvTable:
    rows = {row[0]: row[1:] for row in table.rows}
    return CpvTable(table.languages, MappingProxyType(rows), complete=len(rows) >= WHOLE_VOCABULARY)


def _nuts(tables: Mapping[TableKind, Table]) -> NutsTable:
    regions = {region.code.code: region for region in map(_region, core_table(TableKind.NUTS).records())}
    points = (
        {row[0]: (float(row[1]), float(row[2])) for row in tables[TableKind.NUTS_POINTS].rows}
        if TableKind.NUTS_POINTS in tables
        else {}
    )
    if TableKind.NUTS in tables:
        core = regions
        loaded = [_region(record) for record in tables[TableKind.NUTS].records()]
        points = {code: region.point for code, region in core.items() if region.point} | points
        regions = {region.code.code: region for region in loaded}
    regions = {code: _with_point(region, points.get(code)) for code, region in sorted(regions.items())}
    recodes: dict[str, list[tuple[float, NutsCode]]] = {}
    for table in (core_table(TableKind.NUTS_RECODE), tables.get(TableKind.NUTS_RECODE)):
        for old, new, share in table.rows if table else ():
            recodes.setdefault(old, []).append((-float(share or 0), NutsCode.parse(new)))
    successors = {old: tuple(dict.fromkeys(code for _, code in sorted(shares))) for old, shares in recodes.items()}
    return NutsTable(MappingProxyType(regions), MappingProxyType(successors))


def _region(record: Mapping[str, str]) -> Region:
    return Region(
        code=NutsCode(record["code"]),
        name=record["name"],
        native_name=record["native_name"] or None,
        point=(float(record["lat"]), float(record["lon"])) if record["lat"] and record["lon"] else None,
        population=int(float(record["population"])) if record["population"] else None,
        current=record["current"] != "0",
    )


def _with_point(region: Region, point: tuple[float, float] | None) -> Region:
    """The region with its own point, else with the one given."""
    if region.point or point is None:
        return region
    return Region(region.code, region.name, region.native_name, point, region.population, region.current)


def _regimes(regimes: Table, rules: Table) -> Regimes:
    """The package's regimes with their clauses and kinds, and loaded ones where they are newer.

    A loaded version that differs from the package's takes its place only if it was not edited before it, so that an old table
    never undoes a correction. It has no clauses: what was verified is the package's text, and that one rests on nothing yet.
    """
    rows = {_version(row): row for row in core_table(TableKind.REGIMES).records()}
    rule_of = {row["regime_id"]: row for row in core_table(TableKind.REGIME_RULES).records()}
    clauses = {(*_version(row), row["clause"]): row for row in _package_rows("law/regime_clauses.csv")}
    loaded_rule = {row["regime_id"]: row for row in rules.records()}
    for row in _dated(regimes):
        ours = rows.get(_version(row))
        if ours is not None and (ours == row or row.get("edited", "") < ours["edited"]):
            continue
        rows[_version(row)] = row
        rule_of[row["regime_id"]] = loaded_rule.get(row["regime_id"]) or rule_of.get(row["regime_id"], {})
        clauses = {key: clause for key, clause in clauses.items() if key[:2] != _version(row)}
    return regimes_of(rows.values(), rule_of.values(), clauses.values(), _package_rows("law/regime_kinds.csv"))


def _thresholds(thresholds: Table) -> list[dict[str, str]]:
    """The package's figures, and loaded ones that differ or are new; where they agree, the package's source stands."""
    keys = KEYS[TableKind.THRESHOLDS]
    rows = {tuple(row[key] for key in keys): row for row in core_table(TableKind.THRESHOLDS).records()}
    for row in thresholds.records():
        key = tuple(row[key] for key in keys)
        if key not in rows or Decimal(rows[key]["eur"]) != Decimal(row["eur"]):
            rows[key] = row
    return list(rows.values())


def _version(row: Mapping[str, str]) -> tuple[str, str]:
    return row["regime_id"], row["valid_from"]


@lru_cache(maxsize=2)
def _package_rows(name: str) -> tuple[dict[str, str], ...]:
    with (_HERE / name).open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def _dated(regimes: Table) -> Iterator[dict[str, str]]:
    """Rows of regimes; one loaded without dates takes those that the package knows of the same regime."""
    dates = {row["regime_id"]: (row["valid_from"], row["valid_to"]) for row in core_table(TableKind.REGIMES).records()}
    for row in regimes.records():
        if not row.get("valid_from") and not row.get("valid_to"):
            row["valid_from"], row["valid_to"] = dates.get(row["regime_id"], ("", ""))
        yield row


def _names(table: Table | None) -> Mapping[str, Mapping[str, str]]:
    if table is None:
        return MappingProxyType({})
    return MappingProxyType(
        {row[0]: {lang: name for lang, name in zip(table.languages, row[1:], strict=True) if name} for row in table.rows}
    )


def _code_lists(table: Table | None) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    lists: dict[str, dict[str, Mapping[str, str]]] = {}
    for row in table.rows if table else ():
        names = {lang: name for lang, name in zip(table.languages, row[2:], strict=True) if name} if table else {}
        lists.setdefault(row[0], {})[row[1]] = names
    return MappingProxyType(lists)


def _euro_rates() -> Mapping[str, Mapping[int, Decimal]]:
    with (_HERE / "core/euro_rates.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return MappingProxyType(
        {row["currency"]: {int(year): Decimal(row[year]) for year in row if year != "currency" and row[year]} for row in rows}
    )


def find_region(reference: Reference, text: str, country: str | None = None) -> NutsCode | None:
    """The best region for what a person typed: a code, a region's name, a postcode or town of ``country``; else None."""
    if found := reference.nuts.find(text, country):
        return found[0]
    if country is None:
        return None
    try:
        place = reference.postcodes.place_of(country, text) if any(letter.isdigit() for letter in text) else None
    except InvalidValue:
        return None
    if place and place[0]:
        return place[0]
    return next((town.nuts for town in reference.places.find(text, country) if town.nuts), None)
