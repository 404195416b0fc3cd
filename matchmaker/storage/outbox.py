"""The outbox: the only truth for what is to be sent, what was sent, and what nobody can be sure of.

An *item* is one piece of news for one person, written in the transaction that gave rise to it and unique by its key. A
*message* is one mail made of one or more items when a worker claims them; it keeps its Message-ID for ever. A message
claimed and never marked is doubtful: it may have arrived. It is sent again under the same Message-ID and stays marked.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from matchmaker.domain.alert import LAST_ATTEMPT, SEND_AGAIN_AFTER, MailKind
from matchmaker.storage.channels import AddressPauseRow
from matchmaker.storage.codec import Document
from matchmaker.storage.outbox_records import contents_of
from matchmaker.storage.outbox_tables import MessageState, OutboxItemRow, OutboxMessageRow
from matchmaker.storage.people import PersonRow


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """A message a worker may now send, and must mark with the same ``attempts``."""

    message_id: str
    person_id: int
    email: str
    language: str
    kind: MailKind
    attempts: int
    doubtful: bool
    items: tuple[Document, ...]


async def put_item(
    session: AsyncSession,
    key: str,
    person_id: int | None,
    kind: MailKind,
    content: Document,
    now: datetime,
    due_at: datetime | None = None,
) -> bool:
    """Writes one item that leaves at ``due_at`` (None: at once); False when its key exists.

    Without ``person_id`` it is withheld: written, never sent.
    """
    made = await session.scalar(
        insert(OutboxItemRow)
        .values(
            key=key,
            person_id=person_id,
            kind=kind.value,
            content=content,
            withheld=person_id is None,
            created_at=now,
            due_at=due_at or now,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(col(OutboxItemRow.item_id))
    )
    return made is not None


async def claim(
    session: AsyncSession,
    now: datetime,
    limit: int,
    new_message_id: Callable[[], str],
    new_of: Collection[MailKind] = tuple(MailKind),
) -> list[ClaimedMessage]:
    """Claims up to ``limit`` messages: due for another try, doubtful, or newly made of waiting items of the kinds ``new_of``.

    Rows another worker has locked are passed over; lot news for a paused address waits. Commit before sending.
    """
    claimed = await _claim_again(session, now, limit)
    if len(claimed) < limit:
        claimed += await _claim_items(session, now, limit - len(claimed), new_message_id, new_of)
    return await _with_items(session, claimed)


async def _claim_again(session: AsyncSession, now: datetime, limit: int) -> list[OutboxMessageRow]:
    state, due_at, claimed_at = col(OutboxMessageRow.state), col(OutboxMessageRow.due_at), col(OutboxMessageRow.claimed_at)
    left_behind = (state == MessageState.CLAIMED.value) & (claimed_at < now - SEND_AGAIN_AFTER)
    rows = (
        await session.scalars(
            select(OutboxMessageRow)
            .where(or_((state == MessageState.WAITING.value) & (due_at <= now), left_behind))
            .order_by(due_at, col(OutboxMessageRow.message_id))
            .limit(limit)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
    ).all()
    for row in rows:
        row.doubtful = row.doubtful or row.state == MessageState.CLAIMED.value
        if row.attempts >= LAST_ATTEMPT:
            row.state, row.finished_at = MessageState.FAILED.value, now
            continue
        row.state = MessageState.CLAIMED.value
        row.claimed_at = now
        row.attempts += 1
    await session.flush()
    return [row for row in rows if row.state == MessageState.CLAIMED.value]


async def _claim_items(
    session: AsyncSession, now: datetime, limit: int, new_message_id: Callable[[], str], kinds: Collection[MailKind]
) -> list[OutboxMessageRow]:
    wanted = col(OutboxItemRow.kind).in_([kind.value for kind in kinds])
    due = col(OutboxItemRow.due_at) <= now
    paused = (
        exists()
        .where(col(AddressPauseRow.person_id) == col(OutboxItemRow.person_id))
        .where(col(OutboxItemRow.kind) == MailKind.LOT_ALERT.value)
    )
    open_items = (col(OutboxItemRow.message_id).is_(None)) & ~col(OutboxItemRow.withheld) & wanted & due & ~paused
    first = select(col(OutboxItemRow.person_id)).where(open_items).order_by(col(OutboxItemRow.due_at)).limit(limit)
    items = (
        await session.scalars(
            select(OutboxItemRow)
            .where(open_items, col(OutboxItemRow.person_id).in_(first))
            .order_by(col(OutboxItemRow.created_at), col(OutboxItemRow.item_id))
            .with_for_update(skip_locked=True)
        )
    ).all()
    made: dict[tuple[int | None, str, int | None], OutboxMessageRow] = {}
    for item in items:
        # Alerts for one person share a mail; a sign-in link always travels alone.
        group = (item.person_id, item.kind, None if item.kind == MailKind.LOT_ALERT.value else item.item_id)
        if group not in made:
            if len(made) == limit:
                continue
            made[group] = OutboxMessageRow(
                message_id=new_message_id(),
                person_id=item.person_id or 0,
                kind=item.kind,
                state=MessageState.CLAIMED.value,
                attempts=1,
                doubtful=False,
                created_at=now,
                claimed_at=now,
                due_at=now,
            )
            session.add(made[group])
            await session.flush()
        item.message_id = made[group].message_id
    await session.flush()
    return list(made.values())


async def _with_items(session: AsyncSession, rows: Sequence[OutboxMessageRow]) -> list[ClaimedMessage]:
    ids = [row.message_id for row in rows]
    contents = await contents_of(session, ids)
    people = await session.execute(
        select(col(PersonRow.person_id), col(PersonRow.email), col(PersonRow.language)).where(
            col(PersonRow.person_id).in_({row.person_id for row in rows})
        )
    )
    addresses = {person_id: (email, language) for person_id, email, language in people}
    return [
        ClaimedMessage(
            message_id=row.message_id,
            person_id=row.person_id,
            email=addresses[row.person_id][0],
            language=addresses[row.person_id][1],
            kind=MailKind(row.kind),
            attempts=row.attempts,
            doubtful=row.doubtful,
            items=contents.get(row.message_id, ()),
        )
        for row in rows
    ]


async def mark(
    session: AsyncSession,
    message: ClaimedMessage,
    state: MessageState,
    now: datetime,
    answer: str | None = None,
    due_at: datetime | None = None,
    doubtful: bool = False,
) -> bool:
    """Writes down what became of a claimed message; False when it was claimed again meanwhile and is no longer ours."""
    row = col(OutboxMessageRow.message_id)
    # Alerts stopped while their mail was under way: that it left is the truth, that it will be tried again is not.
    before = (MessageState.CLAIMED, MessageState.DROPPED) if state is MessageState.SENT else (MessageState.CLAIMED,)
    finished = state in (MessageState.SENT, MessageState.FAILED, MessageState.DROPPED)
    changed = await session.scalar(
        update(OutboxMessageRow)
        .where(
            row == message.message_id,
            col(OutboxMessageRow.state).in_([each.value for each in before]),
            col(OutboxMessageRow.attempts) == message.attempts,
        )
        .values(
            state=state.value,
            finished_at=now if finished else None,
            due_at=due_at or now,
            last_answer=answer,
            doubtful=col(OutboxMessageRow.doubtful) | doubtful,
        )
        .returning(row)
    )
    return changed is not None


async def drop_alerts(session: AsyncSession, person_id: int, now: datetime) -> None:
    """Takes back alerts of one person that have not left yet; none that was begun is tried again."""
    news = (MailKind.LOT_ALERT.value, MailKind.WEBHOOK.value)
    await session.execute(
        delete(OutboxItemRow).where(
            col(OutboxItemRow.person_id) == person_id,
            col(OutboxItemRow.kind).in_(news),
            col(OutboxItemRow.message_id).is_(None),
        )
    )
    await session.execute(
        update(OutboxMessageRow)
        .where(
            col(OutboxMessageRow.person_id) == person_id,
            col(OutboxMessageRow.kind).in_(news),
            col(OutboxMessageRow.state).in_((MessageState.WAITING.value, MessageState.CLAIMED.value)),
        )
        .values(state=MessageState.DROPPED.value, finished_at=now)
    )


async def forget_sign_in_items(session: AsyncSession, before: datetime) -> None:
    """Deletes what is left of sign-in mails, withheld ones too, older than ``before``."""
    await session.execute(
        delete(OutboxItemRow).where(col(OutboxItemRow.kind) == MailKind.SIGN_IN.value, col(OutboxItemRow.created_at) < before)
    )
    await session.execute(
        delete(OutboxMessageRow).where(
            col(OutboxMessageRow.kind) == MailKind.SIGN_IN.value, col(OutboxMessageRow.created_at) < before
        )
    )
