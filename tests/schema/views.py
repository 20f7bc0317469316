"""A YAML file as an editor sees it: the values of the core schema of YAML 1.2."""

from __future__ import annotations

import re
from typing import Any, Final

from kamcoach.reading.nodes import Mapping, Node, Scalar

_INT: Final = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)


def view(node: Node) -> Any:
    """The value of a node, as JSON has it."""
    if isinstance(node, Mapping):
        return {key.text: view(value) for key, value in node.entries}
    return _scalar(node) if isinstance(node, Scalar) else [view(item) for item in node.items]


def _scalar(node: Scalar) -> Any:
    if not node.plain:
        return node.text
    if node.absent:
        return None
    if node.text.lower() in ("true", "false") and node.text in (node.text.lower(), node.text.upper(), node.text.title()):
        return node.text.lower() == "true"
    if _INT.fullmatch(node.text):
        return int(node.text, 0) if node.text[:2] in ("0o", "0x") else int(node.text)
    return float(node.text) if _FLOAT.fullmatch(node.text) else node.text
