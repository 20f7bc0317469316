"""The engines there are. Each gives the same certain and possible conclusions; a module is imported only when its engine is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib import import_module
from typing import Final, Protocol, cast

from kamcoach.engine.memory import Consultation
from kamcoach.model.fact import Fact
from kamcoach.model.rulebase import RuleBase

NATIVE: Final = "native"
ENGINES: Final[Mapping[str, str]] = {NATIVE: "kamcoach.engine.native", "durable": "kamcoach.engine.durable"}
"""Name to module; the module's `infer` is the engine."""


class Engine(Protocol):
    """What carries out an inference."""

    def __call__(self, rule_base: RuleBase, facts: tuple[Fact, ...], as_of: date) -> Consultation:
        """All that follows from the facts: certain, possible, and why. Raises EngineError if it cannot be carried out."""
        ...


def engine_named(name: str) -> Engine:
    """The engine of this name. Raises KeyError if there is none."""
    return cast(Engine, import_module(ENGINES[name]).infer)
