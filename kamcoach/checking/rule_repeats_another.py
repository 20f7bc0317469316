"""Two rules ask for the same and both advise or conclude the same, or one only repeats what another says anyway.

A rule that was copied and not changed, or that asks for more than another and says nothing new, makes the same advice come twice and has to
be kept up twice. Rules with the same conditions and different conclusions are no fault, nor is one that says what to do beside one that
says what not to do: each has its own reason.

**Mend it:** Put the two together, or change the conditions of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Final

from kamcoach.checking.finding import Finding
from kamcoach.checking.survey import Survey
from kamcoach.model.rule import Rule

CODE: Final = "rule-repeats-another"
LEVEL: Final = "warning"
EXAMPLE: Final = """\
rules/nobody-met.yaml:1:1: [rule-repeats-another] warning: 'nobody-met' asks for the same as 'few-met'.
    hint: put them together, or change the conditions of one"""


def check(survey: Survey) -> Iterator[Finding]:
    told = set()
    for one, other in (*_same(survey), *_repeated(survey)):
        if {one.id, other.id} not in told:
            told.add(frozenset((one.id, other.id)))
            yield _finding(one, other, survey)


def _same(survey: Survey) -> Iterator[tuple[Rule, Rule]]:
    """Rules that ask for exactly the same and both advise or conclude the same, the later first."""
    groups: dict[tuple[object, ...], list[Rule]] = {}
    for rule in survey.rules:
        mine = survey.plain[rule.id]
        for kind in {said[0] if said[0] in ("advise", "do not") else said for said in mine.says}:
            groups.setdefault((frozenset(mine.when), kind), []).append(rule)
    for rules in groups.values():
        ordered = sorted(rules, key=lambda rule: rule.id)
        yield from ((later, ordered[0]) for later in ordered[1:])


def _repeated(survey: Survey) -> Iterator[tuple[Rule, Rule]]:
    """Rules that ask for more than another and say nothing that it does not."""
    groups: dict[tuple[object, ...], list[Rule]] = {}
    for rule in survey.rules:
        for said in survey.plain[rule.id].says:
            groups.setdefault(said, []).append(rule)
    for rules in groups.values():
        for narrow, wide in permutations(rules, 2):
            mine, its = survey.plain[narrow.id], survey.plain[wide.id]
            if mine.says <= its.says and survey.logic.implies(mine.when, its.when):
                yield narrow, wide


def _finding(rule: Rule, other: Rule, survey: Survey) -> Finding:
    if set(survey.plain[rule.id].when) == set(survey.plain[other.id].when):
        hint = "put them together, or change the conditions of one"
        return Finding(rule.at, f"'{rule.id}' asks for the same as '{other.id}'.", hint)
    hint = f"delete it, or let it say something that '{other.id}' does not"
    return Finding(rule.at, f"'{rule.id}' only repeats '{other.id}', which fires whenever it does.", hint)
