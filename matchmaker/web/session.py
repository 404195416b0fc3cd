"""The session cookie, and the middleware that turns it into the person signed in."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, Headers
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from matchmaker.alerts.compose import Composer
from matchmaker.domain.access import SESSION_LIFETIME, SIGN_IN_LINK_LIFETIME
from matchmaker.domain.errors import SignInNeeded
from matchmaker.domain.messages import Message
from matchmaker.settings import Settings
from matchmaker.web.security import signing_secret
from matchmaker.web.services import Services
from matchmaker.workflows.api_tokens import bearer_of
from matchmaker.workflows.sign_in import person_signed_in

BROWSER_COOKIE = "browser"
"""Recognises the browser that asked for a sign-in link, until the link expires."""


class SessionMiddleware(ASGIMiddleware):
    """Puts the person signed in into the scope as ``user``: one look-up a request that carries the cookie.

    Under ``/api/`` a token in the header ``Authorization`` counts instead; it brings its scopes along (``token_scopes``).
    """

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Looks the session up, then goes on."""
        services: Services = scope["litestar_app"].state.services
        token = session_token(ASGIConnection(scope), services.settings)
        scope["user"] = None
        if (program := _bearer_token(scope)) is not None:
            bearer = await bearer_of(services.sessions, program, services.clock())
            if bearer is None:
                raise SignInNeeded(
                    Message("This token is unknown, ended or expired."), Message("Make a new one in your account.")
                )
            scope["user"] = bearer.person
            scope.setdefault("state", {})["token_scopes"] = bearer.scopes
        elif token:
            async with services.sessions() as session:
                scope["user"] = await person_signed_in(session, token, services.clock())
        await next_app(scope, receive, send)


def _bearer_token(scope: Scope) -> str | None:
    if not scope["path"].startswith("/api/"):
        return None
    kind, _, token = Headers.from_scope(scope).get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def session_token(connection: ASGIConnection[Any, Any, Any, Any], settings: Settings) -> str | None:
    """The token this browser carries, whether or not it is still good."""
    return connection.cookies.get(session_cookie_name(settings)) or None


def session_cookie_name(settings: Settings) -> str:
    """With HTTPS the prefix makes browsers refuse the cookie from anybody but this very host (RFC 6265bis, 4.1.3.2)."""
    return "__Host-session" if _secure(settings) else "session"


def session_cookie(settings: Settings, token: str) -> Cookie:
    """Signs a browser in."""
    return Cookie(
        key=session_cookie_name(settings),
        value=token,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=_secure(settings),
    )


def ended_session_cookie(settings: Settings) -> Cookie:
    """Makes a browser forget its session."""
    return Cookie(
        key=session_cookie_name(settings), value="", max_age=0, path="/", httponly=True, samesite="lax", secure=_secure(settings)
    )


def browser_cookie(settings: Settings, mark: str) -> Cookie:
    """Lets the browser that asked for a link complete it without the code."""
    return Cookie(
        key=BROWSER_COOKIE,
        value=mark,
        max_age=int(SIGN_IN_LINK_LIFETIME.total_seconds()),
        path="/sign-in",
        httponly=True,
        samesite="lax",
        secure=_secure(settings),
    )


def composer_of(services: Services) -> Composer:
    """What writes this instance's mails."""
    settings = services.settings
    return Composer(settings.base_url, signing_secret(settings), settings.mail_from)


def _secure(settings: Settings) -> bool:
    return settings.base_url.startswith("https:")
