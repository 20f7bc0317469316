"""Jinja templates: read by Jinja, checked and carried out here, node by node.

Plays may come from strangers. Jinja parses them; nothing is ever compiled to Python. What a template can do is the list of node types
below: print values, `if`, `for`, `set`, comparisons, the filters and tests it is given. There is no call, no attribute of a Python
object, no file, and the work is counted. See `docs/explanation/decisions/` for why this is not Jinja's own sandbox.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from kamcoach.advice import tree as nodes
from kamcoach.advice.evaluate import TESTS, Failed, Run, Work
from kamcoach.advice.parsed import parsed
from kamcoach.advice.words import plain
from kamcoach.errors import BadInput
from kamcoach.source import Diagnostic, Location

MAX_SOURCE: Final = 60_000


class Sandbox:
    """What templates of one language may use: Jinja's grammar, these filters, these limits; `show` says how a value is printed.

    `work` is what they may still do, if they share it with others.
    """

    def __init__(
        self,
        language: str,
        filters: Mapping[str, Callable[..., Any]],
        show: Callable[[Any], str] | None = None,
        work: Work | None = None,
    ) -> None:
        self.language = language
        self.filters = filters
        self.show = show or (lambda value: plain(value, language))
        self.work = work or Work()

    def parse(self, source: str) -> nodes.Template:
        return parsed(source)


@lru_cache(maxsize=4096)
def _nodes(source: str) -> tuple[nodes.Node, ...]:
    """Every node of the tree of a template."""
    return tuple(parsed(source).within())


class Template(NamedTuple):
    tree: nodes.Template
    sandbox: Sandbox


def compile_source(sandbox: Sandbox, source: str, at: Location, most: int = MAX_SOURCE) -> Template:
    """A checked template of at most `most` characters; diagnostics point into the file it came from. Raises BadInput."""
    if len(source) > most:
        raise BadInput([Diagnostic(at, "template-too-long", f"The template is longer than {most} characters.")])
    try:
        tree = sandbox.parse(source)
        _check(source, sandbox)
    except nodes.Unreadable as error:
        if not error.line:
            raise BadInput([Diagnostic(at, "template-syntax", "The template cannot be understood.")]) from error
        hint = "look for a {{ without its }}, and for a {% if … %} or {% for … %} without its {% endif %} or {% endfor %}"
        message = str(error).rstrip(".") + "."
        raise BadInput([Diagnostic(_line(at, error.line), "template-syntax", message, hint)]) from error
    except Failed as failed:
        hint = "see the play format for what may stand there"
        raise BadInput([Diagnostic(_line(at, failed.line), failed.code, str(failed), hint)]) from failed
    return Template(tree, sandbox)


def _check(source: str, sandbox: Sandbox) -> None:
    """Refuse the first node that is not on the list, and filters and tests that do not exist."""
    found: list[tuple[int, str]] = []
    for node in _nodes(source):
        if isinstance(node, nodes.Forbidden) or (isinstance(node, nodes.For) and node.recursive):
            line = next((one.lineno for one in node.within() if one.lineno), 1)
            kind = node.kind if isinstance(node, nodes.Forbidden) else "for"
            found.append((line, f"'{kind.lower()}' may not stand in a template."))
        elif isinstance(node, nodes.Filter) and node.name not in sandbox.filters:
            found.append((node.lineno, f"There is no filter '{node.name}'."))
        elif isinstance(node, nodes.Test) and node.name not in (*TESTS, "defined"):
            found.append((node.lineno, f"There is no test 'is {node.name}'."))
        elif isinstance(node, nodes.Assign) and not isinstance(node.target, nodes.Name):
            found.append((node.lineno, "'set' takes one name."))
        elif isinstance(node, nodes.Slice) and node.step is not None:
            found.append((node.lineno, "A slice takes a beginning and an end, and no step."))
    stray = (node for node in _free(sandbox.parse(source).body, set()) if node.name == "loop") if "loop" in source else ()
    found.extend((node.lineno, "'loop' is there only between 'for' and 'endfor'; the first three are `list[:3]`.") for node in stray)
    if found:
        line, message = min(found)
        raise Failed(line, "template-forbidden", message)


def names_in(source: str) -> set[str]:
    """The names that a template expects from outside; none if it cannot be parsed. (Jinja's own way works constants out.)

    A `loop` outside of every loop is no such name: `compile_source` refuses it.
    """
    try:
        return {node.name for node in _free(parsed(source).body, set())} - {"loop"}
    except nodes.Unreadable:
        return set()


def _free(statements: Iterable[nodes.Node], known: set[str]) -> Iterator[nodes.Name]:
    """The names used before they are set; what is set in a loop does not leave it, and its `loop` begins only behind its `if`."""
    for node in statements:
        if isinstance(node, nodes.For):
            inner = {*known, *(one.name for one in node.target.within() if isinstance(one, nodes.Name))}
            yield from _loaded(node.iter, known)
            yield from _loaded(node.test, inner)
            yield from _free(node.body, {*inner, "loop"})
            yield from _free(node.else_, known)
        elif isinstance(node, nodes.If):
            yield from _loaded(node.test, known)
            yield from _free([*node.body, *node.elif_, *node.else_], known)
        elif isinstance(node, nodes.Assign):
            yield from _loaded(node.node, known)
            known.update(one.name for one in node.target.within() if isinstance(one, nodes.Name))
        else:
            yield from _loaded(node, known)


def _loaded(expression: nodes.Node | None, known: set[str]) -> Iterator[nodes.Name]:
    found = expression.within() if expression is not None else ()
    return (node for node in found if isinstance(node, nodes.Name) and node.name not in known)


def optional_names(source: str) -> set[str]:
    """The names that a template asks for with `is defined` before it uses them."""
    tests = [node for node in _nodes_or_none(source) if isinstance(node, nodes.Test)]
    return {test.node.name for test in tests if test.name == "defined" and isinstance(test.node, nodes.Name)}


def words_in(source: str) -> set[str]:
    """All names that a template uses, also after a dot, and the texts in `x["…"]`."""
    found = _nodes_or_none(source)
    names = {node.name for node in found if isinstance(node, nodes.Name)}
    texts = {node.arg.value for node in found if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const)}
    return names | {node.attr for node in found if isinstance(node, nodes.Getattr)} | {text for text in texts if isinstance(text, str)}


def _nodes_or_none(source: str) -> tuple[nodes.Node, ...]:
    """Every node of a template; none if it cannot be parsed."""
    try:
        return _nodes(source)
    except nodes.Unreadable:
        return ()


def render(template: Template, names: Mapping[str, Any], at: Location, room: int = 1) -> str:
    """The text of a template, as long as `room` sections at most. Raises BadInput with the line that failed."""
    sandbox = template.sandbox
    run = Run(sandbox.language, sandbox.filters, sandbox.show, sandbox.work, room)
    try:
        run.body(template.tree.body, dict(names))
    except Failed as failed:
        raise BadInput([Diagnostic(_line(at, failed.line), failed.code, str(failed))]) from failed
    except RecursionError as error:
        raise BadInput([Diagnostic(at, "template-failed", "The template is nested too deeply.")]) from error
    return "".join(run.parts)


def _line(at: Location, line: int) -> Location:
    return Location(at.path, at.line + line - 1, 1)
