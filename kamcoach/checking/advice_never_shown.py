"""A rule's advice is always left out, because another rule that fires whenever it does says `instead_of:`.

`instead_of` leaves out the advice of the rules that it names. If the rule that says so asks for no more than the rule it names, it fires
every time that one fires, and nobody ever sees the other's advice.

**Mend it:** Let the rule with `instead_of` ask for more, or delete the rule that is never seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kamcoach.checking.finding import Finding
from kamcoach.checking.survey import Call, Survey

CODE: Final = "advice-never-shown"
LEVEL: Final = "warning"
EXAMPLE: Final = """\
rules/nobody-met.yaml:10:17: [advice-never-shown] warning: The advice of 'nobody-met' is never shown: 'few-met' fires whenever it does.
    hint: 'few-met' says `instead_of: [nobody-met]`; let it ask for more, or delete this rule"""


def check(survey: Survey) -> Iterator[Finding]:
    calls = [call for calls in survey.calls.values() for call in calls]
    by_rule: dict[str, list[Call]] = {}
    for call in calls:
        by_rule.setdefault(call.rule.id, []).append(call)
    for call in calls:
        for named in call.advise.instead_of:
            yield from (_finding(call, other) for other in by_rule.get(named, ()) if _hides(call, other, survey))


def _hides(call: Call, other: Call, survey: Survey) -> bool:
    """Whether the call is there whenever the other is, and about the same or about nobody."""
    if call.rule.id == other.rule.id:
        return True
    if call.advise.about and other.advise.about and len(call.advise.about) != len(other.advise.about):
        return False
    return survey.logic.implies(survey.plain[other.rule.id].when, survey.plain[call.rule.id].when)


def _finding(call: Call, other: Call) -> Finding:
    mine, its = call.rule.id, other.rule.id
    if mine == its:
        return Finding(call.advise.at, f"'{its}' leaves out its own advice.", f"take '{its}' out of `instead_of`")
    hint = f"'{mine}' says `instead_of: [{its}]`; let it ask for more, or delete this rule"
    return Finding(other.advise.at, f"The advice of '{its}' is never shown: '{mine}' fires whenever it does.", hint)
