"""What a program with a token may ask: each route of the API names its scope by its tag."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import HTTPRouteHandler
from litestar.handlers.base import BaseRouteHandler
from litestar.openapi.spec import Components, SecurityScheme

from matchmaker.domain.access import Scope
from matchmaker.domain.errors import NotAllowed
from matchmaker.domain.messages import Message

SCOPE_OF_TAG: dict[str, Scope] = {
    "lots": Scope.LOTS,
    "procedures": Scope.LOTS,
    "contracts": Scope.LOTS,
    "released lists": Scope.LOTS,
    "suppliers": Scope.SUPPLIERS,
    "matches": Scope.MATCHES,
    "plans": Scope.MATCHES,
    "records": Scope.OWN,
    "purchase plans": Scope.OWN,
}
SCOPE_LABELS: dict[Scope, Message] = {
    Scope.LOTS: Message("Read lots, procedures, contracts and released lists"),
    Scope.SUPPLIERS: Message("Read suppliers, with the figures you may see"),
    Scope.MATCHES: Message("Ask for matches and plans"),
    Scope.OWN: Message("Read the records and purchase plans of your teams"),
}
BEARER = "bearer"
COMPONENTS = Components(
    security_schemes={
        BEARER: SecurityScheme(
            type="http",
            scheme="bearer",
            description="A token made on /account/tokens. Without one the API answers as to somebody not signed in."
            " Scopes: " + "; ".join(f"{scope.value}: {label}" for scope, label in SCOPE_LABELS.items()) + ".",
        )
    }
)


def scope_needed(handler: BaseRouteHandler) -> Scope | None:
    """The scope a token needs for a route; None where no token is accepted."""
    tags = (handler.tags or ()) if isinstance(handler, HTTPRouteHandler) else ()
    return next((SCOPE_OF_TAG[tag] for tag in tags if tag in SCOPE_OF_TAG), None)


async def within_scope(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """A guard of the whole site: lets requests without token pass, and those whose token names the route's scope."""
    scopes: frozenset[Scope] | None = connection.scope.get("state", {}).get("token_scopes")
    if scopes is None:
        return
    needed = scope_needed(handler)
    if needed is None or needed not in scopes:
        raise NotAllowed(
            Message("This token does not include the permission “%(scope)s”.", {"scope": needed.value if needed else "-"}),
            Message("Make one that does, on the page of your tokens."),
        )
