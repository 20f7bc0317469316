"""One thing changed in the deal of a scenario, such as could bring a difference between two rules to light."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from kamcoach.model.condition import AllOf, Compare, Condition, Days, Not, OneOf, Size, Test
from kamcoach.model.deal import Deal
from kamcoach.model.fact import Fact, FactType, Field, Value, day_after
from kamcoach.model.scenario import Scenario
from kamcoach.model.walk import field_tests, flat
from kamcoach.proving.change import Setting
from kamcoach.proving.domain import beside, constant
from kamcoach.proving.names import looked_at

if TYPE_CHECKING:
    from kamcoach.proving.hunt import Hunter

Looks = tuple[tuple[str, str], ...]
_DEEP: Final = 4
"""Through how many rules a derived fact is followed down to what a deal file holds."""


class Edit(NamedTuple):
    """A field of a fact set to another value (None: not recorded), or the fact taken out, or added, or its list never asked for."""

    what: str
    """`set`, `remove`, `add` or `unasked`"""
    section: str
    key: str
    field: str
    value: Value | None
    facts: tuple[Fact, ...]
    """All facts of the deal after the edit."""

    def apply(self, scenario: Scenario) -> Scenario:
        return replace(scenario, deal=scenario.deal._replace(facts=self.facts))

    @property
    def path(self) -> str:
        """Where it is done; for what is added the entry that it is like."""
        return ".".join(part for part in (self.section, self.key, "" if self.what == "add" else self.field) if part)


def edits(deal: Deal, rule_id: str, looks: Looks, hunter: Hunter) -> Iterator[Edit]:
    """Edits of what these fact types and fields hold, or of what the rules conclude them from; the nearest first."""
    seen: set[tuple[str, str]] = set()
    level, depth, rules = list(looks), 0, {rule_id}
    while level and depth < _DEEP:
        below: list[tuple[str, str]] = []
        for fact_type, name in level:
            if (fact_type, name) in seen:
                continue
            seen.add((fact_type, name))
            declared = hunter.playbook.library.rule_base.vocabulary.types[fact_type]
            field = declared.fields.get(name)
            if declared.given and (field is None or not field.derived):
                yield from _of_given(deal, declared, field, rules, hunter)
            else:
                writers = hunter.reach.writers.get(f"{fact_type}.{name}" if declared.given else fact_type, set())
                rules |= writers
                below += [look for writer in sorted(writers) for look in looked_at(hunter.rules[writer].when)]
        level, depth = below, depth + 1


def _of_given(deal: Deal, declared: FactType, field: Field | None, rules: set[str], hunter: Hunter) -> Iterator[Edit]:
    facts = [fact for fact in deal.facts if fact.type == declared.name]
    if field is None:
        yield from _of_presence(deal, declared, facts)
        return
    values = list(dict.fromkeys(_values(deal, declared, field, rules, hunter)))
    for fact in facts:
        for value in (*values, None):
            if not fact.unasked and fact.fields.get(field.name) != value and field.kind != "key":
                changed = _with(fact, field.name, value)
                after = tuple(changed if one is fact else one for one in deal.facts)
                yield Edit("set", declared.section, fact.key if declared.plural else "", field.name, value, after)
    if declared.plural and field.kind != "key":
        for value in (*values, None):
            yield from _added(deal, declared, facts, field.name, value)


def _of_presence(deal: Deal, declared: FactType, facts: list[Fact]) -> Iterator[Edit]:
    if not declared.plural:
        return
    others = tuple(one for one in deal.facts if one.type != declared.name)
    for fact in facts:
        yield Edit("remove", declared.section, fact.key, "", None, tuple(one for one in deal.facts if one is not fact))
    if not any(fact.unasked for fact in facts):
        yield Edit("unasked", declared.section, "", "", None, (*others, Fact(declared.name, {}, "?", unasked=True)))


def _added(deal: Deal, declared: FactType, facts: list[Fact], name: str, value: Value | None) -> Iterator[Edit]:
    """One more of the kind: like one that is there except in this field."""
    listed = [fact for fact in facts if not fact.unasked]
    for fact in listed:
        key = f"{fact.key}2" if declared.key else f"#{len(listed) + 1}"
        fields = {**fact.fields, **({declared.key: key} if declared.key else {})}
        extra = _with(Fact(fact.type, fields, key), name, value)
        yield Edit("add", declared.section, fact.key, name, value, (*deal.facts, extra))


def _with(fact: Fact, name: str, value: Value | None) -> Fact:
    fields = {key: old for key, old in fact.fields.items() if key != name}
    return Fact(fact.type, fields if value is None else {**fields, name: value}, fact.key, fact.at, fact.places)


def _values(deal: Deal, declared: FactType, field: Field, rules: set[str], hunter: Hunter) -> Iterator[Value]:
    """Values worth trying: those that the rules compare with and those beside them, all of an enum, the keys of what can be meant."""
    base = hunter.playbook.library.rule_base
    for rule_id in sorted(rules):
        setting = Setting(base.vocabulary, hunter.playbook.home(rule_id).params)
        for test in _tests_on(hunter.rules[rule_id].when, declared.name, field.name):
            yield from _around(test, field, deal, setting)
    if field.kind in ("bool", "flag"):
        yield from (True, False)
    names: list[str] = []
    if field.of:
        names = list(base.vocabulary.enums[field.of].values)
    elif field.to:
        names = [fact.key for fact in deal.facts if fact.type == field.to and not fact.unasked]
    if field.kind == "set":
        yield ()
        yield from ((name,) for name in names)
    else:
        yield from names
    if field.kind == "text":
        yield "x"
    if field.kind == "date" and deal.as_of:
        yield day_after(deal.as_of, -1)


def _tests_on(conditions: tuple[Condition, ...], fact_type: str, name: str) -> Iterator[Test]:
    for condition in flat(conditions):
        yield from (one.test for type_name, one in field_tests(condition) if (type_name, one.field) == (fact_type, name))


def _around(test: Test, field: Field, deal: Deal, setting: Setting) -> Iterator[Value]:
    match test:
        case Compare(operand=operand):
            value = constant(operand, setting)
            if value is not None and not isinstance(value, bool) and field.kind != "set":
                yield from (v for v in (value, beside(field, value, -1, setting), beside(field, value, 1, setting)) if v is not None)
        case OneOf(operands=operands):
            yield from (v for one in operands if (v := constant(one, setting)) is not None and field.kind != "set")
        case Not(test=inner):
            yield from _around(inner, field, deal, setting)
        case AllOf(tests=tests):
            for inner in tests:
                yield from _around(inner, field, deal, setting)
        case Days(direction=direction, test=inner) if deal.as_of:
            days = [value for value in _around(inner, Field("days", "int"), deal, setting) if isinstance(value, int)]
            yield from (day_after(deal.as_of, n if direction == "ahead" else -n) for n in days)
        case Size():
            return
