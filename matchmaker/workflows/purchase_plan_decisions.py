"""What a team says that the words of its purchase plans stand for: remembered, so that the next plan is understood."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import Person
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.domain.purchase_plan import Decision, Ground, PurchasePlan, Reading, Subject, sure
from matchmaker.domain.values import CpvCode, NutsCode
from matchmaker.reference.bundle import Reference
from matchmaker.storage.audit import record
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.purchase_plan_rows import KeptRow, rows_with_words
from matchmaker.storage.purchase_words import remember
from matchmaker.workflows.purchase_plan import open_plan, open_row, same_need, store_purchases


async def decide(
    sessions: SessionMaker, person: Person, plan_id: str, decisions: Sequence[Decision], reference: Reference, now: datetime
) -> int:
    """Says what words stand for: for all rows of the plan that have them, and for the team's next plans. Returns how many rows.

    Raises:
        NotFound: the plan is not among the person's.
        InvalidValue: a code does not exist.
    """
    for each in decisions:
        require_code(each.subject, each.code, reference)
    changed = 0
    async with transaction(sessions) as session:
        plan = await open_plan(session, person, plan_id)
        await remember(session, plan.team_key, decisions, now)
        for decision in decisions:
            answer = sure(decision.words, decision.code, Ground.REMEMBERED)
            rows = await rows_with_words(session, plan_id, decision.subject, [decision.words])
            changed += await _reread(session, plan, rows, decision.subject, answer, reference)
        await record(session, now, person.email, "decide words of purchase plan", plan_id, after={"rows": changed})
    return changed


async def decide_row(
    sessions: SessionMaker, person: Person, plan_id: str, row_id: str, subject: Subject, code: str, reference: Reference
) -> None:
    """Says what one row's words stand for, and nothing of other rows with the same words.

    Raises:
        NotFound: the row is not among the person's.
        InvalidValue: the code does not exist.
    """
    require_code(subject, code, reference)
    async with transaction(sessions) as session:
        plan, row = await open_row(session, person, plan_id, row_id)
        answer = sure(row.purchase.reading(subject).words, code, Ground.DECIDED)
        await _reread(session, plan, [row], subject, answer, reference)


async def _reread(
    session: AsyncSession, plan: PurchasePlan, rows: Sequence[KeptRow], subject: Subject, answer: Reading, reference: Reference
) -> int:
    pairs = [
        (row.purchase, row.purchase.understood_as(subject, answer)) for row in rows if row.purchase.reading(subject) != answer
    ]
    for planned_again in (True, False):
        some = [new for old, new in pairs if same_need(new, old, plan.country) is not planned_again]
        await store_purchases(session, plan.plan_id, some, reference, planned_again=planned_again)
    return len(pairs)


def require_code(subject: Subject, code: str, reference: Reference) -> None:
    """Raises:
    InvalidValue: no such CPV code, or no such region.
    """
    if subject is Subject.WORK:
        if not reference.cpv.known(CpvCode(code)):
            raise InvalidValue(
                Message("The CPV code %(code)s does not exist.", {"code": code}), Message("Choose one from the list.")
            )
    elif not reference.nuts.known(NutsCode.parse(code)):
        raise InvalidValue(
            Message("The region %(code)s is not known here.", {"code": code}), Message("Choose one from the list.")
        )
