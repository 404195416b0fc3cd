"""Send what is due: claim, commit, send, mark."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from matchmaker.alerts.compose import Composer, Envelope
from matchmaker.alerts.mail import Mail
from matchmaker.alerts.mailers import DeliveryUnknown, Mailer, MailRefused
from matchmaker.domain.alert import SEND_AGAIN_AFTER, LotNews, MailKind, next_attempt
from matchmaker.storage.codec import from_document
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.outbox import ClaimedMessage, claim, mark
from matchmaker.storage.outbox_tables import MessageState
from matchmaker.storage.signed_sessions import load_link_by_id
from matchmaker.workflows.sign_in import link_token

BATCH = 20
"""Messages claimed at once."""


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What became of the messages claimed in one go."""

    sent: int = 0
    retried_later: int = 0
    failed: int = 0
    dropped: int = 0
    unknown: int = 0

    @property
    def claimed(self) -> int:
        """All of them."""
        return self.sent + self.retried_later + self.failed + self.dropped + self.unknown


async def dispatch_due(
    sessions: SessionMaker,
    mailer: Mailer,
    composer: Composer,
    clock: Callable[[], datetime],
    limit: int = BATCH,
    new_of: Collection[MailKind] = tuple(MailKind),
) -> Dispatched:
    """Claims up to ``limit`` messages and sends each outside any transaction.

    A process that dies between claiming and marking leaves the message claimed; after ``SEND_AGAIN_AFTER`` it is doubtful
    and goes out again under the same Message-ID. ``clock`` gives the present moment, which passes while mails are sent;
    ``new_of`` are the kinds of news that may become new messages.
    """
    async with transaction(sessions) as session:
        claimed = await claim(session, clock(), limit, composer.new_message_id, new_of)
        since = clock()
    outcomes: Counter[MessageState] = Counter()
    unknown, mistakes = 0, []
    for message in claimed:
        try:
            state, doubtful = await _deliver(sessions, mailer, composer, message, since, clock)
        except Exception as mistake:  # one message that cannot be written must not hold up the others
            mistakes.append(mistake)
            continue
        unknown += doubtful
        outcomes[state] += not doubtful
    if mistakes:
        raise ExceptionGroup("messages left claimed", mistakes)
    return Dispatched(
        sent=outcomes[MessageState.SENT],
        retried_later=outcomes[MessageState.WAITING],
        failed=outcomes[MessageState.FAILED],
        dropped=outcomes[MessageState.DROPPED],
        unknown=unknown,
    )


async def _deliver(
    sessions: SessionMaker,
    mailer: Mailer,
    composer: Composer,
    message: ClaimedMessage,
    since: datetime,
    clock: Callable[[], datetime],
) -> tuple[MessageState, bool]:
    if clock() - since > SEND_AGAIN_AFTER / 2:
        # Others may soon take this claim for abandoned: give it back rather than race them.
        async with transaction(sessions) as session:
            await mark(session, message, MessageState.WAITING, clock())
        return MessageState.WAITING, False
    mail = await _written(sessions, composer, message, clock())
    state, answer, due_at, doubtful = MessageState.SENT, None, None, False
    if mail is None:
        state = MessageState.DROPPED
    else:
        try:
            await mailer.send(mail)
        except MailRefused as refusal:
            answer = refusal.answer
            due_at = None if refusal.permanent else next_attempt(message.attempts, clock())
            state = MessageState.FAILED if due_at is None else MessageState.WAITING
        except DeliveryUnknown as broken:
            answer, doubtful = str(broken), True
            due_at = next_attempt(message.attempts, clock())
            state = MessageState.FAILED if due_at is None else MessageState.WAITING
    async with transaction(sessions) as session:
        await mark(session, message, state, clock(), answer, due_at, doubtful)
    return state, doubtful


async def _written(sessions: SessionMaker, composer: Composer, message: ClaimedMessage, now: datetime) -> Mail | None:
    envelope = Envelope(message.message_id, message.person_id, message.email, message.language, now)
    if message.kind is MailKind.LOT_ALERT:
        news = [from_document(item, LotNews) for item in message.items]
        return composer.lot_alert(envelope, news) if news else None
    link_id = str(message.items[0]["link_id"]) if message.items else ""
    async with sessions() as session:
        link = await load_link_by_id(session, link_id)
    if link is None or link.used_at is not None or link.expires_at <= now:
        return None
    return composer.sign_in(envelope, link_token(composer.secret, link_id))
