"""A sourcing record as a file: JSON that anybody can verify, and HTML made to be printed."""

from pathlib import Path
from typing import Any

from litestar import Response

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message
from matchmaker.domain.sourcing_record import SourcingRecord
from matchmaker.language.templates import environment, render
from matchmaker.package_files import folder
from matchmaker.storage.codec import json_line
from matchmaker.web.names import CRITERIA, RESERVED, Names
from matchmaker.web.record_view import record_view, record_words

IN_FULL = 20
"""Matches printed with their reasons and feature values; of the others place, name and score."""
HOW_TO_VERIFY = (
    "Each event's hash is the SHA-256 of the hash before it (64 zeros for the first), a line feed and the event's body, in UTF-8."
)


def record_json(record: SourcingRecord) -> dict[str, Any]:
    """The record as an object: who it belongs to, its hash, and every event as the very text that was hashed."""
    head = record.head
    return {
        "record": head.record_id,
        "kind": head.kind.value,
        "title": head.title,
        "team": head.team_name,
        "opened_at": head.opened_at.isoformat(),
        "outcome": head.outcome.value if head.outcome else None,
        "decided_on": head.decided_on.isoformat() if head.decided_on else None,
        "awarded_on": head.awarded_on.isoformat() if head.awarded_on else None,
        "hash": record.digest,
        "how_to_verify": HOW_TO_VERIFY,
        "events": [{"number": link.number, "hash": link.digest, "body": link.body} for link in record.links],
    }


def record_html(record: SourcingRecord, names: Names, templates: Path | None = None) -> str:
    """One page that needs nothing else: a head and the hash on every sheet of paper."""
    values = {
        "view": record_view(record),
        "record": record,
        "in_full": IN_FULL,
        "names": names,
        "criteria": CRITERIA,
        "reserved_names": RESERVED,
        **record_words(),
    }
    return render(environment(templates or folder("templates")), "record_file.html", names.language, values)


def record_file(kind: str, record: SourcingRecord, names: Names) -> Response[bytes]:
    """The file ``json`` or ``html``.

    Raises:
        InvalidValue: another kind was asked for.
    """
    if kind not in {"json", "html"}:
        raise InvalidValue(
            Message("We cannot write a record as “%(kind)s”.", {"kind": kind[:20]}), Message("Choose JSON or HTML.")
        )
    content = json_line(record_json(record)) if kind == "json" else record_html(record, names).encode()
    name = f"sourcing-record-{record.head.record_id}.{kind}"
    return Response(
        content,
        media_type="application/json" if kind == "json" else "text/html; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"},
    )
