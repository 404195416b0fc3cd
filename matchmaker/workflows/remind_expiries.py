"""Tell members in time that a status or certificate of their organisation expires."""

from datetime import date, datetime

from matchmaker.domain.alert import MailKind
from matchmaker.domain.expiry import ExpiryNews, expiries, reminder_key
from matchmaker.storage.codec import to_document
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.outbox import put_item
from matchmaker.storage.status_queue import suppliers_with_members


async def remind_expiries(sessions: SessionMaker, today: date, now: datetime) -> int:
    """Writes the reminders that are due to the outbox; how many are new. Run again it writes none twice."""
    written = 0
    async with transaction(sessions) as session:
        for organisation, people in await suppliers_with_members(session):
            for expiry in expiries(organisation, today):
                days = expiry.reminder(today)
                if days is None:
                    continue
                news = ExpiryNews(organisation.key, organisation.name, expiry.what, expiry.day, expiry.step)
                for person_id in people:
                    key = reminder_key(organisation.key, expiry, days, person_id)
                    written += await put_item(session, key, person_id, MailKind.EXPIRY, to_document(news), now)
    return written
