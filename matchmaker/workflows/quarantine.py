"""Look at, try again and delete documents that could not be read."""

from datetime import datetime, timedelta

from matchmaker.domain.errors import NotFound
from matchmaker.domain.messages import Message
from matchmaker.ingestion.archives import Document
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.quarantine import Quarantined, delete_old, list_quarantine, quarantined_bytes
from matchmaker.workflows.take_in import TakeInTools, TakenIn, take_in


async def list_documents(sessions: SessionMaker) -> list[Quarantined]:
    """Everything in quarantine, the newest first."""
    async with sessions() as session:
        return await list_quarantine(session)


async def show_document(sessions: SessionMaker, document_id: int) -> tuple[Quarantined, bytes]:
    """One document with its bytes.

    Raises:
        NotFound: there is no document of that number.
    """
    async with sessions() as session:
        found = await list_quarantine(session, document_id)
        data = await quarantined_bytes(session, document_id)
    if not found or data is None:
        raise NotFound(
            Message("There is no document %(number)s in quarantine.", {"number": document_id}),
            Message("“quarantine list” shows the numbers; documents that could be read since, or are too old, are gone."),
        )
    return found[0], data


async def retry_documents(sessions: SessionMaker, document_ids: list[int], tools: TakeInTools, now: datetime) -> TakenIn:
    """Reads documents again, all when none is named; those that can be read now leave quarantine.

    Raises:
        NotFound: there is no document of one of the numbers.
    """
    wanted = document_ids or [entry.document_id for entry in await list_documents(sessions)]
    total = TakenIn()
    for document_id in wanted:
        entry, data = await show_document(sessions, document_id)
        async for part in take_in(sessions, [Document(entry.name, data)], tools, now):
            total += part
    return total


async def delete_overdue(sessions: SessionMaker, days: int, now: datetime) -> int:
    """Deletes what was last seen more than ``days`` days ago; returns how many documents."""
    async with transaction(sessions) as session:
        return await delete_old(session, now - timedelta(days=days))
