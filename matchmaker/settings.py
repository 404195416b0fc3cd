"""Settings from the environment, read once at the edge and passed down as values."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from matchmaker.domain.errors import InvalidValue
from matchmaker.domain.messages import Message


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an instance can be told. ``documentation()`` is the table in README; a test compares them."""

    home: Path
    database_url: str | None
    base_url: str
    demo: bool
    shared: Path
    smtp_url: str | None
    mail_from: str
    show_imported_suppliers: frozenset[str]
    quarantine_days: int
    log_json: bool
    secret: str | None = field(repr=False)
    max_upload_bytes: int = 20_000_000
    record_years: int = 3
    audit_years: int = 5
    rate_per_minute: int = 240
    scan_command: str = ""


VARIABLES: Mapping[str, tuple[str, str]] = {
    "MATCHMAKER_HOME": (".matchmaker", "Folder that keeps everything of one instance: embedded database, sent mail of the demo."),
    "DATABASE_URL": ("", "PostgreSQL 16+ with pgvector 0.7+; empty starts the embedded PostgreSQL in the home folder."),
    "MATCHMAKER_BASE_URL": ("http://127.0.0.1:8000", "Public address, used in links inside e-mails."),
    "MATCHMAKER_DEMO": ("", "1 allows demo sign-in links and example data. Never set it on a public server."),
    "MATCHMAKER_SHARED": ("../shared", "Folder with real notices and reference tables for development and tests."),
    "MATCHMAKER_SMTP_URL": ("", "smtp://user:password@host:port; empty writes mails to the home folder instead."),
    "MATCHMAKER_MAIL_FROM": ("matchmaker@localhost", "Sender address of e-mails."),
    "MATCHMAKER_SHOW_IMPORTED": (
        "example benchmark fr-ess-numerique fr-siae-le-marche susy-europe uk-charities-sample uk-charities-top2000 uk-coops",
        "Sources, separated by spaces, whose imported and unclaimed supplier records are public.",
    ),
    "MATCHMAKER_QUARANTINE_DAYS": ("30", "Days after which unreadable documents are deleted."),
    "MATCHMAKER_LOG_JSON": ("", "1 writes logs as JSON lines."),
    "MATCHMAKER_SECRET": ("", "Key for signed values, at least 32 characters; empty makes one in the home folder."),
    "MATCHMAKER_MAX_UPLOAD_BYTES": ("20000000", "Largest upload accepted, in bytes."),
    "MATCHMAKER_SCAN_COMMAND": (
        "",
        "Run on each uploaded document with its path; anything but exit status 0 refuses it. Empty: none.",
    ),
    "MATCHMAKER_RECORD_YEARS": ("3", "Years after award, else decision, else last entry, for which sourcing records are kept."),
    "MATCHMAKER_AUDIT_YEARS": ("5", "Years for which the log of who changed what is kept."),
    "MATCHMAKER_RATE_PER_MINUTE": ("240", "Costly requests (matches, API) one network address may make a minute; 0: no bound."),
}


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from ``environment`` (default: the process's).

    Raises:
        InvalidValue: a number is not a number, naming the variable.
    """
    source = os.environ if environment is None else environment

    def text(name: str) -> str:
        return source.get(name) or VARIABLES[name][0]

    def number(name: str) -> int:
        try:
            return int(text(name))
        except ValueError:
            raise InvalidValue(
                Message("The setting %(name)s is “%(value)s”, not a whole number.", {"name": name, "value": text(name)}),
                Message("Set it to a whole number or leave it out."),
            ) from None

    return Settings(
        home=Path(text("MATCHMAKER_HOME")),
        database_url=text("DATABASE_URL") or None,
        base_url=text("MATCHMAKER_BASE_URL").rstrip("/"),
        demo=text("MATCHMAKER_DEMO") == "1",
        shared=Path(text("MATCHMAKER_SHARED")),
        smtp_url=text("MATCHMAKER_SMTP_URL") or None,
        mail_from=text("MATCHMAKER_MAIL_FROM"),
        show_imported_suppliers=frozenset(text("MATCHMAKER_SHOW_IMPORTED").split()),
        quarantine_days=number("MATCHMAKER_QUARANTINE_DAYS"),
        log_json=text("MATCHMAKER_LOG_JSON") == "1",
        secret=text("MATCHMAKER_SECRET") or None,
        max_upload_bytes=number("MATCHMAKER_MAX_UPLOAD_BYTES"),
        record_years=number("MATCHMAKER_RECORD_YEARS"),
        audit_years=number("MATCHMAKER_AUDIT_YEARS"),
        rate_per_minute=number("MATCHMAKER_RATE_PER_MINUTE"),
        scan_command=text("MATCHMAKER_SCAN_COMMAND"),
    )
