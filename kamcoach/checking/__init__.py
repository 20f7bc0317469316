"""The rule linter: one check a module; its docstring is its manual page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kamcoach.checking import accuses_without_asking, page_templates, play_names, play_templates, rule_without_scenario, word_missing
from kamcoach.model.playbook import Library
from kamcoach.source import Diagnostic

Check = Callable[[Library], Iterator[Diagnostic]]

CHECKS: tuple[Check, ...] = (
    accuses_without_asking.check,
    page_templates.check,
    play_names.check,
    play_templates.check,
    rule_without_scenario.check,
    word_missing.check,
)


def check_library(library: Library) -> list[Diagnostic]:
    """Everything the checks find in a library."""
    return [problem for check in CHECKS for problem in check(library)]
