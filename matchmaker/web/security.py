"""What the browser is told not to do, and the key that signs what we hand out."""

import re
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from litestar.config.csrf import CSRFConfig
from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

from matchmaker.settings import Settings

MAX_FORM_BYTES = 200_000
"""Largest body of a form or JSON request; routes that take files set their own."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


async def add_security_headers(message: Message, scope: Scope) -> None:
    """Before-send hook: every answer, errors too, carries the headers; pages are never kept by shared caches."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if scope["litestar_app"].state.services.settings.base_url.startswith("https:"):
        headers.setdefault("strict-transport-security", "max-age=31536000")
    headers.setdefault("cache-control", "private, no-cache")


def csrf_config(settings: Settings) -> CSRFConfig:
    """Double-submit token, readable by no script; JSON calls without cookies are answered without it (``/api``)."""
    return CSRFConfig(
        secret=signing_secret(settings),
        cookie_name="csrf",
        cookie_httponly=True,
        cookie_samesite="lax",
        cookie_secure=settings.base_url.startswith("https:"),
    )


def signing_secret(settings: Settings) -> str:
    """The key from the settings, else one made once and kept in the home folder, readable by its owner only."""
    if settings.secret:
        return settings.secret
    path: Path = settings.home / "secret"
    if not path.is_file():
        settings.home.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text().strip()


def local_path(text: str) -> str:
    """``text`` if it is a path on this site, else the home page: a link handed to us never leads elsewhere."""
    parts = urlsplit(text)
    if parts.scheme or parts.netloc or not re.match(r"^/(?![/\\])[^\x00-\x1f\\]*$", text):
        return "/"
    return text
