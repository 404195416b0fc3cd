"""Answers about lots: the newest counts, and only counts of three or more leave the store."""

from datetime import UTC, datetime

from matchmaker.domain.answers import Answer, AnswerCounts, LotAnswer, Reason
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.lot_answers import answer_counts, answers_of, save_answer
from matchmaker.storage.people import save_team

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LOT = "1-2026/LOT-0001"


async def test_counts_are_told_from_three_on_and_follow_the_newest_answer(sessions: SessionMaker) -> None:
    async with transaction(sessions) as session:
        for number in range(5):
            await save_team(session, f"s:{number}", f"Supplier {number}", AT)
            await save_answer(session, LotAnswer(f"s:{number}", LOT, Answer.NOT_FOR_US, AT, Reason.TOO_LARGE))
    async with sessions() as session:
        assert await answer_counts(session, LOT) == AnswerCounts(None, None, ((Reason.TOO_LARGE, 5),))
        assert await answer_counts(session, "another") == AnswerCounts(None, None, ())
    async with transaction(sessions) as session:
        for number in range(3):
            await save_answer(session, LotAnswer(f"s:{number}", LOT, Answer.INTERESTED, AT))
    async with sessions() as session:
        assert await answer_counts(session, LOT) == AnswerCounts(3, None, ()), "two that remain are not told"
        (mine,) = await answers_of(session, ["s:1"])
    assert (mine.answer, mine.reason) == (Answer.INTERESTED, None)
