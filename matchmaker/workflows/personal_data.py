"""A person's own data: handed over as a whole, or erased as far as nothing else must be kept."""

from datetime import datetime
from secrets import token_hex
from typing import Any

from matchmaker.domain.errors import NotFound
from matchmaker.domain.messages import Message
from matchmaker.storage.audit import forget_in_audit, history_of_person, record
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.people import load_person, person_id_of
from matchmaker.storage.personal_data import delete_person, forget_name, rows_about


async def person_with(sessions: SessionMaker, email: str) -> int:
    """The number of the person with this address.

    Raises:
        NotFound: nobody has it.
    """
    async with sessions() as session:
        person_id = await person_id_of(session, email)
    if person_id is None:
        raise _nobody()
    return person_id


async def export_person(sessions: SessionMaker, person_id: int) -> dict[str, Any]:
    """All rows about the person by table, and what the log of changes says the person did.

    Raises:
        NotFound: there is no such person.
    """
    async with sessions() as session:
        person = await load_person(session, person_id)
        if person is None:
            raise _nobody()
        acts = await history_of_person(session, person_id, person.email)
        rows = await rows_about(session, person_id)
    log = [
        {"at": act.at.isoformat(), "action": act.action, "subject": act.subject, "before": act.before, "after": act.after}
        for act in acts
    ]
    return {"stored": rows, "log_of_changes": log}


async def erase_person(sessions: SessionMaker, person_id: int, now: datetime) -> None:
    """Deletes the person with everything that is the person's own.

    Kept: what was done for an organisation, under a pseudonym that leads back to nobody; organisations' own records.

    Raises:
        NotFound: there is no such person.
    """
    async with transaction(sessions) as session:
        person = await load_person(session, person_id)
        if person is None:
            raise _nobody()
        pseudonym = f"erased-{token_hex(6)}"
        await forget_in_audit(session, person_id, person.email, pseudonym)
        await forget_name(session, person_id, person.email, pseudonym)
        await delete_person(session, person_id)
        await record(session, now, pseudonym, "person erased", pseudonym)


def _nobody() -> NotFound:
    return NotFound(Message("Nobody with this address is known here."), Message("Check the address."))
