"""A rule has no scenario, none in which it fires, or none in which it keeps still.

A rule that no example exercises is a guess, and one that is only tried where it fires may fire everywhere. `<rule-id>.test.yaml` needs one
scenario with `fires: certainly` or `possibly`, one with `fires: never` and, where the rule reads what may be unknown, one in which it asks.
A rule that only counts fires in every deal and needs the first alone.

**Mend it:** Write `<rule-id>.test.yaml` beside the rule, or the scenario that it lacks; see [scenarios](scenarios.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kamcoach.checking.finding import Finding
from kamcoach.checking.survey import Survey
from kamcoach.model.condition import Aggregate, Tally
from kamcoach.model.rule import Rule
from kamcoach.model.scenario import Scenario

CODE: Final = "rule-without-scenario"
LEVEL: Final = "warning"
EXAMPLE: Final = """\
rules/nobody-met.yaml:1:1: [rule-without-scenario] warning: The rule 'nobody-met' has no scenarios.
    hint: write nobody-met.test.yaml beside it"""


def check(survey: Survey) -> Iterator[Finding]:
    without: dict[str, Finding] = {}
    for rule in sorted(filter(survey.concerns, survey.rules), key=lambda rule: rule.at):
        scenarios = survey.scenarios(rule)
        if scenarios is None:
            finding = Finding(rule.at, f"The rule '{rule.stem}' has no scenarios.", f"write {rule.stem}.test.yaml beside it")
            without.setdefault(rule.stem, finding)  # of a table it is told once
        elif scenarios:
            yield from _one_sided(rule, scenarios)
        elif rule.id != rule.stem and survey.scenarios_of_file(rule):
            hint = f"write one with `row: {rule.id.partition('/')[2]}`"
            yield Finding(rule.at, f"The rule '{rule.id}' has no scenarios.", hint)
    yield from without.values()


def _one_sided(rule: Rule, scenarios: list[Scenario]) -> Iterator[Finding]:
    """Scenarios of a file that say nothing of firing may mean either."""
    fires = {scenario.expect.fires for scenario in scenarios}
    if not fires & {"certainly", "possibly", None}:
        yield Finding(rule.at, f"The rule '{rule.id}' fires in none of its scenarios.", "write one with `fires: certainly`")
    counts = all(isinstance(one, (Aggregate, Tally)) and one.test is None for one in rule.when)
    if not fires & {"never", None} and not counts:
        yield Finding(rule.at, f"The rule '{rule.id}' fires in all of its scenarios.", "write one with `fires: never`, just short of it")
