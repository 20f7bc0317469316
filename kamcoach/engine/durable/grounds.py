"""From what durable-rules fired back to activations with their reasons. It keeps none, so they are looked up in the facts."""

from __future__ import annotations

from kamcoach.engine.combine import solve
from kamcoach.engine.durable.process import INSTEAD
from kamcoach.engine.durable.signals import Firings, Spoken, Words
from kamcoach.engine.durable.tokens import Tokens
from kamcoach.engine.memory import TRUE, Activation, Env, Memory, Premise
from kamcoach.errors import EngineError

Way = tuple[int, Env, tuple[Premise, ...]]
"""One way in which conditions hold."""


def activations(rule: Spoken, fired: Firings, memory: Memory, tokens: Tokens) -> list[Activation]:
    """The firings of a rule with their premises, in the order of the facts; carried out in memory.

    Raises EngineError for a firing whose conditions do not hold, or not as truly.
    """
    found = []
    for truth, env, premises in _looked_up(rule, fired, memory, tokens):
        if fired[_words(rule, env, tokens)] == truth:
            concluded = tuple([carry(env, memory, truth) for carry in rule.effects])
            found.append(Activation(rule.rule, env, truth, premises, concluded))
    if len(found) != len(fired):
        raise EngineError(f"durable-rules is wrong: it fired the rule '{rule.rule.id}', whose conditions do not hold so. {INSTEAD}")
    return found


def _looked_up(rule: Spoken, fired: Firings, memory: Memory, tokens: Tokens) -> list[Way]:
    """Each firing with the premise of every condition; facts for which the rule did not fire are left out as soon as they are named."""
    ways: list[Way] = [(TRUE, {}, ())]
    for step in rule.steps:
        ways = [
            (min(truth, found), inner, (*premises, premise))
            for truth, outer, premises in ways
            for found, inner, premise in step(outer, memory)
        ]
        bound = len(ways[0][1]) if ways else 0
        wanted = {words[:bound] for words in fired}
        ways = [way for way in ways if _words(rule, way[1], tokens) in wanted]
    return ways


def overlooked(rule: Spoken, fired: Firings, memory: Memory, tokens: Tokens) -> bool:
    """Whether the rule should have fired where it did not."""
    return any(_words(rule, env, tokens) not in fired for _, env, _ in solve(rule.steps, {}, memory))


def _words(rule: Spoken, env: Env, tokens: Tokens) -> Words:
    """What the names bound so far stand for."""
    return tuple(tokens.word(env[name]) for name in rule.names[: len(env)])
