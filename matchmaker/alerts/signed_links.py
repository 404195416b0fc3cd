"""Links that carry their own permission: a value and a keyed mark that only this instance can make."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from enum import StrEnum
from hashlib import sha256


class Purpose(StrEnum):
    """What a mark is good for; a mark for one purpose is worthless for another."""

    SIGN_IN = "sign-in"
    SIGN_IN_CODE = "sign-in-code"
    STOP_ALERTS = "stop-alerts"
    PREFERENCES = "preferences"
    ANSWER = "answer"
    REPLY = "reply"
    SOUNDING = "sounding"
    INVITATION = "invitation"
    CLAIM = "claim"


def keyed_mark(secret: str, purpose: Purpose, value: str) -> str:
    """HMAC-SHA256 of ``value`` for ``purpose``: 43 characters that fit into an address."""
    mark = hmac.new(secret.encode(), f"{purpose.value}\0{value}".encode(), sha256).digest()
    return urlsafe_b64encode(mark).decode().rstrip("=")


def signed_value(secret: str, purpose: Purpose, value: str) -> str:
    """``VALUE.MARK``; ``value`` may not contain a dot."""
    return f"{value}.{keyed_mark(secret, purpose, value)}"


def signed_answer(secret: str, person_id: int, full_id: str) -> str:
    """Lets its holder answer for that person about that lot (``NOTICE_ID/LOT``), and do nothing else."""
    return signed_for(secret, Purpose.ANSWER, person_id, full_id)


def read_signed_answer(secret: str, text: str) -> tuple[int, str] | None:
    """Person and lot, when the mark is ours; None otherwise."""
    return read_signed_for(secret, Purpose.ANSWER, text)


def signed_for(secret: str, purpose: Purpose, person_id: int, thing: str) -> str:
    """Lets its holder act for that person on that one thing, and do nothing else."""
    value = urlsafe_b64encode(f"{person_id} {thing}".encode()).decode().rstrip("=")
    return signed_value(secret, purpose, value)


def read_signed_for(secret: str, purpose: Purpose, text: str) -> tuple[int, str] | None:
    """Person and thing, when the mark is ours; None otherwise."""
    value = read_signed_value(secret, purpose, text)
    if value is None:
        return None
    person, _, thing = urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode().partition(" ")
    return int(person), thing


def read_signed_value(secret: str, purpose: Purpose, text: str) -> str | None:
    """The value, when the mark is ours; None otherwise. Takes the same time for every wrong mark."""
    value, _, mark = text.partition(".")
    genuine = hmac.compare_digest(keyed_mark(secret, purpose, value).encode(), mark.encode())
    return value if genuine else None
