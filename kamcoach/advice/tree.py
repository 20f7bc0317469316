"""The syntax tree of a template: the node types that may stand in one, with the fields of Jinja's own nodes of the same names.

They are ours, so that a tree can be kept as data and a deal be coached without Jinja being loaded. Nothing changes a node once it is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Final

KINDS: Final[dict[str, type[Node]]] = {}


class Unreadable(Exception):
    """A source that is no template, with Jinja's line and words; 0 and "" if it has none."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


class Node:
    """A node with the line it begins on; 0 if that is not known."""

    lineno: int
    fields: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls.fields = (*cls.fields, *cls.__annotations__)
        KINDS[cls.__name__] = cls

    def __init__(self, lineno: int, *parts: Any) -> None:
        self.lineno = lineno
        for name, part in zip(self.fields, parts, strict=True):
            setattr(self, name, part)

    def within(self) -> Iterator[Node]:
        """This node and all below it, without recursion."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            for name in node.fields:
                part = getattr(node, name)
                if isinstance(part, list):
                    waiting.extend(part)
                elif isinstance(part, Node):
                    waiting.append(part)


class Template(Node):
    body: list[Node]


class Output(Node):
    nodes: list[Node]


class TemplateData(Node):
    data: str


class If(Node):
    test: Node
    body: list[Node]
    elif_: list[If]
    else_: list[Node]


class For(Node):
    target: Node
    iter: Node
    body: list[Node]
    else_: list[Node]
    test: Node | None
    recursive: bool


class Assign(Node):
    target: Node
    node: Node


class Name(Node):
    name: str
    ctx: str


class Const(Node):
    value: Any


class Getattr(Node):
    node: Node
    attr: str
    ctx: str


class Getitem(Node):
    node: Node
    arg: Node
    ctx: str


class Slice(Node):
    start: Node | None
    stop: Node | None
    step: Node | None


class Filter(Node):
    node: Node | None
    name: str
    args: list[Node]
    kwargs: list[Keyword]
    dyn_args: Node | None
    dyn_kwargs: Node | None


class Test(Node):
    node: Node
    name: str
    args: list[Node]
    kwargs: list[Keyword]
    dyn_args: Node | None
    dyn_kwargs: Node | None


class Compare(Node):
    expr: Node
    ops: list[Operand]


class Operand(Node):
    op: str
    expr: Node


class BinExpr(Node):
    left: Node
    right: Node


class And(BinExpr):
    pass


class Or(BinExpr):
    pass


class Add(BinExpr):
    pass


class Sub(BinExpr):
    pass


class Div(BinExpr):
    pass


class Not(Node):
    node: Node


class Neg(Node):
    node: Node


class CondExpr(Node):
    test: Node
    expr1: Node
    expr2: Node | None


class Concat(Node):
    nodes: list[Node]


class List(Node):
    items: list[Node]


class Tuple(Node):
    items: list[Node]
    ctx: str


class Keyword(Node):
    key: str
    value: Node


class Forbidden(Node):
    """Whatever else Jinja's grammar knows, by its name there, with the nodes it holds."""

    kind: str
    inside: list[Node]
