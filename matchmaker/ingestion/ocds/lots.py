"""Lots of a release (BT-137): those it lists, else the whole tender as one."""

from collections.abc import Iterator

from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot, SelectionCriterion
from matchmaker.domain.values import LocalText, Money, Period
from matchmaker.ingestion.lot_results import LotIds
from matchmaker.ingestion.ocds import terms
from matchmaker.ingestion.ocds.context import Context
from matchmaker.ingestion.ocds.fields import Json, at, each, first_with, text
from matchmaker.ingestion.ocds.items import classification, described, of_lot, places
from matchmaker.ingestion.readings import in_months, number

ONLY_LOT = "1"
"""The id of a tender that is not divided."""

PART = "PAR-"
"""Parts of a planning notice are called so by eForms; the European profile makes each a tender of its own."""


def lots(tender: Json, context: Context) -> tuple[Lot, ...]:
    """Every lot in the release's order, each with what the tender states for all of them."""
    listed = list(each(tender, "lots"))
    items = list(each(tender, "items"))
    tender_id = text(tender, "id") or ""
    if not listed:
        return (_lot({}, tender, items, tender_id if tender_id.startswith(PART) else ONLY_LOT, context),)
    ids = LotIds()
    found = []
    for position, lot in enumerate(listed, 1):
        lot_id = text(lot, "id")
        if lot_id and lot_id in ids:
            context.remarks.say(Message("The notice uses the lot id %(id)s more than once.", {"id": lot_id}))
        own = of_lot(items, lot_id, only=len(listed) == 1)
        found.append(_lot(lot, tender, own, ids.take(lot_id or str(position)), context))
    return tuple(found)


def _lot(lot: Json, tender: Json, items: list[Json], lot_id: str, context: Context) -> Lot:
    holders = (lot, tender)
    main, extra = classification((lot,) if lot else (tender,), items, context)
    if main is None:
        main, extra = classification((tender,), [], context)
    where = places(holders, items, context)
    aims = terms.sustainability(holders, context)
    return Lot(
        lot_id=lot_id,
        title=context.texts(lot, "title") or context.texts(tender, "title"),
        description=_description(lot, tender, items, context),
        is_part=lot_id.startswith(PART),
        nature=terms.nature(holders),
        main_cpv=main,
        extra_cpvs=extra,
        nuts=where.nuts,
        countries=where.countries,
        value=estimate(lot, context),
        period=_period(holders, context),
        deadline=context.deadline(first_with("tenderPeriod", *holders), "tenderPeriod.endDate"),
        reserved=terms.reserved(holders, context),
        strategic=aims.strategic,
        environmental=aims.environmental,
        social=aims.social,
        performance_terms=context.texts(at(first_with("contractTerms", *holders), "contractTerms"), "performanceTerms"),
        subcontracting=terms.subcontracting(holders, context),
        suitable_for_smes=terms.suitable_for_smes(holders),
        selection_criteria=tuple(_criteria(holders, context)),
        options=context.texts(at(first_with("options", *holders), "options"), "description"),
    )


def _description(lot: Json, tender: Json, items: list[Json], context: Context) -> LocalText:
    said = context.texts(lot or tender, "description")
    in_items = described(items)
    return said or ({context.language: in_items} if in_items else {})


def estimate(holder: Json, context: Context) -> Money | None:
    """The estimated value (BT-27), else the least it can come to."""
    return context.money(holder, "value") or context.money(holder, "minValue")


def _period(holders: tuple[Json, ...], context: Context) -> Period:
    """When the contract runs (BT-536, BT-537, BT-36)."""
    period = at(first_with("contractPeriod", *holders), "contractPeriod")
    length = number(text(period, "durationInDays"), context.remarks)
    return Period(context.day(period, "startDate"), context.day(period, "endDate"), in_months(length, "DAY"))


def _criteria(holders: tuple[Json, ...], context: Context) -> Iterator[SelectionCriterion]:
    for criterion in each(first_with("selectionCriteria", *holders), "selectionCriteria.criteria"):
        kind, description = text(criterion, "type"), context.texts(criterion, "description")
        if kind or description:
            yield SelectionCriterion(kind, description)
