"""A TED_EXPORT document to a ``Notice``."""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Notice, NoticeKind
from matchmaker.domain.values import LocalText
from matchmaker.ingestion.readings import Remarks, country_code, cpv, day, id_from_name, in_languages, language_code
from matchmaker.ingestion.safe_xml import Element, each, first, folded, value, values
from matchmaker.ingestion.ted import older
from matchmaker.ingestion.ted.content import content
from matchmaker.ingestion.ted.forms import Versions, notice_number, paragraphs, versions
from matchmaker.ingestion.ted.parties import buyers

ROOT = "TED_EXPORT"

_KINDS = {
    "0": NoticeKind.PLANNING,
    "1": NoticeKind.CHANGE,
    "2": NoticeKind.CHANGE,
    "3": NoticeKind.COMPETITION,
    "4": NoticeKind.PLANNING,
    "7": NoticeKind.RESULT,
    "A": NoticeKind.COMPETITION,
    "B": NoticeKind.PLANNING,
    "C": NoticeKind.COMPETITION,
    "D": NoticeKind.COMPETITION,
    "H": NoticeKind.COMPETITION,
    "J": NoticeKind.RESULT,
    "K": NoticeKind.RESULT,
    "M": NoticeKind.COMPETITION,
    "O": NoticeKind.COMPETITION,
    "P": NoticeKind.PLANNING,
    "Q": NoticeKind.PLANNING,
    "R": NoticeKind.RESULT,
    "V": NoticeKind.RESULT,
    "Y": NoticeKind.COMPETITION,
}
"""TD_DOCUMENT_TYPE of the coded data section (concessions H and C are calls; their awards are J)."""


_NATURES = {"1": "works", "2": "supplies", "4": "services"}
"""NC_CONTRACT_NATURE, for the forms that do not state the type of contract themselves."""


def known_namespace(namespace: str) -> bool:
    """Whether a namespace is one of TED's; six occur, and documents without one are taken too."""
    return not namespace or "ted/" in namespace.lower() or "ted_schema" in namespace.lower()


def read(root: Element, name: str, namespace: str) -> Notice:
    """The notice in ``root``; ``name`` gives the id when the document states none, ``namespace`` its release.

    Raises:
        UnreadableDocument: the document holds no form.
    """
    form = versions(root)
    if form is None:
        raise UnreadableDocument(
            Message("“%(name)s” is a TED document without a form in its original language.", {"name": name}),
            Message("Fetch the document again from TED."),
        )
    return _notice(root, form, id_from_name(name), root.get("VERSION") or _release(namespace))


def _notice(root: Element, form: Versions, name: str, release: str) -> Notice:
    remarks = Remarks()
    coded = root.find("CODED_DATA_SECTION")
    data, codif = first(coded, "NOTICE_DATA"), first(coded, "CODIF_DATA")
    found = older.content(form, remarks) if older.is_older(form.original) else content(form, remarks)
    notice_id = root.get("DOC_ID") or notice_number(value(data, "NO_DOC_OJS")) or name
    kind = _kind(codif, form, remarks)
    nature = found.nature or _NATURES.get(_attribute(codif, "NC_CONTRACT_NATURE", "CODE") or "")
    links = (*values(data, "REF_NOTICE/NO_DOC_OJS"), *found.previous)
    previous = tuple(dict.fromkeys(number for link in links if (number := notice_number(link))))
    return Notice(
        notice_id=notice_id,
        version="1",
        kind=kind,
        schema="ted",
        schema_version=release,
        language=language_code((value(data, "LG_ORIG") or "").split(" ")[0]) or form.elements[0][0],
        title=found.title,
        lots=tuple(lot if lot.nature or not nature else replace(lot, nature=nature) for lot in found.lots),
        buyers=buyers(form.original, _country(data), _code(data, "CA_CE_NUTS")),
        description=found.description,
        form=form.original.get("FORM") or str(form.original.tag),
        procedure_type=value(codif, "PR_PROC"),
        legal_basis=_legal_basis(form.original, codif),
        nature=nature,
        published=day(value(coded, "REF_OJS/DATE_PUB"), remarks),
        dispatched=day(value(codif, "DS_DATE_DISPATCH"), remarks),
        main_cpv=found.main_cpv or cpv(_code(data, "ORIGINAL_CPV"), remarks),
        extra_cpvs=found.extra_cpvs,
        nuts=_all_codes(data, "PERFORMANCE_NUTS"),
        value=found.value,
        previous=previous,
        changes=_changes(form, previous) if kind is NoticeKind.CHANGE else None,
        url=_url(notice_id),
        headings=_headings(root),
        extra=_extra(form),
        remarks=remarks.all(),
    )


def _kind(codif: Element | None, form: Versions, remarks: Remarks) -> NoticeKind:
    """From the document type; a form said to be planning that has award sections is a result all the same."""
    code = _attribute(codif, "TD_DOCUMENT_TYPE", "CODE")
    if code not in _KINDS:
        remarks.say(
            Message(
                "“%(code)s” is not in the code list of %(term)s; kept as given.", {"code": code or "", "term": "TD_DOCUMENT_TYPE"}
            )
        )
    kind = _KINDS.get(code or "", NoticeKind.PLANNING)
    awards = form.original.find("AWARD_CONTRACT") is not None
    return NoticeKind.RESULT if awards and kind is NoticeKind.PLANNING else kind


def _changes(form: Versions, previous: tuple[str, ...]) -> str | None:
    number = notice_number(value(form.original, "COMPLEMENTARY_INFO/NOTICE_NUMBER_OJ"))
    return number or next(iter(previous), None)


def _code(data: Element | None, tag: str) -> str | None:
    return next(iter(_all_codes(data, tag)), None)


def _all_codes(data: Element | None, tag: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for found in each(data, tag) if (code := folded(found.get("CODE")))))


def _country(data: Element | None) -> str | None:
    return country_code(_attribute(data, "ISO_COUNTRY", "VALUE"))


def _attribute(parent: Element | None, tag: str, name: str) -> str | None:
    element = first(parent, tag)
    return None if element is None else element.get(name)


def _legal_basis(form: Element, codif: Element | None) -> str | None:
    return _attribute(form, "LEGAL_BASIS", "VALUE") or _attribute(codif, "DIRECTIVE", "VALUE")


def _release(namespace: str) -> str:
    found = re.search(r"R\d\.\d\.\d+[\w.]*", namespace)
    return found[0] if found else ""


def _extra(form: Versions) -> Mapping[str, str]:
    """What a corrigendum (F14) changes, in the notice's own words; section I is left out, it holds contact persons."""
    lines = (_change(change.original) for change in form.all("CHANGES/CHANGE"))
    text = "\n".join(line for line in lines if line)
    return MappingProxyType({"change_description": text} if text else {})


def _change(change: Element) -> str:
    where = [value(change, f"WHERE/{name}") for name in ("SECTION", "LOT_NO", "LABEL")]
    if re.match(r"I\b", where[0] or ""):
        return ""
    old, new = (_new_or_old(change.find(name)) for name in ("OLD_VALUE", "NEW_VALUE"))
    return f"{' '.join(part for part in where if part)}: {old or '–'} → {new or '–'}"


def _new_or_old(part: Element | None) -> str | None:
    if part is None:
        return None
    codes = [code for found in part.iter("CPV_CODE") if (code := found.get("CODE"))]
    return folded(" ".join((*codes, *(str(text) for text in part.itertext()))))


def _headings(root: Element) -> LocalText:
    titles = each(root.find("TRANSLATION_SECTION"), "ML_TITLES/ML_TI_DOC")
    found = ((language_code(title.get("LG")), title.find("TI_TEXT")) for title in titles)
    return in_languages([(language, paragraphs(text)) for language, text in found if language and text is not None])


def _url(notice_id: str) -> str | None:
    serial, _, year = notice_id.partition("-")
    if serial.isdigit() and year.isdigit():
        return f"https://ted.europa.eu/en/notice/-/detail/{int(serial)}-{year}"
    return None
