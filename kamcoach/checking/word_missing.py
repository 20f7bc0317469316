"""A title or a reason is missing in one of the languages.

English and Chinese are equals.

**Mend it:** Write both: `title: {en: …, zh: …}`, `why: {en: …, zh: …}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kamcoach.checking.finding import Finding
from kamcoach.checking.places import place_of
from kamcoach.checking.survey import Survey
from kamcoach.reading.fields import LANGUAGES

CODE: Final = "word-missing"
LEVEL: Final = "warning"
EXAMPLE: Final = """\
rules/nobody-met.yaml:2:8: [word-missing] warning: 'title' of the rule 'nobody-met' is missing in 'zh'.
    hint: write `title: {en: …, zh: …}`"""


def check(survey: Survey) -> Iterator[Finding]:
    for rule in survey.rules:
        for key, words in (("title", rule.title), ("why", rule.why)):
            for language in LANGUAGES:
                if not words.get(language, "").strip():
                    message = f"'{key}' of the rule '{rule.id}' is missing in '{language}'."
                    yield Finding(place_of(rule, key), message, f"write `{key}: {{en: …, zh: …}}`")
