"""A rule base made ready for durable-rules, once for all deals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from kamcoach.engine.durable.layers import layers
from kamcoach.engine.durable.rulesets import Numbers, numbered, ruleset, shards
from kamcoach.engine.durable.signals import Spoken, spoken
from kamcoach.engine.durable.tokens import Tokens
from kamcoach.model.rulebase import RuleBase


class SpokenLayer(NamedTuple):
    """A layer as signals."""

    number: int
    rules: Mapping[str, Spoken]
    numbers: Numbers
    again: bool


class Program:
    """The rules in layers, each layer in rulesets. Raises EngineError for a rule that durable-rules could not carry."""

    def __init__(self, rule_base: RuleBase) -> None:
        self.tokens = Tokens()
        self.rules: dict[str, Spoken] = {}
        self.layers: list[SpokenLayer] = []
        self.rulesets: list[list[dict[str, Any]]] = []
        for number, layer in enumerate(layers(rule_base)):
            rules = {one.rule.id: one for one in spoken(layer, rule_base, self.tokens)}
            numbers = numbered(rules.values())
            self.layers.append(SpokenLayer(number, rules, numbers, layer.again))
            self.rulesets.append([ruleset(shard, numbers) for shard in shards(rules.values())])
            self.rules.update(rules)
