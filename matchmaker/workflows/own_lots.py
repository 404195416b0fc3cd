"""A supplier's own list of lots: ranked, with reasons, its answers, and what these taught us."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import Person, Role
from matchmaker.domain.answers import Answer, LotAnswer, Reason
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.lessons import Lesson
from matchmaker.domain.lot_state import LotState
from matchmaker.domain.match import Match
from matchmaker.domain.messages import Message
from matchmaker.storage.audit import record
from matchmaker.storage.candidates import Scope
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.lessons import facts_of, lessons_of, undo_lesson
from matchmaker.storage.lot_answers import answers_of
from matchmaker.storage.lots_search import LotListing, listings_of
from matchmaker.storage.matches import matches_of_supplier
from matchmaker.storage.partners import agree_to_be_shown, others_looking, partners_shown

LOOKED_AT = 200
"""Stored matches of a supplier, best first, that its list is made of."""
SUITS = 0.4
"""Score from which a lot is said to suit; lots below are listed apart."""
PUT_ASIDE = frozenset({Answer.NOT_FOR_US, Answer.HIDDEN})


@dataclass(frozen=True, slots=True)
class Partners:
    """Others that look for a partner for the same lot: how many, whether this supplier agreed to be shown, and who agreed too."""

    others: int
    agreed: bool
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnLot:
    """A lot on a supplier's list. ``kept_back`` is the rule for which no alert was sent about it."""

    listing: LotListing
    match: Match
    answer: LotAnswer | None
    kept_back: Lesson | None
    partners: Partners | None = None


@dataclass(frozen=True, slots=True)
class OwnLots:
    """Open and planned lots, best first; those that suit less and those put aside apart; the rules in force."""

    lots: tuple[OwnLot, ...]
    weaker: tuple[OwnLot, ...]
    aside: tuple[OwnLot, ...]
    lessons: tuple[Lesson, ...]


async def own_lots(session: AsyncSession, supplier_key: str, today: date) -> OwnLots:
    """The list of one supplier, from stored matches alone."""
    matches = await matches_of_supplier(session, supplier_key, Scope.EUROPE.value, LOOKED_AT)
    ids = [match.need_id for match in matches]
    listings = await listings_of(session, ids, today)
    answers = {answer.full_id: answer for answer in await answers_of(session, [supplier_key], ids)}
    lessons = (await lessons_of(session, [supplier_key])).get(supplier_key, ())
    facts = await facts_of(session, ids) if lessons else {}
    found: list[OwnLot] = []
    for match in matches:
        listing, answer = listings.get(match.need_id), answers.get(match.need_id)
        if listing is None or listing.state is LotState.CLOSED:
            continue
        about = facts.get(match.need_id)
        kept_back = next((lesson for lesson in lessons if about and lesson.keeps_back(about)), None)
        partners = await _partners(session, supplier_key, match.need_id, answer)
        found.append(OwnLot(listing, match, answer, kept_back, partners))
    aside = tuple(lot for lot in found if lot.answer is not None and lot.answer.answer in PUT_ASIDE)
    rest = [lot for lot in found if lot.answer is None or lot.answer.answer not in PUT_ASIDE]
    suiting = tuple(lot for lot in rest if lot.match.score >= SUITS or lot.answer is not None)
    weaker = tuple(lot for lot in rest if lot.match.score < SUITS and lot.answer is None)
    return OwnLots(suiting, weaker, aside, lessons)


async def _partners(session: AsyncSession, supplier_key: str, full_id: str, answer: LotAnswer | None) -> Partners | None:
    if answer is None or answer.answer is not Answer.PARTNER_WANTED:
        return None
    agreed, shown = await partners_shown(session, supplier_key, full_id)
    return Partners(await others_looking(session, supplier_key, full_id), agreed, tuple(shown))


async def agree_to_partner(sessions: SessionMaker, person: Person, supplier_key: str, full_id: str, now: datetime) -> None:
    """The supplier may be shown to others that look for a partner for this lot and agree too.

    Raises:
        NotFound: not an organisation of this person.
        InvalidValue: it has not said that it looks for a partner.
    """
    _own(person, supplier_key)
    async with transaction(sessions) as session:
        answers = await answers_of(session, [supplier_key], [full_id])
        if not answers or answers[0].answer is not Answer.PARTNER_WANTED:
            raise InvalidValue(
                Message("You have not said that you look for a partner for this lot."), Message("Answer so first, then agree.")
            )
        await agree_to_be_shown(session, supplier_key, full_id, now)
        await record(session, now, str(person.person_id), "agreed to partner", supplier_key, after={"lot": full_id})


async def take_back_lesson(sessions: SessionMaker, person: Person, supplier_key: str, lesson_key: str, now: datetime) -> None:
    """Undoes a rule: alerts it kept back are sent again from now on.

    Raises:
        NotFound: not an organisation of this person.
    """
    _own(person, supplier_key)
    async with transaction(sessions) as session:
        await undo_lesson(session, supplier_key, lesson_key, now)
        await record(session, now, str(person.person_id), "rule undone", supplier_key, after={"rule": lesson_key})


def _own(person: Person, supplier_key: str) -> None:
    if not person.serves(supplier_key, Role.SUPPLIER):
        raise NotFound(Message("We could not find that organisation among yours."), Message("Choose one on your own page."))


def reason_needed(answer: Answer, reason: Reason | None) -> bool:
    """Whether an answer still lacks its reason."""
    return answer is Answer.NOT_FOR_US and reason is None
