"""When and how one person is told of lots: rhythm, a private feed, a webhook, an address that was refused."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from matchmaker.domain.alert import AlertProfile, LotNews, MailKind
from matchmaker.domain.delivery import Delivery
from matchmaker.storage.alert_profiles import profiles_of
from matchmaker.storage.audit import record
from matchmaker.storage.channels import (
    Pause,
    Webhook,
    delete_feed,
    delete_webhook,
    feed_key_of,
    load_pauses,
    load_webhooks,
    person_of_feed,
    resume_address,
    save_feed,
    save_webhook,
)
from matchmaker.storage.codec import from_document, to_document
from matchmaker.storage.deliveries import load_delivery, save_delivery
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.outbox_records import newest_items
from matchmaker.storage.people import load_person

FEED_ENTRIES = 50
"""Newest pieces of news a feed holds."""


@dataclass(frozen=True, slots=True)
class DeliveryState:
    """All that is set for one person."""

    email: str
    delivery: Delivery | None
    profiles: tuple[AlertProfile, ...]
    pause: Pause | None
    feed_key: str | None
    webhook: Webhook | None


async def delivery_state(sessions: SessionMaker, person_id: int) -> DeliveryState | None:
    """What is set for this person; None when there is no such person."""
    async with sessions() as session:
        person = await load_person(session, person_id)
        if person is None:
            return None
        return DeliveryState(
            person.email,
            await load_delivery(session, person_id),
            tuple(await profiles_of(session, person_id)),
            (await load_pauses(session, [person_id])).get(person_id),
            await feed_key_of(session, person_id),
            (await load_webhooks(session, [person_id])).get(person_id),
        )


async def choose_delivery(sessions: SessionMaker, person_id: int, delivery: Delivery, now: datetime) -> None:
    """Stores when news is to arrive; what has not left follows, and a paused address is written to again."""
    async with transaction(sessions) as session:
        before = await load_delivery(session, person_id)
        await save_delivery(session, person_id, delivery, now)
        await resume_address(session, person_id)
        documents = (to_document(before) if before else None, to_document(delivery))
        await record(session, now, str(person_id), "delivery saved", f"person {person_id}", *documents)


async def make_feed(sessions: SessionMaker, person_id: int, now: datetime) -> None:
    """A private feed under a new address; a former address ends."""
    async with transaction(sessions) as session:
        await save_feed(session, person_id, secrets.token_urlsafe(24), now)
        await record(session, now, str(person_id), "feed made", f"person {person_id}")


async def end_feed(sessions: SessionMaker, person_id: int, now: datetime) -> None:
    """Nobody can read the feed any more."""
    async with transaction(sessions) as session:
        await delete_feed(session, person_id)
        await record(session, now, str(person_id), "feed ended", f"person {person_id}")


async def feed_news(sessions: SessionMaker, feed_key: str) -> list[tuple[datetime, LotNews]] | None:
    """What the feed with this key holds, newest first; None when there is no such feed."""
    async with sessions() as session:
        person_id = await person_of_feed(session, feed_key)
        if person_id is None:
            return None
        items = await newest_items(session, person_id, MailKind.LOT_ALERT, FEED_ENTRIES)
    return [(at, from_document(content, LotNews)) for at, content in items]


async def set_webhook(sessions: SessionMaker, person_id: int, url: str, now: datetime) -> None:
    """Tells this address of news from now on, signed with a new key that is shown to the person."""
    async with transaction(sessions) as session:
        await save_webhook(session, person_id, url, secrets.token_hex(32), now)
        await record(session, now, str(person_id), "webhook saved", f"person {person_id}", after={"url": url})


async def end_webhook(sessions: SessionMaker, person_id: int, now: datetime) -> None:
    """Tells no address any more."""
    async with transaction(sessions) as session:
        await delete_webhook(session, person_id)
        await record(session, now, str(person_id), "webhook ended", f"person {person_id}")
