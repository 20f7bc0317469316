"""The same figure stands as a bare number in three rules or more.

A threshold that several rules share is one decision. As a parameter of the playbook it has a name and a meaning, is changed in one place,
and a team can set its own. 0 and 1 are not counted.

**Mend it:** Declare it under `params:` of the playbook and write `$params.name` in the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kamcoach.checking.finding import Finding
from kamcoach.checking.survey import Survey
from kamcoach.model.condition import AllOf, Compare, Constant, Days, Not, Size, Test

CODE: Final = "repeated-threshold"
LEVEL: Final = "warning"
EXAMPLE: Final = """\
rules/few-met.yaml:7:14: [repeated-threshold] warning: 4 for 'person.power' stands in 3 rules: few-met, nobody-met, weak.
    hint: make it a parameter of the playbook and write $params.name"""
_MANY: Final = 3
_ORDERING: Final = ("at_least", "at_most", "above", "below")
_PLAIN: Final = (0, 1)


def check(survey: Survey) -> Iterator[Finding]:
    found: dict[tuple[str, str, float], dict[str, Finding]] = {}
    for rule in survey.rules:
        for read in survey.reads[rule.id]:
            for number in _numbers(read.test):
                found.setdefault((read.type, read.field, number), {}).setdefault(rule.stem, Finding(read.at, ""))
    for (name, field, number), rules in found.items():
        if len(rules) >= _MANY:
            first = min(rules)
            what = name if field == "value" else f"{name}.{field}"
            message = f"{number:g} for '{what}' stands in {len(rules)} rules: {', '.join(sorted(rules))}."
            yield Finding(rules[first].at, message, "make it a parameter of the playbook and write $params.name")


def _numbers(test: Test | None) -> Iterator[float]:
    match test:
        case Compare(how=how, operand=Constant(value=int() | float() as number)) if how in _ORDERING and not isinstance(number, bool):
            yield from () if number in _PLAIN else (number,)
        case AllOf(tests=tests):
            for one in tests:
                yield from _numbers(one)
        case Not(test=below) | Size(test=below) | Days(test=below):
            yield from _numbers(below)
