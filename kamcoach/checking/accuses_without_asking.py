"""A rule warns of something missing with `no_evidence_of`.

What was never recorded then counts as not done, and the rep is accused without evidence. Write `none:` instead: it asks when it does not
know. `no_evidence_of` is for stage diagnosis and for conclusions, where the absence of evidence is the point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kamcoach.model.condition import AnyOf, Condition, No, Pattern, Tally
from kamcoach.model.fact import Vocabulary
from kamcoach.model.playbook import Library
from kamcoach.model.rule import Advise, Rule
from kamcoach.source import Diagnostic


def check(library: Library) -> Iterator[Diagnostic]:
    for rule in library.rule_base.rules:
        yield from _of_rule(rule, library.rule_base.vocabulary)


def _of_rule(rule: Rule, vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    if not any(isinstance(effect, Advise) and effect.severity in ("warn", "critical") for effect in rule.then):
        return
    for condition in _flat(rule.when):
        if isinstance(condition, No) and condition.how == "no_evidence_of" and _reads_given(condition, vocabulary):
            message = f"'{rule.id}' warns of what is only not recorded."
            yield Diagnostic(condition.at, "accuses-without-asking", message, "write `none:`, which asks when it does not know", "warning")


def _flat(conditions: Iterable[Condition]) -> Iterator[Condition]:
    """Conditions, and those that they offer as alternatives or count."""
    for condition in conditions:
        yield condition
        if isinstance(condition, AnyOf):
            yield from _flat(one for group in condition.alternatives for one in group)
        elif isinstance(condition, Tally):
            yield from _flat(condition.conditions)


def _reads_given(condition: No, vocabulary: Vocabulary) -> bool:
    return any(isinstance(one, Pattern) and vocabulary.types[one.type].given for one in condition.conditions)
