"""Domain values to plain JSON documents and back, for JSONB columns and files."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum, auto
from functools import lru_cache
from hashlib import sha256
from typing import Any, TypeVar, cast

import msgspec

T = TypeVar("T")

Document = dict[str, Any]
"""A JSON object."""


@lru_cache(maxsize=256)
def _fields(kind: type) -> tuple[tuple[str, object], ...]:
    """Names and defaults of a dataclass; a field without default never equals the one given here."""
    return tuple((field.name, _default(field)) for field in fields(kind))


def _default(field: "Field[Any]") -> object:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else MISSING


_PLAIN = frozenset({str, int, float, bool, type(None)})
"""What JSON takes as it is: most of what is met, and therefore asked for first."""


class _Form(Enum):
    """What JSON makes of any other type, decided once for each."""

    DATACLASS = auto()
    MAPPING = auto()
    SET = auto()
    LIST = auto()
    OTHER = auto()


_KINDS: tuple[tuple[_Form, tuple[type, ...]], ...] = (
    (_Form.MAPPING, (Mapping,)),
    (_Form.SET, (frozenset, set)),
    (_Form.LIST, (list, tuple)),
)


@lru_cache(maxsize=256)
def _form(kind: type) -> _Form:
    if is_dataclass(kind):
        return _Form.DATACLASS
    for form, kinds in _KINDS:
        if issubclass(kind, kinds):
            return form
    return _Form.OTHER


def to_builtins(value: object) -> Any:
    """What JSON can hold: dataclasses become objects without the fields that have their default, decimals and dates text.

    Raises:
        TypeError: a value JSON has no form for.
    """
    kind: type = type(value)
    if kind in _PLAIN:
        return value
    form = _form(kind)
    if form is _Form.DATACLASS:
        found = ((name, getattr(value, name), default) for name, default in _fields(kind))
        return {
            name: held if type(held) in _PLAIN else to_builtins(held)
            for name, held, default in found
            if default is MISSING or held != default
        }
    if form is _Form.MAPPING:
        held_by_key = cast(Mapping[Any, Any], value).items()
        return {str(key): held if type(held) in _PLAIN else to_builtins(held) for key, held in held_by_key}
    if form is _Form.SET:
        return sorted(to_builtins(held) for held in cast(frozenset[Any], value))
    if form is _Form.LIST:
        return [to_builtins(held) for held in cast(list[Any], value)]
    return msgspec.to_builtins(value)


def to_document(value: object) -> Document:
    """The JSON object of a domain value."""
    return cast(Document, to_builtins(value))


def from_document(document: object, kind: type[T]) -> T:
    """The domain value a document holds.

    Raises:
        msgspec.ValidationError: the document has not the form of ``kind``, naming the place.
    """
    return msgspec.convert(document, kind)


def fingerprint(document: object) -> str:
    """Equal for equal documents, whatever the order of their keys (SHA-256, hexadecimal)."""
    return sha256(msgspec.json.encode(document, order="sorted")).hexdigest()


def json_text(document: object) -> str:
    """The document as COPY takes it for a JSON column."""
    return msgspec.json.encode(document).decode()


def json_line(document: object) -> bytes:
    """One line of a JSON Lines file, with its line end."""
    return msgspec.json.encode(document) + b"\n"


def read_json(data: bytes | str) -> Any:
    """JSON text as plain values.

    Raises:
        msgspec.DecodeError: not JSON.
    """
    return msgspec.json.decode(data)
