"""Layers of rules for durable-rules.

A layer is as large as possible: a rule stands above another only if it needs what that one concludes to be complete, or if it reads it in a
way that cannot be said with signals. Everything else is chained inside the layer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from kamcoach.model.condition import Compare, Condition, Constant, Days, FieldTest, Pattern, Reference
from kamcoach.model.dependencies import reads, writes, writing
from kamcoach.model.fact import Vocabulary
from kamcoach.model.rule import Conclude, Mark, Rule
from kamcoach.model.rulebase import RuleBase
from kamcoach.model.walk import operands_in

HOLDS: Final = Compare("equals", Constant(value=True))
MOST_CHAINED: Final = 8
"""Predicates that one rule takes from others of its layer: what a rule waits for must not be more than durable-rules can join."""

Writers = Mapping[str, list[str]]
"""The ids of the rules that add to a predicate."""


class Layer(NamedTuple):
    """Rules in the order of the rule base, and what each takes from others of the layer as signals."""

    rules: tuple[tuple[Rule, frozenset[str]], ...]
    again: bool
    """Rules feed one another in a way that signals cannot say: the layer is run until nothing is new."""


def layers(rule_base: RuleBase) -> list[Layer]:
    """The layers, lowest first."""
    writers = _writers(rule_base)
    levels: dict[str, int] = {}
    for stratum in rule_base.strata:
        inside = {rule.id for rule in stratum}
        level = max((_level(rule, rule_base, writers, levels) for rule in stratum), default=0)
        levels.update(dict.fromkeys(inside, level))
    return [_layer([rule for rule in rule_base.rules if levels[rule.id] == n], rule_base, writers) for n in sorted(set(levels.values()))]


def _writers(rule_base: RuleBase) -> Writers:
    found: dict[str, list[str]] = {}
    for rule in rule_base.rules:
        for predicate in writes(rule):
            found.setdefault(predicate, []).append(rule.id)
    return found


def _level(rule: Rule, rule_base: RuleBase, writers: Writers, levels: Mapping[str, int]) -> int:
    """As low as what it reads allows; rules that feed one another in a circle, and have no level yet, stand together."""
    taken = _chainable(rule, rule_base.vocabulary)
    below = [
        levels[writer] + (0 if predicate in taken and predicate in _signalled(rule_base.by_id[writer]) else 1)
        for predicate, _ in reads(rule, rule_base.vocabulary)
        for writer in writing(predicate, writers)
        if writer in levels
    ]
    return max(below, default=0)


def _layer(rules: list[Rule], rule_base: RuleBase, writers: Writers) -> Layer:
    together = {rule.id for rule in rules}
    placed, again = [], False
    for rule in rules:
        from_here = {
            predicate: [rule_base.by_id[writer] for writer in writing(predicate, writers) if writer in together]
            for predicate, _ in reads(rule, rule_base.vocabulary)
        }
        taken = _chainable(rule, rule_base.vocabulary)
        chained = {p for p, found in from_here.items() if found and p in taken and all(p in _signalled(writer) for writer in found)}
        again = again or any(found and predicate not in chained for predicate, found in from_here.items())
        placed.append((rule, frozenset(chained)))
    return Layer(tuple(placed), again)


def _signalled(rule: Rule) -> frozenset[str]:
    """The predicates that a rule adds to in one and the same way whenever it fires."""
    found: dict[str, bool] = {}
    for effect in rule.then:
        if isinstance(effect, Conclude):
            whole = all(isinstance(operand, Constant) for _, operand in effect.fields)
            found[effect.type] = found.get(effect.type, True) and whole
        elif isinstance(effect, Mark):
            for name, operand in effect.fields:
                predicate = f"{rule.binds[effect.name]}.{name}"
                found[predicate] = found.get(predicate, True) and operand == Constant(value=True)
    return frozenset(name for name, same in found.items() if same)


def _chainable(rule: Rule, vocabulary: Vocabulary) -> frozenset[str]:
    """The predicates that a rule reads in no other way than signals can say."""
    taken: dict[str, None] = {}
    otherwise = {predicate for predicate, complete in reads(rule, vocabulary) if complete}
    for place, condition in enumerate(rule.when):
        later = references(rule.when[place + 1 :])
        said = set(_said(condition, vocabulary, later))
        taken.update(dict.fromkeys(sorted(said)))
        otherwise.update(p for p, _ in reads(rule._replace(when=(condition,), then=()), vocabulary) if p not in said)
    return frozenset([predicate for predicate in taken if predicate not in otherwise][:MOST_CHAINED])


def _said(condition: Condition, vocabulary: Vocabulary, later: set[str]) -> Iterator[str]:
    """What signals can say of a condition: that a flag is marked, or that a fact is concluded which passes tests on constants."""
    if not isinstance(condition, Pattern):
        return
    if vocabulary.types[condition.type].given:
        elsewhere = {one.field for group in condition.either for one in group}
        flags = (one.field for one in condition.tests if is_flag(one, condition.type, vocabulary))
        yield from (f"{condition.type}.{name}" for name in flags if name not in elsewhere)
    elif condition.type != "advice" and condition.bind not in later and not _varies((condition.tests, condition.either)):
        yield condition.type


def is_flag(one: FieldTest, fact_type: str, vocabulary: Vocabulary) -> bool:
    """Whether a test asks that a derived flag of a given fact holds."""
    field = vocabulary.types[fact_type].fields[one.field]
    return field.derived and field.kind == "flag" and one.test == HOLDS


def references(conditions: Iterable[Condition]) -> set[str]:
    """The names that conditions refer to."""
    return {operand.name for operand, _ in operands_in(conditions) if isinstance(operand, Reference)}


def _varies(part: object) -> bool:
    """Whether it depends on other facts, or on the day."""
    return isinstance(part, (Reference, Days)) or (isinstance(part, tuple) and any(map(_varies, part)))
