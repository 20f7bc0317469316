"""Working memory, and the result of one run.

Truth values are the numbers 0 (false), 1 (unknown), 2 (true): Kleene's and, or, not are min, max and 2 - x.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Final, NamedTuple

from kamcoach.engine.budget import Budget
from kamcoach.model.condition import Condition, No
from kamcoach.model.fact import Fact, Interval, Value, Vocabulary
from kamcoach.model.rule import Conclude, Mark, Rule
from kamcoach.model.rulebase import RuleBase

FALSE: Final = 0
UNKNOWN: Final = 1
TRUE: Final = 2

Env = Mapping[str, "Fact | Value | None"]
"""What the names of a rule stand for."""
FactId = tuple[object, ...]
MarkId = tuple[FactId, str, Value | None]
_WORTH_A_TABLE: Final = 8
UNDECIDED: Final = object()
"""Stands in `Memory.held` for a value that is not known, or not exactly."""


class Premise(NamedTuple):
    """How one condition came out: the facts that bear it, its truth and, for an aggregate, its value."""

    condition: Condition
    facts: tuple[Fact, ...]
    truth: int
    value: Value | None = None
    parts: tuple[Premise, ...] = ()
    """For conditions made of conditions: the premises of those that bear it."""

    def leaves(self) -> Iterator[Premise]:
        """The premises that look at facts themselves; what a negation did not find bears nothing."""
        if isinstance(self.condition, No) and self.condition.how != "evidence_of" and self.truth == TRUE:
            return
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


class Activation(NamedTuple):
    """A rule with the facts that satisfy it. `truth` is TRUE (fires certainly) or UNKNOWN (fires possibly)."""

    rule: Rule
    names: Env
    truth: int
    premises: tuple[Premise, ...]
    concluded: tuple[FactId | MarkId, ...] = ()


class Held:
    """A fact in memory with its truth, which may only rise."""

    __slots__ = ("fact", "truth")

    def __init__(self, fact: Fact, truth: int) -> None:
        self.fact = fact
        self.truth = truth


class _Table:
    """Given facts by the value of one field, so that a join need not go through all of them. Those stay the same for a whole run."""

    def __init__(self, listed: Sequence[Held], field: str) -> None:
        self._by_value: dict[Value, list[tuple[int, Held]]] = {}
        self._unknown: list[tuple[int, Held]] = []
        for place, held in enumerate(listed):
            value = held.fact.fields.get(field)
            if value is None:
                self._unknown.append((place, held))
            for one in value if isinstance(value, tuple) else () if value is None else (value,):
                self._by_value.setdefault(one, []).append((place, held))

    def having(self, value: Value) -> list[Held]:
        """In the order of the deal file."""
        found = self._by_value.get(value, [])
        return [held for _, held in (sorted(found + self._unknown, key=itemgetter(0)) if self._unknown else found)]


class Memory:
    """The facts held in one run. Only `infer` changes it."""

    def __init__(self, facts: tuple[Fact, ...], as_of: date, params: Mapping[str, Value], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.as_of = as_of
        self.params = params
        self.by_type: dict[str, list[Held]] = {}
        self.index: dict[FactId, Held] = {}
        self.marks: dict[tuple[FactId, str], dict[Value | None, int]] = {}
        """None among the values: something is marked that is not known."""
        self.vague: set[FactId] = set()
        """Derived facts that may turn out to be several, or the same as another, since part of them is not known."""
        self.budget = Budget()
        self.changes = 0
        """How often anything new was held, or held more truly."""
        self.held: set[tuple[str, object]] = set()
        """What was concluded at all: `(type, value)` and `(type, None)` for facts, `(type.field, None)` for marks."""
        self._tables: dict[tuple[str, str], _Table] = {}
        for fact in facts:
            self.index[fact.id] = held = Held(fact, UNKNOWN if fact.unasked else TRUE)
            self.by_type.setdefault(fact.type, []).append(held)

    def add(self, fact: Fact, truth: int) -> None:
        """Hold a derived fact, or hold it more truly."""
        held = self.index.get(fact.id)
        if held is None:
            self.index[fact.id] = held = Held(fact, truth)
            self.by_type.setdefault(fact.type, []).append(held)
            self.held.add((fact.type, None))
            value = fact.fields.get("value", UNDECIDED)
            self.held.add((fact.type, UNDECIDED if type(value) is Interval else value))
            self.changes += 1
        elif held.truth < truth:
            held.truth = truth
            self.changes += 1

    def having(self, fact_type: str, field: str, value: Value) -> Sequence[Held]:
        """The given facts of a type whose field is this value, or has it among its values, or is unknown; more, if they are few."""
        listed = self.by_type.get(fact_type, ())
        if len(listed) < _WORTH_A_TABLE:
            return listed
        table = self._tables.get((fact_type, field))
        if table is None:
            table = self._tables[fact_type, field] = _Table(listed, field)
        return table.having(value)

    def open_ended(self, fact: Fact) -> bool:
        """Whether it stands for any number of facts."""
        return fact.unasked or (fact.id in self.vague if self.vague else False)

    def mark(self, fact: Fact, name: str, value: Value | None, truth: int) -> None:
        """Hold a derived field of a given fact, or hold it more truly."""
        values = self.marks.setdefault((fact.id, name), {})
        if values.get(value, FALSE) < truth:
            values[value] = truth
            self.held.add((f"{fact.type}.{name}", None))
            self.changes += 1

    def flag(self, fact: Fact, name: str) -> int:
        """The truth of a derived flag: false unless concluded, unknown if concluded only possibly."""
        marks = self.marks.get((fact.id, name))
        if not marks:
            return FALSE
        return max(marks.get(True, FALSE), UNKNOWN if None in marks else FALSE)


class Consultation:
    """One run and its result. Facts come in the order of the deal file, then of the rules."""

    def __init__(self, rule_base: RuleBase, memory: Memory, activations: tuple[Activation, ...]) -> None:
        self.rule_base = rule_base
        self.memory = memory
        self.activations = activations
        self._support: dict[object, list[Activation]] = {}
        self._fired: dict[str, list[Activation]] = {}
        self._by_names: dict[str, dict[tuple[str, ...], dict[tuple[object, ...], Activation]]] = {}

    @property
    def as_of(self) -> date:
        return self.memory.as_of

    def facts(self, name: str, truth: int = TRUE) -> tuple[Fact, ...]:
        """The facts of a type with exactly this truth."""
        return tuple(h.fact for h in self.memory.by_type.get(name, ()) if h.truth == truth)

    def value(self, name: str) -> Value | None:
        """The value of a one-value type if exactly one is certain."""
        found = self.facts(name)
        return found[0].fields.get("value") if len(found) == 1 else None

    def truth(self, fact: Fact) -> int:
        held = self.memory.index.get(fact.id)
        return held.truth if held is not None else FALSE

    def marked(self, fact: Fact, name: str) -> int:
        """The truth of a derived flag of a given fact."""
        return self.memory.flag(fact, name)

    def find(self, type_name: str, key: str) -> Fact | None:
        """The given fact with this key."""
        return next((h.fact for h in self.memory.by_type.get(type_name, ()) if h.fact.key == key), None)

    def support(self, concluded: FactId | MarkId) -> tuple[Activation, ...]:
        """The activations that conclude this fact or mark, the certain ones first."""
        if not self._support:
            for activation in self.activations:
                for one in activation.concluded:
                    self._support.setdefault(one, []).append(activation)
        return tuple(sorted(self._support.get(concluded, ()), key=lambda a: -a.truth))

    def fired(self, rule_id: str) -> Sequence[Activation]:
        """The firings of a rule."""
        if not self._fired:
            for activation in self.activations:
                self._fired.setdefault(activation.rule.id, []).append(activation)
        return self._fired.get(rule_id, ())

    def firing(self, rule_id: str, names: Env) -> Activation:
        """The truest firing of a rule for what these names stand for; there is one."""
        tables = self._by_names.setdefault(rule_id, {})
        if not tables:
            for one in sorted(self.fired(rule_id), key=lambda a: -a.truth):
                tables.setdefault(tuple(one.names), {}).setdefault(tuple(one.names.values()), one)
        return next(table[key] for own, table in tables.items() if (key := tuple(map(names.get, own))) in table)


def conclusions(rule: Rule) -> Iterator[Conclude | Mark]:
    """The effects that add facts other than advice."""
    return (effect for effect in rule.then if isinstance(effect, (Conclude, Mark)))
