"""Procedures: derived anew for everything stored, shown, counted."""

from collections.abc import AsyncIterator, Mapping

from matchmaker.domain.errors import NotFound
from matchmaker.domain.messages import Message
from matchmaker.reference.bundle import Reference
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.lot_columns import conversions_of
from matchmaker.storage.procedure_history import History, find_notice, history_of
from matchmaker.storage.procedure_upkeep import join_portion, procedure_figures
from matchmaker.storage.supplier_keys import store_all_supplier_keys

PORTION = 200


async def rebuild_procedures(sessions: SessionMaker, reference: Reference) -> AsyncIterator[int]:
    """Derives everything anew, in portions that are each committed; yields how many notices each had. Ends in the same state."""
    conversions, last = conversions_of(reference), ""
    while True:
        async with transaction(sessions) as session:
            count, last = await join_portion(session, last, PORTION, conversions)
        if not count:
            break
        yield count
    async with transaction(sessions) as session:
        await store_all_supplier_keys(session)


async def figures_of_procedures(sessions: SessionMaker) -> Mapping[str, int]:
    """Counts by name."""
    async with sessions() as session:
        return await procedure_figures(session)


async def show_procedure(sessions: SessionMaker, notice_or_procedure: str) -> History:
    """The history of the procedure that a notice or procedure id belongs to.

    Raises:
        NotFound: neither a notice nor a procedure has this number.
    """
    async with sessions() as session:
        notice_id = await find_notice(session, notice_or_procedure)
        if notice_id is None:
            raise NotFound(
                Message("No notice and no procedure has the number “%(number)s”.", {"number": notice_or_procedure[:80]}),
                Message("Give a notice's number (00123456-2024) or a procedure id as eForms states it (BT-04)."),
            )
        return await history_of(session, notice_id)
