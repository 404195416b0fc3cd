"""Reads the comma-separated tables, recognised by their header and never by a file name."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from babel import Locale

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.reference.cell_checks import checks_of
from matchmaker.reference.countries import alpha2_of, language_alpha2_of
from matchmaker.reference.tables import COLUMNS, Table, TableKind

Row = dict[str, str]
Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A header we know: the columns it must have, the kind of table it is, and how a row of it becomes a row of ours.

    ``late`` tables are large and parsed when they are used.
    """

    kind: TableKind
    needs: tuple[str, ...]
    cells: Callable[[Row], Cells]
    late: bool = False


class LateRows(Sequence[Cells]):
    """Rows that are parsed each time somebody goes through them, so that a large table takes no memory until it is needed."""

    def __init__(self, parse: Callable[[], Iterable[Cells]]) -> None:
        self._parse = parse

    def __iter__(self) -> Iterator[Cells]:
        return iter(self._parse())

    @overload
    def __getitem__(self, index: int) -> Cells: ...
    @overload
    def __getitem__(self, index: slice) -> list[Cells]: ...
    def __getitem__(self, index: int | slice) -> Cells | list[Cells]:
        return list(self._parse())[index]

    def __len__(self) -> int:
        return sum(1 for _ in self._parse())


def read_csv(data: bytes, name: str) -> Table:
    """The table in ``data``; ``name`` is said in refusals and kept as the source.

    Raises:
        UnreadableDocument: not UTF-8 text, no header, or a header of no form we read.
    """
    text = _text(data, name)
    first = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(",;\t", key=first.count)
    header = _header(first.rstrip("\r"), delimiter, name)
    form = next((form for form in FORMS if set(form.needs) <= set(header)), None)
    if form is not None:
        wanted = form

        def parse() -> Iterator[Cells]:
            return _checked(wanted, _rows(text, header, delimiter, name), name)

        return Table(form.kind, COLUMNS[form.kind], LateRows(parse) if form.late else list(parse()), name)
    if "codelist" in header and "code" in header:
        return _code_lists([row for _, row in _rows(text, header, delimiter, name)], header, name)
    languages = [column for column in header if re.fullmatch(r"[a-z]{2}", column)]
    if "code" in header and "en" in languages:
        rows = [(row["code"], [row[language] for language in languages]) for _, row in _rows(text, header, delimiter, name)]
        return names_table(rows, languages, name)
    raise _unknown(header, name)


def names_table(rows: Sequence[tuple[str, Sequence[str]]], languages: Sequence[str], source: str) -> Table:
    """A table of codes with names by language; what it is about shows in the codes (eight digits: CPV; else ISO codes)."""
    kind = _kind_of_codes([code for code, _ in rows])
    codes: Callable[[str], str | None] = {
        TableKind.CPV: lambda code: code[:8] if re.fullmatch(r"\d{8}(-\d)?", code) else None,
        TableKind.COUNTRIES: lambda code: alpha2_of(code) if len(code) == 3 else code,
        TableKind.LANGUAGES: language_alpha2_of,
    }.get(kind, str)
    found = [(key, *names) for code, names in rows if (key := codes(code.strip()))]
    return Table(kind, (*COLUMNS[kind], *languages), found, source)


def _kind_of_codes(codes: Sequence[str]) -> TableKind:
    """What most of the codes are."""
    currencies = set(Locale("en").currencies)
    score = {
        TableKind.CPV: sum(bool(re.fullmatch(r"\d{8}(-\d)?", code)) for code in codes),
        TableKind.COUNTRIES: sum(code.isupper() and alpha2_of(code) is not None for code in codes),
        TableKind.CURRENCIES: sum(code in currencies for code in codes),
        TableKind.LANGUAGES: sum(len(language_alpha2_of(code)) == 2 for code in codes),
    }
    return max(score, key=lambda kind: score[kind])


def _code_lists(rows: Sequence[Row], header: Sequence[str], source: str) -> Table:
    labels = [column for column in header if re.fullmatch(r"(label_)?[a-z]{2}", column)]
    languages = tuple(label.removeprefix("label_") for label in labels)
    cells = [(row["codelist"], row["code"], *(row[label] for label in labels)) for row in rows]
    return Table(TableKind.CODES, (*COLUMNS[TableKind.CODES], *languages), cells, source)


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableDocument(
            Message("%(name)s is not UTF-8 text (byte %(position)s).", {"name": name, "position": error.start}),
            Message("Save the table as UTF-8 and load it again."),
        ) from None


def _header(line: str, delimiter: str, name: str) -> list[str]:
    try:
        return [column.strip() for column in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error as error:
        raise _broken(name, 1, str(error)) from None


def _checked(form: Form, rows: Iterable[tuple[int, Row]], name: str) -> Iterator[Cells]:
    """Rows in our form.

    Raises:
        UnreadableDocument: a cell does not have the form its column demands; says which.
    """
    checks = checks_of(form.kind)
    for line, row in rows:
        cells = form.cells(row)
        for index, column, fits in checks:
            if not fits(cells[index]):
                raise UnreadableDocument(
                    Message(
                        "%(name)s, line %(line)s: “%(value)s” cannot be a %(column)s.",
                        {"name": name, "line": line, "value": cells[index], "column": column},
                    ),
                    Message("Correct the line or get the table again from its publisher."),
                )
        yield cells


def _rows(text: str, header: Sequence[str], delimiter: str, name: str) -> Iterator[tuple[int, Row]]:
    """Line number and cells by column."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        next(lines)
        for cells in lines:
            if not cells:
                continue
            if len(cells) < len(header):
                raise _broken(name, lines.line_num, Message("fewer cells than the header has columns"))
            yield lines.line_num, dict(zip(header, cells, strict=False))
    except csv.Error as error:
        raise _broken(name, lines.line_num, str(error)) from None


def _broken(name: str, line: int, why: Message | str) -> UnreadableDocument:
    return UnreadableDocument(
        Message("%(name)s, line %(line)s: %(why)s.", {"name": name, "line": line, "why": str(why)}),
        Message("Complete the line or get the table again from its publisher."),
    )


def _same(kind: TableKind, *, optional: Sequence[str] = ()) -> Form:
    columns = COLUMNS[kind]
    needs = tuple(column for column in columns if column not in optional)
    return Form(kind, needs, lambda row: tuple(row.get(column, "") for column in columns))


def _nuts(row: Row) -> Cells:
    lat, lon = (row.get("pop_weighted_lat") or row["lat"], row.get("pop_weighted_lon") or row["lon"])
    current = "0" if row.get("in_nuts2024") == "0" and row["code"][:2] != "UK" else "1"
    native = row.get("name_native", "").strip()
    latin = row["name_latin"].strip()
    return (row["code"], latin, "" if native == latin else native, lat, lon, row.get("population", ""), current)


def _gisco_nuts(row: Row) -> Cells:
    native = row["NUTS_NAME"].strip()
    latin = row.get("NAME_LATN", "").strip() or native
    return (row["NUTS_ID"], latin, "" if native == latin else native, "", "", "", "1")


def _prefix(row: Row, region: str, rank: str) -> Cells:
    return (row["country"], row["prefix"], row[region], rank)


FORMS: tuple[Form, ...] = (
    Form(TableKind.NUTS, ("code", "level", "name_latin", "lat", "lon"), _nuts),
    Form(TableKind.NUTS, ("NUTS_ID", "NUTS_NAME"), _gisco_nuts),
    _same(TableKind.NUTS_RECODE),
    Form(
        TableKind.POSTCODES,
        ("country", "postcode", "lat", "lon"),
        lambda row: (row["country"], row["postcode"], row["lat"], row["lon"], row.get("nuts3", "")),
        late=True,
    ),
    Form(TableKind.POSTCODE_PREFIXES, ("country", "prefix", "nuts3_2024"), lambda row: _prefix(row, "nuts3_2024", "1")),
    Form(TableKind.POSTCODE_PREFIXES, ("country", "prefix", "nuts3"), lambda row: _prefix(row, "nuts3", row.get("rank", "2"))),
    Form(
        TableKind.PLACES,
        ("name", "country", "lat", "lon", "population"),
        lambda row: (
            *(row["name"], row["country"], row["lat"], row["lon"], row["population"]),
            *(row.get("nuts3_2024") or row.get("nuts3_2021") or row.get("nuts3", ""), row.get("altnames", "")),
        ),
        late=True,
    ),
    _same(TableKind.REGIMES, optional=("valid_from", "valid_to", "edited")),
    _same(TableKind.REGIME_RULES, optional=("cautions",)),
    _same(TableKind.THRESHOLDS),
    _same(TableKind.ES_ANNEX_VI),
    _same(TableKind.ART77),
)
"""Forms recognised by header, the more particular first."""


def _unknown(header: Sequence[str], name: str) -> UnreadableDocument:
    shapes = sorted({f"{form.kind} ({', '.join(form.needs[:4])}…)" for form in FORMS} | {"names by code (code, en…)"})
    return UnreadableDocument(
        Message(
            "%(name)s is no table we know. Its columns are: %(columns)s.",
            {"name": name, "columns": ", ".join(header[:30]) or "–"},
        ),
        Message("Forms read: %(forms)s, and genericode (.gc).", {"forms": "; ".join(shapes)}),
    )
