"""Writes the lots and parts of an example notice (BT-137 and what belongs to it)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from matchmaker.examples.data_files import Table
from matchmaker.examples.eforms_xml import (
    COUNTRIES,
    Element,
    add,
    add_texts,
    day_with_offset,
    extension_of,
    time_with_offset,
    working_day,
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for a whole country file, and the day everything counts from."""

    language: str
    country: str
    currency: str
    zone: str
    today: date
    year: int
    version: int

    def day(self, offset: int) -> date:
        """The working day ``offset`` days from today."""
        return working_day(self.today + timedelta(days=offset))

    def written(self, offset: int) -> str:
        """That day as eForms writes it."""
        return day_with_offset(self.day(offset), self.zone)


ADDITIONAL_TYPES: Mapping[str, str] = {
    "strategic": "strategic-procurement",
    "green": "environmental-impact",
    "social": "social-objective",
}


def add_lot(root: Element, lot: Table, notice: Table, number: int, setting: Setting) -> None:
    """One ``cac:ProcurementProjectLot``; a part where the notice is a planning one."""
    part = notice["kind"] == "planning"
    element = add(root, "cac:ProcurementProjectLot")
    add(element, "cbc:ID", f"{'PAR' if part else 'LOT'}-{number:04d}", schemeName="Part" if part else "Lot")
    _terms(element, lot, notice, setting)
    _process(element, lot, notice, setting)
    project(element, lot, notice, setting)


def _terms(element: Element, lot: Table, notice: Table, setting: Setting) -> None:
    terms = add(element, "cac:TenderingTerms")
    if lot.get("selection"):
        extension = extension_of(terms)
        for kind, text in lot["selection"]:
            criterion = add(extension, "efac:SelectionCriteria")
            add(criterion, "cbc:TendererRequirementTypeCode", kind, listName="selection-criterion")
            add_texts(criterion, "cbc:Description", text, setting.language)
    if notice["kind"] == "result":
        return
    for code in lot.get("reserved", []):
        path = "cac:TendererQualificationRequest/cac:SpecificTendererRequirement/cbc:TendererRequirementTypeCode"
        add(terms, path, code, listName="reserved-procurement")
    if "programme" in lot:
        reserved = "yes" if lot["programme"] else "no"
        add(terms, "cac:ContractExecutionRequirement/cbc:ExecutionRequirementCode", reserved, listName="reserved-execution")
    if lot.get("terms"):
        requirement = add(terms, "cac:ContractExecutionRequirement")
        add(requirement, "cbc:ExecutionRequirementCode", "performance", listName="conditions")
        add_texts(requirement, "cbc:Description", lot["terms"], setting.language)


def _process(element: Element, lot: Table, notice: Table, setting: Setting) -> None:
    process = add(element, "cac:TenderingProcess")
    if notice["kind"] == "competition":
        add(process, "cbc:SubmissionMethodCode", "required", listName="esubmission")
    add(process, "cbc:GovernmentAgreementConstraintIndicator", "true" if notice.get("gpa") else "false")
    if notice["kind"] != "competition":
        return
    deadline = setting.day((notice | lot)["deadline"])
    candidates = notice.get("procedure", "open") != "open"
    period = add(process, "cac:ParticipationRequestReceptionPeriod" if candidates else "cac:TenderSubmissionDeadlinePeriod")
    add(period, "cbc:EndDate", day_with_offset(deadline, setting.zone))
    add(period, "cbc:EndTime", time_with_offset(deadline, notice.get("time", "12:00"), setting.zone))


def project(element: Element, entry: Table, notice: Table, setting: Setting) -> None:
    """``cac:ProcurementProject`` of a lot or of the whole procedure: title, codes, value, place, duration."""
    project = add(element, "cac:ProcurementProject")
    add(project, "cbc:ID", entry.get("reference", f"EX-{notice['number']:03d}"), schemeName="InternalID")
    add_texts(project, "cbc:Name", entry["title"], setting.language)
    add_texts(project, "cbc:Description", entry.get("description", entry["title"]), setting.language)
    add(project, "cbc:ProcurementTypeCode", entry.get("nature", notice.get("nature", "services")), listName="contract-nature")
    if "sme" in entry:
        add(project, "cbc:SMESuitableIndicator", "true" if entry["sme"] else "false")
    for key, list_name in ADDITIONAL_TYPES.items():
        for code in entry.get(key, []):
            add(project, "cac:ProcurementAdditionalType/cbc:ProcurementTypeCode", code, listName=list_name)
    if "value" in entry:
        total = add(project, "cac:RequestedTenderTotal")
        add(total, "cbc:EstimatedOverallContractAmount", entry["value"], currencyID=setting.currency)
    main, *others = entry.get("cpv") or notice["cpv"]
    add(project, "cac:MainCommodityClassification/cbc:ItemClassificationCode", main, listName="cpv")
    for code in others:
        add(project, "cac:AdditionalCommodityClassification/cbc:ItemClassificationCode", code, listName="cpv")
    _places(project, (notice | entry).get("nuts") or [], setting)
    _duration(project, entry, setting)


def _places(project: Element, codes: list[str], setting: Setting) -> None:
    for code in codes:
        address = add(project, "cac:RealizedLocation/cac:Address")
        if len(code) > 2:
            add(address, "cbc:CountrySubentityCode", code, listName="nuts-lvl3")
        add(address, "cac:Country/cbc:IdentificationCode", COUNTRIES[setting.country], listName="country")


def _duration(project: Element, entry: Table, setting: Setting) -> None:
    if not {"start", "end", "months"} & entry.keys():
        return
    period = add(project, "cac:PlannedPeriod")
    if "start" in entry:
        add(period, "cbc:StartDate", setting.written(entry["start"]))
    if "end" in entry:
        add(period, "cbc:EndDate", setting.written(entry["end"]))
    if "months" in entry:
        add(period, "cbc:DurationMeasure", entry["months"], unitCode="MONTH")
    if "options" in entry:
        add_texts(add(project, "cac:ContractExtension"), "cbc:OptionsDescription", entry["options"], setting.language)
