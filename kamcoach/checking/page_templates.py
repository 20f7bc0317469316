"""A template of a page cannot be understood, or holds what may not stand in one.

The files in `templates/` lay out the advice and the starter of a deal file. What may stand in a play may stand in them, and no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kamcoach.advice.speech import FILTERS
from kamcoach.advice.template import Sandbox, compile_source
from kamcoach.errors import BadInput
from kamcoach.model.playbook import Library
from kamcoach.reading.nodes import Refused, read_text
from kamcoach.source import Diagnostic, Location


def check(library: Library) -> Iterator[Diagnostic]:
    for folder in library.templates:
        for path in sorted(folder.glob("*.j2")):
            yield from of_file(path)


def of_file(path: Path) -> Iterator[Diagnostic]:
    """What is wrong with one template; `quoted` is the filter of the starter."""
    try:
        compile_source(Sandbox("en", dict.fromkeys((*FILTERS, "quoted"), str)), read_text(path), Location(str(path)))
    except BadInput as error:
        yield from error.diagnostics
    except Refused as refused:
        yield refused.diagnostic
