"""What a supplier answers when it is told of a lot."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from matchmaker.domain.messages import Message


class Answer(StrEnum):
    """What a supplier may say; ``RELEVANT`` and ``HIDDEN`` are told to nobody and only sort its own list."""

    INTERESTED = "interested"
    NOT_FOR_US = "not-for-us"
    PARTNER_WANTED = "partner-wanted"
    RELEVANT = "relevant"
    HIDDEN = "hidden"


class Reason(StrEnum):
    """Why a lot is not for a supplier; what a buyer could change is told to it once three or more say the same."""

    OTHER_WORK = "other-work"
    TOO_LARGE = "too-large"
    TOO_SMALL = "too-small"
    TOO_FAR = "too-far"
    TOO_LITTLE_TIME = "too-little-time"
    NO_CAPACITY = "no-capacity"
    REQUIREMENT = "requirement"
    PRICE = "price"
    OTHER = "other"


ANSWERS = {
    Answer.INTERESTED: Message("We are interested"),
    Answer.NOT_FOR_US: Message("Not for us"),
    Answer.PARTNER_WANTED: Message("We are looking for a partner"),
}
"""The answers a mail offers."""
OWN_MARKS = {Answer.RELEVANT: Message("Right for us, not this time"), Answer.HIDDEN: Message("Do not show it to us again")}
"""Marks a supplier sets on its own list besides."""
REASONS = {
    Reason.OTHER_WORK: Message("It is not our kind of work"),
    Reason.TOO_LARGE: Message("It is too large for us"),
    Reason.TOO_SMALL: Message("It is too small to be worth the effort"),
    Reason.TOO_FAR: Message("It is too far away"),
    Reason.TOO_LITTLE_TIME: Message("There is too little time to prepare an offer"),
    Reason.NO_CAPACITY: Message("We are busy at that time"),
    Reason.REQUIREMENT: Message("We do not meet a requirement of the buyer"),
    Reason.PRICE: Message("The price or the terms do not suit us"),
    Reason.OTHER: Message("Another reason"),
}

FEWEST_TOLD = 3
"""Answers are told to a buyer only as counts of at least so many."""


@dataclass(frozen=True, slots=True)
class LotAnswer:
    """One organisation's answer about one lot (``NOTICE_ID/LOT``); the newest counts. ``reason`` belongs to a no."""

    organisation_key: str
    full_id: str
    answer: Answer
    at: datetime
    reason: Reason | None = None
    by_person: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """What may be told of the answers about a lot: counts of three or more, None where there are fewer."""

    interested: int | None
    partner_wanted: int | None
    reasons: tuple[tuple[Reason, int], ...]
    """Reasons given three times or more, most frequent first."""


def told(answers: dict[Answer, int], reasons: dict[Reason, int]) -> AnswerCounts:
    """Counts as they may be told."""

    def enough(count: int) -> int | None:
        return count if count >= FEWEST_TOLD else None

    shown = [(reason, count) for reason, count in reasons.items() if count >= FEWEST_TOLD]
    return AnswerCounts(
        enough(answers.get(Answer.INTERESTED, 0)),
        enough(answers.get(Answer.PARTNER_WANTED, 0)),
        tuple(sorted(shown, key=lambda pair: (-pair[1], pair[0].value))),
    )
