"""Buyers across their notices: who they are, what they called for, whom they awarded, and when contracts end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.notice import ReservedParticipation
from matchmaker.domain.procedure import Stage
from matchmaker.storage.awards import Award, load_awards
from matchmaker.storage.codec import from_document
from matchmaker.storage.columns import Texts
from matchmaker.storage.lot_columns import LotCard
from matchmaker.storage.notice_tables import LotRow
from matchmaker.storage.procedure_tables import AwardRow, NoticeBuyerRow, ProcedureNoticeRow


@dataclass(frozen=True, slots=True)
class KnownBuyer:
    """A buyer as its notices name it. ``key`` is its register number where one is stated, else name and town.

    ``names`` are the names under which notices name it, the most frequent first.
    """

    key: str
    name: str
    names: tuple[str, ...]
    town: str | None
    country: str | None
    by_number: bool
    notices: int


@dataclass(frozen=True, slots=True)
class Reservations:
    """How many lots it called for, of how many the notice says whether they are reserved, and how many are."""

    lots: int
    stated: int
    reserved: int


@dataclass(frozen=True, slots=True)
class Incumbent:
    """An organisation that won from the buyer: how often, last when, and the latest end of a contract in force."""

    name: str
    awards: int
    last: date | None
    ends: date | None


async def find_buyer(session: AsyncSession, key: str) -> KnownBuyer | None:
    """The buyer that a key names; None where no notice does. A name that goes with exactly one number means that number."""
    by_number = col(NoticeBuyerRow.number_key) == key
    if not await session.scalar(select(func.count()).select_from(NoticeBuyerRow).where(by_number)):
        numbers = select(col(NoticeBuyerRow.number_key)).where(
            col(NoticeBuyerRow.name_key) == key, col(NoticeBuyerRow.number_key).is_not(None)
        )
        known = (await session.scalars(numbers.distinct())).all()
        if len(known) == 1 and known[0]:
            key = known[0]
    rows = (await session.execute(_named(await same_buyer(session, key)))).all()
    if not rows:
        return None
    name, town, country, _ = rows[0]
    total = sum(row[3] for row in rows)
    numbered = bool(
        await session.scalar(select(func.count()).select_from(NoticeBuyerRow).where(col(NoticeBuyerRow.number_key) == key))
    )
    return KnownBuyer(key, name, tuple(dict.fromkeys(row[0] for row in rows)), town, country, numbered, total)


def _named(same: ColumnElement[bool]) -> Select[str, str | None, str | None, int]:
    named = (col(NoticeBuyerRow.name), col(NoticeBuyerRow.town), col(NoticeBuyerRow.country))
    count = func.count(col(NoticeBuyerRow.notice_id).distinct())
    return select(*named, count).where(same).group_by(*named).order_by(count.desc(), *named)


async def same_buyer(session: AsyncSession, key: str) -> ColumnElement[bool]:
    """The condition on ``NoticeBuyerRow`` under which a notice is that buyer's.

    By its number, and by a name without number where that name goes with no other number.
    """
    names = select(col(NoticeBuyerRow.name_key)).where(col(NoticeBuyerRow.number_key) == key).distinct()
    known = list(await session.scalars(names)) or [key]
    others = select(col(NoticeBuyerRow.name_key)).where(
        col(NoticeBuyerRow.name_key).in_(known),
        col(NoticeBuyerRow.number_key).is_not(None),
        col(NoticeBuyerRow.number_key) != key,
    )
    shared = set(await session.scalars(others.distinct()))
    alone = [name for name in known if name not in shared or name == key]
    unnumbered = and_(col(NoticeBuyerRow.number_key).is_(None), col(NoticeBuyerRow.name_key).in_(alone))
    return or_(col(NoticeBuyerRow.number_key) == key, unnumbered)


def _notices(same: ColumnElement[bool]) -> Select[str]:
    return select(col(NoticeBuyerRow.notice_id)).where(same)


async def calls_of(session: AsyncSession, same: ColumnElement[bool], limit: int) -> tuple[list[LotCard], int]:
    """Its latest planned and called lots, and how many there are."""
    calls = [
        col(LotRow.listed),
        col(LotRow.notice_id).in_(_notices(same)),
        col(LotRow.basis) != "closed",
    ]
    query = select(col(LotRow.card)).where(*calls).order_by(col(LotRow.published).desc().nulls_last(), col(LotRow.full_id))
    cards = [from_document(card, LotCard) for card in await session.scalars(query.limit(limit))]
    total = await session.scalar(select(func.count()).select_from(LotRow).where(*calls))
    return cards, total or 0


async def awards_of(session: AsyncSession, same: ColumnElement[bool], limit: int) -> tuple[list[Award], int]:
    """Its latest awards in force, and how many there are."""
    mine = [col(AwardRow.notice_id).in_(_notices(same)), col(AwardRow.replaced_by).is_(None)]
    day = func.coalesce(col(AwardRow.concluded), col(AwardRow.published))
    query = select(col(AwardRow.full_id)).where(*mine).order_by(day.desc().nulls_last(), col(AwardRow.full_id)).limit(limit)
    total = await session.scalar(select(func.count()).select_from(AwardRow).where(*mine))
    return await load_awards(session, list(await session.scalars(query))), total or 0


async def ending_of(session: AsyncSession, same: ColumnElement[bool], today: date, limit: int) -> list[Award]:
    """Its contracts that still run, the soonest end first."""
    query = (
        select(col(AwardRow.full_id))
        .where(col(AwardRow.notice_id).in_(_notices(same)), col(AwardRow.replaced_by).is_(None), col(AwardRow.ends) >= today)
        .order_by(col(AwardRow.ends), col(AwardRow.full_id))
        .limit(limit)
    )
    return await load_awards(session, list(await session.scalars(query)))


def incumbents(awards: Sequence[Award], today: date) -> tuple[Incumbent, ...]:
    """The organisations among these awards, those that won most often first."""
    names = dict.fromkeys(name for award in awards for name in award.winners)
    found = []
    for name in names:
        won = [award for award in awards if name in award.winners]
        days = [award.day for award in won if award.day]
        ends = [award.ends for award in won if award.ends and award.ends >= today]
        found.append(Incumbent(name, len(won), max(days, default=None), max(ends, default=None)))
    return tuple(sorted(found, key=lambda each: (-each.awards, -(each.last or date.min).toordinal(), each.name)))


async def reservations_of(session: AsyncSession, same: ColumnElement[bool]) -> Reservations:
    """What its calls for competition say about reservation."""
    markers = [marker.value for marker in ReservedParticipation if marker is not ReservedParticipation.NONE]
    called = select(col(ProcedureNoticeRow.notice_id)).where(col(ProcedureNoticeRow.stage) == Stage.CALLED.value)
    query = select(
        func.count(),
        func.count().filter(func.cardinality(col(LotRow.reserved)) > 0),
        func.count().filter(col(LotRow.reserved).bool_op("&&")(literal(markers, Texts))),
    ).where(col(LotRow.listed), col(LotRow.notice_id).in_(_notices(same)), col(LotRow.notice_id).in_(called))
    lots, stated, reserved = (await session.execute(query)).one()
    return Reservations(lots, stated, reserved)
