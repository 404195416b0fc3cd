"""Write a piece of news for one person, once for each way it is to take: mail, at the person's hour, and program."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.alert import Channel, LotNews, MailKind, dedupe_key
from matchmaker.domain.delivery import Delivery
from matchmaker.storage.channels import Webhook, load_webhooks
from matchmaker.storage.codec import to_document
from matchmaker.storage.deliveries import load_deliveries
from matchmaker.storage.outbox import put_item


@dataclass(frozen=True, slots=True)
class Ways:
    """How people want to be told, by person; nobody's wish is known who never saved one: a mail at once."""

    deliveries: Mapping[int, Delivery]
    webhooks: Mapping[int, Webhook]


async def ways_to(session: AsyncSession, person_ids: Collection[int]) -> Ways:
    """The wishes of these people."""
    if not person_ids:
        return Ways({}, {})
    return Ways(await load_deliveries(session, person_ids), await load_webhooks(session, person_ids))


async def write_news(session: AsyncSession, person_id: int, news: LotNews, ways: Ways, now: datetime) -> bool:
    """Writes the news in the transaction of ``session``; False when the person's mail about it exists already."""
    document = to_document(news)
    due_at = ways.deliveries.get(person_id, Delivery()).due_at(now)
    mail_key = dedupe_key(person_id, news.need_id, news.version, Channel.EMAIL)
    made = await put_item(session, mail_key, person_id, MailKind.LOT_ALERT, document, now, due_at)
    webhook = ways.webhooks.get(person_id)
    if webhook is not None and webhook.stopped_at is None:
        key = dedupe_key(person_id, news.need_id, news.version, Channel.WEBHOOK)
        await put_item(session, key, person_id, MailKind.WEBHOOK, document, now)
    return made
