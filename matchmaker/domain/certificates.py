"""Certificates that a notice names in plain text: notices have no field for them."""

import re
from collections.abc import Iterable

NAMED: tuple[tuple[str, str], ...] = (
    (r"(?:ISO|УНИ|ΕΛΟΤ)[\s/A-Z-]{0,12}(9001|13485|14001|20000|22000|22301|27001|37001|39001|45001|50001)", r"ISO \1"),
    (r"(?:OHSAS)\s?-?\s?18001", "OHSAS 18001"),
    (r"SA\s?-?\s?8000", "SA 8000"),
    (r"EMAS", "EMAS"),
    (r"(?:HACCP|НАССР|ХАССП|APPCC|AKKH)", "HACCP"),
)
"""Pattern and the name it stands for. Management systems and food safety only: product labels in a description say what is to be
delivered, not what the supplier must hold."""

_PATTERNS = tuple((re.compile(rf"(?<![^\W_]){pattern}(?![^\W_])", re.IGNORECASE), name) for pattern, name in NAMED)


def certificates_named(texts: Iterable[str]) -> tuple[str, ...]:
    """Names of the certificates that stand in ``texts``, each once, in the order of the list above."""
    whole = "\n".join(texts)
    found = (match.expand(name) for pattern, name in _PATTERNS for match in pattern.finditer(whole))
    return tuple(dict.fromkeys(found))
