"""Messages between buyers' teams and suppliers: every read names the teams that may see them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Boolean, Column, DateTime, ForeignKey, Identity, Index, Text, and_, case, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from matchmaker.domain.conversation import (
    ROLE_ADDRESS_REST,
    Conversation,
    ConversationHead,
    Said,
    Side,
    Subject,
)
from matchmaker.storage.columns import SortText

MOST_LISTED = 200


class ConversationRow(SQLModel, table=True):
    """One thread. A supplier's record may go; its name stays with the buyer's file."""

    __tablename__ = "conversation"
    __table_args__: ClassVar[tuple[Index, ...]] = (
        Index("conversation_by_team", "team_key", "lot_id"),
        Index("conversation_by_supplier", "supplier_key"),
    )

    conversation_id: str = Field(sa_column=Column(Text, primary_key=True))
    team_key: str = Field(sa_column=Column(Text, ForeignKey("team.team_key", ondelete="CASCADE"), nullable=False))
    team_name: str = Field(sa_column=Column(Text, nullable=False))
    supplier_key: str | None = Field(
        sa_column=Column(SortText, ForeignKey("organisation.key", ondelete="SET NULL"), nullable=True)
    )
    supplier_name: str = Field(sa_column=Column(Text, nullable=False))
    topic: str = Field(sa_column=Column(Text, nullable=False))
    lot_id: str | None = Field(sa_column=Column(SortText, nullable=True))
    purchase: str | None = Field(sa_column=Column(Text, nullable=True))
    opened_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class SaidRow(SQLModel, table=True):
    """One message of a thread."""

    __tablename__ = "conversation_message"
    __table_args__: ClassVar[tuple[Index, ...]] = (Index("conversation_message_by_thread", "conversation_id", "message_id"),)

    message_id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    conversation_id: str = Field(
        sa_column=Column(Text, ForeignKey("conversation.conversation_id", ondelete="CASCADE"), nullable=False)
    )
    from_buyer: bool = Field(sa_column=Column(Boolean, nullable=False))
    person_id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="SET NULL"), nullable=True, index=True),
    )
    at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    text: str = Field(sa_column=Column(Text, nullable=False))
    batch: str | None = Field(default=None, sa_column=Column(Text, nullable=True))


class ReadRow(SQLModel, table=True):
    """Until when a person has read a thread."""

    __tablename__ = "conversation_read"

    conversation_id: str = Field(
        sa_column=Column(Text, ForeignKey("conversation.conversation_id", ondelete="CASCADE"), primary_key=True)
    )
    person_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("person.person_id", ondelete="CASCADE"), primary_key=True, index=True)
    )
    until: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class RoleAddressUseRow(SQLModel, table=True):
    """When the public address of an organisation that has nobody here was last written to."""

    __tablename__ = "role_address_use"

    supplier_key: str = Field(sa_column=Column(SortText, ForeignKey("organisation.key", ondelete="CASCADE"), primary_key=True))
    at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


async def open_conversation(session: AsyncSession, made: Conversation) -> None:
    """Stores a new thread, without messages."""
    await session.execute(
        insert(ConversationRow).values(
            conversation_id=made.conversation_id,
            team_key=made.team_key,
            team_name=made.team_name,
            supplier_key=made.supplier_key,
            supplier_name=made.supplier_name,
            topic=made.subject.topic,
            lot_id=made.subject.lot_id,
            purchase=made.subject.purchase,
            opened_at=made.opened_at,
        )
    )


async def say(session: AsyncSession, conversation_id: str, said: Said, person_id: int) -> int:
    """Adds a message; its number. The writer has read the thread."""
    made = await session.scalar(
        insert(SaidRow)
        .values(
            conversation_id=conversation_id,
            from_buyer=said.side is Side.BUYER,
            person_id=person_id,
            at=said.at,
            text=said.text,
            batch=said.batch,
        )
        .returning(col(SaidRow.message_id))
    )
    await mark_read(session, conversation_id, person_id, said.at)
    return int(made or 0)


async def mark_read(session: AsyncSession, conversation_id: str, person_id: int, at: datetime) -> None:
    """The person has read the thread up to this moment."""
    made = insert(ReadRow).values(conversation_id=conversation_id, person_id=person_id, until=at)
    await session.execute(
        made.on_conflict_do_update(index_elements=["conversation_id", "person_id"], set_={"until": made.excluded.until})
    )


async def sent_since(session: AsyncSession, side: Side, key: str, since: datetime) -> int:
    """Messages a team has sent since then; others of the same team wait until the transaction ends."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"contact {side.value} {key}", 0))))
    owner = ConversationRow.team_key if side is Side.BUYER else ConversationRow.supplier_key
    query = (
        select(func.count())
        .select_from(SaidRow)
        .join(ConversationRow, col(ConversationRow.conversation_id) == col(SaidRow.conversation_id))
        .where(col(owner) == key, col(SaidRow.from_buyer) == (side is Side.BUYER), col(SaidRow.at) >= since)
    )
    return int(await session.scalar(query) or 0)


async def use_role_address(session: AsyncSession, supplier_key: str, now: datetime) -> bool:
    """Takes the one mail that may go to an unclaimed record's address in its time; False where it was taken."""
    made = insert(RoleAddressUseRow).values(supplier_key=supplier_key, at=now)
    taken = await session.scalar(
        made.on_conflict_do_update(
            index_elements=["supplier_key"],
            set_={"at": now},
            where=col(RoleAddressUseRow.at) <= now - ROLE_ADDRESS_REST,
        ).returning(col(RoleAddressUseRow.supplier_key))
    )
    return taken is not None


async def load_conversation(session: AsyncSession, conversation_id: str) -> Conversation | None:
    """A thread with its messages, oldest first. Whoever calls this checks who asks."""
    row = await session.get(ConversationRow, conversation_id, populate_existing=True)
    return (await _with_messages(session, [row]))[0] if row is not None else None


async def conversations_about(
    session: AsyncSession, team_keys: Collection[str], lot_id: str | None = None, purchase: str | None = None
) -> list[Conversation]:
    """The whole threads of buyers' teams about a lot or a planned purchase, in the order they began."""
    about = col(ConversationRow.lot_id) == lot_id if lot_id else col(ConversationRow.purchase) == purchase
    rows = await session.scalars(
        select(ConversationRow)
        .where(about, col(ConversationRow.team_key).in_(team_keys))
        .order_by(col(ConversationRow.opened_at), col(ConversationRow.conversation_id))
    )
    return await _with_messages(session, list(rows))


async def list_conversations(
    session: AsyncSession, person_id: int, team_keys: Collection[str], supplier_keys: Collection[str]
) -> list[ConversationHead]:
    """The threads of these teams and suppliers as one person sees them, the last written to first."""
    mine = or_(col(ConversationRow.team_key).in_(team_keys), col(ConversationRow.supplier_key).in_(supplier_keys))
    last = func.max(col(SaidRow.at))
    buyer_side = col(ConversationRow.team_key).in_(team_keys)
    from_other = case((col(SaidRow.from_buyer) != buyer_side, col(SaidRow.at)))
    until = (
        select(col(ReadRow.until))
        .where(col(ReadRow.conversation_id) == col(ConversationRow.conversation_id), col(ReadRow.person_id) == person_id)
        .scalar_subquery()
    )
    unread = and_(func.max(from_other).is_not(None), or_(until.is_(None), func.max(from_other) > until))
    found = await session.execute(
        select(ConversationRow, last, func.count(), unread)
        .join(SaidRow, col(SaidRow.conversation_id) == col(ConversationRow.conversation_id))
        .where(mine)
        .group_by(col(ConversationRow.conversation_id))
        .order_by(last.desc(), col(ConversationRow.conversation_id))
        .limit(MOST_LISTED)
    )
    return [ConversationHead(_conversation(row), at, count, bool(new)) for row, at, count, new in found]


async def buyers_writing(session: AsyncSession, conversation_id: str) -> list[int]:
    """The people who wrote for the buyer in a thread."""
    query = select(col(SaidRow.person_id)).where(
        col(SaidRow.conversation_id) == conversation_id, col(SaidRow.from_buyer), col(SaidRow.person_id).is_not(None)
    )
    return [int(each) for each in await session.scalars(query.distinct().order_by(col(SaidRow.person_id))) if each is not None]


async def contact_counts(session: AsyncSession) -> dict[str, int]:
    """How many threads, messages of either side and answered threads there are: all an operator learns."""
    said = col(SaidRow.from_buyer)
    answered = select(func.count(func.distinct(col(SaidRow.conversation_id)))).where(~said).scalar_subquery()
    query = select(func.count(func.distinct(col(SaidRow.conversation_id))), func.count(), func.count().filter(~said), answered)
    threads, messages, from_suppliers, with_answer = (await session.execute(query)).one()
    return {
        "threads": threads,
        "answered": with_answer,
        "from_buyers": messages - from_suppliers,
        "from_suppliers": from_suppliers,
    }


async def _with_messages(session: AsyncSession, rows: Sequence[ConversationRow]) -> list[Conversation]:
    said: dict[str, list[Said]] = {row.conversation_id: [] for row in rows}
    query = select(SaidRow).where(col(SaidRow.conversation_id).in_(list(said))).order_by(col(SaidRow.message_id))
    for each in await session.scalars(query):
        side = Side.BUYER if each.from_buyer else Side.SUPPLIER
        said[each.conversation_id].append(Said(side, each.at, each.text, each.batch))
    return [_conversation(row, tuple(said[row.conversation_id])) for row in rows]


def _conversation(row: ConversationRow, said: Sequence[Said] = ()) -> Conversation:
    subject: dict[str, Any] = {"topic": row.topic, "lot_id": row.lot_id, "purchase": row.purchase}
    return Conversation(
        row.conversation_id,
        row.team_key,
        row.team_name,
        row.supplier_key,
        row.supplier_name,
        Subject(**subject),
        row.opened_at,
        said,
    )
