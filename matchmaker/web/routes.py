"""Every route handler and middleware of the site. Rooms of the web add theirs here."""

from litestar.types import ControllerRouterHandler, Middleware

from matchmaker.web import health, home, i18n, purchase
from matchmaker.web.static_files import static_router

HANDLERS: list[ControllerRouterHandler] = [
    home.home,
    i18n.choose_language,
    purchase.purchase_form,
    purchase.purchase_matches,
    purchase.purchase_comparison,
    purchase.purchase_export,
    health.live,
    health.ready,
    static_router(),
]

MIDDLEWARE: list[Middleware] = []
"""Outermost first. The session middleware puts the person signed in into the scope."""
