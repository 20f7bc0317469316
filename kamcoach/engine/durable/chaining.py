"""One deal through durable-rules, layer by layer."""

from __future__ import annotations

from typing import Any

from kamcoach.engine.combine import solve
from kamcoach.engine.durable.process import Worker
from kamcoach.engine.durable.program import SpokenLayer
from kamcoach.engine.durable.signals import Signal, Spoken, Words
from kamcoach.engine.durable.tokens import Tokens
from kamcoach.engine.memory import TRUE, UNKNOWN, Env, Memory

Messages = dict[tuple[str, ...], int]
"""Signals with their columns, and how true they are."""


def chain(layer: SpokenLayer, memory: Memory, tokens: Tokens, worker: Worker) -> dict[str, dict[Words, int]]:
    """What fires in a layer; what is concluded goes into memory. Run again, if need be, until that changes nothing."""
    while True:
        before = memory.changes
        fired = _fired(layer, _messages(layer, memory, tokens), worker)
        for rule_id, firings in fired.items():
            layer.rules[rule_id].carry_out(firings, memory, tokens)
        if not layer.again or memory.changes == before:
            return fired


def _fired(layer: SpokenLayer, messages: Messages, worker: Worker) -> dict[str, dict[Words, int]]:
    """Certain and possible firings are found in two runs of the same rules: with the certain signals, and with all."""
    runs: list[list[Any]] = [list(messages), [message for message, truth in messages.items() if truth == TRUE]]
    found: dict[str, dict[Words, int]] = {}
    for truth, fired in zip((UNKNOWN, TRUE), worker.ask({"layer": layer.number, "runs": runs})["fired"], strict=True):
        for rule, words in fired:
            found.setdefault(rule, {})[tuple(words)] = truth
    return found


def _messages(layer: SpokenLayer, memory: Memory, tokens: Tokens) -> Messages:
    """All signals that hold before any rule of the layer has fired."""
    found: Messages = {}

    def tell(signal: Signal, env: Env, truth: int) -> None:
        message = (layer.numbers[signal.name], *(tokens.word(env[name]) for name in signal.names))
        found[message] = max(truth, found.get(message, truth))

    for rule in layer.rules.values():
        for signal in rule.flags:
            fact_type, _, field = signal.name.partition(".")
            for held in memory.by_type.get(fact_type, ()):
                if truth := memory.flag(held.fact, field):
                    tell(signal, {signal.names[0]: held.fact}, truth)
        _evaluate(rule, memory, tell)
    return found


def _evaluate(rule: Spoken, memory: Memory, tell: Any) -> None:
    """The signals of one rule, as far as it can still come to fire."""
    envs: list[Env] = [{}]
    for part in rule.parts:
        ways = [(truth, inner) for env in envs for truth, inner, _ in solve(part.steps, env, memory)]
        for truth, inner in ways:
            tell(part.signal, inner, truth)
        if not part.shared:
            envs = [inner for _, inner in ways]
