"""Which advice comes first: severity, lens, stage, then the earlier deadline and the heavier person; merged by person and topic."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, partial
from heapq import heapify, heappop, heapreplace
from typing import NamedTuple

from kamcoach.advice.grounds import activation_of, given_facts
from kamcoach.engine.memory import TRUE, Activation, Consultation, Memory
from kamcoach.engine.values import compile_operand
from kamcoach.model.advice import Advice, Block
from kamcoach.model.fact import SEVERITIES, Fact
from kamcoach.model.playbook import Library, Ranking
from kamcoach.model.rule import Advise


class Ranked(NamedTuple):
    """Blocks of actions and single "do not" lines, in order; all of them, not only those shown."""

    actions: tuple[Block, ...]
    do_not: tuple[Advice, ...]
    strategy: Advice | None = None

    @property
    def advice(self) -> tuple[Advice, ...]:
        """Every piece of advice, in order of rank."""
        listed = [advice for block in self.actions for advice in (block.lead, *block.also)] + list(self.do_not)
        return tuple(listed if self.strategy is None else [*listed, self.strategy])


def rank(consultation: Consultation, library: Library) -> Ranked:
    """The certain advice of a consultation in the order in which a rep should take it."""
    found = given(consultation)
    by_ousted = _by_ousted(found)
    found = [advice for advice in found if not ousters(advice, by_ousted.get(advice.rule.id, ()))]
    strategy = next((advice for advice in found if advice.topic == library.shows.strategy), None)
    first, staged = _first_lens(found, library.ranking), cache(partial(_staged, consultation=consultation, library=library))
    scored = [_scored(a, first, staged, consultation, library.ranking) for a in found if a is not strategy]
    scored.sort(key=_order)
    blocks = _blocks([advice for advice in scored if not advice.do_not])
    return Ranked(_spread(blocks, library.ranking), tuple(advice for advice in scored if advice.do_not), strategy)


def advice_of(activation: Activation, memory: Memory) -> Iterable[Advice]:
    """The advice that a firing gives, certain or possible."""
    for effect in activation.rule.then:
        if isinstance(effect, Advise):
            extras = {name: compile_operand(operand)(activation.names, memory) for name, operand in effect.extras}
            about = tuple(fact for name in effect.about if isinstance(fact := activation.names[name], Fact))
            names = {**activation.names, **extras}
            yield Advice(activation.rule, effect.play, effect.severity, effect.lens, effect.topic, about, effect.do_not, names)


def _distinct(found: list[Advice]) -> list[Advice]:
    """The same play from the same rule about the same facts counts once."""
    seen: dict[tuple[object, ...], Advice] = {}
    for advice in found:
        seen.setdefault((advice.rule.id, advice.play, *(fact.id for fact in advice.about)), advice)
    return list(seen.values())


def given(consultation: Consultation) -> list[Advice]:
    """All certain advice, also what other advice makes needless."""
    return _distinct([advice for a in consultation.activations if a.truth == TRUE for advice in advice_of(a, consultation.memory)])


def _by_ousted(found: list[Advice]) -> dict[str, list[Advice]]:
    """For each rule, the advice that says it makes that of the rule needless."""
    table: dict[str, list[Advice]] = {}
    for advice in found:
        for name in _instead_of(advice):
            table.setdefault(name, []).append(advice)
    return table


def ousters(advice: Advice, found: Iterable[Advice]) -> list[Advice]:
    """The advice that says it makes this one needless; where both are about somebody, only about the same one."""
    return [one for one in found if advice.rule.id in _instead_of(one) and _same(advice.about, one.about)]


def _instead_of(advice: Advice) -> Iterable[str]:
    effects = (effect for effect in advice.rule.then if isinstance(effect, Advise) and effect.play == advice.play)
    return (rule_id for effect in effects for rule_id in effect.instead_of)


def _same(left: tuple[Fact, ...], right: tuple[Fact, ...]) -> bool:
    return not left or not right or bool(set(left) & set(right))


def _first_lens(found: list[Advice], ranking: Ranking) -> str | None:
    """The first lens under which something grave was found."""
    heavy = {a.lens for a in found if a.severity in ("critical", "warn")}
    return next((lens for lens in ranking.lens_order if lens in heavy), None)


def _scored(advice: Advice, first: str | None, staged: Callable[[str], bool], consultation: Consultation, ranking: Ranking) -> Advice:
    score = ranking.severity.get(advice.severity, 0)
    score += ranking.first_lens if advice.lens == first else 0
    score += ranking.staged if staged(advice.rule.id) else 0
    return advice._replace(score=score, due=_due(advice, consultation, ranking), weight=_weight(advice, ranking))


def _due(advice: Advice, consultation: Consultation, ranking: Ranking) -> date | None:
    """The earliest deadline among the recorded values that the advice rests on; one that is past is the most urgent."""
    if not ranking.deadlines:
        return None
    resting = given_facts(activation_of(advice, consultation), consultation)
    values = (given.fact.fields[given.field] for given in resting if f"{given.fact.type}.{given.field}" in ranking.deadlines)
    return min((value for value in values if isinstance(value, date)), default=None)


def _weight(advice: Advice, ranking: Ranking) -> float:
    """The greatest weight of those whom the advice is about; what is not recorded weighs nothing."""
    values = (value for fact in advice.about for name, value in fact.fields.items() if f"{fact.type}.{name}" in ranking.weights)
    return max((value for value in values if isinstance(value, (int, float))), default=0)


def _staged(rule_id: str, consultation: Consultation, library: Library) -> bool:
    """Whether the rule looks at the diagnosed value itself."""
    firings = (a for a in consultation.fired(rule_id) if a.truth == TRUE)
    return any(fact.type == library.shows.value for a in firings for premise in a.premises for fact in premise.facts)


def _order(advice: Advice) -> tuple[object, ...]:
    """The higher score first; of equal advice what rests on the earliest deadline, then what is about the heaviest, then by rule id."""
    tie = (advice.due or date.max, -advice.weight, advice.rule.id, tuple(fact.key for fact in advice.about))
    return (-advice.score, -SEVERITIES.index(advice.severity), *tie)


def _blocks(advice: list[Advice]) -> list[Block]:
    groups: dict[object, list[Advice]] = {}
    for one in advice:
        groups.setdefault(tuple(fact.id for fact in one.about) or one.topic, []).append(one)
    return [Block(group[0], tuple(group[1:])) for group in groups.values()]


def _spread(blocks: list[Block], ranking: Ranking) -> tuple[Block, ...]:
    """Blocks in order, each losing points for every earlier one on the same topic."""
    by_topic: dict[str, list[Block]] = {}
    for block in sorted(blocks, key=lambda b: _order(b.lead)):
        by_topic.setdefault(block.lead.topic, []).append(block)
    heads = [_turn(queue, 0, ranking) for queue in by_topic.values()]
    heapify(heads)
    done: list[Block] = []
    while heads:
        *_, queue, place = heads[0]
        done.append(queue[place])
        if place + 1 < len(queue):
            heapreplace(heads, _turn(queue, place + 1, ranking))
        else:
            heappop(heads)
    return tuple(done)


def _turn(queue: list[Block], place: int, ranking: Ranking) -> tuple[float, tuple[object, ...], str, list[Block], int]:
    """When the block at a place among those of its topic has its turn."""
    lead = queue[place].lead
    return -(lead.score + ranking.repeated * place), _order(lead), lead.topic, queue, place
