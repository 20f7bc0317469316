"""What the readers say of a file and what its schema says of it. What a schema cannot say is listed in the manual, by code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

from jsonschema import Draft7Validator

from kamcoach.reading.nodes import Mapping, Node, Refused, Scalar, Sequence, parse
from kamcoach.schema import schema_of
from kamcoach.source import Diagnostic
from tests.reading.bad_files import library
from tests.schema.views import view

PAGE: Final = (Path(__file__).parents[2] / "docs" / "reference" / "schemas.md").read_text(encoding="utf-8")
_ROW: Final = re.compile(r"^\| (`[a-z0-9-]+`(?:, `[a-z0-9-]+`)*) \| (.+?) \|", re.MULTILINE)
BEYOND: Final = {code: why for codes, why in _ROW.findall(PAGE) for code in re.findall("[a-z0-9-]+", codes)}
"""Codes of what a schema cannot say, with the reason."""
_OTHER_LINES: Final = {"unknown-field": "to be its key", "wrong-type": "cannot be the key of", "unknown-type": "points to"}
"""Codes that a schema can say elsewhere, with the messages in which they depend on another line of a vocabulary."""
_NAMED: Final = (
    "wrong-comparison",
    "unknown-field",
    "unknown-type",
    "undeclared-conclusion",
    "wrong-shape",
    "wrong-type",
    "unknown-value",
    "out-of-range",
)
"""Codes that a schema can say elsewhere, but not where they depend on what a `$name` stands for."""


@cache
def shipped_schema(kind: str) -> Draft7Validator:
    return Draft7Validator(schema_of(kind, library()))


def root_of(text: str) -> Node | None:
    """The values of a text, or None if it is not readable as YAML at all."""
    problems: list[Diagnostic] = []
    try:
        root = parse(text, "case.yaml", problems)
    except Refused:
        return None
    return None if problems else root


def refused(schema: Draft7Validator, root: Node) -> list[str]:
    """What the schema says against a file."""
    return [f"{'/'.join(map(str, one.absolute_path))}: {one.message[:200]}" for one in schema.iter_errors(view(root))]


def errors(problems: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [one for one in problems if one.level == "error"]


def sayable(problems: Iterable[Diagnostic], root: Node, checks: Iterable[str] = ()) -> list[Diagnostic]:
    """Errors that a schema can see as well: not about names, other files, or how YAML is written."""
    named = set(_named(root))
    cells = set(_below(root.get("table"))) if isinstance(root, Mapping) else set()
    return [
        one
        for one in errors(problems)
        if one.code not in BEYOND
        and one.code not in checks
        and (one.at.line, one.at.column) not in cells
        and not (one.code in _NAMED and (one.at.line, one.at.column) in named)
        and _OTHER_LINES.get(one.code, "-") not in one.message
    ]


def _below(node: Node | None) -> Iterator[tuple[int, int]]:
    """Places in a decision table: what a cell must be depends on where the rule uses it."""
    if node is None or isinstance(node, Scalar):
        return
    for inner in node.items if isinstance(node, Sequence) else [one for entry in node.entries for one in entry]:
        yield inner.at.line, inner.at.column
        yield from _below(inner)


def _named(node: Node, *, inside: bool = False) -> Iterator[tuple[int, int]]:
    """Places that depend on a `$name`: the name itself, what stands beside it in a list, and all that is marked."""
    if isinstance(node, Scalar):
        if inside or node.text.startswith("$"):
            yield node.at.line, node.at.column
    elif isinstance(node, Sequence):
        beside = any(isinstance(item, Scalar) and item.text.startswith("$") for item in node.items)
        for item in node.items:
            yield from _named(item, inside=inside or beside)
    else:
        for key, value in node.entries:
            if inside:
                yield key.at.line, key.at.column
                yield value.at.line, value.at.column
            yield from _named(value, inside=inside or key.text == "mark")


def agree(schema: Draft7Validator, root: Node, problems: list[Diagnostic], checks: Iterable[str] = ()) -> None:
    """Fail with both verdicts if the reader and the schema part over a file."""
    against = refused(schema, root)
    if not errors(problems):
        assert not against, "the reader takes what the schema refuses:\n" + "\n".join(against)
    elif told := sayable(problems, root, checks):
        assert against, "the schema takes what the reader refuses:\n" + "\n".join(map(str, told))
