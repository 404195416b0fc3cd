"""Learn from a mail that came back: the address is paused, and the message is told as not delivered."""

from datetime import datetime

from matchmaker.alerts.bounces import Bounce
from matchmaker.storage.audit import record
from matchmaker.storage.channels import pause_address
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.outbox_records import note_bounce


async def take_back(sessions: SessionMaker, bounce: Bounce, now: datetime) -> bool:
    """Marks the message and, when it came back for good, pauses the address it went to; False for a message not ours.

    The Message-ID, which nobody can guess, is what proves that the notification is about a mail of ours.
    """
    async with transaction(sessions) as session:
        person_id = await note_bounce(session, bounce.message_id, bounce.answer, bounce.permanent, now)
        if person_id is None:
            return False
        if bounce.permanent and await pause_address(session, person_id, bounce.answer, now):
            await record(session, now, "bounce", "address paused", f"person {person_id}", after={"answer": bounce.answer})
        return True
