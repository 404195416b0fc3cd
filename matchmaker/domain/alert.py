"""Alerts: what a person asked to hear about, what a lot's news says, when something is sent again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.match import Match, Need, Verdict, out_of_reach
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import ReservedParticipation
from matchmaker.domain.values import CpvCode, Deadline, LocalText, NutsCode

SEND_AGAIN_AFTER = timedelta(minutes=10)
"""A message claimed and not marked for this long is doubtful and is sent again."""

_BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
LAST_ATTEMPT = 12


class Channel(StrEnum):
    """The way an alert reaches a person."""

    EMAIL = "email"
    WEBHOOK = "webhook"


class MailKind(StrEnum):
    """What an outbox row is for; decides how it is written and whether several share one mail."""

    SIGN_IN = "sign-in"
    LOT_ALERT = "lot-alert"
    CONTRACTOR_MESSAGE = "contractor-message"
    """From a main contractor to a supplier on a released list."""
    CONTACT = "contact"
    """From a buyer's team to a supplier, or back."""
    SOUNDING = "sounding"
    """A buyer asks whether a supplier could deliver a planned lot."""
    MEMBERSHIP = "membership"
    """About joining a team, or about the claim of a record."""
    EXPIRY = "expiry"
    """A status or certificate of the reader's organisation expires."""
    WEBHOOK = "webhook"
    """No mail: the same news posted to a program of the reader's."""


@dataclass(frozen=True, slots=True)
class AlertProfile:
    """What one person wants to hear about for one organisation.

    Empty activities mean all; empty regions mean wherever the organisation works.
    ``minimum_score`` is in [0, 1]. ``consented_at`` is when the person saved it: saving is the consent. A profile never
    lapses by itself; ``stopped_at`` is set by the person, in the account or through a mail's link.
    """

    person_id: int
    organisation_key: str
    regions: tuple[NutsCode, ...] = ()
    activities: tuple[str, ...] = ()
    minimum_score: float = 0.5
    only_reserved: bool = False
    consented_at: datetime | None = None
    stopped_at: datetime | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.minimum_score <= 1:
            raise InvalidValue(
                Message("The lowest score %(score)s is not between 0 and 100 percent.", {"score": f"{self.minimum_score:.0%}"}),
                Message("Give a whole number from 0 to 100."),
            )

    @property
    def active(self) -> bool:
        """Whether alerts leave."""
        return self.stopped_at is None


def reserved_for_us(reserved: Iterable[ReservedParticipation]) -> bool:
    """Whether a lot is reserved for sheltered workshops, their programmes or public-service missions (BT-71, BT-736)."""
    return any(marker is not ReservedParticipation.NONE for marker in reserved)


def _in_region(regions: tuple[NutsCode, ...], places: tuple[NutsCode, ...]) -> bool:
    # A lot for a whole country concerns each of its regions; a lot without place may be anywhere: unknown is never no.
    if not regions or not places:
        return True
    return any(region.covers(place) or place.covers(region) for region in regions for place in places)


def _of_activity(prefixes: tuple[str, ...], cpvs: tuple[CpvCode, ...]) -> bool:
    # A lot coded one level above the activity ("cleaning and sewage" for "window cleaning") may still contain it.
    if not prefixes or not cpvs:
        return True
    return any(cpv.code.startswith(prefix) or prefix.startswith(cpv.stem) for cpv in cpvs for prefix in prefixes)


def asks_for(profile: AlertProfile, need: Need, cpv_prefixes: tuple[str, ...]) -> bool:
    """Whether the filters of ``profile`` let ``need`` through; ``cpv_prefixes`` are those of its activities, main CPV counts."""
    return (
        profile.active
        and (not profile.only_reserved or reserved_for_us(need.reserved))
        and _in_region(profile.regions, need.nuts)
        and _of_activity(cpv_prefixes, need.cpvs)
    )


def good_enough(profile: AlertProfile, match: Match) -> bool:
    """Whether a scored pair is worth a mail.

    The score is reached, the law does not shut the supplier out, and the lot is not far outside where it works unless the
    profile names regions of its own.
    """
    if match.score < profile.minimum_score or match.verdict is Verdict.NOT_ELIGIBLE:
        return False
    return bool(profile.regions) or not out_of_reach(match)


@dataclass(frozen=True, slots=True)
class MatchedOrganisation:
    """Why a lot suits one of the reader's organisations; ``score`` in (0, 1)."""

    key: str
    name: str
    score: float
    reasons: tuple[Message, ...]
    caveats: tuple[Message, ...] = ()
    """What lowers the score."""


@dataclass(frozen=True, slots=True)
class LotNews:
    """All a mail says about one published lot, fixed at the moment of the match. ``need_id`` is ``NOTICE_ID/LOT``.

    ``organisations`` is empty where the reader was told of an earlier version and this one suits none of them any more, or the
    lot is over.
    """

    need_id: str
    version: str
    title: LocalText
    language: str | None
    organisations: tuple[MatchedOrganisation, ...]
    buyer: str | None = None
    country: str | None = None
    deadline: Deadline | None = None
    planned: bool = False
    """No offers can be made yet; with a ``deadline`` interest can be expressed until then."""
    reserved: bool = False
    newer_version: bool = False
    """An earlier version of this lot was announced to the reader before."""
    changes: tuple[Message, ...] = ()
    """What is different since."""
    over: bool = False
    """Offers can no longer be made: ``changes`` says what came of it."""


def dedupe_key(person_id: int, need_id: str, version: str, channel: Channel) -> str:
    """What may exist once in the outbox: one person, lot, version and channel."""
    return f"{dedupe_prefix(person_id, need_id)}{version}|{channel.value}"


def dedupe_prefix(person_id: int, need_id: str) -> str:
    """What the keys of all versions of a lot for one person begin with."""
    return f"lot-alert|{person_id}|{need_id}|"


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When a temporarily refused message is tried again after ``attempts`` tries; None after the last."""
    if attempts >= LAST_ATTEMPT:
        return None
    return now + _BACK_OFF[min(attempts, len(_BACK_OFF)) - 1]
