"""Reading delivery status notifications (RFC 3464): which of our mails came back, and whether for good."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from typing import cast

MESSAGE_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail of ours that came back. ``permanent``: status class 5 (RFC 3463); ``answer`` is what the server said."""

    message_id: str
    permanent: bool
    answer: str


def read_bounce(data: bytes) -> Bounce | None:
    """What a notification says; None for a mail that is none, or does not name the message it is about."""
    mail = message_from_bytes(data, policy=policy.default)
    status = diagnosis = message_id = None
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            for fields in cast(list[Message], part.get_payload()):
                status = fields.get("Status") or status
                diagnosis = fields.get("Diagnostic-Code") or diagnosis
        elif kind in ("message/rfc822", "text/rfc822-headers"):
            message_id = _message_id(part) or message_id
    if status is None or message_id is None:
        return None
    return Bounce(message_id, status.strip().startswith("5"), " ".join(f"{status} {diagnosis or ''}".split())[:500])


def _message_id(part: Message) -> str | None:
    payload = part.get_payload()
    held = payload[0] if isinstance(payload, list) and payload else None
    text = str(held.get("Message-ID", "")) if isinstance(held, Message) else str(payload)
    found = re.search(r"^Message-ID:\s*(\S+)", text, re.IGNORECASE | re.MULTILINE) if held is None else None
    match = MESSAGE_ID.search(found.group(1) if found else text)
    return match.group(0) if match else None
