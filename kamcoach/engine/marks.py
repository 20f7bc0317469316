"""Reading fields of facts, those included that rules mark on given facts."""

from __future__ import annotations

from typing import Any

from kamcoach.engine.memory import TRUE, Memory
from kamcoach.model.fact import Fact


def read(fact: Fact, name: str, memory: Memory) -> Any:
    """The value of a field; None if it is unknown."""
    if name in fact.fields:
        return fact.fields[name]
    declared = memory.vocabulary.types[fact.type]
    if not declared.given or not declared.fields[name].derived:
        return None
    if declared.fields[name].kind == "flag":
        return (False, None, True)[memory.flag(fact, name)]
    values = list(memory.marks.get((fact.id, name), {}).items())
    return values[0][0] if len(values) == 1 and values[0][1] == TRUE else None
