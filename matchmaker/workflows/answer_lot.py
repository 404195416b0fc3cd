"""A supplier answers whether a lot is for it, signed in or by the link in its mail."""

from dataclasses import dataclass
from datetime import datetime

from matchmaker.domain.access import Membership, Person, Role
from matchmaker.domain.answers import Answer, LotAnswer, Reason
from matchmaker.domain.errors import NotFound
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Lot, Notice
from matchmaker.storage.audit import record
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.lot_answers import answers_of, save_answer
from matchmaker.storage.notices import load_lot
from matchmaker.storage.people import load_person


@dataclass(frozen=True, slots=True)
class Question:
    """A lot, who is asked, for which organisations, and what they answered before (by organisation)."""

    notice: Notice
    lot: Lot
    person: Person
    organisations: tuple[Membership, ...]
    answers: dict[str, LotAnswer]


async def question_for(sessions: SessionMaker, person_id: int, full_id: str) -> Question:
    """What a person may answer about a lot.

    Raises:
        NotFound: the lot is not stored any more, or the person serves no supplier.
    """
    async with sessions() as session:
        found = await load_lot(session, full_id)
        person = await load_person(session, person_id)
        organisations = person.organisations_as(Role.SUPPLIER) if person else ()
        if found is None or person is None or not organisations:
            raise NotFound(
                Message("This question is no longer open."), Message("The lot or your organisation is not stored here any more.")
            )
        given = await answers_of(session, [each.organisation_key for each in organisations], [full_id])
    return Question(*found, person, organisations, {each.organisation_key: each for each in given})


async def answer_lot(
    sessions: SessionMaker,
    question: Question,
    full_id: str,
    organisation_key: str,
    answer: Answer,
    reason: Reason | None,
    now: datetime,
) -> None:
    """Stores the answer of one of the person's organisations; a reason counts only for a no.

    Raises:
        NotFound: the organisation is not among those asked.
    """
    if all(each.organisation_key != organisation_key for each in question.organisations):
        raise NotFound(Message("We could not find that organisation among yours."), Message("Choose one on your own page."))
    given = LotAnswer(
        organisation_key,
        full_id,
        answer,
        now,
        reason if answer is Answer.NOT_FOR_US else None,
        question.person.person_id,
    )
    before = question.answers.get(organisation_key)
    async with transaction(sessions) as session:
        await save_answer(session, given)
        await record(
            session,
            now,
            str(question.person.person_id),
            "lot answered",
            organisation_key,
            {"lot": full_id, "answer": before.answer.value} if before else None,
            {"lot": full_id, "answer": answer.value},
        )
