"""The conditions of a rule cannot all hold, so that it never fires.

A field is to be two things at once or lies outside its range, a fact is asked for and ruled out, or a count or a tally is to be more
than it can. Parameters count with the value that the playbook gives them.

**Mend it:** Look at the place: mostly an operator is turned round (`at_most` for `at_least`), or two alternatives stand one below the
other that belong under `any:` or into a list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kamcoach.checking.finding import Finding
from kamcoach.checking.survey import Survey

CODE: Final = "rule-never-fires"
LEVEL: Final = "warning"
EXAMPLE: Final = """\
rules/few-met.yaml:7:14: [rule-never-fires] warning: 'few-met' can never fire: no value of 'person.power' passes all its tests.
    hint: is an operator turned round? alternatives go into a list, or under `any:`"""
_HINT: Final = "is an operator turned round? alternatives go into a list, or under `any:`"


def check(survey: Survey) -> Iterator[Finding]:
    for rule in survey.rules:
        for clash in survey.logic.clashes(rule):
            yield Finding(clash.at, f"'{rule.id}' can never fire: {clash.what}.", _HINT)
