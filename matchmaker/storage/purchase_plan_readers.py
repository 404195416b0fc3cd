"""Officers whom a team lets read one of its purchase plans: named, written down, and shut out again at any time."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.purchase_plan import PurchasePlan
from matchmaker.storage.codec import from_document
from matchmaker.storage.people import PersonRow
from matchmaker.storage.purchase_plan_tables import PurchasePlanReaderRow, PurchasePlanRow


async def add_plan_reader(session: AsyncSession, plan_id: str, person_id: int, now: datetime) -> bool:
    """Lets a person read a plan; False when it could already."""
    made = insert(PurchasePlanReaderRow).values(plan_id=plan_id, person_id=person_id, granted_at=now)
    new = made.on_conflict_do_nothing().returning(col(PurchasePlanReaderRow.person_id))
    return await session.scalar(new) is not None


async def remove_plan_reader(session: AsyncSession, plan_id: str, person_id: int) -> bool:
    """Ends that; False when it could not."""
    mine = (col(PurchasePlanReaderRow.plan_id) == plan_id) & (col(PurchasePlanReaderRow.person_id) == person_id)
    gone = delete(PurchasePlanReaderRow).where(mine).returning(col(PurchasePlanReaderRow.person_id))
    return await session.scalar(gone) is not None


async def plan_readers(session: AsyncSession, plan_id: str) -> list[tuple[int, str, datetime]]:
    """Number, address and day of the grant of those who may read a plan besides its team, by address."""
    rows = await session.execute(
        select(col(PersonRow.person_id), col(PersonRow.email), col(PurchasePlanReaderRow.granted_at))
        .join(PurchasePlanReaderRow, col(PurchasePlanReaderRow.person_id) == col(PersonRow.person_id))
        .where(col(PurchasePlanReaderRow.plan_id) == plan_id)
        .order_by(col(PersonRow.email).collate("C"))
    )
    return [(person_id, email, granted) for person_id, email, granted in rows]


async def plans_for_reader(session: AsyncSession, person_id: int, plan_id: str | None = None) -> list[PurchasePlan]:
    """The plans that this person was let into, the last changed first; of one id where it is named."""
    query = (
        select(col(PurchasePlanRow.doc))
        .join(PurchasePlanReaderRow, col(PurchasePlanReaderRow.plan_id) == col(PurchasePlanRow.plan_id))
        .where(col(PurchasePlanReaderRow.person_id) == person_id)
        .order_by(col(PurchasePlanRow.changed_at).desc(), col(PurchasePlanRow.plan_id))
    )
    if plan_id is not None:
        query = query.where(col(PurchasePlanRow.plan_id) == plan_id)
    return [from_document(doc, PurchasePlan) for doc in await session.scalars(query)]
