"""The people of the demonstration: one of each kind, whom anybody may be."""

from datetime import datetime, timedelta
from secrets import token_urlsafe
from urllib.parse import quote
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from matchmaker.domain.access import SESSION_LIFETIME, Person, Role
from matchmaker.domain.alert import AlertProfile
from matchmaker.domain.errors import NotFound
from matchmaker.domain.messages import Message
from matchmaker.storage.alert_profiles import load_alert_profile, save_alert_profile
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.people import load_person, save_person
from matchmaker.storage.signed_sessions import SignInLinkRow, hashed, save_link, save_session
from matchmaker.workflows.enrol import Enrolment, enrol_in
from matchmaker.workflows.sign_in import SignedIn

LINK_LIFETIME = timedelta(days=1)

SUPPLIER_KEY = "example:ie-hearth"
"""The supplier whose member the demonstration lets one be."""
DEMO_PEOPLE = (
    Enrolment("supplier@example.org", Role.SUPPLIER, SUPPLIER_KEY, "Hearth Kitchen Co-op"),
    Enrolment("buyer@example.org", Role.BUYER, "example:riverside-council", "Riverside Council (example)"),
    Enrolment("officer@example.org", Role.OFFICER, "example:market-office", "Social Market Office (example)"),
    Enrolment("operator@example.org", Role.OPERATOR, "example:operation", "Operation of this demonstration"),
    Enrolment("contractor@example.org", Role.MAIN_CONTRACTOR, "example:harbour-builders", "Harbour Builders (example)"),
)
"""Addresses of example.org reach nobody (RFC 2606)."""


async def demo_links(sessions: SessionMaker, base_url: str, now: datetime) -> list[tuple[Role, str]]:
    """Makes the demonstration's people and, for each, a sign-in link that works again and again for a day.

    Whoever holds such a link is signed in, in any browser: call it in a demonstration only.

    Raises:
        NotFound: the example suppliers are not loaded.
    """
    links: list[tuple[Role, str]] = []
    async with transaction(sessions) as session:
        for someone in DEMO_PEOPLE:
            await enrol_in(session, someone, "demo", now)
            if someone.role is Role.SUPPLIER:
                await _first_alert(session, someone, now)
            token = token_urlsafe(32)
            row = SignInLinkRow(
                link_id=uuid4().hex,
                token_hash=hashed(token),
                person_id=await save_person(session, someone.email, someone.language, now),
                next_path="/account",
                reusable=True,
                created_at=now,
                expires_at=now + LINK_LIFETIME,
            )
            await save_link(session, row)
            links.append((someone.role, f"{base_url}/sign-in/{quote(token)}"))
    return links


async def demo_person(session: AsyncSession, role: Role, now: datetime) -> Person:
    """The demonstration's person of that kind, made where there is none.

    Raises:
        NotFound: the example suppliers are not loaded.
    """
    someone = next(each for each in DEMO_PEOPLE if each.role is role)
    await enrol_in(session, someone, "demo", now)
    person = await load_person(session, await save_person(session, someone.email, someone.language, now))
    if person is None:
        raise NotFound(Message("There is nobody of that name in the demonstration."))
    return person


async def _first_alert(session: AsyncSession, someone: Enrolment, now: datetime) -> None:
    """An alert to begin with, so that the worker's first round has a mail to show; one that was saved or stopped stays."""
    person_id = await save_person(session, someone.email, someone.language, now)
    if await load_alert_profile(session, person_id, someone.organisation_key) is None:
        await save_alert_profile(session, AlertProfile(person_id, someone.organisation_key), now)


async def demo_sign_in(sessions: SessionMaker, email: str, now: datetime) -> SignedIn:
    """Signs somebody in as one of the demonstration's people, without a mail.

    Raises:
        NotFound: no such person in the demonstration.
    """
    someone = next((each for each in DEMO_PEOPLE if each.email == email), None)
    if someone is None:
        raise NotFound(Message("There is nobody of that name in the demonstration."), Message("Choose from the list."))
    async with transaction(sessions) as session:
        await enrol_in(session, someone, "demo", now)
        token = token_urlsafe(32)
        person_id = await save_person(session, someone.email, someone.language, now)
        await save_session(session, token, person_id, now, now + SESSION_LIFETIME)
    return SignedIn(token, "/account")
