"""Fills an instance of its own with invented suppliers; what was begun is gone on with, what is not ours is refused."""

from collections.abc import AsyncIterator
from datetime import datetime

from matchmaker.domain.errors import Refusal
from matchmaker.domain.messages import Message
from matchmaker.examples.many_suppliers import SOURCE, SupplierMaker
from matchmaker.storage.bulk_suppliers import copy_suppliers, count_by_source, drop_indexes, first_source_id, make_indexes
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.lot_columns import conversions_of

BLOCK = 4000
"""Suppliers written in one transaction: what an interruption loses at most."""


async def already_filled(sessions: SessionMaker, total: int) -> int:
    """How many of ``total`` suppliers an earlier run left.

    Raises:
        Refusal: the instance holds other suppliers, or was filled for another number.
    """
    async with sessions() as session:
        counts = await count_by_source(session)
        example = await first_source_id(session, SOURCE)
    if counts.keys() - {SOURCE}:
        raise Refusal(
            Message("This instance holds suppliers that were not invented for measuring."),
            Message("Name another folder with --home, or leave --home out: then a temporary one is made."),
        )
    if example is not None and not example.startswith(f"{total}-"):
        raise Refusal(
            Message("This instance was filled for --suppliers %(number)s.", {"number": example.split("-")[0]}),
            Message("Ask for that number, or name another folder with --home."),
        )
    return counts.get(SOURCE, 0)


async def fill(sessions: SessionMaker, maker: SupplierMaker, at: datetime, block: int = BLOCK) -> AsyncIterator[int]:
    """Writes what is missing in blocks; yields how many suppliers there are after each. The indexes are made at the end.

    Raises:
        Refusal: see ``already_filled``.
    """
    done = await already_filled(sessions, maker.total)
    conversions = conversions_of(maker.reference)
    if done < maker.total:
        await drop_indexes(sessions)
    while done < maker.total:
        last = min(done + block, maker.total)
        suppliers, vectors = maker.make(done, last)
        async with transaction(sessions) as session:
            await copy_suppliers(session, suppliers, vectors, conversions, maker.encoder.version, at)
        done = last
        yield done
    await make_indexes(sessions)
