"""Rules in the plain form that other engines know: patterns, joins, negations, one conclusion after the other; two truth values.

On deals in which nothing is unknown a rule has two truth values as well, so the plain form of a rule comes to the same there. Alternatives
become several plain rules, `every` becomes a negation, dates become day numbers, thresholds become numbers. Aggregates, computed values and
searches in texts are left out: most peers have no counterpart, and a fair one can say what it is measured on.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final, NamedTuple

from kamcoach.model.condition import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Constant,
    Days,
    Every,
    FieldTest,
    Known,
    No,
    Not,
    OneOf,
    Operand,
    Parameter,
    Pattern,
    Reference,
    Size,
    Test,
)
from kamcoach.model.fact import Fact, Field
from kamcoach.model.rule import Advise, Conclude, Mark, Rule
from kamcoach.model.rulebase import RuleBase, layer

AS_OF: Final = date(2026, 3, 2)
"""The day of all generated deals."""
_OPPOSITE: Final = {
    "==": "!=",
    "!=": "==",
    ">=": "<",
    "<": ">=",
    ">": "<=",
    "<=": ">",
    "in": "not in",
    "not in": "in",
    "has": "lacks",
    "lacks": "has",
}
_COMPARE: Final = {"equals": "==", "at_least": ">=", "at_most": "<=", "above": ">", "below": "<", "has": "has"}
_MIRROR: Final = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}


class Unsayable(Exception):
    """A rule without a plain form."""


class Ref(NamedTuple):
    """A field of a bound fact; `_key` is what identifies it."""

    name: str
    field: str


class Plain(NamedTuple):
    """A comparison of a field: with a value, several values (`in`), or a field of a bound fact. A set `has` or `lacks` one value."""

    field: str
    how: str
    value: Any


class Match(NamedTuple):
    """A fact of a type that passes all tests. `marks` are derived flags of a given fact that must hold, or must not."""

    name: str
    type: str
    tests: tuple[Plain, ...]
    marks: tuple[tuple[str, bool], ...] = ()


class Absent(NamedTuple):
    """There are no facts that match all of these."""

    matches: tuple[Match, ...]


class Effect(NamedTuple):
    """A fact to be concluded; the type `mark` is a derived flag of a given fact."""

    type: str
    fields: tuple[tuple[str, Any], ...]


class PlainRule(NamedTuple):
    rule: str
    stratum: int
    conditions: tuple[Match | Absent, ...]
    effects: tuple[Effect, ...]


class PlainBase(NamedTuple):
    """What can be said: the rules as they are, and in the plain form."""

    base: RuleBase
    rules: tuple[PlainRule, ...]


def plain(base: RuleBase, wanted: Any = lambda rule: True) -> PlainBase:
    """The rules that have a plain form of which all is `wanted`."""
    kept = [rule for rule in base.rules if (forms := _forms(rule, base)) is not None and all(map(wanted, forms))]
    smaller = layer(base.vocabulary, tuple(kept), base.params)
    strata = enumerate(smaller.strata)
    return PlainBase(smaller, tuple(form._replace(stratum=n) for n, s in strata for rule in s for form in _forms(rule, smaller) or ()))


def _forms(rule: Rule, base: RuleBase) -> list[PlainRule] | None:
    reader = _Reader(base, rule)
    try:
        effects = tuple(one for effect in rule.then for one in reader.effects(effect))
        choices = [reader.alternatives(condition) for condition in rule.when]
        return [PlainRule(rule.id, 0, tuple(itertools.chain(*choice)), effects) for choice in itertools.product(*choices)]
    except Unsayable:
        return None


class _Reader:
    """Reads the conditions of one rule."""

    def __init__(self, base: RuleBase, rule: Rule) -> None:
        self.base = base
        self.rule = rule.id
        self.types = base.vocabulary.types
        self.names = dict(rule.binds)
        self.fresh = itertools.count()

    def alternatives(self, condition: Condition) -> list[tuple[Match | Absent, ...]]:
        """Each way in which the condition can hold."""
        match condition:
            case Pattern():
                return [(one,) for one in self.matches(condition)]
            case No(how=how, conditions=inner):
                ways = list(itertools.product(*(self.alternatives(one) for one in inner)))
                flat = [tuple(itertools.chain(*way)) for way in ways]
                return flat if how == "evidence_of" else [tuple(self.absent(way) for way in flat)]
            case AnyOf(alternatives=groups):
                ways = [way for group in groups for way in itertools.product(*(self.alternatives(one) for one in group))]
                return [tuple(itertools.chain(*way)) for way in ways]
            case Every(pattern=pattern, satisfies=tests):
                failing = [pattern._replace(tests=(*pattern.tests, one._replace(test=Not(one.test)))) for one in tests]
                return [tuple(Absent((one,)) for worse in failing for one in self.matches(worse))]
        raise Unsayable

    def absent(self, way: tuple[Match | Absent, ...]) -> Absent:
        if any(isinstance(one, Absent) for one in way):
            raise Unsayable
        return Absent(tuple(one for one in way if isinstance(one, Match)))

    def matches(self, pattern: Pattern) -> Iterator[Match]:
        """The pattern, once for each of its alternatives; none that cannot hold when nothing is unknown."""
        name = pattern.bind or f"m{next(self.fresh)}"
        self.names[name] = pattern.type
        for group in pattern.either or ((),):
            ways = itertools.product(*(self.tests(pattern.type, one) for one in (*pattern.tests, *group)))
            for way in ways:
                flat = list(itertools.chain(*way))
                tests = tuple(one for one in flat if isinstance(one, Plain))
                yield Match(name, pattern.type, tests, tuple(one for one in flat if not isinstance(one, Plain)))

    def tests(self, fact_type: str, one: FieldTest) -> list[list[Any]]:
        """The ways in which a test on a field can be passed, each a list of comparisons."""
        declared = self.types[fact_type]
        field = declared.fields[one.field]
        if fact_type == "advice" and field.kind in ("set", "enum"):
            raise Unsayable
        if field.derived and declared.given:
            return [[(one.field, self.flag(field, one.test))]]
        return self.compared(field, one.test, wanted=True)

    def flag(self, field: Field, test: Test) -> bool:
        if isinstance(test, Not):
            return not self.flag(field, test.test)
        if field.kind == "flag" and isinstance(test, Compare) and test.how == "equals" and isinstance(test.operand, Constant):
            return bool(test.operand.value)
        raise Unsayable

    def compared(self, field: Field, test: Test, *, wanted: bool) -> list[list[Plain]]:
        match test:
            case Not(test=inner):
                return self.compared(field, inner, wanted=not wanted)
            case Known(wanted=known):
                return [[]] if known == wanted else []
            case AllOf(tests=tests):
                parts = [self.compared(field, inner, wanted=wanted) for inner in tests]
                return [list(itertools.chain(*way)) for way in itertools.product(*parts)] if wanted else list(itertools.chain(*parts))
            case Days(direction=direction, test=inner):
                return self.compared(field._replace(kind="date", of=direction), inner, wanted=wanted)
            case Size(test=inner):
                return self.compared(Field(f"{field.name}_size", "int"), inner, wanted=wanted)
            case OneOf(operands=operands, of_set=of_set):
                return self.listed(field, [self.constant(one) for one in operands], of_set=of_set, wanted=wanted)
            case Compare():
                found = self.comparison(field, test)
                return [[found if wanted else found._replace(how=_OPPOSITE[found.how])]]
        raise Unsayable

    def listed(self, field: Field, values: list[Any], *, of_set: bool, wanted: bool) -> list[list[Plain]]:
        if not of_set:
            return [[Plain(field.name, "in" if wanted else "not in", tuple(values))]]
        has = [Plain(field.name, "has" if wanted else "lacks", value) for value in values]
        return [[one] for one in has] if wanted else [has]

    def comparison(self, field: Field, test: Compare) -> Plain:
        if test.how not in _COMPARE:
            raise Unsayable
        how = _COMPARE[test.how]
        if isinstance(test.operand, Reference):
            if field.kind == "enum" and how not in ("==", "has"):
                raise Unsayable
            return Plain(field.name, how, self.reference(test.operand))
        value = self.constant(test.operand)
        if field.kind == "date" and field.of in ("ago", "ahead"):  # so many days before or after the day of the deal
            ago = field.of == "ago"
            return Plain(field.name, _MIRROR.get(how, how) if ago else how, AS_OF.toordinal() + (-value if ago else value))
        if field.kind == "enum" and how in _MIRROR:
            rank = self.base.vocabulary.enums[field.of].rank
            passing = {">=": rank[value].__le__, "<=": rank[value].__ge__, ">": rank[value].__lt__, "<": rank[value].__gt__}[how]
            return Plain(field.name, "in", tuple(one for one in rank if passing(rank[one])))
        return Plain(field.name, how, value)

    def constant(self, operand: Operand) -> Any:
        if isinstance(operand, Constant):
            return said(operand.value)
        if isinstance(operand, Parameter):
            return said(self.base.params[operand.name].value)
        raise Unsayable

    def reference(self, operand: Reference) -> Ref:
        fact_type = self.types.get(self.names.get(operand.name, ""))
        if fact_type is None:
            raise Unsayable
        if not operand.field:
            return Ref(operand.name, "value" if fact_type.shape == "value" else "_key")
        if fact_type.given and fact_type.fields[operand.field].derived:
            raise Unsayable
        return Ref(operand.name, operand.field)

    def effects(self, effect: Conclude | Mark | Advise) -> Iterator[Effect]:
        match effect:
            case Conclude(type=name, fields=fields):
                yield Effect(name, tuple((field, self.value(operand)) for field, operand in fields))
            case Mark(name=name, fields=fields):
                for field, operand in fields:
                    if operand != Constant(value=True):
                        raise Unsayable
                    yield Effect("mark", (("of", self.names[name]), ("flag", field), ("key", Ref(name, "_key"))))
            case Advise(about=about):
                if len(about) > 1:
                    raise Unsayable
                refs = [self.reference(Reference(name)) for name in about]
                fixed = {"rule": self.rule, "play": effect.play, "severity": effect.severity, "lens": effect.lens, "topic": effect.topic}
                yield Effect("advice", (*fixed.items(), ("about", refs[0] if refs else "")))

    def value(self, operand: Operand) -> Any:
        return self.reference(operand) if isinstance(operand, Reference) else self.constant(operand)


def said(value: Any) -> Any:
    """A value as every peer takes it: dates as day numbers, true and false as 1 and 0."""
    if isinstance(value, date):
        return value.toordinal()
    return int(value) if isinstance(value, bool) else value


def rows(facts: Iterable[Fact]) -> list[dict[str, Any]]:
    """The facts of a deal in which nothing is unknown."""
    found = []
    for fact in facts:
        row: dict[str, Any] = {"_type": fact.type, "_key": fact.key}
        for name, value in fact.fields.items():
            row[name] = said(value)
            if isinstance(value, tuple):
                row[f"{name}_size"] = len(value)
        found.append(row)
    return found


Conclusions = set[tuple[tuple[str, Any], ...]]
"""Facts that were concluded, each with its type and the values that make it what it is, sorted."""


def concluded(name: str, fields: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    """One conclusion in the form in which all engines are compared."""
    return tuple(sorted({"_type": name, **fields}.items()))
