"""What became of each lot of an eForms notice, following the chain lot result → contract → tender → tendering party."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from matchmaker.domain.notice import LotResult, Winner
from matchmaker.domain.values import Money
from matchmaker.ingestion.eforms import codes
from matchmaker.ingestion.eforms.context import Context
from matchmaker.ingestion.eforms.parties import Party
from matchmaker.ingestion.readings import WITHHELD, count, day, merged, money, percent, total
from matchmaker.ingestion.safe_xml import Element, each, first, value, values

_NOT_AWARDED = ("clos-nw", "open-nw")
_SMALL = ("t-micro", "t-small", "t-med")


@dataclass(frozen=True, slots=True)
class _Tables:
    """The parts of a ``NoticeResult`` by their technical ids."""

    contracts: Mapping[str, Element]
    tenders: Mapping[str, Element]
    tendering_parties: Mapping[str, Element]
    organisations: Mapping[str, Party]


def results(notice_result: Element | None, organisations: Mapping[str, Party], context: Context) -> dict[str, LotResult]:
    """Lot results by lot id; several results of one lot (a framework awarded twice) are put together."""
    if notice_result is None:
        return {}
    tables = _Tables(
        _by_id(notice_result, "SettledContract"),
        _by_id(notice_result, "LotTender"),
        _by_id(notice_result, "TenderingParty"),
        organisations,
    )
    found: dict[str, LotResult] = {}
    for element in notice_result.iterfind("LotResult"):
        for lot_id in values(element, "TenderLot/ID"):
            result = _result(element, lot_id, tables, context)
            found[lot_id] = together(found[lot_id], result) if lot_id in found else result
    return found


def _published(code: str | None) -> str | None:
    return None if code == WITHHELD else code


def _by_id(notice_result: Element, name: str) -> dict[str, Element]:
    return {key: element for element in notice_result.iterfind(name) if (key := value(element, "ID"))}


def _result(element: Element, lot_id: str, tables: _Tables, context: Context) -> LotResult:
    state = _published(value(element, "TenderResultCode"))
    if state:
        context.remarks.check_code("BT-142", state, codes.RESULT_STATES)
    contracts = [tables.contracts[key] for key in values(element, "SettledContract/ID") if key in tables.contracts]
    tenders = _winning(element, contracts, lot_id, tables) if state not in _NOT_AWARDED else []
    dates = (day(value(contract, name), context.remarks) for name in ("IssueDate", "AwardDate") for contract in contracts)
    submissions = _submissions(element)
    result = LotResult(
        winners=tuple(_winners(tenders, tables)),
        value=total(_amounts(tenders, "LegalMonetaryTotal/PayableAmount", context)),
        concluded=next((date for date in dates if date), None),
        bids_received=count(submissions.get("tenders"), context.remarks),
        bids_from_smes=_small_bids(submissions, context),
        awarded={"selec-w": True, "clos-nw": False}.get(state or "", True if tenders else None),
    )
    return _with_subcontracting(result, tenders, context)


def _winning(element: Element, contracts: list[Element], lot_id: str, tables: _Tables) -> list[Element]:
    """The tenders that won the lot, by the strongest link the notice holds; ``LotResult`` itself lists losers too.

    First the tenders its contracts name, for this lot or listed with it; then its tenders by the parties those contracts
    name; then its tenders named by any contract; and where its contracts name none, the only tender listed, or the ones
    ranked first. Links that contradict each other leave the winner unknown.
    """
    named = _named(contracts, tables)
    parties = {key for tender in named for key in values(tender, "TenderingParty/ID")}
    own = [tender for tender in tables.tenders.values() if lot_id in values(tender, "TenderLot/ID")]
    everywhere = _named(list(tables.contracts.values()), tables)
    listed = [tables.tenders[key] for key in values(element, "LotTender/ID") if key in tables.tenders]
    links = (
        [tender for tender in named if tender in listed or lot_id in (values(tender, "TenderLot/ID") or (lot_id,))],
        [tender for tender in own if parties.intersection(values(tender, "TenderingParty/ID"))],
        [tender for tender in own if tender in everywhere],
        [] if named else listed if len(listed) == 1 else [tender for tender in listed if value(tender, "RankCode") == "1"],
    )
    return next((tenders for tenders in links if tenders), [])


def _named(contracts: list[Element], tables: _Tables) -> list[Element]:
    keys = dict.fromkeys(key for contract in contracts for key in values(contract, "LotTender/ID"))
    return [tables.tenders[key] for key in keys if key in tables.tenders]


def _winners(tenders: list[Element], tables: _Tables) -> Iterator[Winner]:
    seen: set[str] = set()
    for tender in tenders:
        for party in (tables.tendering_parties.get(key) for key in values(tender, "TenderingParty/ID")):
            for key in values(party, "Tenderer/ID"):
                organisation = tables.organisations.get(key)
                if organisation is not None and key not in seen:
                    seen.add(key)
                    yield organisation.as_winner()


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


def together(one: LotResult, other: LotResult) -> LotResult:
    """Two results of one lot as one: all winners, values added, the earlier date, bids of whichever states them."""
    awarded = {one.awarded, other.awarded}
    amounts = [amount for amount in (one.value, other.value) if amount]
    return replace(
        one,
        winners=tuple(dict.fromkeys(one.winners + other.winners)),
        value=total(amounts),
        concluded=min((date for date in (one.concluded, other.concluded) if date), default=None),
        bids_received=one.bids_received if one.bids_received is not None else other.bids_received,
        bids_from_smes=one.bids_from_smes if one.bids_from_smes is not None else other.bids_from_smes,
        awarded=True if True in awarded else False if False in awarded else None,
        subcontracted=one.subcontracted or other.subcontracted,
        subcontracted_value=one.subcontracted_value or other.subcontracted_value,
        subcontracted_percent=one.subcontracted_percent if one.subcontracted_percent is not None else other.subcontracted_percent,
        subcontracting_description=merged([one.subcontracting_description, other.subcontracting_description]),
    )
