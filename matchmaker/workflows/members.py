"""Who belongs to an organisation: found, invite, ask to join, decide, remove. Nobody outside is shown who its members are."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import INVITATION_LIFETIME, Person, Role, normal_email
from matchmaker.domain.alert import MailKind
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.membership import MembershipMail, MembershipNews
from matchmaker.domain.messages import Message
from matchmaker.storage.audit import record
from matchmaker.storage.codec import to_document
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.joining import (
    Asked,
    Invited,
    Member,
    TeamInvitationRow,
    accept_invitation,
    decide_join_request,
    load_invitation,
    members_of,
    open_invitations,
    open_join_requests,
    save_invitation,
    save_join_request,
    take_invitation_back,
)
from matchmaker.storage.outbox import put_item
from matchmaker.storage.people import add_member, remove_member, save_person, save_team, team_name

MOST_OPEN_INVITATIONS = 50
LONGEST_WORDS = 500
INVITATION_GONE = Message("This invitation was used, taken back, or has lapsed.")
ASK_COLLEAGUE = Message("Ask the colleague who sent it for a new one.")


@dataclass(frozen=True, slots=True)
class Team:
    """A team as its members see it."""

    key: str
    name: str
    members: tuple[Member, ...]
    invitations: tuple[Invited, ...]
    requests: tuple[Asked, ...]

    @property
    def roles(self) -> tuple[Role, ...]:
        """Roles somebody holds in it: the only ones that can be given."""
        return tuple(sorted({member.role for member in self.members}))


async def found_team(session: AsyncSession, person_id: int, key: str, name: str, role: Role, now: datetime) -> None:
    """Makes the team where it is missing and this person a member, in the transaction of ``session``."""
    await save_team(session, key, name, now)
    if await add_member(session, person_id, key, role, now):
        await record(session, now, str(person_id), "member added", key, after={"person": person_id, "role": role.value})


async def read_team(sessions: SessionMaker, person: Person, key: str, now: datetime) -> Team:
    """The team with everything that waits for an answer.

    Raises:
        NotFound: this person is no member; whether there is such a team is not said.
    """
    async with sessions() as session:
        return await _own_team(session, person, key, now)


async def invite(sessions: SessionMaker, person: Person, key: str, email: str, role: Role, now: datetime) -> None:
    """Sends an invitation to an address; one open at a time for an address and role.

    Raises:
        NotFound: this person is no member.
        InvalidValue: no address, a role nobody holds in this team, a member already, or too many open invitations.
    """
    address = normal_email(email)
    async with transaction(sessions) as session:
        team = await _own_team(session, person, key, now)
        if role not in team.roles:
            raise InvalidValue(Message("Nobody in this team holds that role."), Message("Choose a role from the list."))
        if any(member.email == address and member.role is role for member in team.members):
            raise InvalidValue(Message("%(email)s is a member already.", {"email": address}))
        if len(team.invitations) >= MOST_OPEN_INVITATIONS:
            raise InvalidValue(
                Message("%(count)s invitations wait for an answer.", {"count": len(team.invitations)}),
                Message("Take some back first."),
            )
        to = await save_person(session, address, person.language, now)
        row = TeamInvitationRow(
            invitation_id=uuid4().hex,
            team_key=key,
            person_id=to,
            role=role.value,
            invited_by=person.person_id,
            created_at=now,
            expires_at=now + INVITATION_LIFETIME,
        )
        await save_invitation(session, row)
        mail = MembershipMail(MembershipNews.INVITED, key, team.name, person.email, row.invitation_id)
        await tell(session, to, mail, f"invitation|{row.invitation_id}", now)
        await record(session, now, str(person.person_id), "member invited", key, after={"person": to, "role": role.value})


async def take_back(sessions: SessionMaker, person: Person, key: str, invitation_id: str, now: datetime) -> None:
    """Ends an invitation that was not used; its link then leads nowhere.

    Raises:
        NotFound: this person is no member, or there is no such open invitation.
    """
    async with transaction(sessions) as session:
        await _own_team(session, person, key, now)
        if not await take_invitation_back(session, key, invitation_id):
            raise NotFound(INVITATION_GONE)
        await record(session, now, str(person.person_id), "invitation taken back", key)


async def look_at_invitation(sessions: SessionMaker, invitation_id: str, now: datetime) -> Invited:
    """What an invitation says. Changes nothing.

    Raises:
        NotFound: used, taken back or lapsed.
    """
    async with sessions() as session:
        return _usable(await load_invitation(session, invitation_id), now)


async def accept(sessions: SessionMaker, invitation_id: str, now: datetime) -> Invited:
    """Makes the person with the invited address a member; who holds the link has read that address's mail.

    Raises:
        NotFound: used, taken back or lapsed.
    """
    async with transaction(sessions) as session:
        invited = _usable(await load_invitation(session, invitation_id), now)
        if not await accept_invitation(session, invitation_id, now):
            raise NotFound(INVITATION_GONE, ASK_COLLEAGUE)
        await found_team(session, invited.person_id, invited.team_key, invited.team_name, invited.role, now)
    return invited


async def remove(sessions: SessionMaker, person: Person, key: str, member_id: int, role: Role, now: datetime) -> None:
    """Takes a role from a member, oneself included.

    Raises:
        NotFound: this person is no member, or the other is none.
        InvalidValue: it is the last member.
    """
    async with transaction(sessions) as session:
        team = await _own_team(session, person, key, now, lock=True)
        if not any(member.person_id == member_id and member.role is role for member in team.members):
            raise NotFound(Message("This person is no member of the team."), Message("Load the page of the team again."))
        if len(team.members) == 1:
            raise InvalidValue(
                Message("The last member cannot be removed."), Message("Invite a colleague first, who must accept it.")
            )
        await remove_member(session, member_id, key, role)
        before = {"person": member_id, "role": role.value}
        await record(session, now, str(person.person_id), "member removed", key, before=before)


async def ask_members(session: AsyncSession, person: Person, key: str, words: str, now: datetime) -> bool:
    """Puts a request to join before the members of a team; False when it has none who could decide."""
    members = await members_of(session, key)
    name = await team_name(session, key)
    if not members or name is None:
        return False
    if await save_join_request(session, key, person.person_id, words, now):
        mail = MembershipMail(MembershipNews.ASKED, key, name, person.email)
        for member_id in dict.fromkeys(member.person_id for member in members):
            await tell(session, member_id, mail, f"join-asked|{key}|{person.person_id}|{member_id}", now)
        await record(session, now, str(person.person_id), "asked to join", key, after={"person": person.person_id})
    return True


async def decide(sessions: SessionMaker, person: Person, key: str, request_id: int, accepted: bool, now: datetime) -> None:
    """Lets a person who asked in, with the role of suppliers, or not; who is let in is told by mail, the other is told nothing.

    Raises:
        NotFound: this person is no member, or there is no such open request.
    """
    async with transaction(sessions) as session:
        team = await _own_team(session, person, key, now)
        asked_by = await decide_join_request(session, key, request_id, accepted)
        if asked_by is None:
            raise NotFound(Message("This request was decided already."), Message("Load the page of the team again."))
        if not accepted:
            await record(session, now, str(person.person_id), "request declined", key, after={"person": asked_by})
            return
        await add_member(session, asked_by, key, Role.SUPPLIER, now)
        after = {"person": asked_by, "role": Role.SUPPLIER.value}
        await record(session, now, str(person.person_id), "request accepted", key, after=after)
        await tell(session, asked_by, MembershipMail(MembershipNews.JOINED, key, team.name), f"joined|{key}|{request_id}", now)


async def tell(session: AsyncSession, person_id: int, mail: MembershipMail, once: str, now: datetime) -> None:
    """Writes such a mail to the outbox, once for ``once``."""
    await put_item(session, f"membership|{once}", person_id, MailKind.MEMBERSHIP, to_document(mail), now)


async def _own_team(session: AsyncSession, person: Person, key: str, now: datetime, lock: bool = False) -> Team:
    name = await team_name(session, key) if person.serves(key) else None
    if name is None:
        raise NotFound(Message("We could not find that organisation among yours."), Message("Choose one on your account page."))
    members = await members_of(session, key, lock)
    return Team(
        key,
        name,
        tuple(members),
        tuple(await open_invitations(session, key, now)),
        tuple(await open_join_requests(session, key)),
    )


def _usable(invited: Invited | None, now: datetime) -> Invited:
    if invited is None or invited.accepted_at is not None or invited.expires_at <= now:
        raise NotFound(INVITATION_GONE, ASK_COLLEAGUE)
    return invited
