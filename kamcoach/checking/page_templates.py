"""A template of a page cannot be understood, or holds what may not stand in one.

The files in `templates/` lay out the advice, the brief with its pictures, and the starter of a deal file. What may stand in a play may
stand there, with some filters more. `brief.yaml` beside them says which parts a brief has; each of its words is there in both languages.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kamcoach.advice.filters import FILTERS
from kamcoach.advice.page import template_text
from kamcoach.advice.template import Sandbox, compile_source
from kamcoach.brief.outline import OUTLINE_FILE, read_outline
from kamcoach.brief.pictures import PICTURE_FILTERS
from kamcoach.errors import BadInput
from kamcoach.model.playbook import Library
from kamcoach.source import Diagnostic, Location


def check(library: Library) -> Iterator[Diagnostic]:
    for folder in library.templates:
        for path in sorted((*folder.glob("*.j2"), *folder.glob(OUTLINE_FILE))):
            yield from of_file(path)


def of_file(path: Path) -> Iterator[Diagnostic]:
    """What is wrong with one template, or with the outline of the brief."""
    if path.name == OUTLINE_FILE:
        problems: list[Diagnostic] = []
        read_outline(path, problems)
        yield from problems
        return
    try:
        compile_source(Sandbox("en", dict.fromkeys(_own(path.name), str)), template_text(path), Location(str(path)))
    except BadInput as error:
        yield from error.diagnostics


def _own(name: str) -> tuple[str, ...]:
    """The filters that a template may use, by the name of its file."""
    if name.startswith(("brief.", "picture.")):
        return (
            *FILTERS,
            *PICTURE_FILTERS,
            *({".html.j2": ("prose",), ".md.j2": ("dots", "rows")}.get("".join(Path(name).suffixes[-2:]), ())),
        )
    return (*FILTERS, "quoted") if name.startswith("deal.") else tuple(FILTERS)
