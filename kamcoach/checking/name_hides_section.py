"""A name after `as:` or under `with:` is also the name of a section of the deal, or of something that every play can use.

In the play, `needs` then means what the rule found and no longer the needs of the deal; `{% for n in needs %}` fails or says too little.

**Mend it:** Choose another name: `need` for one of the needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kamcoach.checking.finding import Finding
from kamcoach.checking.survey import COMMON, Survey
from kamcoach.model.rule import Advise, Rule
from kamcoach.source import Location

CODE: Final = "name-hides-section"
LEVEL: Final = "warning"
EXAMPLE: Final = """\
rules/few-met.yaml:7:5: [name-hides-section] warning: The name 'people' hides the section 'people' of the deal from the plays.
    hint: choose another name, such as person"""


def check(survey: Survey) -> Iterator[Finding]:
    sections = {fact_type.section: fact_type for fact_type in survey.vocabulary.given}
    for rule in survey.rules:
        if not any(isinstance(effect, Advise) for effect in rule.then):
            continue
        for name, at in _names(rule):
            if name in COMMON:
                yield Finding(at, f"The name '{name}' hides what every play can use under it.", "choose another name")
            elif name in sections and (sections[name].plural or rule.binds.get(name) != sections[name].name):
                hint = f"choose another name, such as {sections[name].name}" if sections[name].plural else "choose another name"
                yield Finding(at, f"The name '{name}' hides the section '{name}' of the deal from the plays.", hint)


def _names(rule: Rule) -> Iterator[tuple[str, Location]]:
    """The names that the plays of a rule see, each with a place."""
    for name in rule.binds:
        found = [one.at for one in rule.when if getattr(one, "bind", "") == name]
        if found:
            yield name, found[0]
    for effect in rule.then:
        if isinstance(effect, Advise):
            yield from ((name, effect.at) for name, _ in effect.extras)
