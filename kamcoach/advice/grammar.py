"""Templates read by Jinja: from a source to our own tree. Loaded only for a source whose tree is not kept already."""

from __future__ import annotations

from typing import Any, Final

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.exceptions import TemplateError
from jinja2.parser import Parser

from kamcoach.advice import tree

_GRAMMAR: Final = Environment(trim_blocks=True, lstrip_blocks=True)


def parse(source: str) -> tree.Template:
    """The tree of a template. Raises tree.Unreadable."""
    try:
        return tree.Template(1, _own(Parser(_GRAMMAR, source).subparse()))
    except TemplateSyntaxError as error:
        raise tree.Unreadable(error.lineno, f"{error.message}") from error
    except (TemplateError, RecursionError, ValueError) as error:
        raise tree.Unreadable(0, "") from error


def _own(part: Any) -> Any:
    """Jinja's nodes as ours; what is no node stays as it is."""
    if isinstance(part, list):
        return [_own(one) for one in part]
    if not isinstance(part, nodes.Node):
        return part
    line, kind = part.lineno or 0, tree.KINDS.get(type(part).__name__)
    if kind is None or kind.fields != part.fields:
        return tree.Forbidden(line, type(part).__name__, [_own(one) for one in part.iter_child_nodes()])
    return kind(line, *(_own(getattr(part, name)) for name in part.fields))
