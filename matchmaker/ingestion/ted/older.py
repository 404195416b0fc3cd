"""R2.0.8 forms (2004 directives and defence): the same facts under other names, at varying depth."""

from collections.abc import Iterator
from dataclasses import replace

from matchmaker.domain.notice import Lot, LotResult, ReservedParticipation, SubcontractingTerms, Winner
from matchmaker.domain.values import CpvCode, Deadline, LocalText, Money, Period
from matchmaker.ingestion.readings import Remarks, count, cpvs, day, deadline, money, number, percent, with_whole_value
from matchmaker.ingestion.safe_xml import Element, first, folded, value
from matchmaker.ingestion.ted.content import Content
from matchmaker.ingestion.ted.forms import Versions, notice_number
from matchmaker.ingestion.ted.lots import countries_of
from matchmaker.ingestion.ted.parties import winner
from matchmaker.ingestion.ted.results import Award, with_award_list

_RESERVED = {
    "RESTRICTED_TO_SHELTERED_WORKSHOPS": ReservedParticipation.SHELTERED,
    "RESTRICTED_TO_FRAMEWORK": ReservedParticipation.SHELTERED_PROGRAMME,
}
_LOT_SECTIONS = ("ANNEX_B", "LOT_PRIOR_INFORMATION")
_DESCRIPTIONS = (".//SHORT_CONTRACT_DESCRIPTION", ".//TOTAL_QUANTITY_OR_SCOPE", "FD_OTH_NOT/CONTENTS")


def is_older(form: Element) -> bool:
    """Whether the form is one of R2.0.8: its only part is an ``FD_…`` element."""
    return any(str(part.tag).startswith("FD_") for part in form)


def content(form: Versions, remarks: Remarks) -> Content:
    """The content of an R2.0.8 form."""
    title = form.texts(".//TITLE_CONTRACT", "FD_OTH_NOT/TI_DOC")
    main, extra = _codes(form.original, remarks)
    value_given = _amount(form.original, remarks)
    awards = list(_awards(form, remarks))
    described = list(_lots(form, title, remarks))
    if len(awards) > 1 and len(described) == 1:
        described = [_awarded_lot(described[0], position, award) for position, award in enumerate(awards, 1)]
    return Content(
        title=title,
        description=form.texts(*_DESCRIPTIONS),
        lots=with_whole_value(with_award_list(described, awards, title, remarks), value_given),
        main_cpv=main,
        nature=_nature(form.original),
        value=value_given,
        extra_cpvs=extra,
        previous=tuple(
            found for element in form.original.iter("NOTICE_NUMBER_OJ") if (found := notice_number(folded(element.text)))
        ),
    )


def _sections(form: Versions) -> list[Versions]:
    """The lots' sections (``F02_ANNEX_B``, ``LOT_PRIOR_INFORMATION``, …)."""
    tags = dict.fromkeys(str(element.tag) for element in form.original.iter() if str(element.tag).endswith(_LOT_SECTIONS))
    return [section for tag in tags for section in form.all(f".//{tag}")]


def _lots(form: Versions, title: LocalText, remarks: Remarks) -> Iterator[Lot]:
    main, extra = _codes(form.original, remarks)
    places = _nuts(form.original)
    limit, reserved = _deadline(form.original, remarks), _reserved(form.original)
    terms = _subcontracting(form.original, remarks)
    sections = _sections(form)
    for position, section in enumerate(sections or [form], 1):
        own = section is not form
        element = section.original
        own_main, own_extra = _codes(element, remarks)
        yield Lot(
            lot_id=(value(element, "LOT_NUMBER") or element.get("ITEM") if own else None) or str(position),
            title=(section.texts("LOT_TITLE") if own else title) or title,
            description=(section.texts("LOT_DESCRIPTION") if own else None) or form.texts(*_DESCRIPTIONS),
            nature=_nature(form.original),
            main_cpv=own_main or main,
            extra_cpvs=own_extra if own and own_main else extra,
            nuts=places,
            countries=countries_of(places),
            value=_amount(element, remarks) if own else None,
            period=_period(element, remarks),
            deadline=limit,
            reserved=reserved,
            subcontracting=terms,
            options=form.texts(".//OPTION_DESCRIPTION"),
        )


def _awarded_lot(whole: Lot, position: int, award: Award) -> Lot:
    """Award forms do not describe lots: each of several award sections is one."""
    section, number, _ = award
    lot_id = number or section.original.get("ITEM") or str(position)
    return replace(whole, lot_id=lot_id, title=section.texts("CONTRACT_TITLE") or whole.title, value=None)


def _codes(element: Element, remarks: Remarks) -> tuple[CpvCode | None, tuple[CpvCode, ...]]:
    table = next(element.iter("CPV"), None)
    main = [code.get("CODE") for code in table.iterfind("CPV_MAIN/CPV_CODE")] if table is not None else []
    additional = [code.get("CODE") for code in table.iterfind("CPV_ADDITIONAL/CPV_CODE")] if table is not None else []
    return next(iter(cpvs(main, remarks)), None), cpvs(additional, remarks)


def _nuts(form: Element) -> tuple[str, ...]:
    places = (*form.iter("LOCATION_NUTS"), *form.iter("SITE_OR_LOCATION"))
    return tuple(dict.fromkeys(code for place in places for found in place.iter("NUTS") if (code := folded(found.get("CODE")))))


def _nature(form: Element) -> str | None:
    element = next(form.iter("TYPE_CONTRACT"), None)
    text = element.get("VALUE") if element is not None else next((part.get("CTYPE") for part in form), None)
    return (text or "").lower() or None


_AMOUNTS = ("COSTS_RANGE_AND_CURRENCY", "TOTAL_FINAL_VALUE", "INITIAL_ESTIMATED_TOTAL_VALUE_CONTRACT")


def _amount(element: Element, remarks: Remarks) -> Money | None:
    """The first single amount of the whole: estimate, then final total, then initial estimate; ranges are left out."""
    for costs in (found for tag in _AMOUNTS for found in element.iter(tag)):
        cost = next(costs.iter("VALUE_COST"), None)
        holder = cost.getparent() if cost is not None else None
        if cost is not None and holder is not None:
            return money(cost.get("FMTVAL") or cost.text, costs.get("CURRENCY") or holder.get("CURRENCY"), remarks)
    return None


def _date_text(element: Element | None) -> str | None:
    if element is None:
        return None
    parts = [value(element, name) for name in ("YEAR", "MONTH", "DAY")]
    return "-".join(part.zfill(2) for part in parts if part) if all(parts) else None


def _deadline(form: Element, remarks: Remarks) -> Deadline | None:
    limit = next(form.iter("RECEIPT_LIMIT_DATE"), None)
    return deadline(_date_text(limit), value(limit, "TIME"), remarks)


def _reserved(form: Element) -> frozenset[ReservedParticipation]:
    found = (marker for section in form.iter("RESERVED_CONTRACTS") for marker in section)
    return frozenset(_RESERVED[str(marker.tag)] for marker in found if marker.tag in _RESERVED)


def _period(element: Element, remarks: Remarks) -> Period:
    section = next(element.iter("PERIOD_WORK_DATE_STARTING"), None)
    if section is None:
        return Period()
    months, days = number(value(section, "MONTHS"), remarks), number(value(section, "DAYS"), remarks)
    length = float(months) if months is not None else float(days) / 30.4375 if days is not None else None
    start = first(section, "INTERVAL_DATE/START_DATE", ".//START_DATE")
    end = first(section, "INTERVAL_DATE/END_DATE", ".//END_DATE")
    return Period(
        day(_date_text(start), remarks), day(_date_text(end), remarks), round(length, 4) if length and length > 0 else None
    )


def _subcontracting(form: Element, remarks: Remarks) -> SubcontractingTerms:
    section = next(form.iter("SUBCONTRACTING"), None)
    share = first(section, "SUBCONTRACT_SHARE")
    return SubcontractingTerms(
        minimum_percent=percent(value(share, "MIN_PERCENTAGE"), remarks),
        maximum_percent=percent(value(share, "MAX_PERCENTAGE"), remarks),
    )


def _awards(form: Versions, remarks: Remarks) -> Iterator[Award]:
    tags = dict.fromkeys(str(part.tag) for part in form.original.iter() if str(part.tag).startswith("AWARD_OF_CONTRACT"))
    for tag in tags:
        for award in form.all(f".//{tag}"):
            element = award.original
            yield award, value(element, "LOT_NUMBER"), _award(element, remarks)


def _award(element: Element, remarks: Remarks) -> LotResult:
    costs = first(element, "CONTRACT_VALUE_INFORMATION/COSTS_RANGE_AND_CURRENCY_WITH_VAT_RATE")
    cost = first(costs, "VALUE_COST")
    likely = next(element.iter("CONTRACT_LIKELY_SUB_CONTRACTED"), None)
    unlikely = next(element.iter("NO_CONTRACT_LIKELY_SUB_CONTRACTED"), None)
    share = next(element.iter("EXCLUDING_VAT_PRCT"), None)
    found = _winners(element)
    return LotResult(
        winners=found,
        value=money(cost.get("FMTVAL") or cost.text, costs.get("CURRENCY"), remarks)
        if cost is not None and costs is not None
        else None,
        concluded=day(_date_text(element.find("CONTRACT_AWARD_DATE")), remarks),
        bids_received=count(value(element, "OFFERS_RECEIVED_NUMBER"), remarks),
        awarded=True if found else None,
        subcontracted="yes" if likely is not None else "no" if unlikely is not None else None,
        subcontracted_percent=percent(share.text if share is not None else None, remarks),
    )


def _winners(element: Element) -> tuple[Winner, ...]:
    sections = element.iter("ECONOMIC_OPERATOR_NAME_ADDRESS")
    found = [winner(address, None) for section in sections for address in section]
    return tuple(dict.fromkeys(one for one in found if one))
