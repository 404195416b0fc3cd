"""Awards as they are shown, and which of them are a supplier's references.

A stored supplier and a winner are the same in three states: *sure* where register numbers agree, *ask* where name and place do,
*no* otherwise.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.organisation import Organisation
from matchmaker.domain.procedure_lots import EndBasis
from matchmaker.reference.folding import fold
from matchmaker.storage.codec import from_document
from matchmaker.storage.lot_columns import LotCard
from matchmaker.storage.notice_tables import LotRow
from matchmaker.storage.organisation_tables import OrganisationRow
from matchmaker.storage.party_keys import supplier_keys
from matchmaker.storage.procedure_tables import AwardRow, AwardWinnerRow, NoticeBuyerRow, ReferenceAnswerRow, SupplierKeyRow

TELLING_WORDS = 3
"""A name of fewer words may be that of several organisations."""


class Identity(StrEnum):
    """Whether a winner is a certain supplier."""

    SURE = "sure"
    ASK = "ask"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Award:
    """An award as it is shown. ``card`` is the lot of the result notice; ``buyer`` a key of the buyer's page.

    ``reserved`` holds the markers of the lot called for, joined through the procedure: empty is not known. ``ends`` may be
    estimated, as ``ends_basis`` says. ``persons`` counts winners that are natural persons and are not named.
    """

    card: LotCard
    winners: tuple[str, ...]
    persons: int
    buyer: str | None
    buyer_name: str | None
    concluded: date | None
    published: date | None
    value: Decimal | None
    currency: str | None
    value_eur: Decimal | None
    reserved: tuple[str, ...]
    call_lot: str | None
    ends: date | None
    ends_basis: EndBasis | None
    stage: str = ""

    @property
    def day(self) -> date | None:
        """The day of conclusion, else of publication."""
        return self.concluded or self.published


@dataclass(frozen=True, slots=True)
class Reference:
    """An award that is, or may be, a supplier's; ``confirmed`` where the supplier answered that it is."""

    award: Award
    identity: Identity
    winner: str
    confirmed: bool | None = None


async def references_of_supplier(session: AsyncSession, organisation: Organisation) -> tuple[Reference, ...]:
    """Awards that are sure or may be the supplier's, the latest first; those it said are not its own are left out."""
    keys = {known.key: known.is_number for known in supplier_keys(organisation)}
    found = await _winners(session, list(keys))
    answers = await _answers(session, organisation.key)
    states: dict[str, tuple[Identity, str]] = {}
    for row in found:
        identity = identify(organisation, row)
        if identity is not Identity.NO and states.get(row.full_id, (None,))[0] is not Identity.SURE:
            states[row.full_id] = (identity, row.name)
    awards = await load_awards(session, [full_id for full_id in states if answers.get(full_id) is not False])
    references = [
        Reference(
            award,
            Identity.SURE if answers.get(award.card.full_id) else states[award.card.full_id][0],
            states[award.card.full_id][1],
            answers.get(award.card.full_id),
        )
        for award in awards
    ]
    return tuple(sorted(references, key=lambda each: (each.award.day or date.min, each.award.card.full_id), reverse=True))


def identify(organisation: Organisation, winner: AwardWinnerRow) -> Identity:
    """Whether ``winner`` is ``organisation``. Two register numbers that differ in the same form are two organisations."""
    keys = supplier_keys(organisation)
    numbers = {known.key for known in keys if known.is_number}
    if winner.number_key and winner.number_key in numbers:
        return Identity.SURE
    if winner.name_key not in {known.key for known in keys if not known.is_number}:
        return Identity.NO
    if winner.number_key and any(_same_form(winner.number_key, number) for number in numbers):
        return Identity.NO
    return Identity.ASK if _places_agree(organisation, winner) else Identity.NO


def _same_form(one: str, other: str) -> bool:
    return len(one) == len(other) and one[:3] == other[:3] and one[3:].isdigit() == other[3:].isdigit()


def _places_agree(organisation: Organisation, winner: AwardWinnerRow) -> bool:
    """The same town or small region; where one says no place, a name of several words is enough to ask."""
    town, theirs = fold(organisation.base.city or ""), fold(winner.town or "")
    region = organisation.base.nuts.code if organisation.base.nuts else ""
    if town and theirs:
        shorter, longer = sorted((town.split(), theirs.split()), key=len)
        return shorter == longer[: len(shorter)] or bool(winner.nuts and len(winner.nuts) == 5 and winner.nuts == region)
    if region and winner.nuts:
        return winner.nuts.startswith(region) or region.startswith(winner.nuts)
    return len(winner.name_key.split()) >= TELLING_WORDS


async def _winners(session: AsyncSession, keys: Sequence[str]) -> Sequence[AwardWinnerRow]:
    """Winners of awards in force that bear one of these numbers or names."""
    rows: dict[tuple[str, int], AwardWinnerRow] = {}
    for column in (AwardWinnerRow.number_key, AwardWinnerRow.name_key):
        query = (
            select(AwardWinnerRow)
            .join(AwardRow, col(AwardRow.full_id) == col(AwardWinnerRow.full_id))
            .where(col(column).in_(keys), col(AwardRow.replaced_by).is_(None))
        )
        rows |= {(row.full_id, row.position): row for row in await session.scalars(query)}
    return [rows[place] for place in sorted(rows)]


async def load_awards(session: AsyncSession, full_ids: Sequence[str]) -> list[Award]:
    """Awards by their full ids, in that order; those that are not there are left out."""
    query = (
        select(AwardRow, col(LotRow.card), NoticeBuyerRow)
        .join(LotRow, col(LotRow.full_id) == col(AwardRow.full_id))
        .outerjoin(
            NoticeBuyerRow, (col(NoticeBuyerRow.notice_id) == col(AwardRow.notice_id)) & (col(NoticeBuyerRow.position) == 0)
        )
        .where(col(AwardRow.full_id).in_(full_ids))
    )
    rows = {award.full_id: (award, card, buyer) for award, card, buyer in await session.execute(query)}
    names = await winner_names(session, rows)
    return [_award(*rows[full_id], names.get(full_id, ())) for full_id in full_ids if full_id in rows]


async def winner_names(session: AsyncSession, full_ids: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """The organisations that won, by award; natural persons are not stored."""
    query = (
        select(col(AwardWinnerRow.full_id), col(AwardWinnerRow.name))
        .where(col(AwardWinnerRow.full_id).in_(list(full_ids)))
        .order_by(col(AwardWinnerRow.full_id), col(AwardWinnerRow.position))
    )
    found: defaultdict[str, list[str]] = defaultdict(list)
    for full_id, name in await session.execute(query):
        found[full_id].append(name)
    return {full_id: tuple(dict.fromkeys(names)) for full_id, names in found.items()}


def _award(row: AwardRow, card: object, buyer: NoticeBuyerRow | None, winners: tuple[str, ...]) -> Award:
    return Award(
        card=from_document(card, LotCard),
        winners=winners,
        persons=row.persons,
        buyer=(buyer.number_key or buyer.name_key) if buyer else None,
        buyer_name=buyer.name if buyer else None,
        concluded=row.concluded,
        published=row.published,
        value=row.value,
        currency=row.currency,
        value_eur=row.value_eur,
        reserved=tuple(row.reserved),
        call_lot=row.call_lot,
        ends=row.ends,
        ends_basis=EndBasis(row.ends_basis) if row.ends_basis else None,
        stage=row.stage,
    )


async def _answers(session: AsyncSession, organisation_key: str) -> Mapping[str, bool]:
    query = select(col(ReferenceAnswerRow.full_id), col(ReferenceAnswerRow.mine)).where(
        col(ReferenceAnswerRow.organisation_key) == organisation_key
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def answer_reference(
    session: AsyncSession, organisation_key: str, full_id: str, mine: bool, who: str, at: datetime
) -> None:
    """Keeps whether an award is the supplier's own; a newer answer takes the place of an older one."""
    statement = upsert(ReferenceAnswerRow).values(organisation_key=organisation_key, full_id=full_id, mine=mine, who=who, at=at)
    replaced = {name: statement.excluded[name] for name in ("mine", "who", "at")}
    await session.execute(statement.on_conflict_do_update(index_elements=["organisation_key", "full_id"], set_=replaced))


async def count_winners(session: AsyncSession) -> Mapping[Identity, int]:
    """How many winners are a stored supplier for sure, may be one, and are none."""
    pairs = (
        select(AwardWinnerRow, col(OrganisationRow.doc))
        .join(SupplierKeyRow, col(SupplierKeyRow.known_by).in_([col(AwardWinnerRow.number_key), col(AwardWinnerRow.name_key)]))
        .join(OrganisationRow, col(OrganisationRow.key) == col(SupplierKeyRow.organisation_key))
    )
    best: dict[tuple[str, int], Identity] = {}
    for row, doc in await session.execute(pairs):
        identity = identify(from_document(doc, Organisation), row)
        place = (row.full_id, row.position)
        if identity is Identity.SURE or best.get(place) is not Identity.SURE:
            best[place] = identity if identity is not Identity.NO else best.get(place, Identity.NO)
    every = await session.scalars(select(col(AwardWinnerRow.full_id)))
    total = len(every.all())
    sure = sum(identity is Identity.SURE for identity in best.values())
    ask = sum(identity is Identity.ASK for identity in best.values())
    return {Identity.SURE: sure, Identity.ASK: ask, Identity.NO: total - sure - ask}
