"""Finds every sentence people can read, so that catalogues can be kept complete.

Python is read as a syntax tree, because a sentence may be chosen (``Message("A" if few else "B")``); templates are read by
Jinja's own extractor.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
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


Found = list[str] | str | None
"""The texts an expression can be; the name of the parameter that holds it; None when it cannot be seen."""


def sentences(package: Path, templates: Path) -> tuple[list[Sentence], list[Hidden]]:
    """Every sentence below the two folders, in the order of files, and the messages that hide theirs."""
    trees = {
        path.relative_to(package.parent).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(package.rglob("*.py"))
    }
    makers = {"Message": 0}
    while (more := {name: at for tree in trees.values() for name, at in _makers(tree, makers).items()} | makers) != makers:
        makers = more
    found: list[Sentence] = []
    hidden = [
        Hidden(f"{name}:{call.lineno}")
        for name, tree in trees.items()
        for scope, call in _calls(tree)
        if _is_hidden(call, scope, tree)
    ]
    for name, tree in trees.items():
        found += _in_python(tree, name, makers)
    for path in sorted(each for each in templates.rglob("*") if each.suffix in {".html", ".txt"}):
        found += _in_template(path, f"templates/{path.relative_to(templates).as_posix()}")
    return found, hidden


def _is_hidden(call: ast.Call, scope: ast.AST, tree: ast.Module) -> bool:
    return _name_of(call) == "Message" and _texts(_argument(call, 0, "text"), scope, tree) is None


def _makers(tree: ast.Module, known: Mapping[str, int]) -> dict[str, int]:
    """Functions that hand a parameter on to a maker of messages, with its position among the arguments callers give."""
    found: dict[str, int] = {}
    for scope, call in _calls(tree):
        if _name_of(call) not in known or not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        text = _texts(_argument(call, known[_name_of(call)], "text"), scope, tree)
        parameters = [each.arg for each in (*scope.args.posonlyargs, *scope.args.args) if each.arg not in {"self", "cls"}]
        if isinstance(text, str) and text in parameters and scope.name not in known:
            found[scope.name] = parameters.index(text)
    return found


def _in_python(tree: ast.Module, name: str, makers: Mapping[str, int]) -> Iterator[Sentence]:
    for scope, call in _calls(tree):
        function, place = _name_of(call), f"{name}:{call.lineno}"
        if function in makers:
            texts = _texts(_argument(call, makers[function], "text"), scope, tree)
            yield from (Sentence(text, None, place) for text in texts if text) if isinstance(texts, list) else ()
        elif function in PLURALS and len(call.args) >= 2:
            one, many = (_texts(argument, scope, tree) for argument in call.args[:2])
            if isinstance(one, list) and isinstance(many, list):
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


def _name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    if len(call.args) > position:
        return call.args[position]
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _texts(node: ast.expr | None, scope: ast.AST, tree: ast.Module) -> Found:
    """What an expression can be. The text of another message is no new one."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return _together([_texts(branch, scope, tree) for branch in (node.body, node.orelse)])
    if isinstance(node, ast.Attribute) and node.attr == "text":
        return []
    if isinstance(node, ast.Name):
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = (*scope.args.posonlyargs, *scope.args.args)
            if node.id in {argument.arg for argument in arguments}:
                return node.id
        assigned = _assigned(node.id, scope) or _assigned(node.id, tree)
        return _together([_texts(value, scope, tree) for value in assigned]) if assigned else None
    return None


def _together(found: Sequence[Found]) -> Found:
    lists = [texts for texts in found if isinstance(texts, list)]
    return [text for texts in lists for text in texts] if len(lists) == len(found) else None


def _assigned(name: str, scope: ast.AST) -> list[ast.expr]:
    """What a name is given inside a scope, by assignment."""
    found: list[ast.expr] = []
    for node in ast.walk(scope):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if value is not None and any(isinstance(target, ast.Name) and target.id == name for target in targets):
            found.append(value)
    return found


def _in_template(path: Path, name: str) -> Iterator[Sentence]:
    options = {"trim_blocks": "true", "lstrip_blocks": "true", "extensions": "jinja2.ext.do", "silent": "false"}
    with path.open("rb") as lines:
        for line, function, message, _comments in babel_extract(lines, ("_", "gettext", "ngettext"), (), options):
            place = f"{name}:{line}"
            if function in PLURALS and isinstance(message, tuple):
                yield Sentence(str(message[0]), str(message[1]), place)
            elif message:
                yield Sentence(str(message[0] if isinstance(message, tuple) else message), None, place)
