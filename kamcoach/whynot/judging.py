"""The conditions of a rule, each with its truth, for the facts that come nearest to satisfying it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from kamcoach.engine.combine import best, compile_condition
from kamcoach.engine.compile import Matcher, Step, compile_field_test
from kamcoach.engine.memory import FALSE, TRUE, UNKNOWN, Consultation, Env, Held, Premise
from kamcoach.model.condition import Aggregate, Compute, Condition, Last, No, Pattern, Reference, Tally
from kamcoach.model.fact import Fact, FactType, Value
from kamcoach.model.rule import Rule

_BEAM: Final = 60
"""How many partial bindings are kept while the nearest is looked for."""
_COST: Final = {FALSE: 1.0, UNKNOWN: 0.3, TRUE: 0.0}
NONE_KNOWN: Final[Env] = {}


class Judged(NamedTuple):
    """One condition. `facts` are those that bear or block it; `reachable` is false if it speaks of something that was not found."""

    condition: Condition
    truth: int
    names: Env
    facts: tuple[Fact, ...] = ()
    premises: tuple[Premise, ...] = ()
    value: Value | None = None
    reachable: bool = True


class Nearest(NamedTuple):
    """The conditions of a rule for one way of binding its names."""

    rule: Rule
    names: Env
    conditions: tuple[Judged, ...]
    cost: float

    @property
    def truth(self) -> int:
        return min((one.truth for one in self.conditions), default=TRUE)

    @property
    def first_failing(self) -> int | None:
        """The place of the first condition that is false, else of the first that is unknown."""
        for truth in (FALSE, UNKNOWN):
            for place, one in enumerate(self.conditions):
                if one.truth == truth:
                    return place
        return None


class _Outcome(NamedTuple):
    judged: Judged
    names: Env
    cost: float


class Judge:
    """Judges the rules of one consultation."""

    def __init__(self, consultation: Consultation) -> None:
        self.memory = consultation.memory
        self.vocabulary = consultation.rule_base.vocabulary
        self._steps: dict[int, tuple[Condition, Step]] = {}

    def nearest(self, rule: Rule, fixed: Env = NONE_KNOWN, about: str = "") -> Nearest | None:
        """The way of binding the names that comes nearest; with some names `fixed`, or so that some name is the item `about`."""
        beams = [Nearest(rule, fixed, (), 0)]
        for condition in rule.when:
            found = [
                Nearest(rule, one.names, (*beam.conditions, one.judged), beam.cost + one.cost)
                for beam in beams
                for one in self._outcomes(condition, beam.names, fixed, about)
            ]
            beams = sorted(found, key=lambda beam: (beam.truth == FALSE, beam.cost))[:_BEAM]
        named = [beam for beam in beams if not about or any(isinstance(v, Fact) and v.key == about for v in beam.names.values())]
        return named[0] if named else None

    def _outcomes(self, condition: Condition, names: Env, fixed: Env, about: str) -> Iterator[_Outcome]:
        if any(name not in names for name in spoken_of(condition)):
            yield _Outcome(Judged(condition, FALSE, names, reachable=False), names, 1.5)
        elif isinstance(condition, Pattern) and condition.bind:
            yield from self._bound(condition, names, fixed, about)
        elif isinstance(condition, (Aggregate, Compute, Tally)) and condition.bind and condition.test is not None:
            yield from self._valued(condition, names)
        else:
            yield from self._plain(condition, names)

    def _bound(self, pattern: Pattern, names: Env, fixed: Env, about: str) -> Iterator[_Outcome]:
        """Every fact that the name might stand for."""
        matcher = Matcher(pattern, self.vocabulary)
        held = [one for one in self.memory.by_type.get(pattern.type, ()) if fixed.get(pattern.bind) in (None, one.fact)]
        wanted = [one for one in held if one.fact.key == about]
        for one in wanted or held:
            inner = matcher.bound(one, names)
            judged = Judged(pattern, matcher.truth(one, inner, self.memory), inner, (one.fact,))
            yield _Outcome(judged, inner, self.distance(pattern, one, inner))
        if not held:
            yield _Outcome(Judged(pattern, FALSE, names), names, 1.5 + 0.1 * len(pattern.tests))

    def _valued(self, condition: Aggregate | Compute | Tally, names: Env) -> Iterator[_Outcome]:
        """The value first, then what is asked of it: so later conditions can be judged though the test fails."""
        found = self.step(condition._replace(test=None))(names, self.memory)
        whole = self.step(condition)(names, self.memory)
        for _, inner, premise in found[:1]:
            truth = whole[0][0] if whole else FALSE
            yield _Outcome(Judged(condition, truth, inner, premise.facts, (premise,), premise.value), inner, _COST[truth])
        if not found:
            yield _Outcome(Judged(condition, FALSE, names), names, 1.5)

    def _plain(self, condition: Condition, names: Env) -> Iterator[_Outcome]:
        found = sorted(self.step(condition)(names, self.memory), key=lambda way: -way[0])
        for truth, inner, premise in found if isinstance(condition, Last) else found[:1]:
            yield _Outcome(Judged(condition, truth, inner, premise.facts, (premise,), premise.value), inner, _COST[truth])
        if not found:
            yield self._failed(condition, names)

    def _failed(self, condition: Condition, names: Env) -> _Outcome:
        """A condition that is false: what blocks it, or what comes nearest to it."""
        first = condition.conditions[0] if isinstance(condition, No) and condition.how == "evidence_of" else None
        if isinstance(first, Pattern):
            found = self._failed(first, names)
            return found._replace(judged=found.judged._replace(condition=condition))
        if isinstance(condition, No):
            _, premises = self.inside(condition.conditions, names)
            facts = tuple(dict.fromkeys(fact for premise in premises for fact in premise.facts))
            return _Outcome(Judged(condition, FALSE, names, facts, premises), names, 1.0)
        if isinstance(condition, Pattern):
            held = self.memory.by_type.get(condition.type, [])
            near = min(held, key=lambda one: self.distance(condition, one, names), default=None)
            cost = self.distance(condition, near, names) if near is not None else 1.5
            return _Outcome(Judged(condition, FALSE, names, (near.fact,) if near is not None else ()), names, max(1.0, cost))
        value = None
        if isinstance(condition, (Aggregate, Compute, Tally)):
            rows = self.step(condition._replace(test=None))(names, self.memory)
            value = rows[0][2].value if rows else None
        return _Outcome(Judged(condition, FALSE, names, value=value), names, 1.0)

    def inside(self, conditions: Sequence[Condition], names: Env) -> tuple[int, tuple[Premise, ...]]:
        """The joint truth of conditions, and the premises of the best ways."""
        return best([self.step(one) for one in conditions], names, self.memory)

    def step(self, condition: Condition) -> Step:
        if id(condition) not in self._steps:
            self._steps[id(condition)] = condition, compile_condition(condition, self.vocabulary)
        return self._steps[id(condition)][1]

    def distance(self, pattern: Pattern, held: Held, names: Env) -> float:
        """How far a fact is from passing a pattern."""
        declared = self.vocabulary.types[pattern.type]
        names = Matcher(pattern, self.vocabulary).bound(held, names)
        far = 0.0 if held.truth == TRUE else _COST[UNKNOWN]
        far += sum(_COST[self.test(one, declared, held.fact, names)] for one in pattern.tests)
        groups = [sum(_COST[self.test(one, declared, held.fact, names)] for one in group) for group in pattern.either]
        return far + min(groups, default=0.0)

    def test(self, one: Any, declared: FactType, fact: Fact, names: Env) -> int:
        """The truth of one field test."""
        return compile_field_test(one, declared.name, self.vocabulary)(fact, names, self.memory)


def spoken_of(node: object) -> Iterator[str]:
    """The names that a condition speaks of and does not bind itself."""
    bound = set(_bound_in(node))
    yield from (name for name in references_in(node) if name not in bound)


def _bound_in(node: object) -> Iterator[str]:
    if isinstance(node, tuple):
        if isinstance(node, (Pattern, Last, Aggregate, Compute, Tally)) and node.bind:
            yield node.bind
        for part in node:
            yield from _bound_in(part)


def references_in(node: object) -> Iterator[str]:
    """The names that anything of a rule speaks of."""
    if isinstance(node, Reference):
        yield node.name
    elif isinstance(node, tuple):
        for part in node:
            yield from references_in(part)
