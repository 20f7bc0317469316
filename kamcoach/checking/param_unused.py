"""A parameter of the playbook is read by no rule and no play.

Whoever changes it expects that something changes.

**Mend it:** Use it in the rule that it was made for, or delete it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kamcoach.checking.finding import Finding
from kamcoach.checking.survey import Survey

CODE: Final = "param-unused"
LEVEL: Final = "warning"
NEEDS_ALL: Final = True
EXAMPLE: Final = """\
playbook.yaml:4:3: [param-unused] warning: No rule and no play uses the parameter 'few'.
    hint: write $params.few where it is meant, or delete it"""


def check(survey: Survey) -> Iterator[Finding]:
    for name, param in survey.library.params.items():
        if name not in survey.params and name not in survey.spoken:
            hint = f"write $params.{name} where it is meant, or delete it"
            yield Finding(param.at, f"No rule and no play uses the parameter '{name}'.", hint)
