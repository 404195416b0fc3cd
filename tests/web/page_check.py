"""What every page must be: strict HTML5, one h1, a title, unique ids, labelled inputs, nothing inline."""

import itertools
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E as PARSE_ERRORS

LABELLED = {"input", "select", "textarea"}
NEEDS_NO_LABEL = {"hidden", "submit", "button", "reset", "image"}


def check_page(html: str) -> Element:
    """Parses the page, asserts that it is sound and returns its tree (without namespace)."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    tree: Element = parser.parse(html)
    problems = [f"{position}: {PARSE_ERRORS[code] % values}" for position, code, values in parser.errors]
    assert not problems, problems
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    for element in elements:
        element.tag = element.tag.rpartition("}")[2]
    _structure(tree, elements)
    _ids(elements)
    _labels(elements)
    _nothing_inline(elements)
    return tree


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _structure(tree: Element, elements: list[Element]) -> None:
    assert tree.get("lang"), "the page says no language"
    headings = [element for element in elements if element.tag == "h1"]
    assert len(headings) == 1, f"{len(headings)} h1 elements"
    assert text_of(headings[0]), "empty h1"
    titles = [text_of(element) for element in tree.findall("head/title")]
    assert len(titles) == 1, f"{len(titles)} titles"
    assert titles[0].strip(" –").removesuffix("Matchmaker").strip(" –"), "the title says nothing"
    assert len([element for element in elements if element.tag == "main"]) == 1
    levels = [int(element.tag[1]) for element in elements if element.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]
    for before, after in itertools.pairwise(levels):
        assert after <= before + 1, f"heading level jumps from {before} to {after}"
    for image in (element for element in elements if element.tag == "img"):
        assert image.get("alt") is not None, "image without alt"


def _ids(elements: list[Element]) -> None:
    ids = [identifier for element in elements if (identifier := element.get("id")) is not None]
    assert len(ids) == len(set(ids)), f"repeated ids: {sorted({i for i in ids if ids.count(i) > 1})}"
    known = set(ids)
    for element in elements:
        for attribute in ("for", "aria-describedby", "aria-labelledby", "form", "list", "headers"):
            for target in (element.get(attribute) or "").split():
                assert target in known, f"{element.tag}[{attribute}] points at nothing: {target}"
        link = element.get("href") or ""
        if link.startswith("#"):
            assert link[1:] in known, f"link to a missing place: {link}"


def _labels(elements: list[Element]) -> None:
    labelled = {element.get("for") for element in elements if element.tag == "label"}
    wrapped = {id(child) for label in elements if label.tag == "label" for child in label.iter()}
    for element in elements:
        if element.tag not in LABELLED or element.get("type") in NEEDS_NO_LABEL:
            continue
        named = element.get("aria-label") or element.get("aria-labelledby") or element.get("id") in labelled
        assert named or id(element) in wrapped, f"unlabelled {element.tag} {element.get('name')}"
    for element in elements:
        if element.tag in {"a", "button"}:
            name = text_of(element) or element.get("aria-label")
            assert name, f"a {element.tag} without a name: {dict(element.attrib)}"


def _nothing_inline(elements: list[Element]) -> None:
    for element in elements:
        assert element.tag not in {"style"}, "inline style sheet"
        assert element.tag != "script", "script"
        attributes: dict[Any, Any] = dict(element.attrib)
        assert "style" not in attributes, f"style attribute on {element.tag}"
        assert not [name for name in attributes if str(name).startswith("on")], f"event handler on {element.tag}"
        assert not str(attributes.get("href", "")).lower().startswith("javascript:")
    for form in (element for element in elements if element.tag == "form" and element.get("method") == "post"):
        token = [child for child in form.iter("input") if child.get("name") == "_csrf_token"]
        assert len(token) == 1, f"form {form.get('action')} without its token"
