"""Writes what became of the lots of an example award notice: results, tenders, tendering parties, contracts."""

from matchmaker.examples.data_files import Table
from matchmaker.examples.eforms_lots import Setting
from matchmaker.examples.eforms_xml import Element, add


def won_lots(notice: Table) -> list[tuple[int, Table]]:
    """Lots with a winner and their numbers; a lot without one was closed without award."""
    return [(number, lot) for number, lot in enumerate(notice["lot"], 1) if "winner" in lot]


def add_results(extension: Element, notice: Table, setting: Setting) -> None:
    """``efac:NoticeResult`` with one result a lot; winners are the organisations from ``ORG-0002`` on."""
    result = add(extension, "efac:NoticeResult")
    won = won_lots(notice)
    total = sum(lot["winner"]["value"] for _, lot in won)
    add(result, "cbc:TotalAmount", total, currencyID=setting.currency)
    for number, lot in enumerate(notice["lot"], 1):
        _lot_result(result, number, lot)
    for number, lot in won:
        _tender(result, number, lot["winner"], setting)
    for number, lot in won:
        _contract(result, number, lot["winner"], setting)
    for number, _ in won:
        party = add(result, "efac:TenderingParty")
        add(party, "cbc:ID", f"TPA-{number:04d}", schemeName="tendering-party")
        add(party, "efac:Tenderer/cbc:ID", organisation_id(number), schemeName="organization")


def organisation_id(lot_number: int) -> str:
    """The technical id of the organisation that won this lot."""
    return f"ORG-{lot_number + 1:04d}"


def _lot_result(result: Element, number: int, lot: Table) -> None:
    element = add(result, "efac:LotResult")
    winner = lot.get("winner")
    add(element, "cbc:ID", f"RES-{number:04d}", schemeName="result")
    add(element, "cbc:TenderResultCode", "selec-w" if winner else "clos-nw", listName="winner-selection-status")
    if winner:
        add(element, "efac:LotTender/cbc:ID", f"TEN-{number:04d}", schemeName="tender")
    for code, count in (("tenders", lot.get("bids", 0)), ("t-sme", lot.get("bids_from_smes"))):
        if count is not None:
            statistics = add(element, "efac:ReceivedSubmissionsStatistics")
            add(statistics, "efbc:StatisticsCode", code, listName="received-submission-type")
            add(statistics, "efbc:StatisticsNumeric", count)
    if winner:
        add(element, "efac:SettledContract/cbc:ID", f"CON-{number:04d}", schemeName="contract")
    add(element, "efac:TenderLot/cbc:ID", f"LOT-{number:04d}", schemeName="Lot")


def _tender(result: Element, number: int, winner: Table, setting: Setting) -> None:
    tender = add(result, "efac:LotTender")
    add(tender, "cbc:ID", f"TEN-{number:04d}", schemeName="tender")
    add(tender, "cac:LegalMonetaryTotal/cbc:PayableAmount", winner["value"], currencyID=setting.currency)
    if "subcontracted" in winner:
        term = add(tender, "efac:SubcontractingTerm")
        share = winner["subcontracted"]
        if share:
            add(term, "efbc:TermPercent", share)
        add(term, "efbc:TermCode", "yes" if share else "no", listName="applicability")
    add(tender, "efac:TenderingParty/cbc:ID", f"TPA-{number:04d}", schemeName="tendering-party")
    add(tender, "efac:TenderLot/cbc:ID", f"LOT-{number:04d}", schemeName="Lot")
    add(tender, "efac:TenderReference/cbc:ID", f"EX-TENDER-{number}")


def _contract(result: Element, number: int, winner: Table, setting: Setting) -> None:
    contract = add(result, "efac:SettledContract")
    add(contract, "cbc:ID", f"CON-{number:04d}", schemeName="contract")
    add(contract, "cbc:AwardDate", setting.written(winner["concluded"] - 14))
    add(contract, "cbc:IssueDate", setting.written(winner["concluded"]))
    add(contract, "efac:LotTender/cbc:ID", f"TEN-{number:04d}", schemeName="tender")
