"""Rules as rules of CLIPS: one that fires certainly, one that fires at least possibly, and those that count for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kamcoach.model.fact import FactType
from kamcoach.model.rule import Advise, Conclude, Effect, Mark, Rule
from tests.engine.second_opinion.conditions import Before, Conditions
from tests.engine.second_opinion.elements import MODES
from tests.engine.second_opinion.expressions import NOT_KNOWN, Bound, Expressions, Mode, Names, is_marked, literal


def template(declared: FactType) -> str:
    """A fact has a number, and a key if it is given. What rules mark on it is kept apart."""
    fields = " ".join(f"(multislot f-{one.name})" for one in declared.fields.values() if not is_marked(declared, one))
    return f"(deftemplate t-{declared.name} (slot id) (multislot key) {fields})"


def translated(say: Expressions, rule: Rule, name: str, stratum: int) -> list[str]:
    conditions = Conditions(say, rule, name, stratum)
    before = Before({})
    elements = conditions.all(rule.when, before)
    for mode in MODES:
        effects = " ".join(line for effect in rule.then for line in _effect(say, rule, effect, before.names, mode))
        conditions.rule(elements.of(mode), effects)
    return conditions.rules


def _effect(say: Expressions, rule: Rule, effect: Effect, names: Names, mode: Mode) -> Iterator[str]:
    certain = "TRUE" if mode == "sure" else "FALSE"
    match effect:
        case Conclude(type=type_name, fields=fields):
            values = {field: say.operand(operand, names) for field, operand in fields}
            known = " ".join(f"(known ?x-{field})" for field in values)
            yield from _concluded(say.vocabulary.types[type_name], values, f"(and {certain} {known} TRUE)")
        case Mark(name=name, fields=fields):
            bound = names[name]
            assert isinstance(bound, Bound)
            yield from (f"(mark-it {bound.id} {field} {say.operand(operand, names)} {certain})" for field, operand in fields)
        case Advise():
            keys = [one.key for name in effect.about if isinstance(one := names[name], Bound)]
            says = {"rule": rule.id, "play": effect.play, "severity": effect.severity, "lens": effect.lens, "topic": effect.topic}
            values = {field: literal(value) for field, value in says.items()} | {"about": f"(keys {len(keys)} {' '.join(keys)})"}
            yield from _concluded(say.vocabulary.types["advice"], values, certain)


def _concluded(declared: FactType, values: Mapping[str, str], certain: str) -> Iterator[str]:
    """What is said of every field makes the fact what it is; in part not known, or not exactly, it stands for any number of facts."""
    yield from (f"(bind ?x-{field} {value})" for field, value in values.items())
    said = {one: f"?x-{one}" if one in values else NOT_KNOWN for one in declared.fields}
    yield f"(bind ?id (number-of {declared.name} {' '.join(f'{one} {value}' for one, value in said.items())}))"
    yield f"(assert (t-{declared.name} (id ?id) {' '.join(f'(f-{one} {value})' for one, value in said.items())}))"
    yield f"(hold ?id {certain})"
    exact = " ".join(f"(exact ?x-{one})" for one in values)
    yield f"(if (not (and TRUE {exact} TRUE)) then (assert (vague (of ?id))))"
