"""Bytes of one release or record to a ``Notice``."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.messages import Message
from matchmaker.domain.notice import Notice
from matchmaker.ingestion.ocds import release
from matchmaker.ingestion.ocds.fields import Json, text
from matchmaker.ingestion.ocds.record import compiled_release
from matchmaker.ingestion.safe_xml import too_large

_JSON_NAME = re.compile(r"\.(?:json|jsonl|ndjson)(?:\.gz)?(?:/(?:releases/|records/|item/|entry/|line )[0-9/]+)?$", re.IGNORECASE)

PACKAGES = ("releases", "records")


def is_json_name(name: str) -> bool:
    """Whether a file of this name holds JSON or JSON Lines, compressed or not; also a name with a place in the file behind it."""
    return bool(_JSON_NAME.search(name))


def looks_like_json(data: bytes, name: str) -> bool:
    """Whether the document is JSON by its name, or by the object or array it starts with."""
    return is_json_name(name) or data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def read(data: bytes, name: str, max_bytes: int) -> Notice:
    """The notice in ``data``: a release, a record, or a package of just one of these.

    Raises:
        UnreadableDocument: not JSON, not OCDS, or a release that says too little; says what and where.
    """
    if len(data) > max_bytes:
        raise too_large(name, len(data), max_bytes)
    try:
        return _read(_parsed(data, name), name)
    except RecursionError:
        raise UnreadableDocument(
            Message("“%(name)s” nests its objects too deep.", {"name": name}),
            Message("Fetch the original release from its publisher."),
        ) from None


def _read(found: object, name: str) -> Notice:
    one = _only_entry(found)
    if one is None or not is_ocds(one):
        keys = ", ".join(str(key)[:40] for key in list(found)[:5]) if isinstance(found, Mapping) else type(found).__name__
        raise UnreadableDocument(
            Message(
                "“%(name)s” is JSON but not one OCDS release or record: it holds %(keys)s.",
                {"name": name, "keys": keys or "nothing"},
            ),
            Message("Releases and records of the Open Contracting Data Standard 1.1 can be read, alone or in packages."),
        )
    return release.read(compiled_release(one, name) if is_record(one) else one, name)


def _parsed(data: bytes, name: str) -> object:
    try:
        return json.loads(data.decode("utf-8-sig"), parse_float=Decimal, parse_constant=Decimal)
    except UnicodeDecodeError as error:
        reason, place = "not UTF-8", f"byte {error.start}"
    except json.JSONDecodeError as error:
        reason, place = error.msg, f"line {error.lineno}, column {error.colno}"
    except ValueError as error:
        reason, place = str(error)[:120].rstrip("."), "-"
    raise UnreadableDocument(
        Message("“%(name)s” is not readable JSON: %(reason)s (%(place)s).", {"name": name, "reason": reason, "place": place}),
        Message("Fetch the document again from its publisher; it may have been cut off on the way."),
    )


def is_record(found: Json) -> bool:
    """Whether an object with an ocid gathers releases rather than being one."""
    return "compiledRelease" in found or "releases" in found


def is_ocds(found: Json) -> bool:
    """Whether the object is a release or record: has an ocid, or the tags of a release."""
    return text(found, "ocid") is not None or ("tag" in found and "tender" in found)


def entries_of(found: object) -> list[object]:
    """The releases or records in a package or array; anything else is its own only entry."""
    if isinstance(found, list):
        return [entry for one in found for entry in entries_of(one)] if all(isinstance(one, Mapping) for one in found) else found
    if isinstance(found, Mapping) and text(found, "ocid") is None:
        for key in PACKAGES:
            if isinstance(inside := found.get(key), list):
                return inside
    return [found]


def _only_entry(found: object) -> Json | None:
    entries = entries_of(found)
    return entries[0] if len(entries) == 1 and isinstance(entries[0], Mapping) else None
