"""Who may do what: roles, the person a request is made by, and the bounds of signing in."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message

SIGN_IN_LINK_LIFETIME = timedelta(minutes=15)
SESSION_LIFETIME = timedelta(days=14)
CODE_ATTEMPTS = 5
"""Wrong codes after which a sign-in link is spent."""
INVITATION_LIFETIME = timedelta(days=14)
LINKS_PER_EMAIL = 5
"""Sign-in links one e-mail address may ask for within ``RATE_WINDOW``."""
LINKS_PER_ADDRESS = 30
"""Sign-in links one network address may ask for within ``RATE_WINDOW``."""
RATE_WINDOW = timedelta(minutes=15)


class Role(StrEnum):
    """What a member may do for an organisation; one person may hold several."""

    SUPPLIER = "supplier"
    BUYER = "buyer"
    OFFICER = "officer"
    """Market-engagement officer."""
    OPERATOR = "operator"
    MAIN_CONTRACTOR = "main-contractor"
    """Bids for lots and looks for subcontractors: sees lists released for that, and may write to those on them."""


class Scope(StrEnum):
    """What a token lets a program read or ask; it never exceeds what its owner may do."""

    LOTS = "read:lots"
    """Lots, procedures, contracts and released lists."""
    SUPPLIERS = "read:suppliers"
    """Supplier records, with the figures its owner may see."""
    MATCHES = "ask:matches"
    """Matches and plans for a lot or a planned purchase."""
    OWN = "read:own"
    """What belongs to its owner's teams: sourcing records, purchase plans."""


TOKEN_PREFIX = "mm_"  # noqa: S105
"""Lets people and scanners of leaked secrets recognise a token."""


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's role in one organisation; ``organisation_key`` is a supplier's key for suppliers, else a team's."""

    organisation_key: str
    organisation_name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Person:
    """Someone signed in."""

    person_id: int
    email: str
    language: str
    memberships: tuple[Membership, ...] = ()

    @property
    def roles(self) -> frozenset[Role]:
        """All roles held."""
        return frozenset(membership.role for membership in self.memberships)

    def serves(self, organisation_key: str, role: Role | None = None) -> bool:
        """Whether this person is a member of that organisation, in ``role`` where one is named."""
        return any(
            membership.organisation_key == organisation_key and role in (None, membership.role) for membership in self.memberships
        )

    def organisations_as(self, role: Role) -> tuple[Membership, ...]:
        """The memberships held in ``role``."""
        return tuple(membership for membership in self.memberships if membership.role is role)


def normal_email(text: str) -> str:
    """An e-mail address as it is stored and compared: trimmed, lower case.

    Deliberately loose (one @, a dot in the domain, no spaces, RFC 5321's 254 characters): only a delivered mail proves more.

    Raises:
        InvalidValue: it cannot be an address.
    """
    email = text.strip().lower()
    if len(email) > 254 or not re.fullmatch(r"[^\s@,;<>\"()]{1,64}@[^\s@,;<>\"()]+\.[^\s@,;<>\"().]+", email):
        raise InvalidValue(
            Message("“%(email)s” is not an e-mail address.", {"email": text.strip()[:80]}),
            Message("Write it like name@example.org."),
        )
    return email
