"""Hand one claimed message over: as a mail, or as a post to a program."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from matchmaker.alerts.compose import Composer, Envelope
from matchmaker.alerts.mail import Mail
from matchmaker.alerts.mailers import DeliveryUnknown, Mailer, MailRefused
from matchmaker.alerts.webhooks import Post, Poster
from matchmaker.domain.alert import SEND_AGAIN_AFTER, LotNews, MailKind, next_attempt
from matchmaker.domain.conversation import ContactMail
from matchmaker.domain.expiry import ExpiryNews
from matchmaker.domain.membership import MembershipMail
from matchmaker.domain.released_list import ContractorMessage
from matchmaker.domain.sounding import SoundingMail
from matchmaker.storage.audit import record
from matchmaker.storage.channels import load_webhooks, pause_address, stop_webhook
from matchmaker.storage.codec import from_document
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.outbox import ClaimedMessage, mark
from matchmaker.storage.outbox_tables import MessageState
from matchmaker.storage.signed_sessions import load_link_by_id
from matchmaker.workflows.sign_in import link_token


@dataclass(frozen=True)
class Senders:
    """Through what messages leave; without ``poster`` nothing is posted to programs."""

    mailer: Mailer
    composer: Composer
    poster: Poster | None = None


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of a message: its new state, what the receiver said, when it is tried again, whether it is in doubt."""

    state: MessageState
    answer: str | None = None
    due_at: datetime | None = None
    doubtful: bool = False


async def deliver(
    sessions: SessionMaker, senders: Senders, message: ClaimedMessage, since: datetime, clock: Callable[[], datetime]
) -> Handed:
    """Sends outside any transaction, then marks; ``since`` is when the message was claimed."""
    if clock() - since > SEND_AGAIN_AFTER / 2:
        # Others may soon take this claim for abandoned: give it back rather than race them.
        handed = Handed(MessageState.WAITING)
    else:
        handed = await _handed_over(sessions, senders, message, clock)
    now = clock()
    async with transaction(sessions) as session:
        ours = await mark(session, message, handed.state, now, handed.answer, handed.due_at, handed.doubtful)
        if ours and handed.state is MessageState.FAILED:
            answer = handed.answer or ""
            if message.kind is MailKind.WEBHOOK:
                await stop_webhook(session, message.person_id, answer, now)
            elif message.kind is MailKind.LOT_ALERT and await pause_address(session, message.person_id, answer, now):
                await record(session, now, "worker", "address paused", f"person {message.person_id}", after={"answer": answer})
    return handed


async def _handed_over(
    sessions: SessionMaker, senders: Senders, message: ClaimedMessage, clock: Callable[[], datetime]
) -> Handed:
    try:
        if message.kind is MailKind.WEBHOOK:
            if senders.poster is None:
                return Handed(MessageState.WAITING)
            post = await _post_of(sessions, message)
            if post is None:
                return Handed(MessageState.DROPPED)
            await senders.poster.post(post)
        else:
            mail = await _mail_of(sessions, senders.composer, message, clock())
            if mail is None:
                return Handed(MessageState.DROPPED)
            await senders.mailer.send(mail)
    except MailRefused as refusal:
        due_at = None if refusal.permanent else next_attempt(message.attempts, clock())
        return Handed(MessageState.FAILED if due_at is None else MessageState.WAITING, refusal.answer, due_at)
    except DeliveryUnknown as broken:
        due_at = next_attempt(message.attempts, clock())
        state = MessageState.FAILED if due_at is None else MessageState.WAITING
        return Handed(state, str(broken), due_at, doubtful=True)
    return Handed(MessageState.SENT)


async def _mail_of(sessions: SessionMaker, composer: Composer, message: ClaimedMessage, now: datetime) -> Mail | None:
    envelope = Envelope(message.message_id, message.person_id, message.email, message.language, now)
    if message.kind is MailKind.LOT_ALERT:
        news = [from_document(item, LotNews) for item in message.items]
        return composer.lot_alert(envelope, news) if news else None
    if message.kind is MailKind.CONTRACTOR_MESSAGE:
        return (
            composer.contractor_message(envelope, from_document(message.items[0], ContractorMessage)) if message.items else None
        )
    if message.kind is MailKind.MEMBERSHIP:
        return composer.membership(envelope, from_document(message.items[0], MembershipMail)) if message.items else None
    if message.kind is MailKind.EXPIRY:
        return composer.expiry(envelope, from_document(message.items[0], ExpiryNews)) if message.items else None
    if message.kind is MailKind.CONTACT:
        return composer.contact(envelope, from_document(message.items[0], ContactMail)) if message.items else None
    if message.kind is MailKind.SOUNDING:
        return composer.sounding(envelope, from_document(message.items[0], SoundingMail)) if message.items else None
    link_id = str(message.items[0]["link_id"]) if message.items else ""
    async with sessions() as session:
        link = await load_link_by_id(session, link_id)
    if link is None or link.used_at is not None or link.expires_at <= now:
        return None
    return composer.sign_in(envelope, link_token(composer.secret, link_id))


async def _post_of(sessions: SessionMaker, message: ClaimedMessage) -> Post | None:
    """None when the person has no webhook any more."""
    async with sessions() as session:
        webhook = (await load_webhooks(session, [message.person_id])).get(message.person_id)
    if webhook is None or webhook.stopped_at is not None:
        return None
    return Post(webhook.url, message.message_id.strip("<>"), {"lots": list(message.items)}, webhook.secret)
