"""Reads the ``.po`` catalogues at start (nothing compiled is kept) and turns messages into sentences."""

from collections.abc import Mapping
from functools import lru_cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from matchmaker.domain.messages import Message, Parameter
from matchmaker.language.parameters import written

CATALOGUES = Path(__file__).parent / "catalogues"
SOURCE_LANGUAGE = "en"


def languages() -> tuple[str, ...]:
    """Interface languages: English, the source, and every catalogue present."""
    return (SOURCE_LANGUAGE, *sorted(path.stem for path in CATALOGUES.glob("*.po")))


@lru_cache
def translations(language: str) -> NullTranslations:
    """gettext translations of one language; English for the source language and unknown ones."""
    path = CATALOGUES / f"{language}.po"
    if language == SOURCE_LANGUAGE or not path.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as lines:
        write_mo(compiled, read_po(lines, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def translate(message: Message | str, language: str) -> str:
    """The sentence in ``language``, parameters filled in; English where the catalogue has none."""
    text, parameters = (message.text, message.parameters) if isinstance(message, Message) else (message, {})
    if not text:
        return ""
    found = translations(language).gettext(text)
    return found % {name: written(name, value, language) for name, value in parameters.items()} if parameters else found


def translate_plural(
    singular: str, plural: str, count: int, language: str, parameters: Mapping[str, Parameter] | None = None
) -> str:
    """The right plural form for ``count``; ``%(count)s`` is always available."""
    return translations(language).ngettext(singular, plural, count) % {"count": count, **(parameters or {})}
