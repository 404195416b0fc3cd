"""The example notices as eForms documents (UBL 2.3, SDK 1.13), dated from the day they are made."""

from dataclasses import dataclass
from datetime import date
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from matchmaker.examples.data_files import Table, country_files
from matchmaker.examples.eforms_lots import Setting, add_lot, project
from matchmaker.examples.eforms_results import add_results, organisation_id, won_lots
from matchmaker.examples.eforms_xml import COUNTRIES, LANGUAGES, Element, add, add_texts, extension_of, root_element

SDK = "eforms-sdk-1.13"
NUMBER_PREFIX = "EX"
"""Example publication numbers start with these letters; the real ones are digits only."""

_FORMS = {
    "planning": ("PriorInformationNotice", "4", "planning", "pin-only"),
    "competition": ("ContractNotice", "16", "competition", "cn-standard"),
    "result": ("ContractAwardNotice", "29", "result", "can-standard"),
}
_SOCIAL_FORMS = {
    "planning": ("PriorInformationNotice", "4", "planning", "pin-only"),
    "competition": ("ContractNotice", "20", "competition", "cn-social"),
    "result": ("ContractAwardNotice", "33", "result", "can-social"),
}
"""Notices of the light regime (Art. 74 of Directive 2014/24/EU), by ``social = true``."""


@dataclass(frozen=True, slots=True)
class ExampleDocument:
    """One notice as it would be published: a file name and its bytes."""

    name: str
    data: bytes


def example_notices(today: date, year: int | None = None, version: int = 1) -> list[ExampleDocument]:
    """All example notices, by number, with every date counted from ``today``.

    ``year`` is that of the publication numbers (default: ``today``'s): give the year of the first loading, and a higher
    ``version`` (BT-757), to write the same notices anew with fresh dates.
    """
    documents = [
        (notice["number"], _document(notice, file, today, year or today.year, version))
        for file in country_files("notices")
        for notice in file["notice"]
    ]
    return [document for _, document in sorted(documents, key=lambda pair: pair[0])]


def publication_number(number: int, year: int) -> str:
    """``EX000012-2026``."""
    return f"{NUMBER_PREFIX}{number:06d}-{year}"


def _document(notice: Table, file: Table, today: date, year: int, version: int) -> ExampleDocument:
    setting = Setting((file | notice)["language"], file["country"], file["currency"], file["zone"], today, year, version)
    root_name, subtype, form, kind = (_SOCIAL_FORMS if notice.get("social_regime") else _FORMS)[notice["kind"]]
    root = root_element(root_name)
    _extension(root, notice, subtype, setting)
    _head(root, notice, form, kind, setting)
    _buyer_reference(root, notice["buyer"])
    _procedure(root, notice, setting)
    project(root, {"cpv": notice["lot"][0]["cpv"], "nuts": notice["buyer_nuts"], **_of_procedure(notice)}, notice, setting)
    for number, lot in enumerate(notice["lot"], 1):
        add_lot(root, lot, notice, number, setting)
    if notice["kind"] == "result":
        add(root, "cac:TenderResult/cbc:AwardDate", "2000-01-01Z")
    data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return ExampleDocument(publication_number(notice["number"], year) + ".xml", data)


def _of_procedure(notice: Table) -> Table:
    keys = ("title", "description", "value", "nature", "cpv", "nuts")
    return {key: notice[key] for key in keys if key in notice}


def _extension(root: Element, notice: Table, subtype: str, setting: Setting) -> None:
    extension = extension_of(root)
    if notice["kind"] == "result":
        add_results(extension, notice, setting)
    add(extension, "efac:NoticeSubType/cbc:SubTypeCode", subtype, listName="notice-subtype")
    organisations = add(extension, "efac:Organizations")
    buyer = notice["buyer"] | {"nuts": notice["buyer_nuts"][0]}
    _organisation(organisations, "ORG-0001", buyer, notice, setting)
    if notice["kind"] == "result":
        for number, lot in won_lots(notice):
            _organisation(organisations, organisation_id(number), lot["winner"], notice, setting)
    publication = add(extension, "efac:Publication")
    own_number = publication_number(notice["number"], setting.year)
    add(publication, "efbc:NoticePublicationID", own_number, schemeName="ojs-notice-id")
    add(publication, "efbc:PublicationDate", setting.written(notice["published"]))


def _organisation(parent: Element, key: str, entry: Table, notice: Table, setting: Setting) -> None:
    company = add(parent, "efac:Organization/efac:Company")
    if "size" in entry:
        add(company, "efbc:CompanySizeCode", entry["size"], listName="economic-operator-size")
    add(company, "cac:PartyIdentification/cbc:ID", key, schemeName="organization")
    add_texts(add(company, "cac:PartyName"), "cbc:Name", entry["name"], setting.language)
    address = add(company, "cac:PostalAddress")
    add(address, "cbc:CityName", entry["city"])
    if "postcode" in entry:
        add(address, "cbc:PostalZone", entry["postcode"])
    add(address, "cbc:CountrySubentityCode", entry["nuts"], listName="nuts-lvl3")
    add(address, "cac:Country/cbc:IdentificationCode", COUNTRIES[setting.country], listName="country")
    add(company, "cac:PartyLegalEntity/cbc:CompanyID", f"EXAMPLE-{setting.country}-{notice['number']:03d}-{key[-2:]}")


def _head(root: Element, notice: Table, form: str, kind: str, setting: Setting) -> None:
    number = notice["number"]
    add(root, "cbc:UBLVersionID", "2.3")
    add(root, "cbc:CustomizationID", SDK)
    add(root, "cbc:ID", _uuid(f"notice/{number}/{setting.year}/{setting.version}"), schemeName="notice-id")
    if notice["kind"] != "planning":
        add(root, "cbc:ContractFolderID", _uuid(f"procedure/{notice.get('follows', number)}/{setting.year}"))
    add(root, "cbc:IssueDate", setting.written(notice["published"] - 2))
    add(root, "cbc:IssueTime", "09:30:00Z")
    add(root, "cbc:VersionID", f"{setting.version:02d}")
    if notice["kind"] == "planning":
        add(root, "cbc:PlannedDate", setting.written(notice["planned"]))
    add(root, "cbc:RegulatoryDomain", "32014L0024")
    add(root, "cbc:NoticeTypeCode", kind, listName=form)
    add(root, "cbc:NoticeLanguageCode", LANGUAGES[setting.language], listName="language")
    for code in notice.get("other_languages", []):
        add(root, "cac:AdditionalNoticeLanguage/cbc:ID", LANGUAGES[code])


def _buyer_reference(root: Element, buyer: Table) -> None:
    party = add(root, "cac:ContractingParty")
    legal_type = buyer.get("type", "la")
    add(party, "cac:ContractingPartyType/cbc:PartyTypeCode", legal_type, listName="buyer-legal-type")
    activity = buyer.get("activity", "gen-pub")
    add(party, "cac:ContractingActivity/cbc:ActivityTypeCode", activity, listName="authority-activity")
    add(party, "cac:Party/cac:PartyIdentification/cbc:ID", "ORG-0001", schemeName="organization")


def _procedure(root: Element, notice: Table, setting: Setting) -> None:
    if notice["kind"] == "planning":
        return
    process = add(root, "cac:TenderingProcess")
    add(process, "cbc:ProcedureCode", notice.get("procedure", "open"), listName="procurement-procedure-type")
    if "follows" in notice:
        previous = publication_number(notice["follows"], setting.year)
        add(process, "cac:NoticeDocumentReference/cbc:ID", previous, schemeName="ojs-notice-id")


def _uuid(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"https://matchmaker.example/{name}"))
