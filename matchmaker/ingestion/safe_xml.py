"""Bytes to an element tree without entities, DTD or network, bounded in size and depth, tags without namespaces.

Tags are stripped to local names on reading: older TED notices come in six namespaces, and one path then fits all of them.
"""

import re
from collections.abc import Iterator

from lxml import etree

from matchmaker.domain.errors import UnreadableDocument
from matchmaker.domain.messages import Message

Element = etree._Element

MAX_BYTES = 100_000_000
"""Largest document read, in bytes; the largest real notices are about 10 MB."""

MAX_DEPTH = 100
"""Deepest nesting read; real notices stay under 25."""

_DOCTYPE = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"))


def read_tree(data: bytes, name: str, max_bytes: int = MAX_BYTES) -> tuple[Element, str]:
    """The root element with local names as tags, and the root's namespace (empty when it has none).

    Raises:
        UnreadableDocument: empty, too large, too deep, not XML, or with a document type declaration.
    """
    _refuse_size(data, name, max_bytes)
    if any(mark in data for mark in _DOCTYPE):
        raise _refuse_doctype(name)
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        if "Excessive depth" in str(error):
            raise _too_deep(name) from None
        raise UnreadableDocument(
            Message("“%(name)s” is not readable XML: %(reason)s", {"name": name, "reason": _reason(error)}),
            Message("Fetch the document again from its publisher; it may have been cut off on the way."),
        ) from None
    if etree.ElementTree(root).docinfo.internalDTD is not None:
        raise _refuse_doctype(name)
    namespace = etree.QName(root).namespace or ""
    _strip(root)
    _refuse_depth(root, name)
    return root, namespace


def _reason(error: Exception) -> str:
    """The parser's own words with the place, as a sentence; it names every document “<string>”."""
    words = re.sub(r" \(<string>, line \d+\)$", "", str(error))
    return f"{words[:300].rstrip('.')}."


def _too_deep(name: str) -> UnreadableDocument:
    return UnreadableDocument(
        Message("“%(name)s” nests its elements more than %(limit)s deep.", {"name": name, "limit": MAX_DEPTH}),
        Message("Fetch the original notice from its publisher."),
    )


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )


def _refuse_size(data: bytes, name: str, max_bytes: int) -> None:
    if len(data) > max_bytes:
        raise too_large(name, len(data), max_bytes)
    if not data or data.isspace():
        raise UnreadableDocument(
            Message("“%(name)s” is empty.", {"name": name}), Message("Fetch the document again from its publisher.")
        )


def too_large(name: str, size: int, limit: int) -> UnreadableDocument:
    """The refusal of a document of more than ``limit`` bytes."""
    return UnreadableDocument(
        Message(
            "“%(name)s” is %(size)s MB large; at most %(limit)s MB are read.",
            {"name": name, "size": round(size / 1e6, 1), "limit": round(limit / 1e6, 1)},
        ),
        Message("Give one notice per file."),
    )


def _refuse_doctype(name: str) -> UnreadableDocument:
    return UnreadableDocument(
        Message("“%(name)s” has a document type declaration, which notices never have and which is not safe.", {"name": name}),
        Message("Remove the <!DOCTYPE …> part, or fetch the original notice from its publisher."),
    )


def _strip(root: Element) -> None:
    for element in root.iter(etree.Element):
        tag = element.tag
        if tag[0] == "{":
            element.tag = tag[tag.index("}") + 1 :]


def _refuse_depth(root: Element, name: str) -> None:
    depth, level = 0, [root]
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise _too_deep(name)
        level = [child for element in level for child in element if len(child)]


def folded(text: str | None) -> str | None:
    """``text`` with runs of white space as one space; None when nothing is left."""
    return (" ".join(text.split()) or None) if text else None


def all_text(element: Element) -> str:
    """All text inside ``element``, in order, unfolded."""
    return "".join(piece for piece in element.itertext() if isinstance(piece, str))


def value(element: Element | None, path: str) -> str | None:
    """Folded text of the first ``path`` under ``element``; None when absent or blank."""
    return None if element is None else folded(element.findtext(path))


def values(element: Element | None, path: str) -> tuple[str, ...]:
    """Folded texts of every ``path`` under ``element``, blanks and repetitions dropped."""
    if element is None:
        return ()
    return tuple(dict.fromkeys(text for found in element.iterfind(path) if (text := folded(found.text))))


def first(element: Element | None, *paths: str) -> Element | None:
    """The first element found under the first ``path`` that has one."""
    if element is None:
        return None
    return next((found for path in paths if (found := element.find(path)) is not None), None)


def each(element: Element | None, path: str) -> Iterator[Element]:
    """Every ``path`` under ``element``; none when ``element`` is None."""
    return iter(()) if element is None else element.iterfind(path)
