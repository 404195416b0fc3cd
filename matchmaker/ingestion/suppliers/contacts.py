"""Only what belongs to the organisation is kept: role addresses and web sites, never a person's address or number."""

import re
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

ROLE_WORDS = frozenset(tomllib.loads((Path(__file__).parent / "role_words.toml").read_text(encoding="utf-8"))["words"])
"""Local parts (the first word of them) that name a function."""

_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w/])(?:\+|00|\(0|0)[0-9][0-9 ()./\u00a0-]{6,}[0-9](?![\w/])")


def role_address(text: str) -> str | None:
    """The address, if it is one and names a function; None for a person's."""
    found = _EMAIL.fullmatch(text.strip().lower().removeprefix("mailto:"))
    if not found:
        return None
    first_word = re.split(r"[._+\d-]", found.group().split("@")[0])[0]
    return found.group() if first_word in ROLE_WORDS else None


def without_contacts(text: str) -> str:
    """The text without e-mail addresses of persons and without telephone numbers."""
    kept = _EMAIL.sub(lambda found: found.group() if role_address(found.group()) else "…", text)
    return _PHONE.sub("…", kept)


def web_address(text: str) -> str | None:
    """An ``http(s)`` address, the scheme added where missing; None when it is none or leads elsewhere."""
    written = text.strip().split()[0] if text.strip() else ""
    address = written if re.match(r"^[a-z][a-z0-9+.-]*:", written.lower()) else f"http://{written}"
    try:
        seen = urlsplit(address)
        host = seen.hostname or ""
    except ValueError:
        return None
    proper = seen.scheme.lower() in {"http", "https"} and "." in host and not seen.username
    return address if proper and len(address) <= 500 else None
