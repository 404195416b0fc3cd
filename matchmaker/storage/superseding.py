"""Change notices in full: a new text under a new publication number (BT-758) takes the place of the notice it changes.

So does an OCDS release that updates a stage of its procedure, or tells all of it, take the place of every earlier one.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, or_, tuple_, update
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from matchmaker.domain.notice import Notice
from matchmaker.storage.notice_changes import document_changes, record_changes
from matchmaker.storage.notice_tables import LotRow, NoticeRow


def citation(name: str) -> str:
    """One spelling of a citation: publication numbers are cited with and without leading zeros, UUIDs in either case."""
    return name.strip().lower().lstrip("0")


def aliases_of(notice: Notice) -> list[str]:
    """Names a change notice may cite this one by: publication number, ``UUID-VERSION`` and the bare UUID (BT-701, BT-757).

    OCDS: the stage of its procedure that it tells of.
    """
    identifier, stage = notice.extra.get("notice_uuid"), notice.extra.get("stage")
    names = [notice.notice_id, *([f"{identifier}-{notice.version}", identifier] if identifier else [])]
    names += [stage] if stage and notice.schema == "ocds" else []
    return [citation(name) for name in names]


async def mark_superseded(session: AsyncSession, notice_ids: list[str], at: datetime) -> None:
    """For the notices just written: whichever is changed by a full change notice at hand, or changes one, is linked.

    Older TED corrigenda (F14) state only the corrections, so they replace nothing.
    """
    old, new = aliased(NoticeRow), aliased(NoticeRow)
    cites = col(old.aliases).contains(array([col(new.changes)]))
    query = (
        select(old, new)
        .join(new, cites)
        .where(col(new.changes).is_not(None), col(new.notice_id) != col(old.notice_id))
        .where(or_(col(old.notice_id).in_(notice_ids), col(new.notice_id).in_(notice_ids)))
        .where(or_(col(new.doc)["schema"].astext == "eforms", _newest_release(old, new)))
        .order_by(col(new.notice_id))
    )
    rows: list[dict[str, Any]] = []
    for before, after in (await session.execute(query)).all():
        await session.execute(
            update(NoticeRow).where(col(NoticeRow.notice_id) == before.notice_id).values(superseded_by=after.notice_id)
        )
        await session.execute(update(LotRow).where(col(LotRow.notice_id) == before.notice_id).values(listed=False))
        rows.append(
            {
                "notice_id": after.notice_id,
                "from_notice_id": before.notice_id,
                "from_version": before.version,
                "to_version": after.version,
                "changes": document_changes(before.doc, after.doc),
                "at": at,
            }
        )
    await record_changes(session, rows)


def _newest_release(old: type[NoticeRow], new: type[NoticeRow]) -> ColumnElement[bool]:
    """Whether ``new`` is the last OCDS release that replaces ``old``: all of a stage cite it by one name, so the date decides.

    Their versions are dates of one length, which sort as texts.
    """
    newer = aliased(NoticeRow)

    def later(one: type[NoticeRow], other: type[NoticeRow]) -> ColumnElement[bool]:
        return tuple_(col(one.version), col(one.notice_id)) > tuple_(col(other.version), col(other.notice_id))

    return and_(
        col(new.doc)["schema"].astext == "ocds",
        later(new, old),
        not_(exists().where(col(newer.changes) == col(new.changes), later(newer, new))),
    )
