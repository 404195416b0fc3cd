"""From a stored lot to the steps of its procedure that decide whether contact about it is open."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.conversation import Step, contact_open, notices_named
from matchmaker.domain.errors import NotFound
from matchmaker.domain.lot_state import LotState, lot_state
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot, Notice
from matchmaker.domain.procedure import Stage
from matchmaker.storage.notice_facts import stage_of
from matchmaker.storage.notices import load_lot, lots_of_notices
from matchmaker.storage.procedure_history import HistoryEntry, history_of


async def steps_of_lot(session: AsyncSession, lot_id: str, today: date) -> tuple[Step, ...]:
    """The notices of the procedure of a lot (``NOTICE_ID/LOT``) as steps.

    A notice that belongs there by a guess alone can close contact, never open it. A planning notice may precede several
    procedures: as long as it does, no result of one of them opens it again.

    Raises:
        NotFound: no such lot.
    """
    found = await load_lot(session, lot_id)
    if found is None:
        raise NotFound(Message("There is no lot %(lot)s.", {"lot": lot_id[:80]}), Message("Open the lot's page and start there."))
    notice, lot = found
    history = await history_of(session, notice.notice_id, lot.lot_id)
    several = stage_of(notice) is Stage.PLANNED and len(history.keys) > 1
    called = any(entry.stage is Stage.CALLED and not entry.corrects for entry in history.entries)
    others = [
        Step(_stage(entry, called), entry.published, not several and _ends(entry))
        for entry in history.entries
        if entry.notice_id != notice.notice_id
    ]
    return (_own_step(notice, lot, today), *others)


def _own_step(notice: Notice, lot: Lot, today: date) -> Step:
    stage = stage_of(notice)
    # A planning notice whose lot takes expressions of interest until a day is a call in all but name.
    if lot_state(notice, lot, today) is LotState.OPEN:
        stage = Stage.CALLED
    return Step(stage, notice.published or notice.dispatched, ends_this_lot=True)


def _stage(entry: HistoryEntry, called: bool) -> Stage:
    # A call published again with a correction must not look newer than the award of another lot.
    return Stage.CHANGED if entry.corrects and called and entry.stage is Stage.CALLED else entry.stage


def _ends(entry: HistoryEntry) -> bool:
    return entry.guess is None and (entry.same_lot or bool(entry.winners))


async def lots_named_under_call(session: AsyncSession, text: str, today: date) -> Sequence[str]:
    """Numbers of notices that a text names and whose procedure runs, as they are stored."""
    named = notices_named(text)
    first_lots = await lots_of_notices(session, named) if named else {}
    found = []
    for notice_id, lots in first_lots.items():
        for full_id in lots:
            if not contact_open(await steps_of_lot(session, full_id, today), today):
                found.append(notice_id)
                break
    return found
