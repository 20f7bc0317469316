"""A rule has no scenario file beside it.

A rule that no example exercises is a guess. `<rule-id>.test.yaml` needs one scenario in which the rule fires, one in which it does not,
and, where it reads what may be unknown, one in which it asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kamcoach.model.playbook import Library
from kamcoach.source import Diagnostic


def check(library: Library) -> Iterator[Diagnostic]:
    for rule in library.rule_base.rules:
        beside = Path(rule.at.path).with_name(f"{rule.id}.test.yaml")
        if not beside.is_file():
            hint = f"write {beside.name} beside it"
            yield Diagnostic(rule.at, "rule-without-scenario", f"The rule '{rule.id}' has no scenarios.", hint, "warning")
