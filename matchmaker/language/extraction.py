"""Finds every sentence people can read, so that catalogues can be kept complete.

Python is read as a syntax tree, because a sentence may be chosen (``Message("A" if few else "B")``); templates are read by
Jinja's own extractor.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2.ext import babel_extract

PLURALS = frozenset({"translate_plural", "ngettext"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message id with its plural where it has one, and where it stands."""

    text: str
    plural: str | None
    place: str

    @property
    def key(self) -> str | tuple[str, str]:
        """As Babel's catalogues name it."""
        return (self.text, self.plural) if self.plural else self.text


@dataclass(frozen=True, slots=True)
class Hidden:
    """A message whose text cannot be found by reading the source; it could never be translated."""

    place: str


def sentences(package: Path, templates: Path) -> tuple[list[Sentence], list[Hidden]]:
    """Every sentence below the two folders, in the order of files, and the messages that hide theirs."""
    found: list[Sentence] = []
    hidden: list[Hidden] = []
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package.parent).as_posix()
        for item in _in_python(ast.parse(path.read_text(encoding="utf-8")), name):
            (found if isinstance(item, Sentence) else hidden).append(item)  # type: ignore[arg-type]
    for path in sorted(each for each in templates.rglob("*") if each.suffix in {".html", ".txt"}):
        found += _in_template(path, f"templates/{path.relative_to(templates).as_posix()}")
    return found, hidden


def _in_python(tree: ast.Module, name: str) -> Iterator[Sentence | Hidden]:
    for scope, call in _calls(tree):
        function = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        place = f"{name}:{call.lineno}"
        if function == "Message":
            texts = _texts(_first(call), scope, tree)
            if texts is None:
                yield Hidden(place)
            yield from (Sentence(text, None, place) for text in texts or () if text)
        elif function in PLURALS and len(call.args) >= 2:
            one, many = (_texts(argument, scope, tree) for argument in call.args[:2])
            if one and many:
                yield Sentence(one[0], many[0], place)


def _calls(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.Call]]:
    """Every call with the function it stands in (the module outside functions)."""
    pending: list[tuple[ast.AST, ast.AST]] = [(tree, tree)]
    while pending:
        scope, node = pending.pop()
        if isinstance(node, ast.Call):
            yield scope, node
        inner = node if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else scope
        pending += [(inner, child) for child in ast.iter_child_nodes(node)]


def _first(call: ast.Call) -> ast.expr | None:
    if call.args:
        return call.args[0]
    return next((keyword.value for keyword in call.keywords if keyword.arg == "text"), None)


def _texts(node: ast.expr | None, scope: ast.AST, tree: ast.Module) -> Sequence[str] | None:
    """The texts an expression can be; None when that cannot be seen. The text of another message is no new one."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        branches = [_texts(branch, scope, tree) for branch in (node.body, node.orelse)]
        return None if None in branches else [text for branch in branches for text in branch or ()]
    if isinstance(node, ast.Attribute) and node.attr == "text":
        return []
    if isinstance(node, ast.Name):
        assigned = list(_assigned(node.id, scope)) or list(_assigned(node.id, tree))
        found = [_texts(value, scope, tree) for value in assigned]
        return None if not found or None in found else [text for texts in found for text in texts or ()]
    return None


def _assigned(name: str, scope: ast.AST) -> Iterator[ast.expr]:
    """What a name is given inside a scope, by assignment."""
    for node in ast.walk(scope):
        if (
            isinstance(node, ast.Assign) and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
        ) or (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name and node.value):
            yield node.value


def _in_template(path: Path, name: str) -> Iterator[Sentence]:
    options = {"trim_blocks": "true", "lstrip_blocks": "true", "extensions": "jinja2.ext.do", "silent": "false"}
    with path.open("rb") as lines:
        for line, function, message, _comments in babel_extract(lines, ("_", "gettext", "ngettext"), (), options):
            place = f"{name}:{line}"
            if function in PLURALS and isinstance(message, tuple):
                yield Sentence(str(message[0]), str(message[1]), place)
            elif isinstance(message, tuple):
                yield Sentence(str(message[0]), None, place)
            elif message:
                yield Sentence(str(message), None, place)
