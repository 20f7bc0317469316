"""A rule concludes something that nothing reads: no rule, no play, no page.

A conclusion is made for those who read it. If nobody does, either a rule is missing that should, or it was renamed in one place only.

**Mend it:** Read it where it matters, or delete the rule and the name in the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kamcoach.checking.finding import Finding
from kamcoach.checking.survey import Survey

CODE: Final = "conclusion-never-read"
LEVEL: Final = "warning"
NEEDS_ALL: Final = True
EXAMPLE: Final = """\
rules/few-met.yaml:10:15: [conclusion-never-read] warning: Nothing reads 'open', which 'few-met' concludes.
    hint: read it in a rule or a play, or delete it here and in the vocabulary"""
_HINT: Final = "read it in a rule or a play, or delete it here and in the vocabulary"


def check(survey: Survey) -> Iterator[Finding]:
    for name, writes in survey.writes.items():
        owner, _, field = name.partition(".")
        if not survey.is_used(owner, field):
            first = min(writes, key=lambda write: write.rule.id)
            yield Finding(first.at, f"Nothing reads '{field or owner}', which '{first.rule.id}' concludes.", _HINT)
