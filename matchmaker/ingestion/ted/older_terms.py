"""Terms of an R2.0.8 form that hold for the whole of it: deadline, reservation, length, subcontracting, criteria, amounts."""

from dataclasses import dataclass

from matchmaker.domain.notice import ReservedParticipation, SelectionCriterion, SubcontractingTerms
from matchmaker.domain.values import Deadline, LocalText, Money, Period
from matchmaker.ingestion.readings import Remarks, day, deadline, in_months, money, number, percent
from matchmaker.ingestion.safe_xml import Element, first, value
from matchmaker.ingestion.ted.forms import Versions

_RESERVED = {
    "RESTRICTED_TO_SHELTERED_WORKSHOPS": ReservedParticipation.SHELTERED,
    "RESTRICTED_TO_FRAMEWORK": ReservedParticipation.SHELTERED_PROGRAMME,
}
_CRITERIA = {
    "ECONOMIC_OPERATORS_PERSONAL_SITUATION": "suitability",
    "EAF_CAPACITY_INFORMATION": "economic-financial",
    "EAF_CAPACITY_MIN_LEVEL": "economic-financial-minimum",
    "T_CAPACITY_INFORMATION": "technical-professional",
    "T_CAPACITY_MIN_LEVEL": "technical-professional-minimum",
}
_OBLIGATIONS = {"SUBCONTRACT_AWARD_PART": "subc-oblig-2009-81", "INDICATE_ANY_CHANGE": "subc-chng"}
"""Article 21 of Directive 2009/81/EC as the codes of BT-65."""

LOT_SECTIONS = ("ANNEX_B", "LOT_PRIOR_INFORMATION")
"""How the names of lots' own sections end."""

_AMOUNTS = ("COSTS_RANGE_AND_CURRENCY", "TOTAL_FINAL_VALUE", "INITIAL_ESTIMATED_TOTAL_VALUE_CONTRACT")


@dataclass(frozen=True, slots=True)
class OlderTerms:
    """What the form states once for all its lots."""

    deadline: Deadline | None
    reserved: frozenset[ReservedParticipation]
    performance: LocalText
    criteria: tuple[SelectionCriterion, ...]
    subcontracting: SubcontractingTerms
    options: LocalText


def terms(form: Versions, remarks: Remarks) -> OlderTerms:
    """The terms of the whole form."""
    element = form.original
    limit = next(element.iter("RECEIPT_LIMIT_DATE"), None)
    markers = (marker for section in element.iter("RESERVED_CONTRACTS") for marker in section)
    return OlderTerms(
        deadline(date_text(limit), value(limit, "TIME"), remarks),
        frozenset(_RESERVED[str(marker.tag)] for marker in markers if marker.tag in _RESERVED),
        form.texts(".//EXISTENCE_OTHER_PARTICULAR_CONDITIONS"),
        tuple(SelectionCriterion(kind, texts) for tag, kind in _CRITERIA.items() if (texts := form.texts(f".//{tag}"))),
        _subcontracting(element, remarks),
        form.texts(".//OPTION_DESCRIPTION"),
    )


def _subcontracting(form: Element, remarks: Remarks) -> SubcontractingTerms:
    section = next(form.iter("SUBCONTRACTING"), None)
    if section is None:
        return SubcontractingTerms()
    share = section.find("SUBCONTRACT_SHARE")
    asked = {str(part.tag) for part in section if part.get("VALUE") == "YES"}
    obligations = [code for tag, code in _OBLIGATIONS.items() if tag in asked]
    return SubcontractingTerms(
        tuple(obligations if share is None else ["subc-min", *obligations]),
        percent(value(share, "MIN_PERCENTAGE"), remarks),
        percent(value(share, "MAX_PERCENTAGE"), remarks),
        ("shar-subc",) if "INDICATE_ANY_SHARE" in asked else (),
    )


def single_amount(element: Element, remarks: Remarks) -> Money | None:
    """The first single amount of ``element``: estimate, then final total, then initial estimate; ranges are left out.

    Amounts of the lots' own sections inside it are not its own.
    """
    for costs in (found for tag in _AMOUNTS for found in element.iter(tag)):
        if _in_lot(costs, element):
            continue
        cost = next(costs.iter("VALUE_COST"), None)
        holder = cost.getparent() if cost is not None else None
        if cost is not None and holder is not None:
            return money(cost.get("FMTVAL") or cost.text, costs.get("CURRENCY") or holder.get("CURRENCY"), remarks)
    return None


def _in_lot(costs: Element, within: Element) -> bool:
    for outer in costs.iterancestors():
        if outer is within:
            return False
        if str(outer.tag).endswith(LOT_SECTIONS):
            return True
    return False


def date_text(element: Element | None) -> str | None:
    """``YEAR``, ``MONTH`` and ``DAY`` as one ISO date; None unless all are there."""
    parts = [value(element, name) for name in ("YEAR", "MONTH", "DAY")]
    return "-".join(part.zfill(2) for part in parts if part) if all(parts) else None


def period(element: Element, remarks: Remarks) -> Period:
    """How long the contract, else the framework, runs."""
    section = next(element.iter("PERIOD_WORK_DATE_STARTING"), None)
    units = (("MONTHS", "MONTH"), ("DAYS", "DAY"), ("DURATION_FRAMEWORK_MONTH", "MONTH"), ("DURATION_FRAMEWORK_YEAR", "YEAR"))
    given = ((next(element.iter(tag), None), unit) for tag, unit in units)
    lengths = (in_months(number(found.text, remarks), unit) for found, unit in given if found is not None)
    start, end = first(section, "INTERVAL_DATE/START_DATE"), first(section, "INTERVAL_DATE/END_DATE")
    return Period(
        day(date_text(start), remarks), day(date_text(end), remarks), next((length for length in lengths if length), None)
    )
