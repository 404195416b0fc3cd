"""Suppliers say whether they may be named to main contractors, for one lot or for any, and take it back."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import Person, Role
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation
from matchmaker.domain.released_list import NamingConsent
from matchmaker.storage.audit import record
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.notices import load_lot
from matchmaker.storage.organisations import load_organisation
from matchmaker.storage.released_lists import consents_of, delete_consent, save_consent


def addresses_for(person: Person, organisation: Organisation) -> list[str]:
    """Where messages of main contractors may go: the organisation's role address, or that of the member who agrees.

    No other address can be named: nobody is to get mail because somebody else typed an address.
    """
    return [address for address in dict.fromkeys((organisation.email, person.email)) if address]


async def give_consent(
    sessions: SessionMaker, person: Person, organisation_key: str, lot_id: str, contact: str, now: datetime
) -> None:
    """The supplier may be named to main contractors of one lot, or of any where ``lot_id`` is empty.

    Raises:
        NotFound: no such supplier among the person's, or no such lot.
        InvalidValue: an address that is not one of ``addresses_for``.
    """
    async with transaction(sessions) as session:
        organisation = await _own(session, person, organisation_key)
        if lot_id and await load_lot(session, lot_id) is None:
            raise NotFound(
                Message("There is no lot %(lot)s.", {"lot": lot_id[:80]}), Message("Open the lot's page and start there.")
            )
        if contact not in addresses_for(person, organisation):
            raise InvalidValue(
                Message("Messages cannot go to that address."), Message("Choose your own or your organisation's address.")
            )
        consent = NamingConsent(organisation_key, lot_id, contact, now)
        await save_consent(session, consent, person.person_id)
        await record(session, now, str(person.person_id), "consent to be named", organisation_key, after={"lot": lot_id})


async def withdraw_consent(sessions: SessionMaker, person: Person, organisation_key: str, lot_id: str, now: datetime) -> None:
    """Takes it back: no later list names the supplier, and no message reaches it. Lists already released stay as they are.

    Raises:
        NotFound: no such supplier among the person's.
    """
    async with transaction(sessions) as session:
        await _own(session, person, organisation_key)
        if await delete_consent(session, organisation_key, lot_id):
            await record(session, now, str(person.person_id), "consent withdrawn", organisation_key, before={"lot": lot_id})


async def own_consents(sessions: SessionMaker, person: Person) -> list[NamingConsent]:
    """All consents of the suppliers this person serves."""
    async with sessions() as session:
        return await consents_of(session, [each.organisation_key for each in person.organisations_as(Role.SUPPLIER)])


async def _own(session: AsyncSession, person: Person, organisation_key: str) -> Organisation:
    found = await load_organisation(session, organisation_key) if person.serves(organisation_key, Role.SUPPLIER) else None
    if found is None:
        raise NotFound(Message("We could not find that organisation among yours."), Message("Choose one on your own page."))
    return found
