"""Claim an imported record: proof is an address of the organisation, else an operator's decision."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import INVITATION_LIFETIME, Person, Role, normal_email
from matchmaker.domain.errors import InvalidValue, NotFound, TooManyRequests
from matchmaker.domain.membership import MembershipMail, MembershipNews, proves
from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation
from matchmaker.scoring.profile import capability_vectors
from matchmaker.storage.audit import record
from matchmaker.storage.claims import Claim, RecordClaimRow, claims_of, claims_to_decide, decide_claim, load_claim, save_claim
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.lot_columns import conversions_of
from matchmaker.storage.organisations import load_organisation, load_public_organisation, save_organisation
from matchmaker.storage.people import save_person
from matchmaker.workflows.members import LONGEST_WORDS, ask_members, found_team, tell
from matchmaker.workflows.tools import MatchTools

CLAIMS_PER_DAY = 3
"""Claims one person may make of one record within a day: each may send a mail to strangers."""
CLAIM_GONE = Message("This claim was decided already, or the link has lapsed.")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody says who wants to keep a record: an address of the organisation, or words for whoever decides."""

    address: str = ""
    words: str = ""


async def claim(sessions: SessionMaker, person: Person, key: str, wish: Wish, tools: MatchTools, now: datetime) -> None:
    """Sends the mail that proves it, or puts the wish before those who decide: members, else the operators.

    The caller says the same in every case, so that nobody learns whether the organisation has members.

    Raises:
        NotFound: no such public record.
        InvalidValue: an address that proves nothing, or neither address nor words.
        TooManyRequests: asked too often.
    """
    words = wish.words.replace("\x00", "").strip()[:LONGEST_WORDS]
    async with transaction(sessions) as session:
        organisation = await load_public_organisation(session, key, tools.shown_sources)
        if organisation is None:
            raise NotFound(Message("There is no supplier here with this address."))
        address = _proving(wish.address, organisation) if wish.address.strip() else None
        if address is None and not words:
            raise InvalidValue(Message("Say in a sentence what you do for the organisation."))
        if await ask_members(session, person, key, words, now):
            return
        mine = await claims_of(session, person.person_id, key)
        if sum(each.created_at > now - timedelta(days=1) for each in mine) >= CLAIMS_PER_DAY:
            raise TooManyRequests(
                Message("You have asked for this record several times today."), Message("Wait for the answer, or try tomorrow.")
            )
        row = RecordClaimRow(
            claim_id=uuid4().hex,
            organisation_key=key,
            person_id=person.person_id,
            address=address,
            words=words,
            created_at=now,
            expires_at=now + INVITATION_LIFETIME if address else None,
        )
        await save_claim(session, row)
        if address is not None:
            to = await save_person(session, address, person.language, now)
            mail = MembershipMail(MembershipNews.PROVE_CLAIM, key, organisation.name, person.email, row.claim_id)
            await tell(session, to, mail, f"claim|{row.claim_id}", now)
        proof = "address" if address else "operator"
        await record(session, now, str(person.person_id), "claimed", key, after={"proof": proof})


def _proving(typed: str, organisation: Organisation) -> str:
    address = normal_email(typed)
    if not proves(address, organisation):
        raise InvalidValue(
            Message("%(email)s is not an address of this organisation as far as the record shows.", {"email": address}),
            Message("Use one at its own domain, or leave it empty and explain below; an operator then decides."),
        )
    return address


async def look_at_claim(sessions: SessionMaker, claim_id: str, now: datetime) -> tuple[Claim, Organisation]:
    """What a link in a mail of proof asks. Changes nothing.

    Raises:
        NotFound: decided or lapsed.
    """
    async with sessions() as session:
        return await _provable(session, claim_id, now)


async def confirm_claim(sessions: SessionMaker, claim_id: str, tools: MatchTools, now: datetime) -> Claim:
    """Somebody who reads the organisation's mail says that the person works for it.

    Raises:
        NotFound: decided or lapsed.
    """
    async with transaction(sessions) as session:
        found, organisation = await _provable(session, claim_id, now)
        await _grant(session, found, organisation, f"mail to {found.address}", tools, now)
    return found


async def waiting_claims(sessions: SessionMaker) -> list[Claim]:
    """Those an operator decides."""
    async with sessions() as session:
        return await claims_to_decide(session)


async def decide(
    sessions: SessionMaker, operator: Person, claim_id: str, accepted: bool, tools: MatchTools, now: datetime
) -> None:
    """An operator's word, told to who asked.

    Raises:
        NotFound: there is no such open claim.
    """
    async with transaction(sessions) as session:
        found = await load_claim(session, claim_id)
        if found is None or found.accepted is not None or found.address is not None:
            raise NotFound(CLAIM_GONE, Message("Load the list again."))
        organisation = await load_organisation(session, found.organisation_key)
        if organisation is None:
            raise NotFound(Message("The record has asked not to be listed."))
        if accepted:
            await _grant(session, found, organisation, str(operator.person_id), tools, now)
            return
        await decide_claim(session, claim_id, False, now)
        key = found.organisation_key
        await record(session, now, str(operator.person_id), "claim refused", key, after={"person": found.person_id})
        refused = MembershipMail(MembershipNews.CLAIM_REFUSED, key, organisation.name)
        await tell(session, found.person_id, refused, f"claim-refused|{claim_id}", now)


async def _provable(session: AsyncSession, claim_id: str, now: datetime) -> tuple[Claim, Organisation]:
    found = await load_claim(session, claim_id)
    organisation = await load_organisation(session, found.organisation_key) if found else None
    lapsed = found is None or found.expires_at is None or found.expires_at <= now or found.accepted is not None
    if found is None or organisation is None or lapsed:
        raise NotFound(CLAIM_GONE, Message("Ask your colleague to send a new one."))
    return found, organisation


async def _grant(
    session: AsyncSession, found: Claim, organisation: Organisation, who: str, tools: MatchTools, now: datetime
) -> None:
    """Founds the team; the record then is the organisation's own, and no import changes it again."""
    key = found.organisation_key
    if not await decide_claim(session, found.claim_id, True, now):
        raise NotFound(CLAIM_GONE)
    await found_team(session, found.person_id, key, organisation.name, Role.SUPPLIER, now)
    owned = replace(organisation, provenance=replace(organisation.provenance, claimed=True))
    vectors = capability_vectors(owned.capabilities, tools.encoder)
    await save_organisation(session, owned, vectors, conversions_of(tools.reference), now, tools.encoder.version)
    after = {"claimed": True, "person": found.person_id}
    await record(session, now, who, "claim accepted", key, before={"claimed": organisation.provenance.claimed}, after=after)
    joined = MembershipMail(MembershipNews.JOINED, key, organisation.name)
    await tell(session, found.person_id, joined, f"claimed|{found.claim_id}", now)
