"""A play speaks of a name that a rule which calls it does not bind.

A play can use the names that the rule binds with `as:`, the names under `with:` of its advice, and the sections of the deal. If several
rules call the same play, each of them must bind every name that the play uses.

**Mend it:** Bind it with `as:`, or ask `{% if person is defined %}` in the play.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kamcoach.advice.template import names_in, optional_names
from kamcoach.checking.finding import Finding
from kamcoach.checking.survey import COMMON, Call, Survey
from kamcoach.model.playbook import Play

CODE: Final = "play-unknown-name"
LEVEL: Final = "error"
EXAMPLE: Final = """\
plays/meet-them.md.j2:3:1: [play-unknown-name] The play speaks of 'person', which the rule 'nobody-met' does not bind.
    hint: it binds no name"""


def check(survey: Survey) -> Iterator[Finding]:
    common = {fact_type.section for fact_type in survey.vocabulary.given} | set(COMMON)
    for play_id, calls in survey.calls.items():
        if play_id in survey.library.plays:
            yield from _of_play(survey.library.plays[play_id], calls, common)


def _of_play(play: Play, calls: list[Call], common: set[str]) -> Iterator[Finding]:
    for sections in play.sections.values():
        for section in sections.values():
            wanted = names_in(section.source) - common - optional_names(section.source)
            for rule, effect in calls if wanted else ():
                bound = set(rule.binds) | {name for name, _ in effect.extras}
                for name in sorted(wanted - bound):
                    message = f"The play speaks of '{name}', which the rule '{rule.stem}' does not bind."
                    yield Finding(section.at, message, f"it binds {', '.join(sorted(bound))}" if bound else "it binds no name")
