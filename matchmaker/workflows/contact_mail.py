"""Mails about messages and soundings: to an organisation's members, or once a year to a role address that is public."""

from collections.abc import Callable
from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import Role, normal_email
from matchmaker.domain.alert import MailKind
from matchmaker.domain.conversation import ContactMail, Conversation
from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.organisation import Organisation
from matchmaker.domain.sounding import SoundingMail
from matchmaker.storage.codec import to_document
from matchmaker.storage.conversations import buyers_writing, use_role_address
from matchmaker.storage.joining import members_of
from matchmaker.storage.outbox import put_item
from matchmaker.storage.people import save_person

NO_LANGUAGE = "en"


async def mail_supplier(
    session: AsyncSession,
    conversation: Conversation,
    supplier: Organisation,
    text: str,
    now: datetime,
    answered: bool = False,
) -> int:
    """Tells a supplier of a buyer's message; how many mails leave. ``answered``: it wrote itself, so no limit a year holds."""

    def content(source: str | None) -> ContactMail:
        return ContactMail(
            conversation.conversation_id,
            conversation.team_name,
            supplier.name,
            conversation.subject.topic,
            text,
            to_supplier=True,
            supplier_key=supplier.key,
            lot_id=conversation.subject.lot_id,
            source=source,
        )

    return await _to_organisation(session, supplier, MailKind.CONTACT, content, now, answered)


async def mail_sounding(
    session: AsyncSession, supplier: Organisation, written: Callable[[str | None], SoundingMail], now: datetime
) -> int:
    """Asks a supplier; how many mails leave. ``written`` makes the mail's content given the source of an unclaimed record."""
    return await _to_organisation(session, supplier, MailKind.SOUNDING, written, now, answered=False)


async def mail_buyers(session: AsyncSession, conversation: Conversation, text: str, now: datetime) -> int:
    """Tells those who wrote for the buyer of an answer, or the whole team where none of them is left."""
    members = {each.person_id for each in await members_of(session, conversation.team_key) if each.role is Role.BUYER}
    wrote = members & set(await buyers_writing(session, conversation.conversation_id))
    content = ContactMail(
        conversation.conversation_id,
        conversation.supplier_name,
        conversation.team_name,
        conversation.subject.topic,
        text,
        to_supplier=False,
        lot_id=conversation.subject.lot_id,
    )
    return await _send(session, sorted(wrote or members), MailKind.CONTACT, content, now)


async def _to_organisation(
    session: AsyncSession,
    supplier: Organisation,
    kind: MailKind,
    content: Callable[[str | None], ContactMail | SoundingMail],
    now: datetime,
    answered: bool,
) -> int:
    people = sorted({each.person_id for each in await members_of(session, supplier.key) if each.role is Role.SUPPLIER})
    if people:
        return await _send(session, people, kind, content(None), now)
    if supplier.provenance.claimed or not supplier.email:
        return 0
    try:
        address = normal_email(supplier.email)
    except InvalidValue:
        return 0
    if not answered and not await use_role_address(session, supplier.key, now):
        return 0
    person = await save_person(session, address, supplier.language or NO_LANGUAGE, now)
    return await _send(session, [person], kind, content(supplier.provenance.source), now)


async def _send(
    session: AsyncSession, people: list[int], kind: MailKind, content: ContactMail | SoundingMail, now: datetime
) -> int:
    mark = token_urlsafe(9)
    for person in people:
        await put_item(session, f"{kind.value}|{mark}|{person}", person, kind, to_document(content), now)
    return len(people)
