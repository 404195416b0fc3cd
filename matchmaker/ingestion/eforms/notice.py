"""An eForms document to a ``Notice``."""

from dataclasses import replace
from types import MappingProxyType

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot, LotResult, Notice, NoticeKind
from matchmaker.domain.values import LocalText, Money
from matchmaker.ingestion.eforms import codes, parties
from matchmaker.ingestion.eforms.context import EXTENSION, Context, coded
from matchmaker.ingestion.eforms.lots import classification, estimate, lots, regions
from matchmaker.ingestion.eforms.results import results
from matchmaker.ingestion.readings import day, id_from_name, language_code, money, with_whole_value
from matchmaker.ingestion.safe_xml import Element, first, value, values

ROOTS = frozenset(("ContractNotice", "ContractAwardNotice", "PriorInformationNotice", "BusinessRegistrationInformationNotice"))
NAMESPACES = ("urn:oasis:names:specification:ubl:schema:xsd:", "http://data.europa.eu/p27/eforms-business-registration")

_KINDS = {
    "planning": NoticeKind.PLANNING,
    "consultation": NoticeKind.PLANNING,
    "competition": NoticeKind.COMPETITION,
    "result": NoticeKind.RESULT,
    "dir-awa-pre": NoticeKind.RESULT,
    "cont-modif": NoticeKind.RESULT,
    "completion": NoticeKind.RESULT,
}
_KIND_OF_ROOT = {
    "PriorInformationNotice": NoticeKind.PLANNING,
    "ContractNotice": NoticeKind.COMPETITION,
    "ContractAwardNotice": NoticeKind.RESULT,
}


def read(root: Element, name: str) -> Notice:
    """The notice in ``root``; ``name`` gives the id when the document has no publication number.

    Raises:
        UnreadableDocument: the root has no content that belongs to a notice.
    """
    language = language_code(value(root, "NoticeLanguageCode"))
    if root.find("ProcurementProject") is None and root.find("ProcurementProjectLot") is None and language is None:
        raise UnreadableDocument(
            Message(
                "“%(name)s” has the outer form of an eForms notice but neither a language nor a procurement.", {"name": name}
            ),
            Message("Fetch the document again from its publisher."),
        )
    context = Context(language or "en")
    if language is None:
        context.remarks.say(Message("The notice does not state its language (BT-702); taken as English."))
    return _notice(root, name, context)


def _notice(root: Element, name: str, context: Context) -> Notice:
    extension, project, process = root.find(EXTENSION), root.find("ProcurementProject"), root.find("TenderingProcess")
    organisations = parties.parties(extension, context)
    notice_result = first(extension, "NoticeResult")
    main, extra = classification(project, context)
    changed = value(extension, "Changes/ChangedNoticeIdentifier") or value(extension, "Changes/Change/ChangedNoticeIdentifier")
    title = context.texts(project, "Name")
    found_lots = _with_results(list(lots(root, context)), results(notice_result, organisations, context), title, context)
    notice_id, url = _identity(extension, id_from_name(name))
    estimated = estimate(project, context)
    return Notice(
        notice_id=notice_id,
        version=value(root, "VersionID") or "01",
        kind=_kind(root, context),
        schema="eforms",
        schema_version=value(root, "CustomizationID") or "",
        language=context.language,
        title=title,
        lots=with_whole_value(found_lots, estimated),
        buyers=parties.buyers(root, organisations),
        description=context.texts(project, "Description"),
        form=value(extension, "NoticeSubType/SubTypeCode"),
        procedure_id=value(root, "ContractFolderID"),
        procedure_type=value(process, "ProcedureCode"),
        legal_basis=value(root, "RegulatoryDomain"),
        nature=next(iter(coded(project, "ProcurementTypeCode", "contract-nature")), None),
        published=day(value(extension, "Publication/PublicationDate"), context.remarks),
        dispatched=day(value(root, "IssueDate"), context.remarks),
        main_cpv=main,
        extra_cpvs=extra,
        nuts=regions(project),
        value=estimated or _total_amount(notice_result, context),
        previous=_previous(root),
        changes=changed,
        url=url,
        remarks=context.remarks.all(),
        extra=_extra(root, extension, context),
    )


def _kind(root: Element, context: Context) -> NoticeKind:
    """From BT-03; a notice of form type ``change`` repeats the whole notice and is of the kind of its root."""
    code = root.find("NoticeTypeCode")
    form_type = code.get("listName") if code is not None else None
    if form_type:
        context.remarks.check_code("BT-03", form_type, codes.FORM_TYPES)
    fallback = _KIND_OF_ROOT.get(str(root.tag), NoticeKind.PLANNING)
    return _KINDS.get(form_type or "", fallback)


def _identity(extension: Element | None, name: str) -> tuple[str, str | None]:
    """The publication number (OPP-010), else ``name``; with the address where TED or Doffin shows the notice.

    National notices carry ``n.a.`` there, or the number of an earlier notice in another form: not theirs.
    """
    number = value(extension, "Publication/NoticePublicationID") or ""
    serial, _, year = number.partition("-")
    if serial.isdecimal() and year.isdecimal():
        return number, f"https://ted.europa.eu/en/notice/-/detail/{int(serial)}-{year}"
    if name.upper().startswith("DOFFIN-"):
        return name, f"https://doffin.no/notices/{name[len('DOFFIN-') :]}"
    return name, None


def _with_results(found: list[Lot], by_lot: dict[str, LotResult], title: LocalText, context: Context) -> tuple[Lot, ...]:
    """The lots with what became of them; without own title it takes the notice's; a result of no known lot stands alone."""
    known = [replace(lot, title=lot.title or title, result=by_lot.pop(lot.lot_id, None)) for lot in found]
    for lot_id, result in by_lot.items():
        context.remarks.say(Message("A result names the lot %(id)s, which the notice does not describe.", {"id": lot_id}))
        known.append(Lot(lot_id=lot_id, title=title, result=result, award_only=True))
    return tuple(known)


def _total_amount(notice_result: Element | None, context: Context) -> Money | None:
    """The value of all contracts awarded by this notice (BT-161)."""
    amount = first(notice_result, "TotalAmount")
    return None if amount is None else money(amount.text, amount.get("currencyID"), context.remarks)


def _previous(root: Element) -> tuple[str, ...]:
    """Notices this one follows: OPP-090 of the procedure, BT-1251 of the lots."""
    path = "TenderingProcess/NoticeDocumentReference/ID"
    return tuple(dict.fromkeys(values(root, path) + values(root, f"ProcurementProjectLot/{path}")))


def _extra(root: Element, extension: Element | None, context: Context) -> MappingProxyType[str, str]:
    found = {
        "notice_uuid": value(root, "ID"),
        "notice_type": value(root, "NoticeTypeCode"),
        "change_reason": value(extension, "Changes/ChangeReason/ReasonCode"),
        "change_description": context.text(extension, "Changes/ChangeReason/ReasonDescription"),
        "planned_publication": value(root, "PlannedDate"),
    }
    return MappingProxyType({key: text for key, text in found.items() if text})
