"""What of a supplier's record expires, and when its members are reminded."""

from dataclasses import dataclass
from datetime import date

from matchmaker.domain.messages import Message
from matchmaker.domain.organisation import Organisation

REMINDED = (60, 14)
"""Days before an expiry on which a mail leaves, the earlier first."""


@dataclass(frozen=True, slots=True)
class Expiry:
    """One thing that expires, the day, and the step of the record where a new day is entered."""

    what: Message
    day: date
    step: str
    expired: bool

    def reminder(self, today: date) -> int | None:
        """Which of ``REMINDED`` is due on ``today``: the latest whose day has come; None before the first and after the day."""
        left = (self.day - today).days
        return min((days for days in REMINDED if 0 <= left <= days), default=None)


@dataclass(frozen=True, slots=True)
class ExpiryNews:
    """What a reminder says: of which organisation what expires when, and the step of its record."""

    organisation_key: str
    organisation_name: str
    what: Message
    day: date
    step: str


def expiries(organisation: Organisation, today: date) -> tuple[Expiry, ...]:
    """Statuses and certificates that have expired or will within the first reminder's days; the soonest first."""
    found = [
        (_status_words(status.name), status.valid_until, "status")
        for status in organisation.statuses
        if status.valid_until is not None
    ]
    found += [
        (Message("The certificate “%(name)s”", {"name": each.name}), each.valid_until, "proof")
        for each in organisation.certificates
        if each.valid_until is not None
    ]
    near = [Expiry(what, day, step, day < today) for what, day, step in found if (day - today).days <= REMINDED[0]]
    return tuple(sorted(near, key=lambda each: (each.day, str(each.what))))


def _status_words(name: str | None) -> Message:
    return Message("The status “%(name)s”", {"name": name}) if name else Message("The status of your organisation")


def reminder_key(organisation_key: str, expiry: Expiry, days: int, person_id: int) -> str:
    """What may exist once in the outbox: a person is told once of each day of expiry at each distance."""
    return f"expiry|{person_id}|{organisation_key}|{expiry.step}|{expiry.what}|{expiry.day.isoformat()}|{days}"
