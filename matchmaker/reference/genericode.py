"""Reads genericode 1.0 (OASIS), the form in which the Publications Office of the EU publishes code lists.

The layout is that of the lists of the eForms SDK (https://github.com/OP-TED/eForms-SDK/tree/develop/codelists) and of
EU Vocabularies:
``Identification`` with ``ShortName`` and ``LongName``, ``Row``/``Value[@ColumnRef]``/``SimpleValue``, a column ``code``, a
column ``Name`` (English), and columns ``eng_label``, ``fra_label``, … by three letters of the language.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.reference.comma_separated import names_table
from matchmaker.reference.countries import language_alpha2_of
from matchmaker.reference.tables import COLUMNS, Table, TableKind

MAXIMUM_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class CodeList:
    """A genericode file: what its identification says of its name (most particular first) and its rows by column."""

    names: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]


def read_genericode(data: bytes, name: str) -> Table:
    """The table in ``data``.

    Raises:
        UnreadableDocument: not XML, not genericode, too large, with a document type, or without a column of codes.
    """
    code_list = parse_genericode(data, name)
    columns = dict.fromkeys(column for row in code_list.rows for column in row)
    code = next((column for column in columns if column.lower() == "code"), None)
    if code is None:
        raise UnreadableDocument(
            Message(
                "%(name)s has no column of codes. Its columns are: %(columns)s.",
                {"name": name, "columns": ", ".join(columns) or "–"},
            ),
            Message("Load a code list in genericode with a column “code”."),
        )
    labels = {language: column for column in columns if (language := _language(column))}
    english = next((column for column in columns if column.lower() == "name"), None)
    if english is not None:
        labels.setdefault("en", english)
    languages = sorted(labels, key=lambda language: (language != "en", language))
    rows = []
    for row in code_list.rows:
        if row.get(code):
            names = [row.get(labels[language], "") for language in languages]
            if english is not None and not names[0]:
                names[0] = row.get(english, "")
            rows.append((row[code], names))
    return _as_table(code_list.names, rows, languages, name)


def _as_table(names: tuple[str, ...], rows: list[tuple[str, list[str]]], languages: list[str], source: str) -> Table:
    about = " ".join(names).lower()
    if "social-service-cpv" in about:
        english = languages.index("en") if "en" in languages else 0
        return Table(
            TableKind.ART77, COLUMNS[TableKind.ART77], [(code[:8], labels[english], source) for code, labels in rows], source
        )
    if re.search(r"\bnuts\b", about) and "country" not in about:
        latin = [(code, next((label for label in labels if label), "")) for code, labels in rows]
        regions = [(code, label, "", "", "", "", "1") for code, label in latin if re.fullmatch(r"[A-Z]{2}[0-9A-Z]{0,3}", code)]
        return Table(TableKind.NUTS, COLUMNS[TableKind.NUTS], regions, source)
    if re.search(r"\b(cpv|country|countries|currency|currencies|language|languages)\b", about):
        return names_table(rows, languages, source)
    cells = [(names[0], code, *labels) for code, labels in rows]
    return Table(TableKind.CODES, (*COLUMNS[TableKind.CODES], *languages), cells, source)


def parse_genericode(data: bytes, name: str) -> CodeList:
    """The bare rows of a genericode document; raises UnreadableDocument as ``read_genericode`` does."""
    if len(data) > MAXIMUM_BYTES:
        raise _unreadable(name, "larger than 200 MB")
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:65536]:
        raise _unreadable(name, "it has a document type")
    names: list[str] = []
    rows: list[Mapping[str, str]] = []
    root = ""
    try:
        for element in _elements(data):
            local = _local(element)
            root = local
            if local in {"ShortName", "LongName"} and _parent_is(element, "Identification"):
                names.append((element.text or "").strip())
            elif local == "Row":
                rows.append(_row(element))
                element.clear()
    except etree.XMLSyntaxError as error:
        raise _unreadable(name, str(error.msg)) from None
    if root != "CodeList":
        raise _unreadable(name, f"its outermost element is {root or 'missing'}")
    listed = tuple(dict.fromkeys(text for text in (*names[1:2], *names) if text)) or (name,)
    return CodeList(listed, tuple(rows))


def _elements(data: bytes) -> Iterator[etree._Element]:
    for _, element in etree.iterparse(BytesIO(data), events=("end",), resolve_entities=False, no_network=True, load_dtd=False):
        if isinstance(element.tag, str):
            yield element


def _parent_is(element: etree._Element, local: str) -> bool:
    parent = element.getparent()
    return parent is not None and _local(parent) == local


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _row(element: etree._Element) -> Mapping[str, str]:
    cells = {}
    for value in element:
        column = value.get("ColumnRef")
        if column and len(value) and (text := (value[0].text or "").strip()):
            cells[column] = text
    return cells


def _language(column: str) -> str | None:
    found = re.fullmatch(r"([a-z]{3})_label|lang_([a-z]{3})", column.lower())
    if not found:
        return None
    language = language_alpha2_of(found.group(1) or found.group(2))
    return language if len(language) == 2 else None


def _unreadable(name: str, why: str) -> UnreadableDocument:
    return UnreadableDocument(
        Message("%(name)s is not a genericode list: %(why)s.", {"name": name, "why": why}),
        Message("Get the file again from its publisher."),
    )
