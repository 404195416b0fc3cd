"""The one place in the web room where refusals and failures become pages or problem documents (RFC 9457)."""

import traceback
import uuid
from http import HTTPStatus
from typing import Any

import structlog
from litestar import Response
from litestar.exceptions import HTTPException, PermissionDeniedException
from litestar.response import Redirect
from litestar.types import ExceptionHandlersMap

from matchmaker.domain.errors import (
    InvalidValue,
    NotAllowed,
    NotFound,
    Refusal,
    SignInNeeded,
    TooManyRequests,
    UnreadableDocument,
)
from matchmaker.domain.messages import Message
from matchmaker.language.translate import translate
from matchmaker.web.guards import person_of
from matchmaker.web.i18n import language_of
from matchmaker.web.pages import page, return_path
from matchmaker.web.services import WebRequest

log = structlog.get_logger("web")

STATUS: dict[type[Refusal], int] = {
    NotFound: 404,
    SignInNeeded: 401,
    NotAllowed: 403,
    InvalidValue: 422,
    UnreadableDocument: 422,
    TooManyRequests: 429,
}
"""The first that fits: a kind stands before what it is a kind of."""

TITLES: dict[int, Message] = {
    400: Message("We could not understand that"),
    401: Message("Please sign in"),
    403: Message("This is not open to you"),
    404: Message("We could not find that page"),
    405: Message("That cannot be done here"),
    413: Message("That is too large"),
    422: Message("Something needs to be put right"),
    429: Message("Please wait a moment"),
    500: Message("Something went wrong on our side"),
}
GENERIC: dict[int, tuple[Message, Message]] = {
    404: (
        Message("The address may be mistyped, or what was here has been taken away."),
        Message("Search the lots, or start from the home page."),
    ),
    403: (Message("You cannot open this page."), Message("Go back, or start from the home page.")),
    405: (Message("This address does not take that kind of request."), Message("Go back and use the page's own buttons.")),
    413: (Message("What you sent is larger than we accept."), Message("Send less text or a smaller file.")),
    500: (
        Message("Nothing you entered caused this, and it has been written down."),
        Message("Try again in a few minutes. If it happens again, tell us the number below."),
    ),
}
STALE_FORM = (
    Message("The form was open for too long, or your browser does not keep cookies."),
    Message("Go back, load the page again and send it once more. Allow cookies for this site if it keeps happening."),
)


def answer(request: WebRequest, status: int, sentence: Message, next_step: Message | None = None) -> Response[Any]:
    """A page, or a problem document under ``/api``."""
    language = language_of(request)
    title = TITLES.get(status, TITLES[500 if status >= 500 else 400])
    if request.url.path.startswith("/api/"):
        extra = {"request_id": request_id(request)} if status >= 500 else {}
        return problem(status, translate(title, language), translate(sentence, language), next_step, language, **extra)
    return page(
        request,
        "error.html",
        status=status,
        title=title,
        sentence=sentence,
        next_step=next_step,
        request_id=request_id(request) if status >= 500 else None,
        offer_sign_in=status == 403 and person_of(request) is None,
    )


def problem(status: int, title: str, detail: str, next_step: Message | None, language: str, **extra: Any) -> Response[Any]:
    """A problem document; ``next_step`` says what helps."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **extra}
    if next_step is not None:
        body["next_step"] = translate(next_step, language)
    return Response(body, status_code=status, media_type="application/problem+json", headers={"content-language": language})


def request_id(request: WebRequest) -> str:
    """The number under which this request stands in the log."""
    state = request.scope.setdefault("state", {})
    return str(state.setdefault("request_id", uuid.uuid4().hex[:16]))


def refused(request: WebRequest, refusal: Refusal) -> Response[Any]:
    """A refusal of ours; a page that needs somebody signed in leads to where one signs in, and back."""
    if isinstance(refusal, SignInNeeded) and not request.url.path.startswith("/api/"):
        wanted = return_path(request) if request.method == "GET" else "/account"
        return Redirect("/sign-in", query_params={"next": wanted}, status_code=303)
    status = next((code for kind, code in STATUS.items() if isinstance(refusal, kind)), 409)
    response = answer(request, status, refusal.sentence, refusal.next_step)
    if isinstance(refusal, TooManyRequests):
        response.headers["retry-after"] = str(refusal.wait_seconds)
    return response


def http_error(request: WebRequest, error: HTTPException) -> Response[Any]:
    """An error of the framework: an address that does not exist, a body too large, a stale form, parameters that do not parse."""
    if isinstance(error, PermissionDeniedException) and "CSRF" in error.detail:
        response = answer(request, 403, *STALE_FORM)
        response.delete_cookie("csrf")
        return response
    status = error.status_code
    if status >= 500:
        return failed(request, error)
    sentence, next_step = GENERIC.get(
        status,
        (Message("A part of the address or of what was sent is not valid."), Message("Check it, or start from the home page.")),
    )
    return answer(request, 422 if status == HTTPStatus.BAD_REQUEST else status, sentence, next_step)


def failed(request: WebRequest, error: Exception) -> Response[Any]:
    """A mistake of ours: logged with where it happened, without the error's text, which may hold what people wrote."""
    trace = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in trace[:-1] if "matchmaker" in frame.filename and "site-packages" not in frame.filename]
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in (*ours, *trace[-1:])]
    log.error("request failed", error=type(error).__name__, request_id=request_id(request), frames=frames)
    return answer(request, 500, *GENERIC[500])


HANDLERS: ExceptionHandlersMap = {Refusal: refused, HTTPException: http_error, Exception: failed}
