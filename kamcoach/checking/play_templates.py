"""A play's template cannot be understood, or holds what may not stand in one.

Only `if`, `for` and `set` may be used, and the filters of the play format; no calls, no `include`, no multiplication.
"""

from __future__ import annotations

from collections.abc import Iterator

from kamcoach.advice.filters import FILTERS
from kamcoach.advice.template import Sandbox, compile_source
from kamcoach.errors import BadInput
from kamcoach.model.playbook import Library, Play
from kamcoach.source import Diagnostic


def check(library: Library) -> Iterator[Diagnostic]:
    for play in library.plays.values():
        yield from of_play(play)


def of_play(play: Play) -> Iterator[Diagnostic]:
    sandbox = Sandbox("en", dict.fromkeys(FILTERS, str))
    for sections in play.sections.values():
        for section in sections.values():
            try:
                compile_source(sandbox, section.source, section.at)
            except BadInput as error:
                yield from error.diagnostics
