"""What became of the lots: awards with their contracts, and the bids behind them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from matchmaker.domain.notice import LotResult
from matchmaker.domain.values import Money
from matchmaker.ingestion.lot_results import together
from matchmaker.ingestion.ocds.context import Context, is_stated
from matchmaker.ingestion.ocds.fields import Json, at, each, text, texts, yes_or_no
from matchmaker.ingestion.ocds.parties import Parties
from matchmaker.ingestion.readings import count

NOT_AWARDED = frozenset(("cancelled", "unsuccessful"))
_OWN_WORDS = ("suppliers", "status", "value", "relatedLots", "items")


@dataclass(frozen=True, slots=True)
class _Tables:
    """Bids by id and contracts by the award they follow."""

    bids: Mapping[str, Json]
    contracts: Mapping[str, list[Json]]
    parties: Parties
    context: Context


def results(release: Json, parties: Parties, lot_ids: tuple[str, ...], context: Context) -> dict[str, LotResult]:
    """Lot results by lot id, several of one lot put together; an award that names no lot is the only lot's.

    With several lots it cannot be placed and stands alone under its own id.
    """
    tables = _tables(release, parties, context)
    found: dict[str, list[LotResult]] = {}
    for award in awards(release):
        named = texts(award, "relatedLots") or _lots_of_bids(award, tables)
        alone = lot_ids if len(lot_ids) == 1 else (text(award, "id") or "award",)
        result = _result(award, tables)
        for lot_id in named or alone:
            found.setdefault(lot_id, []).append(result)
    merged = {lot_id: together(of_lot) for lot_id, of_lot in found.items()}
    return {lot_id: _with_counts(result, lot_id, release, lot_ids, context) for lot_id, result in merged.items()}


def awards(release: Json) -> Iterator[Json]:
    """The awards that say something of their own; some tools write each contract as an empty award too."""
    return (award for award in each(release, "awards") if any(is_stated(award, word) for word in _OWN_WORDS))


def _tables(release: Json, parties: Parties, context: Context) -> _Tables:
    bids = {key: bid for bid in each(release, "bids.details") if (key := text(bid, "id"))}
    contracts: dict[str, list[Json]] = {}
    for contract in each(release, "contracts"):
        contracts.setdefault(text(contract, "awardID") or "", []).append(contract)
    return _Tables(bids, contracts, parties, context)


def _bids_of(award: Json, tables: _Tables) -> list[Json]:
    contracts = tables.contracts.get(text(award, "id") or "-", [])
    named = (key for holder in (award, *contracts) for name in ("relatedBids", "relatedBid") for key in texts(holder, name))
    return [tables.bids[key] for key in dict.fromkeys(named) if key in tables.bids]


def _lots_of_bids(award: Json, tables: _Tables) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lot for bid in _bids_of(award, tables) for lot in texts(bid, "relatedLots")))


def _result(award: Json, tables: _Tables) -> LotResult:
    context = tables.context
    contracts = tables.contracts.get(text(award, "id") or "-", [])
    bids = _bids_of(award, tables)
    status = (text(award, "status") or "").lower()
    suppliers = list(each(award, "suppliers")) or [tenderer for bid in bids for tenderer in each(bid, "tenderers")]
    winners = tuple(dict.fromkeys(winner for entry in suppliers if (winner := tables.parties.winner(entry))))
    signed = next((day for contract in contracts if (day := context.day(contract, "dateSigned"))), None)
    result = LotResult(
        winners=() if status in NOT_AWARDED else winners,
        value=None if status in NOT_AWARDED else _value(award, contracts, bids, context),
        concluded=signed or context.day(award, "date"),
        awarded=False if status in NOT_AWARDED else True if winners and status != "pending" else None,
    )
    return _with_subcontracting(result, (award, *bids), context)


def _value(award: Json, contracts: list[Json], bids: list[Json], context: Context) -> Money | None:
    return next((value for holder in (award, *contracts, *bids) if (value := context.money(holder, "value"))), None)


def _with_subcontracting(result: LotResult, holders: tuple[Json, ...], context: Context) -> LotResult:
    """BT-773, BT-553, BT-555 and BT-554, from the winning bids (eForms) or the award (older TED notices)."""
    for holder in holders:
        stated, terms = yes_or_no(holder, "hasSubcontracting"), at(holder, "subcontracting")
        if stated is None and terms is None:
            continue
        least, most = (context.share(terms, f"{bound}Percentage") for bound in ("minimum", "maximum"))
        return replace(
            result,
            subcontracted={True: "yes", False: "no"}.get(stated) if stated is not None else None,
            subcontracted_value=context.money(terms, "value"),
            subcontracted_percent=least if least == most else None,
            subcontracting_description=context.texts(terms, "description"),
        )
    return result


def _with_counts(result: LotResult, lot_id: str, release: Json, lot_ids: tuple[str, ...], context: Context) -> LotResult:
    """BT-759: bids received, and those of small and medium enterprises; unlotted figures are the only lot's."""
    counts: dict[str, int] = {}
    for statistic in each(release, "bids.statistics"):
        related = (*texts(statistic, "relatedLot"), *texts(statistic, "relatedLots"))
        mine = lot_id in related or (not related and len(lot_ids) == 1)
        number = count(text(statistic, "value"), context.remarks) if mine else None
        if number is not None:
            counts.setdefault(text(statistic, "measure") or "", number)
    tenderers = count(text(release, "tender.numberOfTenderers"), context.remarks) if len(lot_ids) == 1 else None
    return replace(result, bids_received=counts.get("bids", tenderers), bids_from_smes=counts.get("smeBids"))
