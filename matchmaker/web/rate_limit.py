"""How often one network address may ask for what costs work: matches, lots' pages, the API.

Each process counts for itself, in memory: several processes together allow that many times more. Signing in has bounds
of its own, kept in the database.
"""

from collections import Counter

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from matchmaker.domain.errors import TooManyRequests
from matchmaker.domain.messages import Message
from matchmaker.web.services import Services

WINDOW_SECONDS = 60
COSTLY = ("/api/", "/lots/", "/purchase", "/suppliers/", "/plan/")
"""What the addresses that are counted begin with."""


class RateLimit(ASGIMiddleware):
    """Counts within each minute of the clock and refuses what is too much, with the seconds to wait."""

    scopes = (ScopeType.HTTP,)

    def __init__(self) -> None:
        self._minute = 0
        self._counts: Counter[str] = Counter()

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Counts the request, then goes on.

        Raises:
            TooManyRequests: the address has used up this minute.
        """
        services: Services = scope["litestar_app"].state.services
        most = services.settings.rate_per_minute
        if most and scope["path"].startswith(COSTLY):
            client = ASGIConnection(scope).client
            self._count(client.host if client else "unknown", most, services.clock().timestamp())
        await next_app(scope, receive, send)

    def _count(self, address: str, most: int, seconds: float) -> None:
        minute = int(seconds // WINDOW_SECONDS)
        if minute != self._minute:
            self._minute = minute
            self._counts.clear()
        self._counts[address] += 1
        if self._counts[address] > most:
            raise TooManyRequests(
                Message("More than %(most)s requests came from your network within a minute.", {"most": most}),
                Message("Wait a minute and try again."),
                wait_seconds=max(1, int((minute + 1) * WINDOW_SECONDS - seconds)),
            )
