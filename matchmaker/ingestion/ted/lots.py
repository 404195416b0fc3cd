"""Lots of an R2.0.9 form: one ``OBJECT_DESCR`` each; what the notice states once holds for every lot."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot, ReservedParticipation, SelectionCriterion
from matchmaker.domain.values import CpvCode, Deadline, LocalText, Period
from matchmaker.ingestion.lot_results import LotIds
from matchmaker.ingestion.readings import Remarks, country_code, cpvs, day, deadline, in_months, number
from matchmaker.ingestion.safe_xml import Element, each, first, folded, value
from matchmaker.ingestion.ted.forms import Versions
from matchmaker.ingestion.ted.results import amount

RESERVED = {
    "RESTRICTED_SHELTERED_WORKSHOP": ReservedParticipation.SHELTERED,
    "RESTRICTED_SHELTERED_PROGRAM": ReservedParticipation.SHELTERED_PROGRAMME,
    "RESERVED_ORGANISATIONS_SERVICE_MISSION": ReservedParticipation.PUBLIC_SERVICE_MISSION,
}
_CRITERIA = {
    "SUITABILITY": "suitability",
    "ECONOMIC_FINANCIAL_INFO": "economic-financial",
    "ECONOMIC_FINANCIAL_MIN_LEVEL": "economic-financial-minimum",
    "TECHNICAL_PROFESSIONAL_INFO": "technical-professional",
    "TECHNICAL_PROFESSIONAL_MIN_LEVEL": "technical-professional-minimum",
    "RULES_CRITERIA": "rules",
    "CRITERIA_SELECTION": "rules",
}


@dataclass(frozen=True, slots=True)
class Shared:
    """What the form states once for all its lots."""

    deadline: Deadline | None
    reserved: frozenset[ReservedParticipation]
    performance_terms: LocalText
    criteria: tuple[SelectionCriterion, ...]


def shared_terms(form: Versions, remarks: Remarks) -> Shared:
    """Deadline, reservation, performance conditions and selection criteria of the whole form."""
    procedure, conditions = form.original.find("PROCEDURE"), form.original.find("LEFTI")
    return Shared(
        deadline(value(procedure, "DATE_RECEIPT_TENDERS"), value(procedure, "TIME_RECEIPT_TENDERS"), remarks),
        frozenset(marker for tag, marker in RESERVED.items() if first(conditions, tag) is not None),
        form.texts("LEFTI/PERFORMANCE_CONDITIONS"),
        tuple(SelectionCriterion(kind, texts) for tag, kind in _CRITERIA.items() if (texts := form.texts(f"LEFTI/{tag}"))),
    )


def lots(form: Versions, remarks: Remarks) -> Iterator[Lot]:
    """Every lot of every object of the form, in order."""
    terms = shared_terms(form, remarks)
    ids = LotIds()
    position = 0
    for item in form.all("OBJECT_CONTRACT"):
        whole = Lot(
            lot_id="",
            title=item.texts("TITLE"),
            nature=nature(item.original),
            main_cpv=main_cpv(item.original, remarks),
            deadline=terms.deadline,
            reserved=terms.reserved,
            performance_terms=terms.performance_terms,
            selection_criteria=terms.criteria,
        )
        for description in item.all("OBJECT_DESCR"):
            position += 1
            lot_id = value(description.original, "LOT_NO") or description.original.get("ITEM") or str(position)
            if lot_id in ids:
                remarks.say(Message("The notice uses the lot number %(id)s more than once.", {"id": lot_id}))
            yield _lot(whole, ids.take(lot_id), description, remarks)


def _lot(whole: Lot, lot_id: str, description: Versions, remarks: Remarks) -> Lot:
    """A lot of its own description; what that leaves out is as for the whole object."""
    element = description.original
    return replace(
        whole,
        lot_id=lot_id,
        title=description.texts("TITLE") or whole.title,
        description=description.texts("SHORT_DESCR"),
        extra_cpvs=cpvs(_codes(element, "CPV_ADDITIONAL/CPV_CODE"), remarks),
        nuts=(nuts := _nuts(element)),
        countries=countries_of(nuts),
        value=amount(element, remarks, "VAL_OBJECT"),
        period=_period(element, remarks),
        options=description.texts("OPTIONS_DESCR"),
    )


def main_cpv(item: Element, remarks: Remarks) -> CpvCode | None:
    """The object's main CPV code."""
    return next(iter(cpvs(_codes(item, "CPV_MAIN/CPV_CODE"), remarks)), None)


def nature(item: Element) -> str | None:
    """works, supplies or services."""
    element = item.find("TYPE_CONTRACT")
    return (folded(element.get("CTYPE")) or "").lower() or None if element is not None else None


def _codes(element: Element, path: str) -> list[str | None]:
    return [found.get("CODE") for found in each(element, path)]


def _nuts(element: Element) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for found in element.iterfind("NUTS") if (code := folded(found.get("CODE")))))


def countries_of(nuts: tuple[str, ...]) -> tuple[str, ...]:
    """ISO-2 countries of NUTS codes; codes outside the scheme (``00``) have none."""
    return tuple(dict.fromkeys(country for code in nuts if code[:2].isalpha() and (country := country_code(code[:2]))))


def _period(element: Element, remarks: Remarks) -> Period:
    duration = element.find("DURATION")
    months = None
    if duration is not None:
        months = in_months(number(duration.text, remarks), duration.get("TYPE", ""))
    return Period(day(value(element, "DATE_START"), remarks), day(value(element, "DATE_END"), remarks), months)
