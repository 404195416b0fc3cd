"""Find what is odd about what stored lots say of reservation, each tested against the law and the suppliers of its day."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.errors import NotFound
from matchmaker.domain.match import Need, need_of
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot, Notice, NoticeKind, ReservedParticipation
from matchmaker.domain.sight import ANYONE
from matchmaker.planning.eligibility import reserving_laws
from matchmaker.planning.flags import Supply, flags_of
from matchmaker.planning.plan import Assumptions, Flag, Plan
from matchmaker.planning.planner_inputs import context_of
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.notices import all_notices, load_notice
from matchmaker.storage.organisation_counts import suppliers_by_country
from matchmaker.workflows.plan_lot import euro_on, planned
from matchmaker.workflows.plan_supply import supply_of
from matchmaker.workflows.tools import MatchTools


class LookAt(StrEnum):
    """Which lots: marked as reserved; with them those one can still take part in; or every lot that was ever called."""

    RESERVED = "reserved"
    OPEN = "open"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class FlaggedLot:
    """A lot with its flags (possibly none). ``day`` is the one it was judged on: its publication, or today while it is open."""

    full_id: str
    country: str | None
    title: str
    marks: tuple[str, ...]
    lots: int
    """Of its notice."""
    capable: int
    day: date
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class _Judged:
    lot: Lot
    need: Need
    day: date
    plan: Plan
    beyond: int


async def notices_to_flag(
    session: AsyncSession, today: date, look_at: LookAt = LookAt.RESERVED, country: str | None = None
) -> AsyncIterator[str]:
    """Ids of the notices with lots to look at, in their order; of one buyers' country (ISO-2), or of all."""
    async for notice in all_notices(session):
        called = notice.kind in (NoticeKind.COMPETITION, NoticeKind.PLANNING)
        if called and country in (None, notice.country) and lots_wanted(notice, look_at, today):
            yield notice.notice_id


def lots_wanted(notice: Notice, look_at: LookAt, today: date) -> list[Lot]:
    """The lots of a notice to look at."""
    return [lot for lot in notice.lots if not lot.award_only and _wanted(lot, look_at, today)]


def _wanted(lot: Lot, look_at: LookAt, today: date) -> bool:
    if look_at is LookAt.ALL or lot.reserved - {ReservedParticipation.NONE}:
        return True
    return look_at is LookAt.OPEN and _open(lot, today)


def _open(lot: Lot, today: date) -> bool:
    return lot.closes is not None and lot.closes.day >= today


async def flag_notice(
    sessions: SessionMaker, notice_id: str, tools: MatchTools, today: date, look_at: LookAt = LookAt.RESERVED
) -> list[FlaggedLot]:
    """The wanted lots of one notice with their flags; what is known of its other lots bears on each. Nothing is stored.

    Raises:
        NotFound: no such notice.
    """
    async with sessions() as session:
        notice = await load_notice(session, notice_id)
        if notice is None:
            raise NotFound(
                Message("There is no notice %(notice)s.", {"notice": notice_id}),
                Message("Notices are named as published, for example 00123456-2024."),
            )
        judged = [await _judged(session, notice, lot, tools, today) for lot in lots_wanted(notice, look_at, today)]
        known = await suppliers_by_country(session, tools.shown_sources)
    return [_flagged(notice, each, judged, tools, known) for each in judged]


async def _judged(session: AsyncSession, notice: Notice, lot: Lot, tools: MatchTools, today: date) -> _Judged:
    """Planned on the day of its publication, unless it is still open."""
    need = need_of(notice, lot)
    day = today if _open(lot, today) or notice.published is None else min(notice.published, today)
    made = await planned(session, need, context_of(notice, lot), tools, day)
    beyond = 0
    if not made.capable:
        beyond = len((await supply_of(session, need, tools, euro_on(tools, day), day, Assumptions(), ANYONE)).beyond)
    return _Judged(lot, need, day, made, beyond)


def _flagged(notice: Notice, each: _Judged, judged: Sequence[_Judged], tools: MatchTools, known: Mapping[str, int]) -> FlaggedLot:
    lot, need = each.lot, each.need
    alike = [other.plan.capable for other in judged if other is not each and other.need.cpvs[:1] == need.cpvs[:1]]
    supply = Supply(
        capable=each.plan.capable,
        anywhere=max(other.plan.capable + other.beyond for other in judged),
        alike=max(alike, default=0),
        in_country=known.get(need.country, 0) if need.country else None,
    )
    law = reserving_laws(tools.reference.regimes, need)
    found = flags_of(notice, lot, need, law, each.plan.regimes, supply, each.day, tools.reference.art77_codes)
    title = lot.title.get(notice.language) or next(iter(lot.title.values()), "")
    marks = tuple(sorted(mark.value for mark in lot.reserved))
    return FlaggedLot(need.need_id, notice.country, title, marks, len(notice.lots), each.plan.capable, each.day, found)
