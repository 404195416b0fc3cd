"""What of a text carries meaning: titles without numbers, first sentences, the pieces of a profile."""

import re

from matchmaker.domain.match import Need
from matchmaker.domain.values import LocalText, text_in

PIECES = 8
"""Pieces of a profile that are compared on their own; a profile that says everything says nothing in its ninth sentence."""
_SENTENCE_END = re.compile(r"(?<=[.!?;•])\s+|\n+")
_QUOTES = re.compile(r"[\"'„“”«»*()\[\]]")
_WITH_DIGIT = re.compile(r"\S*\d\S*")
_LOT_WORD = re.compile(
    r"\b(lot|lote|lotto|lots|los|lose|losu|perceel|část|časť|część|osa|daļa|dalis|rész|parte|parti|nr|no|cig)\b\.?", re.IGNORECASE
)
_SPACE = re.compile(r"\s+")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")


def sentences(text: str, at_least: int = 16) -> list[str]:
    """Sentences, list items and lines of at least so many characters; the whole text where none is."""
    found = [piece.strip() for piece in _SENTENCE_END.split(text)]
    return [piece for piece in found if len(piece) >= at_least] or ([text.strip()] if text.strip() else [])


def profile_pieces(text: str) -> list[str]:
    """A profile as the capability model reads it: the whole, then its sentences if there are several.

    Give each piece its own vector: the whole says what kind of organisation it is, the best sentence what it can deliver.
    """
    parts = sentences(text)[:PIECES]
    return [text.strip(), *parts] if len(parts) > 1 else parts


def without_numbers(text: str) -> str:
    """A title without quotes, lot numbers, references and dates, which say nothing of the work."""
    bare = _LOT_WORD.sub(" ", _WITH_DIGIT.sub(" ", _QUOTES.sub(" ", text)))
    return _SPACE.sub(" ", bare).strip(" .-–—:;,/|")


def _original(texts: LocalText, language: str | None) -> str:
    found = text_in(texts, language or "en", language)
    return found[1] if found else ""


def need_texts(need: Need) -> tuple[str, str]:
    """The need in its own language: its title (with a first sentence when the title says too little), and title with sentence.

    Both are empty when the need has no words.
    """
    title = without_numbers(_original(need.title, need.language))
    first = next(iter(sentences(_original(need.description, need.language))), "")
    both = f"{title}. {without_numbers(first)[:300]}".strip(" .")
    return (title if len(_LONG_WORD.findall(title)) >= 3 else both), both
