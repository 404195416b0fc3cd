"""What differs between two readings of a notice, field by field."""

from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.storage.codec import Document
from matchmaker.storage.notice_tables import NoticeChangeRow

IGNORED = frozenset({"notice_id", "version", "lots", "remarks", "changes", "previous", "published", "dispatched", "url", "extra"})
"""What every new publication alters by its nature."""


def document_changes(before: Document, after: Document) -> list[Document]:
    """``{field, lot, before, after}`` for each field that differs; lots are paired by their id.

    A lot that appears or goes is one entry with field ``lot`` and its title. Values are those of the documents.
    """
    changes = _differences(before, after, None)
    old, new = _lots(before), _lots(after)
    for lot_id in dict.fromkeys([*old, *new]):
        if lot_id in old and lot_id in new:
            changes += _differences(old[lot_id], new[lot_id], lot_id)
        else:
            changes.append(_entry("lot", lot_id, old.get(lot_id, {}).get("title"), new.get(lot_id, {}).get("title")))
    return changes


async def record_changes(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    """Keeps what changed between two versions, once."""
    if rows:
        pair = ["notice_id", "from_notice_id", "from_version", "to_version"]
        await session.execute(insert(NoticeChangeRow).on_conflict_do_nothing(index_elements=pair), rows)


def _lots(document: Document) -> dict[str, Document]:
    return {lot["lot_id"]: lot for lot in document["lots"]}


def _differences(before: Document, after: Document, lot_id: str | None) -> list[Document]:
    names = sorted({*before, *after} - IGNORED)
    return [_entry(name, lot_id, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)]


def _entry(name: str, lot_id: str | None, before: Any, after: Any) -> Document:
    return {"field": name, "lot": lot_id, "before": before, "after": after}
