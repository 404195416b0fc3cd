"""Send what is due: claim, commit, send, mark."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from matchmaker.alerts.compose import Composer
from matchmaker.alerts.mailers import Mailer
from matchmaker.alerts.webhooks import Poster
from matchmaker.domain.alert import MailKind
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.outbox import claim
from matchmaker.storage.outbox_tables import MessageState
from matchmaker.workflows.deliver import Senders, deliver

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
    poster: Poster | None = None,
) -> Dispatched:
    """Claims up to ``limit`` messages and sends each outside any transaction.

    A process that dies between claiming and marking leaves the message claimed; after ``SEND_AGAIN_AFTER`` it is doubtful
    and goes out again under the same Message-ID. ``clock`` gives the present moment, which passes while mails are sent;
    ``new_of`` are the kinds of news that may become new messages; without ``poster`` none is for programs.
    """
    kinds = [kind for kind in new_of if poster is not None or kind is not MailKind.WEBHOOK]
    async with transaction(sessions) as session:
        claimed = await claim(session, clock(), limit, composer.new_message_id, kinds)
        since = clock()
    senders = Senders(mailer, composer, poster)
    outcomes: Counter[MessageState] = Counter()
    unknown, mistakes = 0, []
    for message in claimed:
        try:
            handed = await deliver(sessions, senders, message, since, clock)
        except Exception as mistake:  # one message that cannot be written must not hold up the others
            mistakes.append(mistake)
            continue
        unknown += handed.doubtful
        outcomes[handed.state] += not handed.doubtful
    if mistakes:
        raise ExceptionGroup("messages left claimed", mistakes)
    return Dispatched(
        sent=outcomes[MessageState.SENT],
        retried_later=outcomes[MessageState.WAITING],
        failed=outcomes[MessageState.FAILED],
        dropped=outcomes[MessageState.DROPPED],
        unknown=unknown,
    )
