"""When each person wants to be written to; news that has not left follows a new wish."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, SmallInteger, Text, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from matchmaker.domain.alert import MailKind
from matchmaker.domain.delivery import Delivery, Rhythm
from matchmaker.storage.outbox_tables import OutboxItemRow


class DeliveryRow(SQLModel, table=True):
    """One person's rhythm; without a row news leaves at once."""

    __tablename__ = "delivery"

    person_id: int = Field(sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="CASCADE"), primary_key=True))
    rhythm: str = Field(sa_column=Column(Text, nullable=False))
    hour: int = Field(sa_column=Column(SmallInteger, nullable=False))
    weekday: int = Field(sa_column=Column(SmallInteger, nullable=False))
    time_zone: str = Field(sa_column=Column(Text, nullable=False))
    saved_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


async def load_delivery(session: AsyncSession, person_id: int) -> Delivery | None:
    """The person's wish; None where none was ever saved."""
    return (await load_deliveries(session, [person_id])).get(person_id)


async def load_deliveries(session: AsyncSession, person_ids: Collection[int]) -> dict[int, Delivery]:
    """The wishes of those people who saved one."""
    query = select(DeliveryRow).where(col(DeliveryRow.person_id).in_(person_ids)).execution_options(populate_existing=True)
    return {
        row.person_id: Delivery(Rhythm(row.rhythm), row.hour, row.weekday, row.time_zone) for row in await session.scalars(query)
    }


async def save_delivery(session: AsyncSession, person_id: int, delivery: Delivery, now: datetime) -> None:
    """Stores the wish; lot news of this person that has not left is due when it says."""
    values = {
        "rhythm": delivery.rhythm.value,
        "hour": delivery.hour,
        "weekday": delivery.weekday,
        "time_zone": delivery.time_zone,
        "saved_at": now,
    }
    made = insert(DeliveryRow).values(person_id=person_id, **values)
    await session.execute(made.on_conflict_do_update(index_elements=["person_id"], set_=values))
    await session.execute(
        update(OutboxItemRow)
        .where(
            col(OutboxItemRow.person_id) == person_id,
            col(OutboxItemRow.kind) == MailKind.LOT_ALERT.value,
            col(OutboxItemRow.message_id).is_(None),
        )
        .values(due_at=delivery.due_at(now))
    )
