"""Tell those who were told of a lot what came of it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.alert import LotNews
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot, LotResult, Notice
from matchmaker.storage.alert_profiles import active_profiles
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.notices import load_lot
from matchmaker.storage.outbox_records import people_told
from matchmaker.storage.outcomes import LotOutcome, take_outcomes
from matchmaker.workflows.write_news import ways_to, write_news

MOST_WINNERS = 5
"""Winners a mail names."""


async def raise_outcomes(sessions: SessionMaker, now: datetime, limit: int = 50) -> int:
    """Takes up to ``limit`` results of lots people were told of and writes the news, in one transaction; how many results."""
    async with transaction(sessions) as session:
        outcomes = await take_outcomes(session, now, limit)
        if outcomes:
            people = {profile.person_id for profile in await active_profiles(session)}
            for outcome in outcomes:
                await _tell(session, outcome, people, now)
        return len(outcomes)


async def _tell(session: AsyncSession, outcome: LotOutcome, people: set[int], now: datetime) -> None:
    called, result = await load_lot(session, outcome.call_lot), await load_lot(session, outcome.result_lot)
    told = people & await people_told(session, [outcome.call_lot])
    if called is None or not told:
        return
    ways = await ways_to(session, told)
    news = _news(outcome, *called, result[1].result if result else None)
    for person_id in sorted(told):
        await write_news(session, person_id, news, ways, now)


def _news(outcome: LotOutcome, notice: Notice, lot: Lot, result: LotResult | None) -> LotNews:
    return LotNews(
        need_id=outcome.call_lot,
        version=f"result {outcome.result_lot}",
        title=lot.title or notice.title,
        language=notice.language,
        organisations=(),
        buyer=next((buyer.name for buyer in notice.buyers), None),
        country=notice.country,
        newer_version=True,
        changes=(_sentence(outcome, result),),
        over=True,
    )


def _sentence(outcome: LotOutcome, result: LotResult | None) -> Message:
    if outcome.winners:
        named = "; ".join(outcome.winners[:MOST_WINNERS])
        if len(outcome.winners) > MOST_WINNERS:
            others = len(outcome.winners) - MOST_WINNERS
            return Message("It was awarded to %(winners)s and others (%(count)s).", {"winners": named, "count": others})
        return Message("It was awarded to %(winners)s.", {"winners": named})
    if outcome.persons:
        return Message("It was awarded to a natural person, who is not named here.")
    if result is not None and result.awarded is False:
        return Message("It was not awarded.")
    return Message("A result was published; it does not say who won.")
