"""What became of each lot of an older TED notice: award sections joined to lots by their number."""

from dataclasses import replace

from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot, LotResult
from matchmaker.domain.values import LocalText, Money
from matchmaker.ingestion.lot_results import LotIds, together
from matchmaker.ingestion.readings import Remarks, count, day, money, percent
from matchmaker.ingestion.safe_xml import Element, first, value
from matchmaker.ingestion.ted.award_lots import LotFinder
from matchmaker.ingestion.ted.forms import Versions
from matchmaker.ingestion.ted.parties import winners

Award = tuple[Versions, str | None, LotResult]


def with_results(lots: list[Lot], form: Versions, title: LocalText, remarks: Remarks) -> tuple[Lot, ...]:
    """The lots of an R2.0.9 form with what became of them."""
    awards = [
        (award, value(award.original, "LOT_NO"), award_result(award, remarks))
        for award in (*form.all("AWARD_CONTRACT"), *form.all("RESULTS"))
    ]
    return with_award_list(lots, awards, title, remarks)


def with_award_list(lots: list[Lot], awards: list[Award], title: LocalText, remarks: Remarks) -> tuple[Lot, ...]:
    """The lots with their awards; an award that names no known lot is a row of its own.

    The amounts of an award over several lots are those of all of them together, and so of none of them.
    """
    finder, ids = LotFinder(lots), LotIds([lot.lot_id for lot in lots])
    of_lot: dict[int, list[LotResult]] = {}
    alone: list[Lot] = []
    for award, number, result in awards:
        own_title = award.texts("TITLE", "CONTRACT_TITLE")
        positions = finder.named(number, next(iter(own_title.values()), None))
        if len(positions) > 1:
            result = replace(result, value=None, subcontracted_value=None)
        for at in positions:
            of_lot.setdefault(at, []).append(result)
        if not positions:
            remarks.say(Message("An award names the lot %(id)s, which the notice does not describe.", {"id": number or "–"}))
            lot_id = ids.take(f"AWARD-{number or len(lots) + len(alone) + 1}")
            alone.append(Lot(lot_id=lot_id, title=own_title or title, result=result, award_only=True))
    known = (replace(lot, result=together(of_lot[at])) if at in of_lot else lot for at, lot in enumerate(lots))
    return (*known, *alone)


def award_result(award: Versions, remarks: Remarks) -> LotResult:
    """One award section: contractors, value, date, bids, subcontracting."""
    element = award.original
    contract = first(element, "AWARDED_CONTRACT", "AWARDED_PRIZE")
    if contract is None:
        refused = first(element, "NO_AWARDED_CONTRACT", "NO_AWARDED_PRIZE")
        return LotResult(awarded=None if refused is None else False)
    bids = first(contract, "TENDERS", "PARTICIPANTS")
    if bids is None:
        bids = contract
    return LotResult(
        winners=winners(contract),
        value=amount(contract, remarks, "VALUES/VAL_TOTAL", "VAL_TOTAL", "VAL_PRIZE", "VALUE/VAL_TOTAL"),
        concluded=day(value(contract, "DATE_CONCLUSION_CONTRACT") or value(contract, "DATE_DECISION_JURY"), remarks),
        bids_received=count(value(bids, "NB_TENDERS_RECEIVED") or value(bids, "NB_PARTICIPANTS"), remarks),
        bids_from_smes=count(value(bids, "NB_TENDERS_RECEIVED_SME") or value(bids, "NB_PARTICIPANTS_SME"), remarks),
        awarded=True,
        subcontracted="yes" if contract.find("LIKELY_SUBCONTRACTED") is not None else None,
        subcontracted_value=amount(contract, remarks, "VAL_SUBCONTRACTING"),
        subcontracted_percent=percent(value(contract, "PCT_SUBCONTRACTING"), remarks),
        subcontracting_description=award.texts("AWARDED_CONTRACT/INFO_ADD_SUBCONTRACTING"),
    )


def amount(element: Element | None, remarks: Remarks, *paths: str) -> Money | None:
    """The amount at the first of ``paths`` that exists."""
    found = first(element, *paths)
    return None if found is None else money(found.text, found.get("CURRENCY"), remarks)
