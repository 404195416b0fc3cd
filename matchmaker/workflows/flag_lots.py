"""Find what is odd about what stored lots say of reservation, each tested against the law and the suppliers of its day."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.errors import NotFound
from matchmaker.domain.match import need_of
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot, Notice, NoticeKind, ReservedParticipation, full_lot_id
from matchmaker.planning.eligibility import national_regimes
from matchmaker.planning.flags import Supply, flags_of
from matchmaker.planning.plan import Assumptions, Flag
from matchmaker.planning.planner_inputs import context_of
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.notices import all_notices, load_lot
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


async def lots_to_flag(
    session: AsyncSession, today: date, look_at: LookAt = LookAt.RESERVED, country: str | None = None
) -> AsyncIterator[str]:
    """Full ids of the lots to look at, in the order of notices; of one buyers' country (ISO-2), or of all."""
    async for notice in all_notices(session):
        if notice.kind not in (NoticeKind.COMPETITION, NoticeKind.PLANNING) or country not in (None, notice.country):
            continue
        for lot in notice.lots:
            if not lot.award_only and _wanted(lot, look_at, today):
                yield full_lot_id(notice.notice_id, lot.lot_id)


def _wanted(lot: Lot, look_at: LookAt, today: date) -> bool:
    if look_at is LookAt.ALL or lot.reserved - {ReservedParticipation.NONE}:
        return True
    return look_at is LookAt.OPEN and _open(lot, today)


def _open(lot: Lot, today: date) -> bool:
    return lot.closes is not None and lot.closes.day >= today


async def flag_lot(sessions: SessionMaker, full_id: str, tools: MatchTools, today: date) -> FlaggedLot:
    """One lot (``NOTICE_ID/LOT``) with its flags. Nothing is stored.

    Raises:
        NotFound: no such lot.
    """
    async with sessions() as session:
        found = await load_lot(session, full_id)
        if found is None:
            raise NotFound(
                Message("There is no lot %(lot)s.", {"lot": full_id}),
                Message("Lots are named NOTICE/LOT, for example 00123456-2024/LOT-0001."),
            )
        return await _flagged(session, *found, tools, today)


async def _flagged(session: AsyncSession, notice: Notice, lot: Lot, tools: MatchTools, today: date) -> FlaggedLot:
    """Judged by the law of its publication, unless it is still open."""
    need = need_of(notice, lot)
    day = today if _open(lot, today) or notice.published is None else min(notice.published, today)
    made = await planned(session, need, context_of(notice, lot), tools, day)
    beyond = 0
    if not made.capable:
        beyond = len((await supply_of(session, need, tools, euro_on(tools, day), day, Assumptions())).beyond)
    flags = flags_of(
        notice,
        lot,
        need,
        national_regimes(tools.reference.regimes, need, day),
        made.regimes,
        Supply(made.capable, made.capable + beyond),
        day,
        tools.reference.art77_codes,
    )
    title = lot.title.get(notice.language) or next(iter(lot.title.values()), "")
    marks = tuple(sorted(mark.value for mark in lot.reserved))
    return FlaggedLot(need.need_id, notice.country, title, marks, len(notice.lots), made.capable, day, flags)
