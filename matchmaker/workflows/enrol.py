"""Give somebody a role in an organisation; the operator's first steps on a new instance begin here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import Role, normal_email
from matchmaker.domain.errors import NotFound
from matchmaker.domain.messages import Message
from matchmaker.storage.audit import record
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.organisations import load_organisation
from matchmaker.storage.people import add_member, save_person, save_team, team_name
from matchmaker.storage.signed_sessions import SignInLinkRow, hashed, save_link
from matchmaker.workflows.sign_in import link_token

DEMO_LINK_LIFETIME = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Who is to have which role where; ``name`` is that of a team that does not exist yet."""

    email: str
    role: Role
    organisation_key: str
    name: str | None = None
    language: str = "en"


async def enrol(sessions: SessionMaker, wanted: Enrolment, who: str, now: datetime) -> bool:
    """Makes the person and the team where needed and adds the role; False when it was held already.

    Raises:
        InvalidValue: the e-mail address is none.
        NotFound: a supplier that is not stored.
    """
    async with transaction(sessions) as session:
        return await _enrol(session, wanted, who, now)


async def _enrol(session: AsyncSession, wanted: Enrolment, who: str, now: datetime) -> bool:
    email = normal_email(wanted.email)
    if wanted.role is Role.SUPPLIER:
        organisation = await load_organisation(session, wanted.organisation_key)
        if organisation is None:
            raise NotFound(
                Message("There is no supplier “%(key)s”.", {"key": wanted.organisation_key}),
                Message("Import it first, or look its key up in the address of its page."),
            )
        name = organisation.name
    else:
        name = wanted.name or await team_name(session, wanted.organisation_key) or wanted.organisation_key
    await save_team(session, wanted.organisation_key, name, now)
    person_id = await save_person(session, email, wanted.language, now)
    added = await add_member(session, person_id, wanted.organisation_key, wanted.role, now)
    if added:
        after = {"person": person_id, "role": wanted.role.value}
        await record(session, now, who, "member added", wanted.organisation_key, after=after)
    return added


async def demo_links(
    sessions: SessionMaker, base_url: str, secret: str, now: datetime, people: Sequence[Enrolment]
) -> list[tuple[Role, str]]:
    """Makes the demo's people and, for each, a sign-in link that can be used again and again for a day.

    Only the demo calls this: whoever holds such a link is signed in, in any browser.
    """
    links: list[tuple[Role, str]] = []
    async with transaction(sessions) as session:
        for wanted in people:
            await _enrol(session, wanted, "demo", now)
            person_id = await save_person(session, normal_email(wanted.email), wanted.language, now)
            link_id = uuid4().hex
            token = link_token(secret, link_id)
            await save_link(
                session,
                SignInLinkRow(
                    link_id=link_id,
                    token_hash=hashed(token),
                    person_id=person_id,
                    next_path="/account",
                    reusable=True,
                    created_at=now,
                    expires_at=now + DEMO_LINK_LIFETIME,
                ),
            )
            links.append((wanted.role, f"{base_url}/sign-in/{quote(token)}"))
    return links
