"""The durable-rules engine: durable-rules does the chaining, in a process of its own; conditions on facts are judged by us.

See docs/explanation/engines.md for what it does and does not.
"""

from __future__ import annotations

from datetime import date
from weakref import WeakKeyDictionary, finalize

from kamcoach.engine.durable.chaining import chain
from kamcoach.engine.durable.grounds import activations, overlooked
from kamcoach.engine.durable.process import INSTEAD, Workers, installed
from kamcoach.engine.durable.program import Program
from kamcoach.engine.durable.signals import Firings
from kamcoach.engine.durable.tokens import Tokens
from kamcoach.engine.memory import Activation, Consultation, Memory
from kamcoach.errors import EngineError
from kamcoach.model.fact import Fact
from kamcoach.model.rulebase import RuleBase, recursive

_all_loaded: WeakKeyDictionary[RuleBase, tuple[Program, Workers]] = WeakKeyDictionary()


def infer(rule_base: RuleBase, facts: tuple[Fact, ...], as_of: date) -> Consultation:
    """All that follows from the facts, as `kamcoach.engine.native.infer` gives it. Raises EngineError rather than give anything else."""
    installed()
    program, workers = program_of(rule_base), workers_of(rule_base)
    tokens = Tokens(program.tokens)
    memory = _memory(rule_base, facts, as_of)
    fired: dict[str, Firings] = {}
    with workers.one() as worker:
        for layer in program.layers:
            fired.update(chain(layer, memory, tokens, worker))
    return _consultation(rule_base, program, fired, _memory(rule_base, facts, as_of), tokens)


def program_of(rule_base: RuleBase) -> Program:
    """The rule base made ready, once. Raises EngineError if it is beyond what durable-rules can carry."""
    return _loaded(rule_base)[0]


def workers_of(rule_base: RuleBase) -> Workers:
    """The process that has the rule base loaded, kept from deal to deal; it ends with the rule base."""
    return _loaded(rule_base)[1]


def _loaded(rule_base: RuleBase) -> tuple[Program, Workers]:
    found = _all_loaded.get(rule_base)
    if found is None:
        program = Program(rule_base)
        found = (program, Workers(program.rulesets))
        _all_loaded[rule_base] = found
        finalize(rule_base, found[1].close)
    return found


def _memory(rule_base: RuleBase, facts: tuple[Fact, ...], as_of: date) -> Memory:
    return Memory(facts, as_of, {name: param.value for name, param in rule_base.params.items()}, rule_base.vocabulary)


def _consultation(rule_base: RuleBase, program: Program, fired: dict[str, Firings], memory: Memory, tokens: Tokens) -> Consultation:
    """What fired with its reasons, carried out again in the order of the rule base, so that both engines give the same to the last byte."""
    found: list[Activation] = []
    for stratum in rule_base.strata:
        rules = [(program.rules[rule.id], fired.get(rule.id, {})) for rule in stratum]
        if recursive(stratum, rule_base.vocabulary):
            for rule, firings in rules:
                rule.carry_out(firings, memory, tokens)
        for rule, firings in rules:
            found.extend(activations(rule, firings, memory, tokens))
    for rule in program.rules.values():
        if overlooked(rule, fired.get(rule.rule.id, {}), memory, tokens):
            raise EngineError(f"durable-rules is wrong: it did not fire the rule '{rule.rule.id}', whose conditions hold. {INSTEAD}")
    return Consultation(rule_base, memory, tuple(found))
