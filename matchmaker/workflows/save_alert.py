"""Save, stop and take back what a person wants to hear about."""

from datetime import datetime

from matchmaker.domain.access import Person, Role
from matchmaker.domain.alert import AlertProfile
from matchmaker.domain.errors import InvalidValue, NotFound
from matchmaker.domain.messages import Message
from matchmaker.reference.bundle import Reference
from matchmaker.storage.alert_profiles import load_alert_profile, save_alert_profile, stop_profiles
from matchmaker.storage.audit import record
from matchmaker.storage.codec import to_document
from matchmaker.storage.engine import SessionMaker, transaction
from matchmaker.storage.outbox import drop_alerts


async def save_alert(sessions: SessionMaker, person: Person, profile: AlertProfile, reference: Reference, now: datetime) -> None:
    """Stores the profile and what it was before; saving it is the consent to be written to.

    Raises:
        NotFound: the person is not a member of that supplier.
        InvalidValue: an activity that does not exist.
    """
    if profile.person_id != person.person_id or not person.serves(profile.organisation_key, Role.SUPPLIER):
        raise NotFound(Message("We could not find that organisation among yours."), Message("Choose one on your own page."))
    unknown = set(profile.activities) - {activity.key for activity in reference.activities}
    if unknown:
        raise InvalidValue(
            Message("There is no activity “%(activity)s”.", {"activity": min(unknown)}),
            Message("Choose from the activities on the page."),
        )
    async with transaction(sessions) as session:
        before = await load_alert_profile(session, person.person_id, profile.organisation_key)
        await save_alert_profile(session, profile, now)
        await record(
            session,
            now,
            str(person.person_id),
            "alert saved",
            profile.organisation_key,
            to_document(before) if before else None,
            to_document(profile),
        )


async def stop_alerts(sessions: SessionMaker, person_id: int, now: datetime) -> int:
    """Stops every alert to one person's address, and takes back what has not left yet; how many alerts were running.

    Nothing else of the account changes, and nobody else's alerts do.
    """
    async with transaction(sessions) as session:
        stopped = await stop_profiles(session, person_id, now)
        await drop_alerts(session, person_id, now)
        if stopped:
            await record(session, now, str(person_id), "alerts stopped", f"person {person_id}", after={"stopped": stopped})
        return stopped
