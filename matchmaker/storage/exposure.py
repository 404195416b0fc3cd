"""How much each supplier has been shown in lists: kept so that those whose scores are equal take turns."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Float, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from matchmaker.domain.exposure import Exposure
from matchmaker.storage.columns import SortText


class ExposureRow(SQLModel, table=True):
    """What the lists made so far gave one supplier, and what its scores deserved, in units of a first place."""

    __tablename__ = "exposure"

    supplier_key: str = Field(sa_type=SortText, primary_key=True)
    received: float = Field(sa_type=Float)
    deserved: float = Field(sa_type=Float)


async def load_exposure(session: AsyncSession, keys: Sequence[str]) -> dict[str, Exposure]:
    """The exposure of these suppliers; one never shown is left out."""
    found = await session.execute(
        select(col(ExposureRow.supplier_key), col(ExposureRow.received), col(ExposureRow.deserved)).where(
            col(ExposureRow.supplier_key).in_(keys)
        )
    )
    return {key: Exposure(received, deserved) for key, received, deserved in found}


async def add_exposure(session: AsyncSession, given: Mapping[str, Exposure]) -> None:
    """Adds what a list gave; negative amounts take it back."""
    # In the order of keys, so that two lists stored at once never wait for each other.
    rows = [
        {"supplier_key": key, "received": each.received, "deserved": each.deserved}
        for key, each in sorted(given.items())
        if each.received or each.deserved
    ]
    if not rows:
        return
    statement = upsert(ExposureRow)
    sums = {
        "received": col(ExposureRow.received) + statement.excluded.received,
        "deserved": col(ExposureRow.deserved) + statement.excluded.deserved,
    }
    await session.execute(statement.on_conflict_do_update(index_elements=["supplier_key"], set_=sums), rows)
