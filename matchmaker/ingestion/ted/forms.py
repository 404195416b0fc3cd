"""One form in each language it was published in, walked in step: the original first, translations after it."""

import re
from dataclasses import dataclass
from typing import cast

from lxml import etree

from matchmaker.domain.values import LocalText
from matchmaker.ingestion.readings import Pairs, in_languages, language_code
from matchmaker.ingestion.safe_xml import Element, all_text, folded

_UNPUBLISHED = etree.XPath(".//*[@PUBLICATION='NO']")
_OJ_NUMBER = re.compile(r"(\d{4})\s*/\s*S\s*\d+\s*-\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Versions:
    """The same element in each language version of a form."""

    elements: tuple[tuple[str, Element], ...]

    @property
    def original(self) -> Element:
        """The element in the original language."""
        return self.elements[0][1]

    def texts(self, *paths: str) -> LocalText:
        """Paragraphs at the first of ``paths`` that a version has, by language."""
        pairs: Pairs = []
        for language, element in self.elements:
            found = next((text for path in paths if (text := "\n".join(_texts_at(element, path)))), None)
            if found:
                pairs.append((language, found))
        return in_languages(pairs)

    def all(self, path: str) -> "list[Versions]":
        """Every ``path`` of the original with its counterparts; a version with another number of them is left out."""
        originals = list(self.original.iterfind(path))
        columns = [(language, list(element.iterfind(path))) for language, element in self.elements]
        fitting = [(language, found) for language, found in columns if len(found) == len(originals)]
        return [Versions(tuple((language, found[at]) for language, found in fitting)) for at in range(len(originals))]


def _texts_at(element: Element, path: str) -> list[str]:
    return [text for found in element.iterfind(path) if (text := paragraphs(found))]


def paragraphs(element: Element) -> str:
    """The text of ``element``: each ``P`` a line of its own, white space inside a paragraph folded."""
    blocks = [folded(element.text)]
    for child in element:
        if child.tag == "P":
            blocks.append(folded(all_text(child)))
            blocks.append(folded(child.tail))
        else:
            blocks[-1] = folded(" ".join(filter(None, (blocks[-1], all_text(child), child.tail))))
    return "\n".join(block for block in blocks if block)


def versions(root: Element) -> Versions | None:
    """The form's language versions; None when the document has no form in an original language."""
    section = root.find("FORM_SECTION")
    forms = [] if section is None else [form for form in section if form.get("CATEGORY") or form.get("LG")]
    originals = [form for form in forms if form.get("CATEGORY", "ORIGINAL") == "ORIGINAL"]
    if not originals:
        return None
    for form in forms:
        _drop_unpublished(form)
    ordered = originals + [form for form in forms if form not in originals]
    return Versions(tuple((language_code(form.get("LG")) or "en", form) for form in ordered))


def _drop_unpublished(form: Element) -> None:
    """Takes out the parts a buyer sent but asked not to publish."""
    for part in cast("list[Element]", _UNPUBLISHED(form)):
        holder = part.getparent()
        if holder is not None:
            holder.remove(part)


def notice_number(text: str | None) -> str | None:
    """``2018/S 040-088813`` as the publication number ``088813-2018``; anything else as given."""
    if not text:
        return None
    found = _OJ_NUMBER.search(text)
    return f"{found[2]}-{found[1]}" if found else text
