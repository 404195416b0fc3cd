"""Keeps the catalogues beside the code: adds sentences that are new, drops those that are gone, counts what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from matchmaker.language.extraction import Sentence

LINE = 120


@dataclass(frozen=True, slots=True)
class Coverage:
    """How complete a catalogue is."""

    language: str
    translated: int
    missing: tuple[str, ...]


def load(path: Path) -> Catalog:
    """A catalogue; its file's stem is the language."""
    with path.open("rb") as lines:
        return read_po(lines, locale=path.stem)


def coverage(path: Path, sentences: Iterable[Sentence]) -> Coverage:
    """Which of the sentences the catalogue does not have, or leaves empty or marked as doubtful."""
    catalogue = load(path)
    wanted = {sentence.text for sentence in sentences}
    done = {text for text in wanted if _translated(catalogue, text)}
    return Coverage(path.stem, len(done), tuple(sorted(wanted - done)))


def _translated(catalogue: Catalog, text: str) -> bool:
    message = catalogue.get(text)
    if message is None or message.fuzzy:
        return False
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(forms)


def update(path: Path, sentences: Iterable[Sentence]) -> None:
    """Rewrites a catalogue with exactly these sentences, keeping what is translated. Places are left out: they change daily."""
    old = load(path)
    new = Catalog(locale=path.stem, fuzzy=False)
    for sentence in sentences:
        known = old.get(sentence.text)
        string = known.string if known is not None and not known.fuzzy else ""
        if sentence.plural:
            forms = string if isinstance(string, tuple | list) and all(string) else ("",) * new.num_plurals
            new.add((sentence.text, sentence.plural), tuple(forms))
        elif sentence.text not in new or not new[sentence.text].pluralizable:
            new.add(sentence.text, string if isinstance(string, str) else "")
    out = BytesIO()
    write_po(out, new, width=LINE, sort_output=True, omit_header=True)
    path.write_bytes(_header(path.stem, new).encode() + out.getvalue())


def _header(language: str, catalogue: Catalog) -> str:
    return (
        f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )
