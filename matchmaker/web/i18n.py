"""Which language a reader wants: the one they chose, else their account's, else their browser's, else English."""

from typing import Any

from babel import Locale
from litestar import post
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.response import Redirect

from matchmaker.language.translate import SOURCE_LANGUAGE, languages
from matchmaker.web.guards import everyone, person_of
from matchmaker.web.security import local_path
from matchmaker.web.services import WebRequest, services_of
from matchmaker.workflows.remember_language import remember_language

COOKIE = "language"
A_YEAR = 365 * 24 * 3600


def language_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Two-letter interface language for this reader; always one of ``languages()``."""
    offered = languages()
    chosen = connection.scope.get("state", {}).get(COOKIE) or connection.cookies.get(COOKIE)
    if chosen in offered:
        return chosen
    person = person_of(connection)
    if person is not None and person.language in offered:
        return person.language
    return next((tag for tag in accepted(connection.headers.get("accept-language", "")) if tag in offered), SOURCE_LANGUAGE)


def accepted(header: str) -> list[str]:
    """Primary language tags of an Accept-Language header (RFC 9110, 12.5.4), most wanted first; nonsense is passed over."""
    wanted: list[tuple[float, int, str]] = []
    for position, part in enumerate(header[:500].split(",")):
        tag, _, weight = part.strip().partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            continue
        if tag and quality > 0:
            wanted.append((-quality, position, tag.split("-")[0].lower()))
    return [tag for _, _, tag in sorted(wanted)]


def language_names() -> list[tuple[str, str]]:
    """``(code, name in itself)`` of each interface language."""
    return [(code, (Locale.parse(code).get_display_name(code) or code).capitalize()) for code in languages()]


async def choose(request: WebRequest, wanted: str) -> None:
    """This request is answered in the language wanted, and mails to somebody signed in too; unknown ones are English."""
    chosen = wanted if wanted in languages() else SOURCE_LANGUAGE
    request.scope.setdefault("state", {})[COOKIE] = chosen
    services, person = services_of(request), person_of(request)
    if person is not None:
        await remember_language(services.sessions, person.person_id, chosen)


def language_cookie(request: WebRequest) -> Cookie:
    """The cookie that remembers the language of this request."""
    return Cookie(
        key=COOKIE,
        value=language_of(request),
        max_age=A_YEAR,
        httponly=True,
        samesite="lax",
        secure=services_of(request).settings.base_url.startswith("https:"),
    )


@post("/language", guards=[everyone], include_in_schema=False, exclude_from_csrf=True)
async def choose_language(request: WebRequest) -> Redirect:
    """Remembers the language in a cookie, for somebody signed in also for mails, and returns to where it was chosen.

    Without a token: the page of an address that does not exist has none to give, and a foreign page's form comes without the
    session, so that it changes nothing but the words on the screen.
    """
    form = await request.form()
    await choose(request, str(form.get("language", "")))
    return Redirect(local_path(str(form.get("next", "/"))), status_code=303, cookies=[language_cookie(request)])
