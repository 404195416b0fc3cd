"""R2.0.8 forms (2004 directives and defence): the same facts under other names, at varying depth."""

from collections.abc import Iterator
from dataclasses import replace

from matchmaker.domain.notice import Lot
from matchmaker.domain.values import CpvCode, LocalText
from matchmaker.ingestion.lot_results import LotIds
from matchmaker.ingestion.readings import Remarks, cpvs, with_whole_value
from matchmaker.ingestion.safe_xml import Element, folded, value
from matchmaker.ingestion.ted.content import Content
from matchmaker.ingestion.ted.forms import Versions, notice_number
from matchmaker.ingestion.ted.lots import countries_of
from matchmaker.ingestion.ted.older_awards import awards
from matchmaker.ingestion.ted.older_terms import LOT_SECTIONS, period, single_amount, terms
from matchmaker.ingestion.ted.results import Award, with_award_list

_DESCRIPTIONS = (".//SHORT_CONTRACT_DESCRIPTION", ".//TOTAL_QUANTITY_OR_SCOPE", "FD_OTH_NOT/CONTENTS")


def is_older(form: Element) -> bool:
    """Whether the form is one of R2.0.8: its only part is an ``FD_…`` element."""
    return any(str(part.tag).startswith("FD_") for part in form)


def content(form: Versions, remarks: Remarks) -> Content:
    """The content of an R2.0.8 form."""
    title = form.texts(".//TITLE_CONTRACT", "FD_OTH_NOT/TI_DOC")
    main, extra = _codes(form.original, remarks)
    estimated = single_amount(form.original, remarks)
    found = list(awards(form, remarks))
    described = list(_lots(form, title, remarks))
    if len(found) > 1 and len(described) == 1:
        described = list(_awarded_lots(described[0], found))
    return Content(
        title=title,
        description=form.texts(*_DESCRIPTIONS),
        lots=with_whole_value(with_award_list(described, found, title, remarks), estimated),
        main_cpv=main,
        nature=_nature(form.original),
        value=estimated,
        extra_cpvs=extra,
        previous=tuple(
            number for element in form.original.iter("NOTICE_NUMBER_OJ") if (number := notice_number(folded(element.text)))
        ),
    )


def _sections(form: Versions) -> list[Versions]:
    """The lots' sections (``F02_ANNEX_B``, ``LOT_PRIOR_INFORMATION``, …)."""
    tags = dict.fromkeys(str(element.tag) for element in form.original.iter() if str(element.tag).endswith(LOT_SECTIONS))
    return [section for tag in tags for section in form.all(f".//{tag}")]


def _lots(form: Versions, title: LocalText, remarks: Remarks) -> Iterator[Lot]:
    main, extra = _codes(form.original, remarks)
    places = _nuts(form.original)
    stated = terms(form, remarks)
    whole = Lot(
        lot_id="1",
        title=title,
        description=form.texts(*_DESCRIPTIONS),
        nature=_nature(form.original),
        main_cpv=main,
        extra_cpvs=extra,
        nuts=places,
        countries=countries_of(places),
        period=period(form.original, remarks),
        deadline=stated.deadline,
        reserved=stated.reserved,
        performance_terms=stated.performance,
        subcontracting=stated.subcontracting,
        selection_criteria=stated.criteria,
        options=stated.options,
    )
    sections = _sections(form)
    if not sections:
        yield whole
    ids = LotIds()
    for position, section in enumerate(sections, 1):
        element = section.original
        lot_id = ids.take(value(element, "LOT_NUMBER") or element.get("ITEM") or str(position))
        yield _section_lot(whole, lot_id, section, remarks)


def _section_lot(whole: Lot, lot_id: str, section: Versions, remarks: Remarks) -> Lot:
    """A lot of its own section; what that leaves out is as for the whole."""
    main, extra = _codes(section.original, remarks)
    length = period(section.original, remarks)
    return replace(
        whole,
        lot_id=lot_id,
        title=section.texts("LOT_TITLE") or whole.title,
        description=section.texts("LOT_DESCRIPTION") or whole.description,
        main_cpv=main or whole.main_cpv,
        extra_cpvs=extra if main else whole.extra_cpvs,
        value=single_amount(section.original, remarks),
        period=length if length.months or length.start or length.end else whole.period,
    )


def _awarded_lots(whole: Lot, found: list[Award]) -> Iterator[Lot]:
    """Award forms do not describe lots: each of several award sections is one."""
    ids = LotIds()
    for position, (section, number, _) in enumerate(found, 1):
        lot_id = ids.take(number or section.original.get("ITEM") or str(position))
        yield replace(whole, lot_id=lot_id, title=section.texts("CONTRACT_TITLE") or whole.title, value=None)


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
