"""One-to-one contact between a buyer's team and a supplier, and when it is closed.

From call to award a buyer may not tell one supplier what the others do not hear (equal treatment and transparency,
Art. 18(1) of Directive 2014/24/EU); questions go to the official channel and are answered to all (Art. 53(2)).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from matchmaker.domain.errors import InvalidValue, Refusal
from matchmaker.domain.messages import Message
from matchmaker.domain.procedure import Stage

LONGEST_TEXT = 5000
LONGEST_TOPIC = 200
MESSAGES_A_DAY = 30
"""Messages one team may send on one day, UTC; a text sent to several suppliers counts once for each."""

ROLE_ADDRESS_REST = timedelta(days=365)
"""An organisation that has nobody here is written to on its public address once in this time."""

PRESUMED_OVER = timedelta(days=730)
"""Results are not always published: so long after the last call without one, it is taken to be over. Our own choice."""

_CALLS = frozenset({Stage.CALLED, Stage.INTENDED})
_ENDS = frozenset({Stage.AWARDED, Stage.MODIFIED})


class ContactClosed(Refusal):
    """A procedure is under way: one-to-one contact about it waits for the award."""


@dataclass(frozen=True, slots=True)
class Step:
    """A notice of a lot's procedure. ``ends_this_lot``: a result that is known for sure to concern the lot."""

    stage: Stage
    published: date | None = None
    ends_this_lot: bool = False


def contact_open(steps: Iterable[Step], today: date) -> bool:
    """Whether a buyer and a supplier may write to each other about a lot; without steps (no lot) always.

    Open while it is only planned, closed from the call (or the intention to award without one) until a result that concerns
    the lot and is no older than the last call; a correction alone stands for the call that it corrects. Where doubt is left,
    closed.
    """
    known = [step for step in steps if step.published is None or step.published <= today]
    calls = [step for step in known if step.stage in _CALLS]
    if not calls and not any(step.stage is Stage.PLANNED for step in known):
        calls = [step for step in known if step.stage is Stage.CHANGED]
    if not calls:
        return True
    last = max((step.published for step in calls if step.published), default=None)
    ends = [step for step in known if step.stage in _ENDS and step.ends_this_lot]
    if any(step.published is None or last is None or step.published >= last for step in ends):
        return True
    return last is not None and today - last > PRESUMED_OVER


def closed_for_now() -> ContactClosed:
    """The refusal while a procedure runs."""
    return ContactClosed(
        Message("Offers are being asked for: until the award nobody writes about this lot to one side alone."),
        Message("Ask through the official question channel that the notice names. The answer then goes to every bidder."),
    )


def plain_text(text: str) -> str:
    """A message as it is kept.

    Raises:
        InvalidValue: empty, or longer than ``LONGEST_TEXT``.
    """
    words = "".join(sign for sign in text.replace("\r\n", "\n") if sign in "\n\t" or sign.isprintable()).strip()
    if not words or len(words) > LONGEST_TEXT:
        raise InvalidValue(
            Message("Write between 1 and %(most)s characters.", {"most": LONGEST_TEXT}),
            Message("Shorten the text, or write one."),
        )
    return words


def notices_named(text: str, most: int = 20) -> tuple[str, ...]:
    """What in a text may be the number of a notice (``00123456-2026``, ``123456-2026``), as written and with leading zeros."""
    found: dict[str, None] = {}
    for word in re.findall(r"\b[A-Za-z]{0,4}\d{3,10}-\d{4}\b", text)[:most]:
        found[word] = None
        number, _, year = word.partition("-")
        if number.isdigit():
            found[f"{number.zfill(8)}-{year}"] = None
    return tuple(found)


class Side(StrEnum):
    """Who wrote."""

    BUYER = "buyer"
    SUPPLIER = "supplier"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a conversation is about: a published lot (``NOTICE_ID/LOT``), a row of the buyer's own plan, or nothing of these.

    ``topic`` is what both sides read; ``purchase`` (``PLAN_ID/ROW_ID``) is for the buyer's team alone.
    """

    topic: str
    lot_id: str | None = None
    purchase: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One message. ``batch`` is the same for texts sent to several suppliers at once, None for a text sent to one."""

    side: Side
    at: datetime
    text: str
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A thread between one buyer's team and one supplier, under the names they had when it began; no address, no person."""

    conversation_id: str
    team_key: str
    team_name: str
    supplier_key: str | None
    """None: the supplier's record is gone."""
    supplier_name: str
    subject: Subject
    opened_at: datetime
    said: Sequence[Said] = ()


@dataclass(frozen=True, slots=True)
class ConversationHead:
    """A thread in a list. ``unread``: the other side wrote since this reader looked."""

    conversation: Conversation
    last_at: datetime
    messages: int
    unread: bool


@dataclass(frozen=True, slots=True)
class ContactMail:
    """What a mail about a message says; never an address. ``source`` names where an unclaimed record came from."""

    conversation_id: str
    writer: str
    reader: str
    topic: str
    text: str
    to_supplier: bool
    supplier_key: str = ""
    lot_id: str | None = None
    source: str | None = None
