"""Award sections of R2.0.8 forms."""

from collections.abc import Iterator

from matchmaker.domain.notice import LotResult, Winner
from matchmaker.ingestion.readings import Remarks, count, day, money, percent
from matchmaker.ingestion.safe_xml import Element, first, value
from matchmaker.ingestion.ted.forms import Versions
from matchmaker.ingestion.ted.older_terms import date_text
from matchmaker.ingestion.ted.parties import winner
from matchmaker.ingestion.ted.results import Award


def awards(form: Versions, remarks: Remarks) -> Iterator[Award]:
    """Every ``AWARD_OF_CONTRACT…`` section with its lot number."""
    tags = dict.fromkeys(str(part.tag) for part in form.original.iter() if str(part.tag).startswith("AWARD_OF_CONTRACT"))
    for tag in tags:
        for award in form.all(f".//{tag}"):
            yield award, value(award.original, "LOT_NUMBER"), _result(award, remarks)


def _result(award: Versions, remarks: Remarks) -> LotResult:
    element = award.original
    costs = first(element, "CONTRACT_VALUE_INFORMATION/COSTS_RANGE_AND_CURRENCY_WITH_VAT_RATE")
    cost = first(costs, "VALUE_COST")
    likely = next(element.iter("CONTRACT_LIKELY_SUB_CONTRACTED"), None) is not None
    unlikely = next(element.iter("NO_CONTRACT_LIKELY_SUB_CONTRACTED"), None) is not None
    share = next(element.iter("EXCLUDING_VAT_PRCT"), None)
    found = _winners(element)
    paid = (
        money(cost.get("FMTVAL") or cost.text, costs.get("CURRENCY"), remarks) if cost is not None and costs is not None else None
    )
    return LotResult(
        winners=found,
        value=paid,
        concluded=day(date_text(element.find("CONTRACT_AWARD_DATE")), remarks),
        bids_received=count(value(element, "OFFERS_RECEIVED_NUMBER"), remarks),
        awarded=True if found else None,
        subcontracted="yes" if likely else "no" if unlikely else None,
        subcontracted_percent=percent(share.text if share is not None else None, remarks),
        subcontracting_description=award.texts(".//ADDITIONAL_INFORMATION"),
    )


def _winners(element: Element) -> tuple[Winner, ...]:
    sections = element.iter("ECONOMIC_OPERATOR_NAME_ADDRESS")
    found = [winner(address, None) for section in sections for address in section]
    return tuple(dict.fromkeys(one for one in found if one))
