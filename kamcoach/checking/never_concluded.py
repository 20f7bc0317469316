"""Something is asked for that no rule ever concludes: a derived fact, a value of it, or advice that nobody gives.

The rule that asks for it can never fire; with `none:`, it asks for nothing. Mostly a name was changed in one place and not in the other.
A derived name in the vocabulary that no rule concludes is told as well.

**Mend it:** Correct the name or the value, or write the rule that concludes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from kamcoach.checking.finding import Finding
from kamcoach.checking.survey import Read, Survey, Write
from kamcoach.model.condition import Constant, Test
from kamcoach.model.walk import operands
from kamcoach.reading.hints import nearest

CODE: Final = "never-concluded"
LEVEL: Final = "warning"
NEEDS_ALL: Final = True
EXAMPLE: Final = """\
rules/few-met.yaml:7:15: [never-concluded] warning: No rule concludes 'missing' with 'role' being decider.
    hint: the rules conclude user (z-m-21)"""
_SHOWN: Final = 5
_NAMES: Final = ("play", "rule")


def check(survey: Survey) -> Iterator[Finding]:
    yield from _declared(survey)
    seen = set()
    for reads in survey.reads.values():
        for read in reads:
            finding = _of_advice(read, survey) if read.type == "advice" else _of_conclusion(read, survey)
            if finding is not None and finding not in seen:
                seen.add(finding)
                yield finding


def _declared(survey: Survey) -> Iterator[Finding]:
    for fact_type in survey.vocabulary.types.values():
        hint = "write the rule that concludes it, or delete it"
        if not fact_type.given and fact_type.name != "advice" and fact_type.name not in survey.writes:
            yield Finding(fact_type.at, f"No rule concludes '{fact_type.name}'.", hint)
        for field in fact_type.fields.values():
            if fact_type.given and field.derived and f"{fact_type.name}.{field.name}" not in survey.writes:
                yield Finding(field.at, f"No rule marks '{field.name}' of '{fact_type.name}'.", hint)


def _of_conclusion(read: Read, survey: Survey) -> Finding | None:
    """A conclusion that is asked for and never made (like this)."""
    declared = survey.vocabulary.types[read.type]
    field = declared.fields.get(read.field)
    if not declared.given:
        writes = survey.writes.get(read.type, [])
    elif field is not None and field.derived:
        writes = survey.writes.get(f"{read.type}.{read.field}", [])
    else:
        return None
    name = read.field if declared.given else read.type
    if not writes:
        hint = nearest(name, (one.rpartition(".")[2] for one in survey.writes))
        return Finding(read.at, f"No rule concludes '{name}'.", hint if hint.startswith("did") else "write the rule that concludes it")
    if read.test is None or field is None:
        return None
    return _of_value(read, read.test, writes, survey)


def _of_value(read: Read, test: Test, writes: list[Write], survey: Survey) -> Finding | None:
    """A value that none of the conclusions has."""
    domain = survey.logic.domain(read.type, read.field)
    values: list[Any] = [domain.value(write.fields[read.field]) for write in writes if read.field in write.fields]
    wanted = [one.value for one in operands(test) if isinstance(one, Constant) and isinstance(one.value, str)]
    if None in values or not wanted or not domain.values or any(domain.passes(test, value) is not False for value in values):
        return None
    said = " or ".join(map(str, wanted))
    what = f"'{read.type}' being {said}" if read.field == "value" else f"'{read.type}' with '{read.field}' being {said}"
    found = sorted({f"{domain.value(write.fields[read.field])} ({write.rule.id})" for write in writes if read.field in write.fields})
    return Finding(read.at, f"No rule concludes {what}.", f"the rules conclude {', '.join(found[:_SHOWN]) or 'no value'}")


def _of_advice(read: Read, survey: Survey) -> Finding | None:
    """Advice of a rule or with a play that there is not."""
    if read.field not in _NAMES or read.test is None:
        return None
    known = survey.calls if read.field == "play" else {call.rule.id for calls in survey.calls.values() for call in calls}
    lost = [one.value for one in operands(read.test) if isinstance(one, Constant) and one.value not in known]
    if not lost:
        return None
    return Finding(read.at, f"No rule gives advice with the {read.field} '{lost[0]}'.", nearest(str(lost[0]), known))
