"""The rows of purchase plans, and the queue of those that wait to be planned. Who may see them is asked of their plan."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.purchase_plan import Certainty, PlannedPurchase, PurchasePlan, Subject
from matchmaker.planning.plan_summary import PlanSummary
from matchmaker.storage.codec import from_document, to_document
from matchmaker.storage.purchase_plan_tables import PlannedPurchaseRow, PurchasePlanRow


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A stored row with its answer; ``summary`` None while it waits or cannot be planned. ``euro``: the whole contract, about."""

    row_id: str
    purchase: PlannedPurchase
    euro: Decimal | None
    removed: bool = False
    summary: PlanSummary | None = None
    planned_on: date | None = None

    @property
    def waiting(self) -> bool:
        """Whether it is still to be planned."""
        return self.summary is None and plannable(self.purchase) and not self.removed


def plannable(purchase: PlannedPurchase) -> bool:
    """Whether enough is known of the work to plan it, be it provisionally."""
    return purchase.work.certainty is not Certainty.UNKNOWN


async def load_rows(session: AsyncSession, plan_id: str, row_ids: Sequence[str] | None = None) -> list[KeptRow]:
    """The rows of a plan in the order of the file, those no longer in it last; only these where ``row_ids`` are given."""
    query = select(PlannedPurchaseRow).where(col(PlannedPurchaseRow.plan_id) == plan_id)
    if row_ids is not None:
        query = query.where(col(PlannedPurchaseRow.row_id).in_(row_ids))
    found = await session.execute(
        query.order_by(
            col(PlannedPurchaseRow.removed_at).is_not(None), col(PlannedPurchaseRow.number), col(PlannedPurchaseRow.row_id)
        ).execution_options(populate_existing=True)
    )
    return [_kept(row) for row in found.scalars()]


def _kept(row: PlannedPurchaseRow) -> KeptRow:
    return KeptRow(
        row.row_id,
        from_document(row.doc, PlannedPurchase),
        row.euro,
        row.removed_at is not None,
        from_document(row.summary, PlanSummary) if row.summary is not None else None,
        row.planned_on,
    )


async def save_rows(
    session: AsyncSession, plan_id: str, rows: Iterable[tuple[PlannedPurchase, Decimal | None]], *, planned_again: bool
) -> None:
    """Stores rows with about their euro; one that was removed is back. ``planned_again`` forgets what was planned of them."""
    values = [_values(plan_id, purchase, euro) for purchase, euro in rows]
    if not values:
        return
    statement = insert(PlannedPurchaseRow)
    replaced: dict[str, Any] = {name: statement.excluded[name] for name in values[0] if name not in {"plan_id", "row_id"}}
    if planned_again:
        replaced |= {"summary": None, "planned_on": None}
    await session.execute(statement.on_conflict_do_update(index_elements=["plan_id", "row_id"], set_=replaced), values)


def _values(plan_id: str, purchase: PlannedPurchase, euro: Decimal | None) -> dict[str, Any]:
    return {
        "plan_id": plan_id,
        "row_id": purchase.row.row_id,
        "number": purchase.row.number,
        "work_words": purchase.work.words,
        "work_state": purchase.work.certainty.value,
        "place_words": purchase.place.words,
        "place_state": purchase.place.certainty.value,
        "plannable": plannable(purchase),
        "euro": euro,
        "removed_at": None,
        "doc": to_document(purchase),
    }


async def mark_removed(session: AsyncSession, plan_id: str, row_ids: Sequence[str], at: datetime) -> None:
    """Marks rows that the newest version of the file no longer has."""
    await session.execute(
        update(PlannedPurchaseRow)
        .where(col(PlannedPurchaseRow.plan_id) == plan_id, col(PlannedPurchaseRow.row_id).in_(row_ids))
        .values(removed_at=at)
    )


async def rows_with_words(session: AsyncSession, plan_id: str, subject: Subject, words: Sequence[str]) -> list[KeptRow]:
    """The rows whose work, or place, is said in any of these words."""
    column = col(PlannedPurchaseRow.work_words if subject is Subject.WORK else PlannedPurchaseRow.place_words)
    ids = await session.scalars(
        select(col(PlannedPurchaseRow.row_id)).where(col(PlannedPurchaseRow.plan_id) == plan_id, column.in_(words))
    )
    return await load_rows(session, plan_id, list(ids))


async def waiting_rows(
    session: AsyncSession, limit: int, plan_id: str | None = None
) -> tuple[PurchasePlan, list[KeptRow]] | None:
    """Up to ``limit`` rows of one plan that wait, locked so that no other worker takes them; None when none wait."""
    row = PlannedPurchaseRow
    waits = (col(row.summary).is_(None), col(row.plannable), col(row.removed_at).is_(None))
    of_plan = [] if plan_id is None else [col(row.plan_id) == plan_id]
    first = await session.scalar(select(col(row.plan_id)).where(*waits, *of_plan).limit(1).with_for_update(skip_locked=True))
    if first is None:
        return None
    found = await session.execute(
        select(row)
        .where(*waits, col(row.plan_id) == first)
        .order_by(col(row.work_words), col(row.row_id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    doc = await session.scalar(select(col(PurchasePlanRow.doc)).where(col(PurchasePlanRow.plan_id) == first))
    return from_document(doc, PurchasePlan), [_kept(each) for each in found.scalars()]


async def save_summaries(session: AsyncSession, plan_id: str, summaries: Mapping[str, PlanSummary], planned_on: date) -> None:
    """Stores what was planned, by row."""
    if summaries:
        await session.execute(
            update(PlannedPurchaseRow),
            [
                {"plan_id": plan_id, "row_id": row_id, "summary": to_document(each), "planned_on": planned_on}
                for row_id, each in summaries.items()
            ],
        )


async def forget_summaries(session: AsyncSession, plan_id: str) -> None:
    """Lets every row of a plan wait to be planned again."""
    await session.execute(
        update(PlannedPurchaseRow).where(col(PlannedPurchaseRow.plan_id) == plan_id).values(summary=None, planned_on=None)
    )
