"""What the eForms readers share: the notice's language, its remarks, and texts in several languages."""

from dataclasses import dataclass, field

from matchmaker.domain.values import LocalText
from matchmaker.ingestion.readings import WITHHELD, Pairs, Remarks, in_languages, language_code
from matchmaker.ingestion.safe_xml import Element, each, folded

EXTENSION = "UBLExtensions/UBLExtension/ExtensionContent/EformsExtension"


@dataclass(frozen=True, slots=True)
class Context:
    """The notice being read: its language (two letters) and where remarks go."""

    language: str
    remarks: Remarks = field(default_factory=Remarks)

    def texts(self, element: Element | None, path: str) -> LocalText:
        """Every ``path`` under ``element`` by its language (the notice's where it states none)."""
        pairs: Pairs = []
        for found in each(element, path):
            text = _lines(found.text)
            if text and text != WITHHELD:
                pairs.append((language_code(found.get("languageID")) or self.language, text))
        return in_languages(pairs)

    def text(self, element: Element | None, path: str) -> str | None:
        """One folded text: in the notice's language where there is one, else the first."""
        found = self.texts(element, path)
        return folded(found.get(self.language) or next(iter(found.values()), None))


def _lines(text: str | None) -> str:
    """``text`` with its line breaks; indentation, which comes from pretty-printing, and runs of spaces are folded."""
    lines = (" ".join(line.split()) for line in (text or "").splitlines())
    return "\n".join(lines).strip()


def coded(element: Element | None, path: str, list_name: str) -> tuple[str, ...]:
    """Codes at ``path`` whose ``listName`` is ``list_name``, in order, without repetition."""
    return tuple(
        dict.fromkeys(
            code for found in each(element, path) if found.get("listName") == list_name and (code := folded(found.text))
        )
    )
