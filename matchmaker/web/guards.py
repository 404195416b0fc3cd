"""Who may call a route. Every route names one of these; a test walks all routes.

They are coroutines although they wait for nothing: the framework would run plain functions in a thread for each request.
"""

from dataclasses import dataclass
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from matchmaker.domain.access import Person, Role
from matchmaker.domain.errors import NotAllowed, SignInNeeded
from matchmaker.domain.messages import Message


def person_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Person | None:
    """The person signed in, put into the scope by the session middleware."""
    person = connection.scope.get("user")
    return person if isinstance(person, Person) else None


async def everyone(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Open to the public, said on purpose."""


async def signed_in(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Anyone signed in."""
    if person_of(connection) is None:
        raise SignInNeeded(Message("This page needs you to sign in."), Message("Sign in, then open it again."))


@dataclass(frozen=True)
class Allow:
    """A guard for people who hold one of ``roles``."""

    roles: frozenset[Role]

    async def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        """Refuses everyone else."""
        await signed_in(connection, handler)
        person = person_of(connection)
        if person is None or not person.roles & self.roles:
            raise NotAllowed(Message("Your account does not include this page."), Message("Ask a colleague who may open it."))


def allow(*roles: Role) -> Allow:
    """Only people who hold one of these roles."""
    return Allow(frozenset(roles))
