"""Reading what `kamcoach.yaml` says about the checks."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from kamcoach.errors import BadInput
from kamcoach.reading.hints import nearest
from kamcoach.reading.nodes import Mapping, Node, Scalar, Sequence, read_file
from kamcoach.reading.shapes import Problems, check_keys, filled, is_mapping, short
from kamcoach.source import Diagnostic


class CheckSettings(NamedTuple):
    """Which checks are made: those selected (all, if none is), without those ignored."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


def read_check_settings(config: Path | None, known: Collection[str]) -> CheckSettings:
    """`check:` in a configuration file, with codes that are known. Raises BadInput."""
    problems: Problems = []
    root = read_file(config, problems) if config is not None else None
    node = filled(root, "check") if isinstance(root, Mapping) else None
    table = is_mapping(node, "'check'", problems) if node is not None else None
    if table is not None:
        check_keys(table, CheckSettings._fields, (), "'check'", problems)
    select, ignore = (_codes(filled(table, name) if table is not None else None, name, known, problems) for name in CheckSettings._fields)
    if problems:
        raise BadInput(problems)
    return CheckSettings(select, ignore)


def _codes(node: Node | None, what: str, known: Collection[str], problems: Problems) -> tuple[str, ...]:
    """A list of codes; one alone may stand without brackets."""
    items = node.items if isinstance(node, Sequence) else (node,) if node is not None else ()
    found = []
    for item in items:
        if not isinstance(item, Scalar):
            problems.append(Diagnostic(item.at, "wrong-shape", f"'{what}' is a list of codes.", "such as [field-never-read]"))
        elif item.text not in known:
            hint = nearest(item.text, known)
            problems.append(Diagnostic(item.at, "unknown-value", f"There is no check '{short(item.text)}'.", hint))
        else:
            found.append(item.text)
    return tuple(found)
