"""All rules together, layered so that a fact is complete before anything negates, counts or sums it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kamcoach.model.condition import (
    Aggregate,
    AllOf,
    AnyOf,
    Compare,
    Compute,
    Computed,
    Condition,
    Constant,
    Every,
    FieldTest,
    Last,
    No,
    OneOf,
    Operand,
    Pattern,
    Reference,
    Tally,
    Test,
)
from kamcoach.model.condition import Known as KnownTest
from kamcoach.model.fact import Vocabulary
from kamcoach.model.rule import Advise, Conclude, Mark, Param, Rule

Read = tuple[str, bool]
"""A predicate that is read, and whether it must be complete before."""


class RuleBase:
    """Rules in strata: each stratum is a tuple of rules that may feed one another and nothing before them. Never changed once made."""

    __slots__ = ("__weakref__", "params", "strata", "vocabulary")

    def __init__(self, vocabulary: Vocabulary, strata: tuple[tuple[Rule, ...], ...], params: Mapping[str, Param]) -> None:
        self.vocabulary = vocabulary
        self.strata = strata
        self.params = params

    @property
    def rules(self) -> Iterator[Rule]:
        return (rule for stratum in self.strata for rule in stratum)


class CircleThroughNegation(Exception):
    """Rules that would have to be complete before they run."""

    def __init__(self, rules: tuple[Rule, ...], predicate: str) -> None:
        super().__init__(predicate)
        self.rules = rules
        self.predicate = predicate


def layer(vocabulary: Vocabulary, rules: tuple[Rule, ...], params: Mapping[str, Param]) -> RuleBase:
    """The rule base of these rules, in an order that does not depend on theirs.

    Raises CircleThroughNegation.
    """
    ordered = sorted(rules, key=lambda rule: rule.id)
    writers: dict[str, list[int]] = {}
    for place, rule in enumerate(ordered):
        for predicate in writes(rule):
            writers.setdefault(predicate, []).append(place)
    sources = [[(w, p, neg) for p, neg in sorted(reads(r, vocabulary)) for w in _writing(p, writers)] for r in ordered]
    components = _components([[w for w, _, _ in row] for row in sources])
    of = {place: number for number, group in enumerate(components) for place in group}
    for place, row in enumerate(sources):
        for writer, predicate, negative in row:
            if negative and of[writer] == of[place]:
                raise CircleThroughNegation(tuple(ordered[p] for p in sorted(components[of[place]])), predicate)
    return RuleBase(vocabulary, tuple(tuple(ordered[p] for p in sorted(group)) for group in components), params)


def recursive(stratum: tuple[Rule, ...], vocabulary: Vocabulary) -> bool:
    """Whether the rules of a stratum feed one another (or themselves)."""
    if len(stratum) > 1:
        return True
    written = writes(stratum[0])
    return any(predicate in written for predicate, _ in reads(stratum[0], vocabulary))


def _writing(predicate: str, writers: Mapping[str, list[int]]) -> list[int]:
    if predicate == "advice/*":
        return sorted({place for name, places in writers.items() if name.startswith("advice/") for place in places})
    return writers.get(predicate, [])


def writes(rule: Rule) -> frozenset[str]:
    """The predicates a rule adds to: a derived type, `type.field` for a derived field, `advice/<play>`."""
    found = set()
    for effect in rule.then:
        if isinstance(effect, Conclude):
            found.add(effect.type)
        elif isinstance(effect, Mark):
            found.update(f"{rule.binds[effect.name]}.{name}" for name, _ in effect.fields)
        else:
            found.add(f"advice/{effect.play}")
    return frozenset(found)


def reads(rule: Rule, vocabulary: Vocabulary) -> frozenset[Read]:
    """The derived predicates a rule looks at."""
    found: set[Read] = set()
    reader = _Reader(vocabulary, dict(rule.binds), found)
    for condition in rule.when:
        reader.condition(condition, complete=False)
    for effect in rule.then:
        pairs = effect.extras if isinstance(effect, Advise) else effect.fields
        for _, operand in pairs:
            reader.operand(operand)
    return frozenset(found)


class _Reader:
    """Collects what the conditions of one rule look at."""

    def __init__(self, vocabulary: Vocabulary, names: dict[str, str], found: set[Read]) -> None:
        self.vocabulary = vocabulary
        self.names = names
        self.found = found

    def condition(self, condition: Condition, *, complete: bool) -> None:
        match condition:
            case Pattern():
                self.pattern(condition, complete=complete)
            case No(how=how, conditions=inner):
                for one in inner:
                    self.condition(one, complete=complete or how != "evidence_of")
            case Every(pattern=pattern, satisfies=tests):
                self.pattern(pattern, complete=True)
                self.tests(pattern.type, tests, complete=True)
            case AnyOf(alternatives=alternatives):
                for one in (c for group in alternatives for c in group):
                    self.condition(one, complete=complete)
            case Aggregate(pattern=pattern, field=name, test=test):
                self.pattern(pattern, complete=True)
                self.field(pattern.type, name, complete=True)
                self.test(test)
            case Last(pattern=pattern, by=by, tests=tests, bind=bind):
                self.names[bind] = pattern.type
                self.pattern(pattern, complete=True)
                self.field(pattern.type, by, complete=True)
                self.tests(pattern.type, tests, complete=True)
            case Compute(value=value, test=test):
                self.operand(value)
                self.source(value)
                self.test(test)
            case Tally(conditions=inner, test=test):
                for one in inner:
                    self.condition(one, complete=True)
                self.test(test)

    def pattern(self, pattern: Pattern, *, complete: bool) -> None:
        if pattern.bind:
            self.names[pattern.bind] = pattern.type
        if pattern.type == "advice":
            self.found.update((name, complete) for name in _plays(pattern))
        elif not self.vocabulary.types[pattern.type].given:
            self.found.add((pattern.type, complete))
        self.tests(pattern.type, pattern.tests, complete=complete)
        for group in pattern.either:
            self.tests(pattern.type, group, complete=complete)

    def tests(self, fact_type: str, tests: tuple[FieldTest, ...], *, complete: bool) -> None:
        for one in tests:
            positive = one.test == Compare("equals", Constant(value=True))
            self.field(fact_type, one.field, complete=complete or not positive)
            self.test(one.test)

    def field(self, fact_type: str, name: str, *, complete: bool) -> None:
        declared = self.vocabulary.types[fact_type]
        found = declared.fields.get(name)
        if found is not None and found.derived and declared.given:
            self.found.add((f"{fact_type}.{name}", complete))

    def test(self, test: Test | None) -> None:
        match test:
            case Compare(operand=operand):
                self.operand(operand)
            case OneOf(operands=operands):
                for one in operands:
                    self.operand(one)
            case AllOf(tests=tests):
                for inner in tests:
                    self.test(inner)
            case None | KnownTest():
                pass
            case _:
                self.test(test.test)

    def operand(self, operand: Operand) -> None:
        if isinstance(operand, Reference) and operand.field:
            fact_type = self.names.get(operand.name, "")
            if fact_type:
                self.field(fact_type, operand.field, complete=True)
        elif isinstance(operand, Computed):
            for one in operand.operands:
                self.operand(one)
                self.source(one)

    def source(self, operand: Operand) -> None:
        """What a computed value is worked out from must be complete, or it could feed itself for ever."""
        fact_type = self.names.get(operand.name, "") if isinstance(operand, Reference) and not operand.field else ""
        if fact_type and not self.vocabulary.types[fact_type].given:
            self.found.add((fact_type, True))


def _plays(pattern: Pattern) -> list[str]:
    for one in pattern.tests:
        if one.field == "play":
            constants = one.test.operands if isinstance(one.test, OneOf) else (one.test.operand,) if isinstance(one.test, Compare) else ()
            if constants and all(isinstance(c, Constant) for c in constants):
                return [f"advice/{c.value}" for c in constants if isinstance(c, Constant)]
    return ["advice/*"]


def _components(edges: list[list[int]]) -> list[list[int]]:
    """Strongly connected components, sources before those that read them (Tarjan, without recursion)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    on_stack: set[int] = set()
    stack: list[int] = []
    found: list[list[int]] = []
    for root in range(len(edges)):
        if root in index:
            continue
        work = [(root, iter(edges[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(edges[target])))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    found.append(_pop(stack, on_stack, node))
    return found


def _pop(stack: list[int], on_stack: set[int], node: int) -> list[int]:
    group = []
    while True:
        top = stack.pop()
        on_stack.discard(top)
        group.append(top)
        if top == node:
            return group
