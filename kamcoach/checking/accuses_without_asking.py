"""A rule warns of something missing with `no_evidence_of`.

What was never recorded then counts as not done, and the rep is accused without evidence.

**Mend it:** Write `none:`, which asks when it does not know. `no_evidence_of` is for diagnosing the stage and for conclusions, where the
absence of evidence is the point.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kamcoach.checking.finding import Finding
from kamcoach.checking.survey import Survey
from kamcoach.model.condition import No, Pattern
from kamcoach.model.rule import Advise, Rule
from kamcoach.model.walk import flat

CODE: Final = "accuses-without-asking"
LEVEL: Final = "warning"
EXAMPLE: Final = """\
rules/nobody-met.yaml:7:5: [accuses-without-asking] warning: 'nobody-met' warns of what is only not recorded.
    hint: write `none:`, which asks when it does not know"""


def check(survey: Survey) -> Iterator[Finding]:
    for rule in survey.rules:
        if any(isinstance(effect, Advise) and effect.severity in ("warn", "critical") for effect in rule.then):
            yield from _of_rule(rule, survey)


def _of_rule(rule: Rule, survey: Survey) -> Iterator[Finding]:
    for condition in flat(rule.when):
        if isinstance(condition, No) and condition.how == "no_evidence_of" and _reads_given(condition, survey):
            message = f"'{rule.stem}' warns of what is only not recorded."
            yield Finding(condition.at, message, "write `none:`, which asks when it does not know")


def _reads_given(condition: No, survey: Survey) -> bool:
    return any(isinstance(one, Pattern) and survey.vocabulary.types[one.type].given for one in condition.conditions)
