"""A rule says where it comes from with a placeholder.

`source` names book and chapter, law and article, or says `house judgement`: whoever doubts the advice must be able to look it up.

**Mend it:** Name the source. If it is your own experience, write `house judgement`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kamcoach.checking.finding import Finding
from kamcoach.checking.places import place_of
from kamcoach.checking.survey import Survey

CODE: Final = "source-missing"
LEVEL: Final = "warning"
EXAMPLE: Final = """\
rules/few-met.yaml:4:9: [source-missing] warning: The source of 'few-met' is 'TODO', which names none.
    hint: book and chapter, law and article, or `house judgement`"""
_PLACEHOLDERS: Final = frozenset({"tbd", "tba", "x", "xxx", "?", "???", "-", "…", "...", "n/a", "none", "unknown", "待定", "待补", "无"})


def check(survey: Survey) -> Iterator[Finding]:
    for rule in survey.rules:
        if rule.source.strip().lower().rstrip(":") in _PLACEHOLDERS or rule.source.strip().lower().startswith("todo"):
            hint = "book and chapter, law and article, or `house judgement`"
            yield Finding(place_of(rule, "source"), f"The source of '{rule.id}' is '{rule.source.strip()}', which names none.", hint)
