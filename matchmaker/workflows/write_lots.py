"""Write all stored lots to a JSON Lines file."""

from typing import BinaryIO

from matchmaker.storage.codec import json_line
from matchmaker.storage.engine import SessionMaker
from matchmaker.storage.notices import all_notices
from matchmaker.workflows.export_lots import lot_rows


async def write_lots(sessions: SessionMaker, stream: BinaryIO) -> int:
    """One line a lot, in the order of notice ids; returns how many."""
    count = 0
    async with sessions() as session:
        async for notice in all_notices(session):
            rows = lot_rows(notice)
            stream.writelines(map(json_line, rows))
            count += len(rows)
    return count
