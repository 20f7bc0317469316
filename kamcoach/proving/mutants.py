"""Every small change of a rule.

A threshold by one, an operator turned, a condition left out, a negation dropped, a value taken for another, the severity moved.
"""

from __future__ import annotations

from collections.abc import Iterator

from kamcoach.model import written
from kamcoach.model.condition import Constant, Operand
from kamcoach.model.fact import SEVERITIES
from kamcoach.model.rule import Advise, Conclude, Effect, Mark, Rule
from kamcoach.model.rulebase import CircleThroughNegation, RuleBase, layer, recursive
from kamcoach.proving.change import Change, Mutant, Setting
from kamcoach.proving.conditions import Changer
from kamcoach.proving.leaves import Doubts
from kamcoach.proving.names import used_by_effects


def mutants(rule: Rule, base: RuleBase, doubts: Doubts) -> Iterator[Mutant]:
    """The mutants of a rule, in the order of its lines; those that could not be layered are left out."""
    setting = Setting(base.vocabulary, base.params)
    feeds_itself = recursive((rule,), base.vocabulary)
    for change, when in Changer(setting, doubts).several(rule.when, used_by_effects(rule)):
        mutant = Mutant(rule._replace(when=when), change)
        if not feeds_itself or _can_be_layered(mutant.rule, base):
            yield mutant
    for place, effect in enumerate(rule.then):
        for change, changed in _effects(effect, rule, setting):
            yield Mutant(rule._replace(then=(*rule.then[:place], changed, *rule.then[place + 1 :])), change)


def _can_be_layered(rule: Rule, base: RuleBase) -> bool:
    try:
        layer(base.vocabulary, (rule,), base.params)
    except CircleThroughNegation:
        return False
    return True


def _effects(effect: Effect, rule: Rule, setting: Setting) -> Iterator[tuple[Change, Effect]]:
    match effect:
        case Advise(severity=severity, at=at):
            place = SEVERITIES.index(severity)
            moved = SEVERITIES[place + 1 if place + 1 < len(SEVERITIES) else place - 1]
            yield Change("severity", f"severity: {severity}", f"severity: {moved}", at), effect._replace(severity=moved)
        case Conclude(type=name, fields=fields, at=at) | Mark(name=name, fields=fields, at=at):
            fact_type = name if isinstance(effect, Conclude) else rule.binds[name]
            for place, (field, operand) in enumerate(fields):
                other = _another(operand, setting, fact_type, field)
                if other is not None:
                    shown = name if field == "value" else field
                    before, after = (f"{shown}: {written.operand(one)}" for one in (operand, other))
                    changed = (*fields[:place], (field, other), *fields[place + 1 :])
                    yield Change("value", before, after, at), effect._replace(fields=changed)


def _another(operand: Operand, setting: Setting, fact_type: str, field: str) -> Operand | None:
    """A constant of an enum taken for another, a number for the next."""
    if not isinstance(operand, Constant) or fact_type not in setting.vocabulary.types:
        return None
    declared = setting.vocabulary.types[fact_type].fields.get(field)
    if declared is None:
        return None
    enum = setting.vocabulary.enums.get(declared.of)
    if enum is not None and operand.value in enum.values:
        names = list(enum.values)
        place = names.index(str(operand.value))
        return Constant(names[place + 1 if place + 1 < len(names) else place - 1]) if len(names) > 1 else None
    if isinstance(operand.value, (int, float)) and not isinstance(operand.value, bool):
        return Constant(operand.value + 1)
    return None
