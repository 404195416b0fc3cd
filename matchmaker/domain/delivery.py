"""When and how news reaches a person: at once, or gathered and sent at a chosen hour of the person's own day."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message


class Rhythm(StrEnum):
    """How often news may arrive."""

    AT_ONCE = "at-once"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One person's wish. ``hour`` (0-23) and ``weekday`` (0 is Monday) count in ``time_zone`` (IANA name).

    Raises:
        InvalidValue: an hour, weekday or zone that does not exist.
    """

    rhythm: Rhythm = Rhythm.AT_ONCE
    hour: int = 7
    weekday: int = 0
    time_zone: str = "UTC"

    def __post_init__(self) -> None:
        if not 0 <= self.hour <= 23 or not 0 <= self.weekday <= 6:
            raise InvalidValue(
                Message("There is no such hour or day of the week."),
                Message("Choose an hour from 0 to 23 and a day of the week."),
            )
        zone_of(self.time_zone)

    def due_at(self, now: datetime) -> datetime:
        """When news of ``now`` is to leave: a moment not before ``now``, in the zone of ``now``.

        Where the clocks are changed at that very hour, the first moment that bears the name counts; where it is left out, the
        one an hour later.
        """
        if self.rhythm is Rhythm.AT_ONCE:
            return now
        zone = zone_of(self.time_zone)
        day = now.astimezone(zone).date()
        while True:
            moment = datetime.combine(day, time(self.hour), zone).astimezone(now.tzinfo)
            if moment >= now and (self.rhythm is Rhythm.DAILY or day.weekday() == self.weekday):
                return moment
            day += timedelta(days=1)


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that IANA name.

    Raises:
        InvalidValue: there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidValue(
            Message("There is no time zone “%(zone)s”.", {"zone": name[:40]}), Message("Choose one from the list.")
        ) from None
