"""The log of one's organisation as a page and as a file."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from matchmaker.domain.messages import Message
from matchmaker.language.translate import translate
from matchmaker.storage.audit import AuditFilter
from matchmaker.web.forms import Form
from matchmaker.web.guards import signed_in
from matchmaker.web.i18n import language_of
from matchmaker.web.pages import page
from matchmaker.web.services import Services, WebRequest
from matchmaker.web.spreadsheets import Cell, download
from matchmaker.web.supplier_desk import signed
from matchmaker.workflows.team_log import SHOWN, Actor, LogEntry, TeamLog, read_log

ACTIONS: dict[str, Message] = {
    "member added": Message("Member added"),
    "member invited": Message("Colleague invited"),
    "invitation taken back": Message("Invitation taken back"),
    "member removed": Message("Member removed"),
    "asked to join": Message("Somebody asked to join"),
    "request accepted": Message("Request to join accepted"),
    "request declined": Message("Request to join declined"),
    "claimed": Message("Record claimed"),
    "claim accepted": Message("Claim accepted"),
    "claim refused": Message("Claim refused"),
    "registered": Message("Record begun"),
    "published": Message("Record published"),
    "profile edited": Message("Profile changed"),
    "document added": Message("Document added"),
    "document deleted": Message("Document deleted"),
    "document refused": Message("Document refused"),
    "status verified": Message("Status verified"),
    "consent to be named": Message("Agreed to be named"),
    "consent withdrawn": Message("Agreement to be named withdrawn"),
    "agreed to partner": Message("Agreed to be shown to possible partners"),
    "rule undone": Message("Rule undone"),
    "reference": Message("Award confirmed or denied"),
    "objection": Message("Record taken down"),
    "objection withdrawn": Message("Record shown again"),
    "invitation list computed": Message("Invitation list made"),
    "list of subcontractors released": Message("List of subcontractors released"),
    "list of subcontractors withdrawn": Message("List of subcontractors withdrawn"),
    "message to listed suppliers": Message("Message sent to listed suppliers"),
    "figures seen": Message("A buyer was shown figures"),
}
"""What was done, in words; what is missing here is shown as it was stored."""
COLUMNS = (Message("When"), Message("Who"), Message("What"), Message("About"), Message("Before"), Message("After"))
OUTSIDE = Message("somebody outside your team")
SERVICE = Message("the service (%(name)s)")


@get("/team/{key:str}/log", guards=[signed_in], include_in_schema=False)
async def log_page(request: WebRequest, services: NamedDependency[Services], key: FromPath[str]) -> Template:
    """The newest entries, filtered as the address says."""
    form = Form(request.query_params)
    log = await _log(request, services, key, form)
    language = language_of(request)
    return page(
        request,
        "account/team_log.html",
        status=422 if form.errors else 200,
        key=key,
        log=log,
        form=form,
        entries=[(entry.at, *_row(entry, language)) for entry in log.entries],
        actions=[(action, action_words(action, language)) for action in log.actions],
        people=[(str(number), email) for number, email in log.members],
        most=SHOWN,
        query=request.url.query,
    )


@get("/team/{key:str}/log/file", guards=[signed_in], include_in_schema=False)
async def log_file(request: WebRequest, services: NamedDependency[Services], key: FromPath[str]) -> Response[bytes]:
    """The same entries as CSV or XLSX."""
    log = await _log(request, services, key, Form(request.query_params))
    language = language_of(request)
    header: list[Cell] = [translate(column, language) for column in COLUMNS]
    rows: list[list[Cell]] = [[entry.at.isoformat(), *_row(entry, language)] for entry in log.entries]
    return download(request.query_params.get("kind", "csv"), "log", header, rows)


async def _log(request: WebRequest, services: Services, key: str, form: Form) -> TeamLog:
    since, until = form.day("since"), form.day("until")
    wanted = AuditFilter(
        action=form.value("action"),
        who=form.value("who"),
        since=datetime.combine(since, time(), UTC) if since else None,
        until=datetime.combine(until, time(), UTC) + timedelta(days=1) if until else None,
    )
    return await read_log(services.sessions, signed(request), key, wanted)


def action_words(action: str, language: str) -> str:
    """What was done, in the reader's language where we have words for it."""
    return translate(ACTIONS[action], language) if action in ACTIONS else action


def _row(entry: LogEntry, language: str) -> tuple[str, str, str, str, str]:
    who = entry.name
    if entry.actor is not Actor.MEMBER:
        sentence = OUTSIDE if entry.actor is Actor.OUTSIDER else Message(SERVICE.text, {"name": entry.name})
        who = translate(sentence, language)
    return who, action_words(entry.action, language), entry.subject, in_words(entry.before), in_words(entry.after)


def in_words(document: Mapping[str, Any]) -> str:
    """``name: value`` for each part; lists and nested parts as short as they can be."""
    return "; ".join(f"{name.replace('_', ' ')}: {_value(value)}" for name, value in document.items())


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_value(part)}" for name, part in value.items() if part not in (None, "", [], ()))
    if isinstance(value, list | tuple):
        return ", ".join(_value(part) for part in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
