"""The clauses of a regime: what each part of a provision rests on, and whether that is still good enough to decide on.

A clause is *verified* when its text was seen in a dated version, the day from which it holds is known, and its review is not
due; *stale* when it was seen, but in a superseded version or too long ago; *missing* when a date or source lacks, or when it is
general knowledge. Laws are reviewed 18 months after they were checked, laws marked as moving after six.
"""

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

REVIEW_MONTHS = 18
MOVING_REVIEW_MONTHS = 6


class ClauseKind(StrEnum):
    """Which part of a provision a clause is."""

    ELIGIBLE = "eligible"
    SHARE = "share"
    DISADVANTAGE = "disadvantage"
    SCOPE = "scope"
    CONDITIONS = "conditions"
    THRESHOLD = "threshold"
    DURATION = "duration"
    LOOK_BACK = "look-back"
    JOINT_BIDS = "joint-bids"
    RELIANCE = "reliance"
    SUBCONTRACTING = "subcontracting"
    QUOTA = "quota"
    NOTICE = "notice"


class Mark(StrEnum):
    """How a clause is known: its text was seen, an older text of it was seen, or it is general knowledge."""

    SEEN = "seen"
    OLDER = "older"
    GENERAL = "general"


class ClauseState(StrEnum):
    """Whether a clause may carry an automatic answer (``VERIFIED``)."""

    VERIFIED = "verified"
    STALE = "stale"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause. ``text_version`` is the date of the text that was seen, ``checked_on`` the day it was known to stand so.

    ``valid_from`` is the regime's; a clause without it is never verified.
    """

    kind: ClauseKind
    legal_reference: str
    mark: Mark
    source: str
    text_version: date | None
    checked_on: date | None
    moving: bool
    valid_from: date | None

    @property
    def review_by(self) -> date | None:
        """The last day before a review is due; None when it was never checked."""
        if self.checked_on is None:
            return None
        return _months_later(self.checked_on, MOVING_REVIEW_MONTHS if self.moving else REVIEW_MONTHS)

    def state(self, day: date) -> ClauseState:
        """What may be decided on it on ``day``."""
        review_by = self.review_by
        known = self.mark is not Mark.GENERAL and self.source and self.text_version and self.valid_from
        if not known or review_by is None:
            return ClauseState.MISSING
        if self.mark is Mark.OLDER or day > review_by:
            return ClauseState.STALE
        return ClauseState.VERIFIED


def clause_of(row: dict[str, str]) -> Clause:
    """A clause from a row of its table; ``valid_from`` is that of the regime's version it belongs to."""
    return Clause(
        kind=ClauseKind(row["clause"]),
        legal_reference=row["legal_reference"],
        mark=Mark(row["mark"]),
        source=row["source"],
        text_version=_day(row["text_version"]),
        checked_on=_day(row["checked_on"]),
        moving=row["moving"] == "yes",
        valid_from=_day(row["valid_from"]),
    )


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
