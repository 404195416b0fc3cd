"""Lots and parts of an eForms notice (BT-137): what is bought, where, when, for how much, under which terms."""

from collections.abc import Iterator

from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot, ReservedParticipation, SelectionCriterion, SubcontractingTerms
from matchmaker.domain.values import CpvCode, Deadline, Money, Period
from matchmaker.ingestion.eforms import codes
from matchmaker.ingestion.eforms.context import EXTENSION, Context, coded
from matchmaker.ingestion.lot_results import LotIds
from matchmaker.ingestion.readings import (
    DURATION_UNITS,
    country_code,
    cpv,
    cpvs,
    day,
    deadline,
    in_months,
    money,
    number,
    percent,
)
from matchmaker.ingestion.safe_xml import Element, each, first, value, values


def lots(root: Element, context: Context) -> Iterator[Lot]:
    """Every lot and part in the notice's order; groups of lots (BT-1375) are not lots."""
    ids = LotIds()
    for position, element in enumerate(root.iterfind("ProcurementProjectLot"), 1):
        identifier = element.find("ID")
        scheme = identifier.get("schemeName") if identifier is not None else None
        if scheme == "LotsGroup":
            continue
        lot_id = value(element, "ID") or str(position)
        if lot_id in ids:
            context.remarks.say(Message("The notice uses the lot id %(id)s more than once.", {"id": lot_id}))
        yield _lot(element, ids.take(lot_id), scheme == "Part", context)


def _lot(element: Element, lot_id: str, is_part: bool, context: Context) -> Lot:
    project, terms = element.find("ProcurementProject"), element.find("TenderingTerms")
    main, extra = classification(project, context)
    return Lot(
        lot_id=lot_id,
        title=context.texts(project, "Name"),
        description=context.texts(project, "Description"),
        is_part=is_part,
        nature=next(iter(coded(project, "ProcurementTypeCode", "contract-nature")), None),
        main_cpv=main,
        extra_cpvs=extra,
        nuts=regions(project),
        countries=countries(project),
        value=estimate(project, context),
        period=_period(project, context),
        deadline=_deadline(element, context, "TenderSubmissionDeadlinePeriod", "ParticipationRequestReceptionPeriod"),
        interest_deadline=_deadline(element, context, f"{EXTENSION}/InterestExpressionReceptionPeriod"),
        reserved=_reserved(terms, context),
        strategic=_additional(project, "BT-06", "strategic-procurement", context),
        environmental=_additional(project, "BT-774", "environmental-impact", context),
        social=_additional(project, "BT-775", "social-objective", context),
        performance_terms=_performance_terms(terms, context),
        subcontracting=_subcontracting(terms, context),
        suitable_for_smes=_yes_or_no(value(project, "SMESuitableIndicator")),
        selection_criteria=tuple(_criteria(terms, context)),
        options=context.texts(project, "ContractExtension/OptionsDescription"),
    )


def classification(project: Element | None, context: Context) -> tuple[CpvCode | None, tuple[CpvCode, ...]]:
    """Main and additional CPV codes (BT-262, BT-263)."""
    main = cpv(value(project, "MainCommodityClassification/ItemClassificationCode"), context.remarks)
    additional = [code.text for code in each(project, "AdditionalCommodityClassification/ItemClassificationCode")]
    return main, cpvs(additional, context.remarks)


def regions(project: Element | None) -> tuple[str, ...]:
    """NUTS codes as given (BT-5071), repetitions dropped."""
    return values(project, "RealizedLocation/Address/CountrySubentityCode")


def countries(project: Element | None) -> tuple[str, ...]:
    """ISO-2 countries of the places (BT-5141)."""
    codes_given = values(project, "RealizedLocation/Address/Country/IdentificationCode")
    return tuple(dict.fromkeys(code for given in codes_given if (code := country_code(given))))


def estimate(project: Element | None, context: Context) -> Money | None:
    """The estimated value (BT-27)."""
    amount = first(project, "RequestedTenderTotal/EstimatedOverallContractAmount")
    return None if amount is None else money(amount.text, amount.get("currencyID"), context.remarks)


def _period(project: Element | None, context: Context) -> Period:
    planned = first(project, "PlannedPeriod")
    measure = first(planned, "DurationMeasure")
    months = None
    if measure is not None:
        length = number(measure.text, context.remarks)
        months = in_months(length, context.remarks.check_code("BT-36", measure.get("unitCode", ""), DURATION_UNITS))
    return Period(day(value(planned, "StartDate"), context.remarks), day(value(planned, "EndDate"), context.remarks), months)


def _deadline(lot: Element, context: Context, *names: str) -> Deadline | None:
    for name in names:
        period = lot.find(f"TenderingProcess/{name}")
        if found := deadline(value(period, "EndDate"), value(period, "EndTime"), context.remarks):
            return found
    return None


def _reserved(terms: Element | None, context: Context) -> frozenset[ReservedParticipation]:
    path = "TendererQualificationRequest/SpecificTendererRequirement/TendererRequirementTypeCode"
    found = set()
    for code in coded(terms, path, "reserved-procurement"):
        if context.remarks.check_code("BT-71", code, codes.RESERVED_PROCUREMENT) in codes.RESERVED_PROCUREMENT:
            found.add(ReservedParticipation(code))
    for code in coded(terms, "ContractExecutionRequirement/ExecutionRequirementCode", "reserved-execution"):
        if context.remarks.check_code("BT-736", code, codes.APPLICABILITY) == "yes":
            found.add(ReservedParticipation.SHELTERED_PROGRAMME)
    return frozenset(found - {ReservedParticipation.NONE} or found)


def _additional(project: Element | None, term: str, list_name: str, context: Context) -> tuple[str, ...]:
    found = coded(project, "ProcurementAdditionalType/ProcurementTypeCode", list_name)
    for code in found:
        context.remarks.check_code(term, code, codes.ADDITIONAL_TYPES[list_name])
    return found


def _performance_terms(terms: Element | None, context: Context) -> dict[str, str]:
    found: dict[str, str] = {}
    for requirement in each(terms, "ContractExecutionRequirement"):
        if coded(requirement, "ExecutionRequirementCode", "conditions"):
            for language, text in context.texts(requirement, "Description").items():
                found[language] = f"{found[language]}\n{text}" if language in found else text
    return found


def _subcontracting(terms: Element | None, context: Context) -> SubcontractingTerms:
    allowed = "AllowedSubcontractTerms"
    obligations = values(terms, f"{allowed}/SubcontractingConditionsCode")
    for code in obligations:
        context.remarks.check_code("BT-65", code, codes.SUBCONTRACTING_OBLIGATION)
    requirement = f"{EXTENSION}/TenderSubcontractingRequirements/TenderSubcontractingRequirementsCode"
    indications = values(terms, requirement)
    for code in indications:
        context.remarks.check_code("BT-651", code, codes.SUBCONTRACTING_INDICATION)
    return SubcontractingTerms(
        obligations,
        percent(value(terms, f"{allowed}/MinimumPercent"), context.remarks),
        percent(value(terms, f"{allowed}/MaximumPercent"), context.remarks),
        indications,
    )


def _criteria(terms: Element | None, context: Context) -> Iterator[SelectionCriterion]:
    """Criteria that are used (BT-748), and those described although the code says they are not (``n-used``, ``nyk``)."""
    for element in each(terms, f"{EXTENSION}/SelectionCriteria"):
        kind = value(element, "TendererRequirementTypeCode") or value(element, "CriterionTypeCode")
        description = context.texts(element, "Description") or context.texts(element, "Name")
        used = value(element, "CalculationExpressionCode") in (None, "used")
        if description or (kind and used):
            yield SelectionCriterion(kind, description)


def _yes_or_no(text: str | None) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(text or "")
