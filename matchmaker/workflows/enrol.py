"""Give somebody a role in an organisation; the operator's first steps on a new instance begin here."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import Role, normal_email
from matchmaker.domain.errors import NotFound
from matchmaker.domain.messages import Message
from matchmaker.storage.audit import record
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.organisations import load_organisation
from matchmaker.storage.people import add_member, save_person, save_team, team_name


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
        return await enrol_in(session, wanted, who, now)


async def enrol_in(session: AsyncSession, wanted: Enrolment, who: str, now: datetime) -> bool:
    """As ``enrol``, within the transaction of ``session``."""
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
