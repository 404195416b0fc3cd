"""Who may do what: roles and the person a request is made by."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a member may do for an organisation; one person may hold several."""

    SUPPLIER = "supplier"
    BUYER = "buyer"
    OFFICER = "officer"
    """Market-engagement officer."""
    OPERATOR = "operator"


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

    def serves(self, organisation_key: str) -> bool:
        """Whether this person is a member of that organisation."""
        return any(membership.organisation_key == organisation_key for membership in self.memberships)
