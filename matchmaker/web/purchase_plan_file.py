"""A purchase plan as a spreadsheet and as a JSON record: what the file said, what was understood, what the planner says."""

from collections.abc import Sequence
from typing import Any

from litestar import Response

from matchmaker.domain.messages import Message
from matchmaker.domain.purchase_plan import PlannedPurchase, PurchasePlan, Reading
from matchmaker.language.translate import translate
from matchmaker.planning.plan_summary import PlanSummary
from matchmaker.storage.codec import to_document
from matchmaker.storage.purchase_plan_rows import KeptRow
from matchmaker.storage.purchase_plans import Progress
from matchmaker.web.names import Names
from matchmaker.web.plan_words import ADVICE_SHORT
from matchmaker.web.purchase_plan_view import CERTAINTIES, Words, shown_day
from matchmaker.web.spreadsheets import Cell, download

COLUMNS = (
    *(Message("Row"), Message("Title"), Message("Description"), Message("Department")),
    *(Message("Value"), Message("Currency"), Message("Start"), Message("End"), Message("Months")),
    *(Message("CPV code"), Message("Kind of work"), Message("Work: how sure")),
    *(Message("NUTS code"), Message("Place"), Message("Place: how sure")),
    *(Message("Advice"), Message("Law"), Message("Suppliers able to do the work"), Message("May bid under the law")),
    *(Message("Not known whether they may bid"), Message("Bids that could come from those able to carry it")),
    *(Message("Chance of enough bids, %"), Message("from %"), Message("to %")),
    *(Message("Share to ask for, %"), Message("Planned on"), Message("Notes")),
)


def plan_file(kind: str, plan: PurchasePlan, rows: Sequence[KeptRow], names: Names) -> Response[bytes]:
    """The rows as ``csv`` or ``xlsx``, in the reader's language."""
    header: list[Cell] = [translate(column, names.language) for column in COLUMNS]
    return download(kind, plan.name, header, [_cells(row, Words(names)) for row in rows])


def _cells(row: KeptRow, words: Words) -> list[Cell]:
    purchase, language = row.purchase, words.names.language
    source, value = purchase.row, purchase.row.whole_value
    return [
        *(source.number, source.title, source.description, source.department),
        *(value.amount if value else None, value.currency if value else ""),
        *(shown_day(source.period.start), shown_day(source.period.end), source.period.length_in_months),
        *(purchase.work.working_code, words.work(purchase), _sure(purchase.work, language)),
        *(purchase.place.working_code, words.where(purchase), _sure(purchase.place, language)),
        *_planned(row.summary, language),
        shown_day(row.planned_on),
        source.notes,
    ]


def _sure(reading: Reading, language: str) -> str:
    return translate(CERTAINTIES[reading.certainty], language)


def _planned(summary: PlanSummary | None, language: str) -> list[Cell]:
    if summary is None:
        return [""] * 10
    shares = (summary.p, summary.low, summary.high, summary.target_likely)
    return [
        translate(ADVICE_SHORT[summary.advice], language),
        summary.law,
        summary.capable,
        summary.eligible,
        summary.unknown,
        summary.able,
        *(None if share is None else round(share * 100) for share in shares),
    ]


def plan_record(plan: PurchasePlan, rows: Sequence[KeptRow], progress: Progress) -> dict[str, Any]:
    """The plan as JSON: codes and numbers, shares from 0 to 1, no words of ours."""
    return {
        "plan_id": plan.plan_id,
        "name": plan.name,
        "country": plan.country,
        "changed_at": plan.changed_at.isoformat(),
        "rows_in_file": progress.rows,
        "rows_to_plan": progress.plannable,
        "rows_planned": progress.planned,
        "rows": [_row_record(row) for row in rows],
    }


def _row_record(row: KeptRow) -> dict[str, Any]:
    purchase: PlannedPurchase = row.purchase
    source, value = purchase.row, purchase.row.whole_value
    return {
        "row_id": row.row_id,
        "number": source.number,
        "title": source.title,
        "description": source.description,
        "value": {"amount": str(value.amount), "currency": value.currency} if value else None,
        "start": shown_day(source.period.start) or None,
        "work": to_document(purchase.work),
        "place": to_document(purchase.place),
        "in_file": not row.removed,
        "private": purchase.private,
        "plan": to_document(row.summary) if row.summary else None,
        "planned_on": shown_day(row.planned_on) or None,
    }
