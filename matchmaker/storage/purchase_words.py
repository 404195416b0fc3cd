"""What teams decided about the words of their purchase plans, so that the next plan is understood."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.purchase_plan import Decision, Memory, Subject
from matchmaker.storage.purchase_plan_tables import PurchaseWordsRow


async def load_memory(session: AsyncSession, team_key: str) -> Memory:
    """What a team decided about words."""
    found = await session.execute(
        select(col(PurchaseWordsRow.subject), col(PurchaseWordsRow.words), col(PurchaseWordsRow.code)).where(
            col(PurchaseWordsRow.team_key) == team_key
        )
    )
    by_subject: dict[str, dict[str, str]] = {Subject.WORK.value: {}, Subject.PLACE.value: {}}
    for subject, words, code in found.all():
        by_subject[subject][words] = code
    return Memory(by_subject[Subject.WORK.value], by_subject[Subject.PLACE.value])


async def remember(session: AsyncSession, team_key: str, decisions: Sequence[Decision], at: datetime) -> None:
    """Keeps what a team decided; the last decision about the same words stays."""
    values = [
        {"team_key": team_key, "subject": each.subject.value, "words": each.words, "code": each.code, "decided_at": at}
        for each in decisions
        if each.words
    ]
    if values:
        statement = insert(PurchaseWordsRow)
        replaced = {"code": statement.excluded.code, "decided_at": statement.excluded.decided_at}
        await session.execute(
            statement.on_conflict_do_update(index_elements=["team_key", "subject", "words"], set_=replaced), values
        )


async def forget_words(session: AsyncSession, team_key: str) -> None:
    """Forgets everything a team decided about words."""
    await session.execute(delete(PurchaseWordsRow).where(col(PurchaseWordsRow.team_key) == team_key))
