"""Carrying out a template: a walk over its syntax tree that knows a few node types and counts its steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from kamcoach.advice import tree as nodes
from kamcoach.advice.words import MAX_TEXT, Missing, View, joined, plain

MAX_OUTPUT: Final = MAX_TEXT
"""Characters that a section of a play may print."""
MAX_STEPS: Final = 100_000
PAGE: Final = 20
"""A page holds many plays: it may print, and take steps, as much as this many sections."""
MAX_WORK: Final = 6 * MAX_STEPS
"""Steps that all templates together may take for one deal; the pages of a deal with 28 people take 55,000."""
TESTS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "known": lambda value: not isinstance(value, Missing) and value is not None,
    "unknown": lambda value: isinstance(value, Missing) or value is None,
}
_COMPARE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "eq": lambda left, right: bool(left == right),
    "ne": lambda left, right: bool(left != right),
    "lt": lambda left, right: bool(left < right),
    "lteq": lambda left, right: bool(left <= right),
    "gt": lambda left, right: bool(left > right),
    "gteq": lambda left, right: bool(left >= right),
    "in": lambda left, right: left in right,
    "notin": lambda left, right: left not in right,
}
NOTHING: Final = object()
"""What a name or field that does not exist gives."""


class Failed(Exception):
    """What cannot be carried out, with its line in the template."""

    def __init__(self, line: int, code: str, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.code = code


class Work:
    """The steps that the templates of one deal still may take."""

    def __init__(self) -> None:
        self.left = MAX_WORK


class Run:
    """One rendering; counts what it does."""

    def __init__(self, language: str, filters: Mapping[str, Callable[..., Any]], show: Callable[[Any], str], work: Work, room: int) -> None:
        self._plain = partial(plain, language=language)
        self.filters = filters
        self.show = show
        self.most_output = room * MAX_OUTPUT
        self.most_steps = room * MAX_STEPS
        self.work = work
        self.parts: list[str] = []
        self.size = 0
        self.steps = 0

    def body(self, statements: list[nodes.Node], scope: dict[str, Any]) -> None:
        for node in statements:
            self._count(node)
            if isinstance(node, nodes.Output):
                for part in node.nodes:
                    self._print(part.data if isinstance(part, nodes.TemplateData) else self._said(part, scope, self.show), part)
            elif isinstance(node, nodes.If):
                self._if(node, scope)
            elif isinstance(node, nodes.For):
                self._for(node, scope)
            elif isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
                scope[node.target.name] = self.value(node.node, scope)

    def _print(self, text: str, node: nodes.Node) -> None:
        self.size += len(text)
        if self.size > self.most_output:
            raise Failed(node.lineno, "template-too-long", f"The text grows beyond {self.most_output} characters.")
        self.parts.append(text)

    def _count(self, node: nodes.Node, *touched: Any) -> None:
        """One step, and more for big values that are touched."""
        weight = 1 + sum(map(_weight, touched)) if touched else 1
        self.steps += weight
        self.work.left -= weight
        if self.steps > self.most_steps or self.work.left < 0:
            raise Failed(node.lineno, "template-too-long", "The template takes too many steps.")

    def _if(self, node: nodes.If, scope: dict[str, Any]) -> None:
        for branch in (node, *node.elif_):
            if self.value(branch.test, scope):
                self.body(branch.body, scope)
                return
        self.body(node.else_, scope)

    def _for(self, node: nodes.For, scope: dict[str, Any]) -> None:
        """Names set inside a loop do not leave it."""
        rows = [self._targets(node, item) for item in self._items(node, scope)]
        if node.test is not None:
            rows = [row for row in rows if self.value(node.test, self._inner(node, scope, row))]
        for place, row in enumerate(rows):
            loop = {"index": place + 1, "index0": place, "first": place == 0, "last": place == len(rows) - 1, "length": len(rows)}
            self.body(node.body, self._inner(node, scope, {**row, "loop": loop}))
        if not rows:
            self.body(node.else_, scope)

    def _inner(self, node: nodes.For, scope: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
        self._count(node, scope)
        return {**scope, **own}

    def _items(self, node: nodes.For, scope: dict[str, Any]) -> list[Any]:
        items = self.value(node.iter, scope)
        if not isinstance(items, (list, tuple, Missing)):
            raise Failed(node.lineno, "template-failed", "Only a list can be gone through with 'for'.")
        return list(items)

    def _targets(self, node: nodes.For, item: Any) -> dict[str, Any]:
        if isinstance(node.target, nodes.Name):
            return {node.target.name: item}
        names = (
            [target.name for target in node.target.items if isinstance(target, nodes.Name)] if isinstance(node.target, nodes.Tuple) else []
        )
        if not isinstance(item, (list, tuple)) or len(names) != len(item):
            raise Failed(node.lineno, "template-failed", "The names after 'for' do not fit the items.")
        return dict(zip(names, item, strict=True))

    def value(self, node: nodes.Node, scope: Mapping[str, Any]) -> Any:
        """The value of an expression. Raises Failed with its line."""
        found = self._peek(node, scope)
        if found is NOTHING:
            name = node.name if isinstance(node, nodes.Name) else getattr(node, "attr", "this")
            raise Failed(node.lineno, "template-unknown-name", f"Nothing is called '{name}' here.")
        return found

    def _peek(self, node: nodes.Node, scope: Mapping[str, Any]) -> Any:
        """As `value`, but NOTHING if the name or the field does not exist."""
        self._count(node)
        return self._tried(node, lambda: self._evaluate(node, scope))

    def _said(self, node: nodes.Node, scope: Mapping[str, Any], show: Callable[[Any], str]) -> str:
        """The value of an expression as text: as it is printed, or plain where it is a part of a longer text."""
        value = self.value(node, scope)
        return str(self._tried(node, lambda: show(value)))

    def _tried(self, node: nodes.Node, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except (TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise Failed(node.lineno, "template-failed", "This cannot be worked out with these values.") from error

    def _evaluate(self, node: nodes.Node, scope: Mapping[str, Any]) -> Any:
        match node:
            case nodes.Name():
                return scope.get(node.name, NOTHING)
            case nodes.Const():
                return node.value
            case nodes.Getattr():
                return _member(self.value(node.node, scope), node.attr)
            case nodes.Getitem():
                return self._item(node, scope)
            case nodes.Test():
                return self._test(node, scope)
            case nodes.Compare():
                return self._compare(node, scope)
            case nodes.And():
                return self.value(node.left, scope) and self.value(node.right, scope)
            case nodes.Or():
                return self.value(node.left, scope) or self.value(node.right, scope)
            case nodes.Not():
                return not self.value(node.node, scope)
            case nodes.Filter():
                return self._filter(node, scope)
            case nodes.CondExpr():
                return self._choice(node, scope)
            case nodes.List() | nodes.Tuple():
                return self._list(node, scope)
            case nodes.Concat():
                return joined([self._said(part, scope, self._plain) for part in node.nodes], "")
        return self._arithmetic(node, scope)

    def _test(self, node: nodes.Test, scope: Mapping[str, Any]) -> bool:
        if node.name == "defined":
            return self._peek(node.node, scope) is not NOTHING
        return TESTS[node.name](self.value(node.node, scope))

    def _compare(self, node: nodes.Compare, scope: Mapping[str, Any]) -> bool:
        left = self.value(node.expr, scope)
        for operand in node.ops:
            right = self.value(operand.expr, scope)
            self._count(node, left, right)
            if not _COMPARE[operand.op](left, right):
                return False
            left = right
        return True

    def _filter(self, node: nodes.Filter, scope: Mapping[str, Any]) -> Any:
        if node.node is None:
            raise Failed(node.lineno, "template-forbidden", "A filter needs a value before it.")
        arguments = [self.value(one, scope) for one in node.args]
        named = {str(one.key): self.value(one.value, scope) for one in node.kwargs}
        value = self.value(node.node, scope)
        self._count(node, value, *arguments, *named.values())
        return self.filters[node.name](value, *arguments, **named)

    def _choice(self, node: nodes.CondExpr, scope: Mapping[str, Any]) -> Any:
        if self.value(node.test, scope):
            return self.value(node.expr1, scope)
        return self.value(node.expr2, scope) if node.expr2 is not None else ""

    def _list(self, node: nodes.List | nodes.Tuple, scope: Mapping[str, Any]) -> list[Any]:
        items = [self.value(item, scope) for item in node.items]
        self._count(node, items)
        return items

    def _item(self, node: nodes.Getitem, scope: Mapping[str, Any]) -> Any:
        owner = self.value(node.node, scope)
        if isinstance(owner, Missing):
            return owner
        if isinstance(node.arg, nodes.Slice):
            self._count(node, owner)
            ends = [self.value(end, scope) if end is not None else None for end in (node.arg.start, node.arg.stop)]
            return owner[slice(*ends)] if isinstance(owner, (list, tuple, str)) else NOTHING
        return _member(owner, self.value(node.arg, scope))

    def _arithmetic(self, node: nodes.Node, scope: Mapping[str, Any]) -> Any:
        """Sums, differences and quotients of numbers and dates; texts are joined with `~`."""
        if isinstance(node, nodes.Neg):
            return -self.value(node.node, scope)
        assert isinstance(node, nodes.BinExpr)
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        if isinstance(left, (str, list)) or isinstance(right, (str, list)):
            raise Failed(node.lineno, "template-failed", "Only numbers can be added; texts are joined with '~'.")
        if isinstance(node, nodes.Add):
            return left + right
        return left - right if isinstance(node, nodes.Sub) else left / right


def _weight(value: Any) -> int:
    """What a value costs to go through: little but for long texts and lists."""
    if isinstance(value, (str, dict)):
        return len(value) // (64 if isinstance(value, str) else 16)
    return sum(1 + _weight(one) for one in value) if isinstance(value, (list, tuple)) else 0


def _member(owner: Any, name: Any) -> Any:
    """A field of a fact, an entry of a table, or an item of a list; never an attribute of a Python object."""
    if isinstance(owner, (View, Missing)) and isinstance(name, str):
        return owner[name]
    if isinstance(owner, Mapping):
        return owner.get(name, NOTHING)
    if isinstance(owner, (list, tuple)) and isinstance(name, int) and -len(owner) <= name < len(owner):
        return owner[name]
    return NOTHING
