"""Buyers' purchase plans: every read names the teams that may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import case, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.purchase_plan import Certainty, PurchasePlan
from matchmaker.storage.codec import from_document, to_document
from matchmaker.storage.purchase_plan_tables import PlannedPurchaseRow, PurchasePlanRow


@dataclass(frozen=True, slots=True)
class Progress:
    """How many rows a plan has, how many of them can be planned and are, and how many words still ask for a decision."""

    rows: int = 0
    plannable: int = 0
    planned: int = 0
    to_choose: int = 0
    unknown: int = 0
    removed: int = 0
    euro: Decimal = Decimal(0)

    @property
    def done(self) -> bool:
        """Whether nothing waits."""
        return self.planned >= self.plannable


async def save_plan(session: AsyncSession, plan: PurchasePlan, person_id: int | None) -> None:
    """Stores a plan, or what changed of it, in the transaction of ``session``."""
    values = {
        "plan_id": plan.plan_id,
        "team_key": plan.team_key,
        "person_id": person_id,
        "name": plan.name,
        "changed_at": plan.changed_at,
        "doc": to_document(plan),
    }
    made = insert(PurchasePlanRow).values(values)
    await session.execute(made.on_conflict_do_update(index_elements=["plan_id"], set_=values))


async def load_plan(session: AsyncSession, plan_id: str, team_keys: Sequence[str]) -> PurchasePlan | None:
    """A plan of one of these teams; None when there is none, or it is another team's."""
    doc = await session.scalar(
        select(col(PurchasePlanRow.doc)).where(
            col(PurchasePlanRow.plan_id) == plan_id, col(PurchasePlanRow.team_key).in_(team_keys)
        )
    )
    return from_document(doc, PurchasePlan) if doc is not None else None


async def plan_named(session: AsyncSession, team_key: str, name: str) -> PurchasePlan | None:
    """The team's plan of that name, locked against another upload until the end of the transaction."""
    doc = await session.scalar(
        select(col(PurchasePlanRow.doc))
        .where(col(PurchasePlanRow.team_key) == team_key, col(PurchasePlanRow.name) == name)
        .with_for_update()
    )
    return from_document(doc, PurchasePlan) if doc is not None else None


async def list_plans(session: AsyncSession, team_keys: Sequence[str]) -> list[PurchasePlan]:
    """The plans of these teams, the last changed first."""
    docs = await session.scalars(
        select(col(PurchasePlanRow.doc))
        .where(col(PurchasePlanRow.team_key).in_(team_keys))
        .order_by(col(PurchasePlanRow.changed_at).desc(), col(PurchasePlanRow.plan_id))
    )
    return [from_document(doc, PurchasePlan) for doc in docs]


async def delete_plan(session: AsyncSession, plan_id: str) -> None:
    """Deletes a plan with all its rows."""
    await session.execute(delete(PurchasePlanRow).where(col(PurchasePlanRow.plan_id) == plan_id))


async def progress_of(session: AsyncSession, plan_ids: Sequence[str]) -> dict[str, Progress]:
    """How far each plan is; a plan without rows is left out."""
    removed = col(PlannedPurchaseRow.removed_at).is_not(None)
    row = PlannedPurchaseRow

    def counted(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition & ~removed, 1), else_=0)), 0)

    states = (col(row.work_state), col(row.place_state))
    unknown = (states[0] == Certainty.UNKNOWN.value) | (states[1] == Certainty.UNKNOWN.value)
    choose = (states[0] == Certainty.CHOOSE.value) | (states[1] == Certainty.CHOOSE.value)
    found = await session.execute(
        select(
            col(row.plan_id),
            func.sum(case((removed, 0), else_=1)),
            counted(col(row.plannable)),
            counted(col(row.plannable) & col(row.summary).is_not(None)),
            counted(choose),
            counted(unknown),
            func.sum(case((removed, 1), else_=0)),
            func.coalesce(func.sum(case((removed, 0), else_=col(row.euro))), 0),
        )
        .where(col(row.plan_id).in_(plan_ids))
        .group_by(col(row.plan_id))
    )
    return {
        plan_id: Progress(int(rows), int(can), int(planned), int(asked), int(lost), int(gone), Decimal(euro))
        for plan_id, rows, can, planned, asked, lost, gone, euro in found.all()
    }
