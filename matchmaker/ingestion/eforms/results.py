"""What became of each lot of an eForms notice, following the chain lot result → contract → tender → tendering party."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from matchmaker.domain.notice import LotResult, Winner
from matchmaker.domain.values import Money
from matchmaker.ingestion.eforms import codes
from matchmaker.ingestion.eforms.context import Context
from matchmaker.ingestion.eforms.parties import Party
from matchmaker.ingestion.lot_results import together
from matchmaker.ingestion.readings import WITHHELD, count, day, merged, money, percent, total
from matchmaker.ingestion.safe_xml import Element, each, first, value, values

_NOT_AWARDED = ("clos-nw", "open-nw")
_SMALL = ("t-micro", "t-small", "t-med")


class _Tables:
    """The parts of a ``NoticeResult`` by their technical ids, and the links between them, each read once."""

    def __init__(self, notice_result: Element, organisations: Mapping[str, Party]) -> None:
        self.organisations = organisations
        self.contracts = _by_id(notice_result, "SettledContract")
        self.tenders = _by_id(notice_result, "LotTender")
        parties = _by_id(notice_result, "TenderingParty")
        self.tenderers = {key: values(party, "Tenderer/ID") for key, party in parties.items()}
        self.tender_lots = {key: values(tender, "TenderLot/ID") for key, tender in self.tenders.items()}
        self.tender_parties = {key: values(tender, "TenderingParty/ID") for key, tender in self.tenders.items()}
        self.contract_tenders = {key: self.known(contract) for key, contract in self.contracts.items()}
        self.under_contract = {tender for tenders in self.contract_tenders.values() for tender in tenders}
        self.tenders_of_lot: dict[str, list[str]] = {}
        for tender, lots in self.tender_lots.items():
            for lot_id in lots:
                self.tenders_of_lot.setdefault(lot_id, []).append(tender)

    def known(self, element: Element) -> tuple[str, ...]:
        """The tenders an element names, as far as the notice describes them."""
        return tuple(key for key in values(element, "LotTender/ID") if key in self.tenders)


def results(notice_result: Element | None, organisations: Mapping[str, Party], context: Context) -> dict[str, LotResult]:
    """Lot results by lot id; several results of one lot (a framework awarded twice) are put together."""
    if notice_result is None:
        return {}
    tables = _Tables(notice_result, organisations)
    found: dict[str, list[LotResult]] = {}
    for element in notice_result.iterfind("LotResult"):
        for lot_id in values(element, "TenderLot/ID"):
            found.setdefault(lot_id, []).append(_result(element, lot_id, tables, context))
    return {lot_id: together(of_lot) for lot_id, of_lot in found.items()}


def _published(code: str | None) -> str | None:
    return None if code == WITHHELD else code


def _by_id(notice_result: Element, name: str) -> dict[str, Element]:
    return {key: element for element in notice_result.iterfind(name) if (key := value(element, "ID"))}


def _result(element: Element, lot_id: str, tables: _Tables, context: Context) -> LotResult:
    state = _published(value(element, "TenderResultCode"))
    if state:
        context.remarks.check_code("BT-142", state, codes.RESULT_STATES)
    contracts = [key for key in values(element, "SettledContract/ID") if key in tables.contracts]
    won = _winning(element, contracts, lot_id, tables) if state not in _NOT_AWARDED else []
    tenders = [tables.tenders[key] for key in won]
    given = (value(tables.contracts[key], name) for name in ("IssueDate", "AwardDate") for key in contracts)
    dates = (day(text, context.remarks) for text in given)
    submissions = _submissions(element)
    result = LotResult(
        winners=tuple(_winners(won, tables)),
        value=total(_amounts(tenders, "LegalMonetaryTotal/PayableAmount", context)),
        concluded=next((date for date in dates if date), None),
        bids_received=count(submissions.get("tenders"), context.remarks),
        bids_from_smes=_small_bids(submissions, context),
        awarded={"selec-w": True, "clos-nw": False}.get(state or "", True if tenders else None),
    )
    return _with_subcontracting(result, tenders, context)


def _winning(element: Element, contracts: list[str], lot_id: str, tables: _Tables) -> list[str]:
    """The tenders that won the lot, by the strongest link the notice holds; ``LotResult`` itself lists losers too.

    First the tenders its contracts name, for this lot or listed with it; then its tenders by the parties those contracts
    name; then its tenders named by any contract; and where its contracts name none, the only tender listed, or the ones
    ranked first. Links that contradict each other leave the winner unknown.
    """
    named = list(dict.fromkeys(tender for contract in contracts for tender in tables.contract_tenders[contract]))
    parties = {party for tender in named for party in tables.tender_parties[tender]}
    own = tables.tenders_of_lot.get(lot_id, [])
    listed = tables.known(element)
    first_ranked = [tender for tender in listed if value(tables.tenders[tender], "RankCode") == "1"]
    links = (
        [tender for tender in named if tender in listed or lot_id in (tables.tender_lots[tender] or (lot_id,))],
        [tender for tender in own if parties.intersection(tables.tender_parties[tender])],
        [tender for tender in own if tender in tables.under_contract],
        [] if named else list(listed) if len(listed) == 1 else first_ranked,
    )
    return next((tenders for tenders in links if tenders), [])


def _winners(tenders: list[str], tables: _Tables) -> Iterator[Winner]:
    members = (
        member for tender in tenders for party in tables.tender_parties[tender] for member in tables.tenderers.get(party, ())
    )
    for member in dict.fromkeys(members):
        if member in tables.organisations:
            yield tables.organisations[member].as_winner()


def _amounts(elements: list[Element], path: str, context: Context) -> list[Money]:
    found = (first(element, path) for element in elements)
    amounts = (money(amount.text, amount.get("currencyID"), context.remarks) for amount in found if amount is not None)
    return [amount for amount in amounts if amount]


def _submissions(element: Element) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for statistics in element.iterfind("ReceivedSubmissionsStatistics"):
        found.setdefault(value(statistics, "StatisticsCode") or "", value(statistics, "StatisticsNumeric"))
    return found


def _small_bids(submissions: Mapping[str, str | None], context: Context) -> int | None:
    if "t-sme" in submissions:
        return count(submissions["t-sme"], context.remarks)
    counts = [found for code in _SMALL if (found := count(submissions.get(code), context.remarks)) is not None]
    return sum(counts) if counts else None


def _with_subcontracting(result: LotResult, tenders: list[Element], context: Context) -> LotResult:
    """Adds BT-773 (of several winning tenders: yes before not-known before no), BT-553, BT-555 and BT-554."""
    terms = [
        term
        for tender in tenders
        for term in each(tender, "SubcontractingTerm")
        if (code := term.find("TermCode")) is None or code.get("listName") in (None, "applicability")
    ]
    stated = [said for term in terms if (said := _published(value(term, "TermCode")))]
    for said in stated:
        context.remarks.check_code("BT-773", said, codes.APPLICABILITY)
    percents = [share for term in terms if (share := percent(value(term, "TermPercent"), context.remarks)) is not None]
    return replace(
        result,
        subcontracted=next((said for said in ("yes", "not-known", "no") if said in stated), next(iter(stated), None)),
        subcontracted_value=total(_amounts(terms, "TermAmount", context)),
        subcontracted_percent=percents[0] if len(percents) == 1 else None,
        subcontracting_description=merged([context.texts(term, "TermDescription") for term in terms]),
    )
