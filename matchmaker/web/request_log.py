"""One line for each request: a number, the route, the status and the time it took. No address, no query, no person."""

import re
import secrets
from time import perf_counter
from typing import Any

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger("request")

QUIET = frozenset({"/health/live", "/health/ready"})
"""Asked every few seconds by whoever watches the process; logged only when they fail."""
GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestLog:
    """Wraps the application. A request id handed down by a proxy (``X-Request-Id``) is kept, else one is made."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on and logs it once it is answered, or has failed."""
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        request_id = _given(scope) or secrets.token_hex(8)
        state: dict[str, Any] = scope.setdefault("state", {})
        state["request_id"] = request_id
        started = perf_counter()
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", []), (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            route = str(scope.get("path_template") or "no such route")
            if route not in QUIET or status >= 400:
                taken = round((perf_counter() - started) * 1000, 1)
                log.info(
                    "request", request_id=request_id, method=scope.get("method"), route=route, status=status, milliseconds=taken
                )


def _given(scope: Scope) -> str | None:
    for name, value in scope.get("headers", []):
        if name == b"x-request-id" and GIVEN_ID.fullmatch(text := value.decode("latin-1")):
            return text
    return None
