"""All rules together, layered so that a fact is complete before anything negates, counts or sums it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kamcoach.model.dependencies import reads, writes, writing
from kamcoach.model.fact import Vocabulary
from kamcoach.model.rule import Param, Rule


class RuleBase:
    """Rules in strata: each stratum is a tuple of rules that may feed one another and nothing before them. Never changed once made."""

    __slots__ = ("__weakref__", "by_id", "params", "strata", "vocabulary")

    def __init__(self, vocabulary: Vocabulary, strata: tuple[tuple[Rule, ...], ...], params: Mapping[str, Param]) -> None:
        self.vocabulary = vocabulary
        self.strata = strata
        self.params = params
        self.by_id: Mapping[str, Rule] = {rule.id: rule for stratum in strata for rule in stratum}

    @property
    def rules(self) -> Iterator[Rule]:
        return (rule for stratum in self.strata for rule in stratum)

    def named(self, name: str) -> tuple[Rule, ...]:
        """The rule of this id; by the name of a table, the rules of all its rows."""
        rule = self.by_id.get(name)
        return (rule,) if rule is not None else tuple(one for one in self.rules if one.stem == name)


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
    sources = [[(w, p, neg) for p, neg in sorted(reads(r, vocabulary)) for w in writing(p, writers)] for r in ordered]
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
