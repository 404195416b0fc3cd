"""The look-back of Art. 77: whether a buyer awarded a supplier a contract reserved under it within so many years."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.notice import Buyer, ReservedParticipation
from matchmaker.domain.organisation import Organisation
from matchmaker.domain.register_numbers import register_key
from matchmaker.domain.values import CpvCode
from matchmaker.storage.awards import Identity, identify
from matchmaker.storage.notice_tables import LotRow
from matchmaker.storage.organisations import load_organisations
from matchmaker.storage.party_keys import buyer_name_key, plain_name
from matchmaker.storage.party_keys import supplier_keys as keys_of_supplier
from matchmaker.storage.procedure_tables import AwardCoverageRow, AwardRow, AwardWinnerRow, NoticeBuyerRow

SAME_SERVICES = 3
"""Leading CPV digits (the group) from which two services are the same for the look-back; others are a question."""

REPORTED_AFTER = timedelta(days=61)
"""Awards are published within 30 days (Directive 2014/24/EU, Art. 50), services of Art. 74 at most a quarter later than signed;
coverage may therefore end so long before today."""


@dataclass(frozen=True, slots=True)
class _PastAward:
    """An award of the buyer within the years asked for. ``sure_buyer``: its register number agrees, not only its name."""

    row: AwardRow
    main_cpv: str | None
    sure_buyer: bool
    winners: tuple[AwardWinnerRow, ...]

    @property
    def under_art77(self) -> bool | None:
        """Whether it was reserved under Art. 77; None where the call does not tell."""
        if not self.row.reserved:
            return None
        return ReservedParticipation.PUBLIC_SERVICE_MISSION.value in self.row.reserved


async def won_from_buyer(
    session: AsyncSession,
    buyer: Buyer,
    supplier_keys: Sequence[str],
    regime_years: int,
    today: date,
    cpvs: Sequence[CpvCode] = (),
) -> dict[str, bool | None]:
    """Whether ``buyer`` awarded each supplier a contract reserved under Art. 77 within ``regime_years`` before ``today``.

    Art. 77(2)(d) of Directive 2014/24/EU: the same contracting authority, the services concerned (``cpvs``, main code first;
    empty: any). True only where register numbers agree and the reservation is known from the call; False only where the history
    at hand covers the buyer for all these years; None in every other case: ask.
    """
    since = _years_before(today, regime_years)
    past = await _past_awards(session, buyer, since, today)
    number = register_key(buyer.identifier, buyer.country)
    covered = number is not None and await _covered(session, buyer.country or "", since, today)
    if not past and not covered:
        return dict.fromkeys(supplier_keys)
    by_key = {organisation.key: organisation for organisation in await load_organisations(session, supplier_keys)}
    wanted = cpvs[0].code[:SAME_SERVICES] if cpvs else ""
    return {key: _answer(by_key[key], past, wanted, covered) if key in by_key else None for key in supplier_keys}


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28) if day.month == 2 else day.day)


def _answer(organisation: Organisation, past: Sequence[_PastAward], services: str, covered: bool) -> bool | None:
    doubtful = False
    for award in past:
        if award.under_art77 is False:
            continue
        identity = _identity(organisation, award)
        if identity is Identity.NO:
            continue
        same = not services or (award.main_cpv or "").startswith(services)
        if identity is Identity.SURE and award.sure_buyer and award.under_art77 and same:
            return True
        doubtful = True
    numbered = any(known.is_number for known in keys_of_supplier(organisation))
    return False if covered and numbered and not doubtful else None


def _identity(organisation: Organisation, award: _PastAward) -> Identity:
    """The best of its winners; a winner without a number whose name shares a word with the supplier's may be it."""
    states = {identify(organisation, winner) for winner in award.winners}
    if Identity.SURE in states:
        return Identity.SURE
    words = {word for name in (organisation.name, organisation.legal_name or "") for word in plain_name(name).split()}
    alike = any(not winner.number_key and words & set(plain_name(winner.name).split()) for winner in award.winners)
    return Identity.ASK if Identity.ASK in states or alike else Identity.NO


async def _past_awards(session: AsyncSession, buyer: Buyer, since: date, today: date) -> list[_PastAward]:
    number = register_key(buyer.identifier, buyer.country)
    named = col(NoticeBuyerRow.name_key) == buyer_name_key(buyer)
    same = (
        or_(col(NoticeBuyerRow.number_key) == number, and_(named, col(NoticeBuyerRow.number_key).is_(None))) if number else named
    )
    day = func.coalesce(col(AwardRow.concluded), col(AwardRow.published))
    query = (
        select(AwardRow, col(LotRow.main_cpv), func.bool_or(func.coalesce(col(NoticeBuyerRow.number_key) == number, False)))
        .join(LotRow, col(LotRow.full_id) == col(AwardRow.full_id))
        .join(NoticeBuyerRow, col(NoticeBuyerRow.notice_id) == col(AwardRow.notice_id))
        .where(same, day >= since, day <= today, col(AwardRow.replaced_by).is_(None))
        .group_by(col(AwardRow.full_id), col(LotRow.full_id))
        .order_by(col(AwardRow.full_id))
    )
    rows = (await session.execute(query)).all()
    winners = await _winners(session, [row[0].full_id for row in rows])
    return [_PastAward(award, cpv, bool(sure), winners.get(award.full_id, ())) for award, cpv, sure in rows]


async def _winners(session: AsyncSession, full_ids: Collection[str]) -> Mapping[str, tuple[AwardWinnerRow, ...]]:
    query = select(AwardWinnerRow).where(col(AwardWinnerRow.full_id).in_(full_ids)).order_by(col(AwardWinnerRow.position))
    found: dict[str, tuple[AwardWinnerRow, ...]] = {}
    for row in await session.scalars(query):
        found[row.full_id] = (*found.get(row.full_id, ()), row)
    return found


async def note_coverage(session: AsyncSession, country: str, since: date, until: date, source: str, at: datetime) -> None:
    """Notes that every result notice of a country (ISO-2) published from ``since`` to ``until`` is at hand, by ``source``."""
    statement = upsert(AwardCoverageRow).values(country=country, since=since, until=until, source=source, noted_at=at)
    keys = ["country", "since", "until", "source"]
    await session.execute(statement.on_conflict_do_update(index_elements=keys, set_={"noted_at": at}))


async def _covered(session: AsyncSession, country: str, since: date, today: date) -> bool:
    """Whether noted periods together reach from ``since`` almost to ``today`` without a gap."""
    query = (
        select(col(AwardCoverageRow.since), col(AwardCoverageRow.until))
        .where(col(AwardCoverageRow.country) == country)
        .order_by(col(AwardCoverageRow.since))
    )
    reached = since - timedelta(days=1)
    for start, end in await session.execute(query):
        if start <= reached + timedelta(days=1):
            reached = max(reached, end)
    return reached >= today - REPORTED_AFTER
