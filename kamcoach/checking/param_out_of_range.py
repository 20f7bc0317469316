"""A parameter lies outside the range of the field that it is compared with.

The test then holds always or never. `min` and `max` of the parameter keep a team from setting it there.

**Mend it:** Correct the value, and give the parameter the range of the field.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kamcoach.checking.finding import Finding
from kamcoach.checking.survey import Survey
from kamcoach.model.condition import Days, Parameter, Size
from kamcoach.model.fact import NUMERIC
from kamcoach.model.walk import operands

CODE: Final = "param-out-of-range"
LEVEL: Final = "warning"
EXAMPLE: Final = """\
playbook.yaml:4:3: [param-out-of-range] warning: The parameter 'few' is 9, and 'person.power' in 'few-met' is from 0 to 5.
    hint: correct the value, and give the parameter `min` and `max`"""


def check(survey: Survey) -> Iterator[Finding]:
    told = set()
    for rule in survey.rules:
        for read in survey.reads[rule.id]:
            field = survey.vocabulary.types[read.type].fields.get(read.field)
            if field is None or field.kind not in NUMERIC or isinstance(read.test, (Days, Size)):
                continue
            names = [one.name for one in operands(read.test) if isinstance(one, Parameter)]
            for param in (survey.library.params[name] for name in names if name in survey.library.params):
                low, high = field.low, field.high
                outside = (low is not None and param.value < low) or (high is not None and param.value > high)  # type: ignore[operator]
                if outside and param.name not in told:
                    told.add(param.name)
                    said = f"from {low:g} to {high:g}" if low is not None and high is not None else f"at least {low or 0:g}"
                    message = f"The parameter '{param.name}' is {param.value}, and '{read.type}.{read.field}' in '{rule.id}' is {said}."
                    yield Finding(param.at, message, "correct the value, and give the parameter `min` and `max`")
