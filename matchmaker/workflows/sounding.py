"""Before a call a buyer asks the suppliers that match a planned lot whether they could deliver it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from secrets import token_urlsafe

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import Person, Role
from matchmaker.domain.conversation import closed_for_now, contact_open, plain_text
from matchmaker.domain.errors import InvalidValue, NotAllowed, NotFound
from matchmaker.domain.lot_state import LotState, lot_state
from matchmaker.domain.match import need_of, out_of_reach
from matchmaker.domain.messages import Message
from matchmaker.domain.released_list import LOWEST_SCORE
from matchmaker.domain.sounding import MOST_ASKED, Asked, Sounding, SoundingMail, SoundingResult, told
from matchmaker.domain.values import text_in
from matchmaker.storage.audit import record
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.notices import load_lot
from matchmaker.storage.organisations import load_organisations, load_public_organisation
from matchmaker.storage.people import load_person
from matchmaker.storage.soundings import answer_sounding, load_sounding, open_sounding, sounding_about, soundings_of
from matchmaker.workflows.contact_mail import mail_sounding
from matchmaker.workflows.contact_steps import steps_of_lot
from matchmaker.workflows.match_lots import ranking_of_lot
from matchmaker.workflows.tools import MatchTools


@dataclass(frozen=True, slots=True)
class SoundingSeen:
    """A sounding as one reader may see it.

    ``sounding`` comes without those it asked; ``result`` is for the team that asked, None for others. ``organisations`` are
    those of the reader that were asked, with their answers. ``open``: answers are still taken.
    """

    sounding: Sounding
    result: SoundingResult | None
    organisations: tuple[Asked, ...]
    open: bool


async def sound(
    sessions: SessionMaker,
    person: Person,
    team_key: str,
    lot_id: str,
    text: str,
    tools: MatchTools,
    today: date,
    now: datetime,
) -> str:
    """Asks the suppliers whose match reaches the lowest score of a released list, best first; the sounding's id.

    Raises:
        NotAllowed: the person is no buyer in that team.
        NotFound: no such lot.
        ContactClosed: the call is out.
        InvalidValue: the lot is not planned, the text is empty or too long, the team asked before, or nobody can be asked.
    """
    team = next((each for each in person.organisations_as(Role.BUYER) if each.organisation_key == team_key), None)
    if team is None:
        raise NotAllowed(Message("You are not a buyer in this team."), Message("Choose one of your own teams."))
    words = plain_text(text)
    async with transaction(sessions) as session:
        topic = await _check_planned(session, lot_id, today)
        made = Sounding(token_urlsafe(9), team_key, team.organisation_name, lot_id, topic, words, now)
        if await sounding_about(session, [team_key], lot_id):
            raise InvalidValue(Message("Your team has asked about this lot already."), Message("Read the answers so far."))
        asked = await _ask(session, made, tools, today, now)
        if not asked:
            raise InvalidValue(
                Message("No supplier that matches this lot can be asked through us."), Message("Publish the call widely.")
            )
        if not await open_sounding(session, replace(made, asked=asked)):
            raise InvalidValue(Message("Your team has asked about this lot already."), Message("Read the answers so far."))
        after = {"team": team_key, "lot": lot_id, "asked": [each.supplier_key for each in asked]}
        await record(session, now, str(person.person_id), "suppliers sounded", made.sounding_id, after=after)
    return made.sounding_id


async def _check_planned(session: AsyncSession, lot_id: str, today: date) -> str:
    if not contact_open(await steps_of_lot(session, lot_id, today), today):
        raise closed_for_now()
    found = await load_lot(session, lot_id)
    if found is None or lot_state(*found, today) is not LotState.PLANNED:
        raise InvalidValue(
            Message("Only a lot that is planned can be asked about before the call."),
            Message("Open a planned lot and start there."),
        )
    notice, lot = found
    title = text_in(lot.title or notice.title, notice.language)
    return title[1] if title else lot_id


async def _ask(session: AsyncSession, made: Sounding, tools: MatchTools, today: date, now: datetime) -> tuple[Asked, ...]:
    found = await load_lot(session, made.lot_id)
    if found is None:
        return ()
    ranking = await ranking_of_lot(session, need_of(*found), tools, today)
    fitting = [each.supplier_key for each in ranking.matches if each.score >= LOWEST_SCORE and not out_of_reach(each)]
    asked: list[Asked] = []
    for supplier in await load_organisations(session, fitting):
        if len(asked) == MOST_ASKED:
            break
        mail = SoundingMail(made.sounding_id, supplier.key, supplier.name, made.team_name, made.lot_id, made.topic, made.text)

        def written(source: str | None, mail: SoundingMail = mail) -> SoundingMail:
            return replace(mail, source=source)

        if await mail_sounding(session, supplier, written, now):
            asked.append(Asked(supplier.key, supplier.name))
    return tuple(asked)


async def read_sounding(sessions: SessionMaker, person: Person | None, sounding_id: str, today: date) -> SoundingSeen:
    """A sounding for the team that made it, and for members of those asked.

    Raises:
        NotFound: there is none, or it is not for this person; both look the same.
    """
    async with sessions() as session:
        found = await load_sounding(session, sounding_id)
        if person is None or found is None:
            raise _none()
        own = person.serves(found.team_key, Role.BUYER)
        asked = tuple(each for each in found.asked if person.serves(each.supplier_key, Role.SUPPLIER))
        if not own and not asked:
            raise _none()
        result = told(found.asked) if own else None
        return SoundingSeen(replace(found, asked=()), result, asked, await _open(session, found, today))


async def sounding_by_link(
    sessions: SessionMaker, person_id: int, sounding_and_supplier: str, tools: MatchTools, today: date
) -> tuple[Person, SoundingSeen]:
    """A sounding for whom a mail's link was made, as long as that person speaks for the supplier it asked.

    Raises:
        NotFound: it is gone, or the person does not speak for the supplier any more.
    """
    sounding_id, _, key = sounding_and_supplier.partition(" ")
    async with sessions() as session:
        found, person = await load_sounding(session, sounding_id), await load_person(session, person_id)
        asked = tuple(each for each in found.asked if each.supplier_key == key) if found else ()
        if found is None or person is None or not asked:
            raise _none()
        if not person.serves(key, Role.SUPPLIER):
            supplier = await load_public_organisation(session, key, tools.shown_sources)
            if supplier is None or supplier.provenance.claimed or (supplier.email or "").lower() != person.email:
                raise _none()
        return person, SoundingSeen(replace(found, asked=()), None, asked, await _open(session, found, today))


async def give_answer(
    sessions: SessionMaker, person: Person, seen: SoundingSeen, supplier_key: str, could: bool, named: bool, now: datetime
) -> None:
    """Stores the answer of one of the reader's organisations, in place of an earlier one.

    Raises:
        ContactClosed: the call is out.
        NotFound: the organisation was not asked.
    """
    if not seen.open:
        raise closed_for_now()
    if all(each.supplier_key != supplier_key for each in seen.organisations):
        raise _none()
    async with transaction(sessions) as session:
        await answer_sounding(session, seen.sounding.sounding_id, supplier_key, could, named, now)
        after = {"named": named}
        await record(session, now, str(person.person_id), "sounding answered", supplier_key, after=after)


async def own_soundings(sessions: SessionMaker, person: Person) -> Sequence[Sounding]:
    """Soundings of the person's teams, and those that asked the person's suppliers, without answers."""
    teams = [each.organisation_key for each in person.organisations_as(Role.BUYER)]
    suppliers = [each.organisation_key for each in person.organisations_as(Role.SUPPLIER)]
    async with sessions() as session:
        return await soundings_of(session, teams, suppliers)


async def _open(session: AsyncSession, sounding: Sounding, today: date) -> bool:
    """It ends with the call; a planned lot that is stored no more takes no answers either."""
    try:
        steps = await steps_of_lot(session, sounding.lot_id, today)
    except NotFound:
        return False
    found = await load_lot(session, sounding.lot_id)
    planned = found is not None and lot_state(*found, today) is LotState.PLANNED
    return planned and contact_open(steps, today)


def _none() -> NotFound:
    return NotFound(Message("There is no such question here."), Message("Sign in as a member of the team it was sent to."))
