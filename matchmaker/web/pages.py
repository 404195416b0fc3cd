"""Turns a template and values into a page; the layout's own values are added here and nowhere else."""

from dataclasses import dataclass
from typing import Any

from litestar.background_tasks import BackgroundTask
from litestar.response import Template

from matchmaker.domain.access import Role
from matchmaker.domain.messages import Message
from matchmaker.domain.special_category import shown_statuses
from matchmaker.web.guards import person_of
from matchmaker.web.i18n import language_names, language_of
from matchmaker.web.names import CRITERIA, DELIVERIES, EVIDENCE, KINDS, QUESTIONS, RESERVED, STATUSES, Names
from matchmaker.web.services import WebRequest, services_of
from matchmaker.web.session import session_cookie_name
from matchmaker.web.static_files import static_url


@dataclass(frozen=True)
class Link:
    """An entry of the main menu; ``role`` is who sees it, None everyone."""

    path: str
    label: Message
    role: Role | None = None


MENU: list[Link] = [
    Link("/purchase", Message("Find suppliers")),
    Link("/lots", Message("Lots")),
    Link("/suppliers", Message("Suppliers")),
    Link("/how-matching-works", Message("How it works")),
    Link("/buyer", Message("Your desk"), Role.BUYER),
    Link("/purchase-plans", Message("Purchase plans"), Role.BUYER),
    Link("/released", Message("Subcontractors"), Role.MAIN_CONTRACTOR),
    Link("/supplier", Message("Your organisation"), Role.SUPPLIER),
    Link("/officer", Message("Market engagement"), Role.OFFICER),
    Link("/operator/mail", Message("Mail"), Role.OPERATOR),
    Link("/operator/statuses", Message("Statuses"), Role.OPERATOR),
    Link("/operator/claims", Message("Claims"), Role.OPERATOR),
]


WORDS: dict[str, Any] = {
    "static": static_url,
    "criteria": CRITERIA,
    "questions": QUESTIONS,
    "statuses": STATUSES,
    "shown_statuses": shown_statuses,
    "reserved_names": RESERVED,
    "kinds": KINDS,
    "deliveries": DELIVERIES,
    "evidence_names": EVIDENCE,
}
"""What every template may use, whoever asks."""


def page(
    request: WebRequest,
    template: str,
    status: int = 200,
    headers: dict[str, str] | None = None,
    after: BackgroundTask | None = None,
    **context: Any,
) -> Template:
    """``template`` as a page in the reader's language; ``after`` runs once it is sent.

    Templates may use ``language``, ``names`` (codes as words), ``person``, ``menu``, ``here`` (the path), ``demo``, ``today``
    and ``csrf_input`` besides ``context``.
    """
    return Template(
        template,
        context={**WORDS, **_layout(request), **context},
        status_code=status,
        headers=headers,
        media_type="text/html",
        background=after,
    )


def _layout(request: WebRequest) -> dict[str, Any]:
    """What the layout shows for this reader."""
    services = services_of(request)
    person = person_of(request)
    roles = person.roles if person else frozenset()
    language = language_of(request)
    return {
        "language": language,
        "names": Names(services.tools.reference, language),
        "language_names": language_names(),
        "person": person,
        "perhaps_signed_in": "user" not in request.scope and session_cookie_name(services.settings) in request.cookies,
        "menu": [link for link in MENU if link.role is None or link.role in roles],
        "here": request.url.path,
        "return_to": return_path(request),
        "demo": services.settings.demo,
        "today": services.today,
    }


def return_path(request: WebRequest) -> str:
    """Where to go after the language was changed: here, with the query; after a form was sent, its page without the answers."""
    query = request.url.query
    return request.url.path + (f"?{query}" if query and request.method == "GET" else "")
