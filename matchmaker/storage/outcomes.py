"""Results of lots that people were told of, each taken once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.alert import MailKind
from matchmaker.storage.alert_profiles import RaisedLotRow
from matchmaker.storage.outbox_tables import NEED_ID, OutboxItemRow
from matchmaker.storage.procedure_tables import AwardRow, AwardWinnerRow

OUTCOME = "outcome"
"""Stands for the version where a lot's result is marked as told."""


@dataclass(frozen=True, slots=True)
class LotOutcome:
    """A result (``result_lot``) of a lot that was called for (``call_lot``); ``winners`` never names a natural person."""

    result_lot: str
    call_lot: str
    winners: tuple[str, ...]
    persons: int


async def take_outcomes(session: AsyncSession, now: datetime, limit: int) -> list[LotOutcome]:
    """Marks up to ``limit`` results of lots somebody was told of and returns them; a repeated publication is passed over."""
    about = (col(AwardRow.call_lot) == NEED_ID) & (col(OutboxItemRow.kind) == MailKind.LOT_ALERT.value)
    marked = (col(RaisedLotRow.full_id) == col(AwardRow.full_id)) & (col(RaisedLotRow.version) == OUTCOME)
    awards = (
        await session.scalars(
            select(AwardRow)
            .where(
                col(AwardRow.call_lot).is_not(None),
                col(AwardRow.replaced_by).is_(None),
                exists().where(about),
                ~exists().where(marked),
            )
            .order_by(col(AwardRow.full_id))
            .limit(limit)
        )
    ).all()
    if not awards:
        return []
    rows = [{"full_id": award.full_id, "version": OUTCOME, "at": now} for award in awards]
    ours = await session.scalars(insert(RaisedLotRow).on_conflict_do_nothing().returning(col(RaisedLotRow.full_id)), rows)
    taken = set(ours)
    winners = await _winners(session, sorted(taken))
    return [
        LotOutcome(award.full_id, award.call_lot or "", winners.get(award.full_id, ()), award.persons)
        for award in awards
        if award.full_id in taken
    ]


async def _winners(session: AsyncSession, full_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    rows = await session.execute(
        select(col(AwardWinnerRow.full_id), col(AwardWinnerRow.name))
        .where(col(AwardWinnerRow.full_id).in_(full_ids))
        .order_by(col(AwardWinnerRow.full_id), col(AwardWinnerRow.position))
    )
    found: dict[str, tuple[str, ...]] = {}
    for full_id, name in rows:
        found[full_id] = (*found.get(full_id, ()), name)
    return found
