"""A buyer's team and a supplier write to each other; neither sees an address, and the thread is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_urlsafe

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import Membership, Person, Role
from matchmaker.domain.conversation import (
    LONGEST_TOPIC,
    MESSAGES_A_DAY,
    Conversation,
    ConversationHead,
    Said,
    Side,
    Subject,
    closed_for_now,
    contact_open,
    plain_text,
)
from matchmaker.domain.errors import InvalidValue, NotAllowed, NotFound, TooManyRequests
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation
from matchmaker.storage.audit import record
from matchmaker.storage.conversations import (
    conversations_about,
    list_conversations,
    load_conversation,
    mark_read,
    open_conversation,
    say,
    sent_since,
)
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.organisations import load_public_organisation
from matchmaker.storage.people import load_person
from matchmaker.workflows.contact_mail import mail_buyers, mail_supplier
from matchmaker.workflows.contact_steps import steps_of_lot
from matchmaker.workflows.purchase_plan import open_row
from matchmaker.workflows.tools import MatchTools


@dataclass(frozen=True, slots=True)
class Draft:
    """What a buyer sends: the same text to every supplier. ``subject.purchase`` must be a row of the team's own."""

    team_key: str
    supplier_keys: tuple[str, ...]
    subject: Subject
    text: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of a draft: the threads made, and the suppliers by name that could not be reached."""

    conversation_ids: tuple[str, ...]
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread as one reader sees it: on which side, and whether it may be written to now."""

    conversation: Conversation
    side: Side
    open: bool


async def begin(sessions: SessionMaker, person: Person, draft: Draft, tools: MatchTools, today: date, now: datetime) -> Opened:
    """Sends a buyer's text to one or several suppliers, a thread each.

    Raises:
        NotAllowed: the person is no buyer in that team.
        NotFound: no such lot, planned purchase or public supplier.
        ContactClosed: the lot's procedure runs.
        InvalidValue: text or topic are empty or too long, or nobody chosen can be reached.
        TooManyRequests: the team's messages of the day are used up.
    """
    team = _team(person, draft.team_key)
    text, topic = plain_text(draft.text), _topic(draft.subject.topic)
    subject = Subject(topic, draft.subject.lot_id, draft.subject.purchase)
    keys = tuple(dict.fromkeys(draft.supplier_keys))
    if not keys:
        raise InvalidValue(Message("No supplier is chosen."), Message("Tick those you want to write to."))
    batch = token_urlsafe(9) if len(keys) > 1 else None
    made: list[str] = []
    missed: list[str] = []
    async with transaction(sessions) as session:
        await _check_open(session, subject.lot_id, today)
        await _check_purchase(session, person, team, subject.purchase)
        await _check_limit(session, Side.BUYER, team.organisation_key, len(keys), now)
        for key in keys:
            supplier = await _supplier(session, key, tools)
            begun = Conversation(
                token_urlsafe(9), team.organisation_key, team.organisation_name, key, supplier.name, subject, now
            )
            if not await mail_supplier(session, begun, supplier, text, now):
                missed.append(supplier.name)
                continue
            await open_conversation(session, begun)
            await say(session, begun.conversation_id, Said(Side.BUYER, now, text, batch), person.person_id)
            await _audit(session, person, begun, Side.BUYER, batch, now)
            made.append(begun.conversation_id)
        if not made:
            raise InvalidValue(
                Message("None of those you chose can be written to through us."),
                Message(
                    "They have nobody here, and their public address is missing or was used this year. Their website may help."
                ),
            )
    return Opened(tuple(made), tuple(missed))


async def reply(
    sessions: SessionMaker, person: Person, thread: Thread, text: str, tools: MatchTools, today: date, now: datetime
) -> None:
    """Adds an answer to a thread that ``read_thread`` or ``thread_by_link`` has opened for this person.

    Raises:
        ContactClosed: the lot's procedure runs.
        InvalidValue: the text is empty or too long, or the other side cannot be reached any more.
        TooManyRequests: the team's messages of the day are used up.
    """
    words, conversation = plain_text(text), thread.conversation
    own = conversation.team_key if thread.side is Side.BUYER else conversation.supplier_key
    async with transaction(sessions) as session:
        await _check_open(session, conversation.subject.lot_id, today)
        await _check_limit(session, thread.side, own or "", 1, now)
        if thread.side is Side.SUPPLIER:
            reached = await mail_buyers(session, conversation, words, now)
        else:
            supplier = await _supplier(session, conversation.supplier_key or "", tools)
            answered = any(each.side is Side.SUPPLIER for each in conversation.said)
            reached = await mail_supplier(session, conversation, supplier, words, now, answered)
        if not reached:
            raise InvalidValue(
                Message("The other side cannot be reached through us at present."),
                Message("An organisation that has nobody here is written to once a year, unless it answers."),
            )
        await say(session, conversation.conversation_id, Said(thread.side, now, words), person.person_id)
        await _audit(session, person, conversation, thread.side, None, now)


async def read_thread(sessions: SessionMaker, person: Person | None, conversation_id: str, today: date, now: datetime) -> Thread:
    """A thread for a member of either side, marked as read.

    Raises:
        NotFound: there is none, or the person is on neither side; both look the same.
    """
    async with transaction(sessions) as session:
        found = await load_conversation(session, conversation_id)
        side = _side(person, found) if person and found else None
        if person is None or found is None or side is None:
            raise _no_thread()
        await mark_read(session, conversation_id, person.person_id, now)
        return Thread(found, side, await _is_open(session, found.subject.lot_id, today))


async def thread_by_link(
    sessions: SessionMaker, person_id: int, conversation_id: str, tools: MatchTools, today: date
) -> tuple[Person, Thread]:
    """A thread for whom a mail's link was made, as long as that person still speaks for its side.

    Raises:
        NotFound: the thread is gone, or the person speaks for neither side any more.
    """
    async with sessions() as session:
        found, person = await load_conversation(session, conversation_id), await load_person(session, person_id)
        if found is None or person is None:
            raise _no_thread()
        side = _side(person, found)
        if side is None and found.supplier_key is not None:
            supplier = await load_public_organisation(session, found.supplier_key, tools.shown_sources)
            if supplier and not supplier.provenance.claimed and (supplier.email or "").lower() == person.email:
                side = Side.SUPPLIER
        if side is None:
            raise _no_thread()
        return person, Thread(found, side, await _is_open(session, found.subject.lot_id, today))


async def own_threads(sessions: SessionMaker, person: Person) -> list[ConversationHead]:
    """The threads of all teams and suppliers of this person, the last written to first."""
    async with sessions() as session:
        return await list_conversations(session, person.person_id, _keys(person, Role.BUYER), _keys(person, Role.SUPPLIER))


async def threads_about(
    sessions: SessionMaker, person: Person, lot_id: str | None, purchase: str | None = None
) -> list[Conversation]:
    """The whole threads of a buyer's teams about a lot or one of its planned purchases: what it keeps on file."""
    async with sessions() as session:
        return await conversations_about(session, _keys(person, Role.BUYER), lot_id, purchase)


async def lot_is_open(sessions: SessionMaker, lot_id: str | None, today: date) -> bool:
    """Whether suppliers may be written to about a lot now.

    Raises:
        NotFound: no such lot.
    """
    async with sessions() as session:
        return await _is_open(session, lot_id, today)


def _keys(person: Person, role: Role) -> Sequence[str]:
    return [each.organisation_key for each in person.organisations_as(role)]


def _side(person: Person, conversation: Conversation) -> Side | None:
    if person.serves(conversation.team_key, Role.BUYER):
        return Side.BUYER
    if conversation.supplier_key and person.serves(conversation.supplier_key, Role.SUPPLIER):
        return Side.SUPPLIER
    return None


def _team(person: Person, team_key: str) -> Membership:
    for each in person.organisations_as(Role.BUYER):
        if each.organisation_key == team_key:
            return each
    raise NotAllowed(Message("You are not a buyer in this team."), Message("Choose one of your own teams."))


def _topic(text: str) -> str:
    topic = " ".join(text.split())
    if not topic or len(topic) > LONGEST_TOPIC or not topic.isprintable():
        raise InvalidValue(
            Message("The subject needs 1 to %(most)s characters.", {"most": LONGEST_TOPIC}), Message("Name what it is about.")
        )
    return topic


async def _is_open(session: AsyncSession, lot_id: str | None, today: date) -> bool:
    return lot_id is None or contact_open(await steps_of_lot(session, lot_id, today), today)


async def _check_open(session: AsyncSession, lot_id: str | None, today: date) -> None:
    if not await _is_open(session, lot_id, today):
        raise closed_for_now()


async def _check_purchase(session: AsyncSession, person: Person, team: Membership, purchase: str | None) -> None:
    if purchase is None:
        return
    plan_id, _, row_id = purchase.partition("/")
    plan, _ = await open_row(session, person, plan_id, row_id)
    if plan.team_key != team.organisation_key:
        raise NotAllowed(Message("This purchase plan is another team's."), Message("Write as the team it belongs to."))


async def _check_limit(session: AsyncSession, side: Side, key: str, more: int, now: datetime) -> None:
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if await sent_since(session, side, key, day) + more > MESSAGES_A_DAY:
        raise TooManyRequests(
            Message("A team sends at most %(most)s messages a day.", {"most": MESSAGES_A_DAY}),
            Message("Write to fewer at once, or go on tomorrow."),
        )


async def _supplier(session: AsyncSession, key: str, tools: MatchTools) -> Organisation:
    found = await load_public_organisation(session, key, tools.shown_sources)
    if found is None:
        raise NotFound(Message("There is no supplier here with this address."), Message("Search the suppliers by name."))
    return found


async def _audit(
    session: AsyncSession, person: Person, about: Conversation, side: Side, batch: str | None, now: datetime
) -> None:
    after = {"team": about.team_key, "supplier": about.supplier_key, "from": side.value, "batch": batch}
    who = str(person.person_id)
    await record(session, now, who, "message sent", about.conversation_id, after=after | {"lot": about.subject.lot_id})


def _no_thread() -> NotFound:
    return NotFound(Message("There is no such message here."), Message("Sign in as a member of the team it was written to."))
