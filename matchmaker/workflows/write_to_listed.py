"""A main contractor writes to suppliers on a released list; its own address stays hidden."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from matchmaker.domain.access import Person, Role, normal_email
from matchmaker.domain.alert import MailKind
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.messages import Message
from matchmaker.domain.released_list import ContractorMessage
from matchmaker.storage.audit import record
from matchmaker.storage.codec import to_document
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.outbox import put_item
from matchmaker.storage.people import save_person
from matchmaker.storage.released_lists import consents_for
from matchmaker.workflows.released_list import read_released

LONGEST_MESSAGE = 3000


async def write_to(
    sessions: SessionMaker,
    person: Person,
    list_id: str,
    keys: Sequence[str],
    text: str,
    answer_to: str,
    now: datetime,
) -> tuple[int, int]:
    """Sends a main contractor's message to suppliers on a list; how many went out, and how many could not.

    It goes to the address each supplier named; the sender's own address is not shown, answers go to ``answer_to``. One message
    a supplier, list, contractor and day; none to a supplier that has taken its consent back.

    Raises:
        NotFound: the person may not see the list, or is no main contractor.
        InvalidValue: the list is withdrawn, nobody chosen stands on it, or text or address are wrong.
    """
    released = await read_released(sessions, person, list_id)
    team = next(iter(person.organisations_as(Role.MAIN_CONTRACTOR)), None)
    if team is None:
        raise NotFound(Message("There is no such list here."), Message("Look at the lists that are open to you."))
    if released.withdrawn_at is not None:
        raise InvalidValue(Message("This list was withdrawn."), Message("Read on its page why."))
    on_list = {each.key: each.name for each in released.suppliers}
    chosen = [key for key in dict.fromkeys(keys) if key in on_list]
    if not chosen:
        raise InvalidValue(Message("No supplier is chosen."), Message("Tick those you want to write to."))
    words = text.replace("\x00", "").strip()
    if not 10 <= len(words) <= LONGEST_MESSAGE:
        raise InvalidValue(
            Message("Write between 10 and %(most)s characters.", {"most": LONGEST_MESSAGE}),
            Message("Say what work you look for."),
        )
    message = ContractorMessage(released.lot_id, released.lot_title, team.organisation_name, normal_email(answer_to), words)
    async with transaction(sessions) as session:
        agreed = await consents_for(session, released.lot_id)
        sent = 0
        for key in (each for each in chosen if each in agreed):
            to = await save_person(session, agreed[key].contact, person.language, now)
            once_a_day = f"contractor-message|{list_id}|{team.organisation_key}|{key}|{now.date()}"
            content = to_document(replace(message, supplier=on_list[key]))
            sent += await put_item(session, once_a_day, to, MailKind.CONTRACTOR_MESSAGE, content, now)
        after = {"team": team.organisation_key, "suppliers": chosen, "sent": sent}
        await record(session, now, str(person.person_id), "message to listed suppliers", list_id, after=after)
    return sent, len(chosen) - sent
