"""What became of a lot that people were told of: its newer version, and who must hear of it."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.lot_changes import FieldChange, sentences_of
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Notice, full_lot_id
from matchmaker.storage.notices import notice_changes
from matchmaker.storage.outbox_records import people_told


@dataclass(frozen=True, slots=True)
class Told:
    """Who was told of a lot before, of this version's forerunner or of the notice it corrects, and what is new since."""

    people: frozenset[int] = frozenset()
    changes: tuple[Message, ...] = ()


async def told_before(session: AsyncSession, notice: Notice, lot_id: str, people: Collection[int]) -> Told:
    """Of ``people`` those who were told; the changes are those of the newest step between versions."""
    steps = await notice_changes(session, notice.notice_id)
    notices = {notice.notice_id, notice.changes or notice.notice_id, *(each.from_notice_id for each in steps)}
    earlier = {full_lot_id(notice_id, lot_id) for notice_id in notices}
    told = await people_told(session, sorted(earlier))
    if not steps:
        return Told(frozenset(told & set(people)))
    changes = [
        FieldChange(str(change["field"]), change.get("before"), change.get("after"))
        for change in steps[-1].changes
        if change.get("lot") == lot_id
    ]
    return Told(frozenset(told & set(people)), sentences_of(changes))
