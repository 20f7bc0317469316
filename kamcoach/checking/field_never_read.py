"""A deal file has a field that no rule and no play looks at.

A rep who fills in a field expects something to come of it. Texts and ids are left out: they are notes for people.

**Mend it:** Write the rule that the field was declared for, or delete the field from the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kamcoach.checking.finding import Finding
from kamcoach.checking.survey import Survey

CODE: Final = "field-never-read"
LEVEL: Final = "warning"
NEEDS_ALL: Final = True
EXAMPLE: Final = """\
vocabulary.yaml:17:7: [field-never-read] warning: No rule and no play looks at 'order.discount'.
    hint: write the rule that it is for, or delete it"""
_HINT: Final = "write the rule that it is for, or delete it"
_NOTES: Final = ("text", "key")


def check(survey: Survey) -> Iterator[Finding]:
    for fact_type in survey.vocabulary.given:
        if not survey.is_used(fact_type.name, "") and fact_type.section not in survey.spoken:
            yield Finding(fact_type.at, f"No rule and no play looks at '{fact_type.section}'.", _HINT)
            continue
        for field in fact_type.fields.values():
            if not field.derived and field.kind not in _NOTES and not survey.is_used(fact_type.name, field.name):
                yield Finding(field.at, f"No rule and no play looks at '{fact_type.name}.{field.name}'.", _HINT)
