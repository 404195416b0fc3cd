"""Many rows at once by COPY, several times faster than INSERT."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession


async def driver_of(session: AsyncSession) -> Any:
    """The driver's own connection, inside the transaction of ``session``, which is begun."""
    await session.execute(select(1))
    held = await (await session.connection()).get_raw_connection()
    return held.driver_connection


async def copy_rows(session: AsyncSession, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Writes rows with the same columns; JSON columns are given as text."""
    if rows:
        names = list(rows[0])
        records = [[row[name] for name in names] for row in rows]
        await (await driver_of(session)).copy_records_to_table(table, columns=names, records=records)
