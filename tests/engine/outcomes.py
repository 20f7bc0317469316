"""What came of a run, in a shape in which the engines and the specification can be compared."""

from __future__ import annotations

from kamcoach.engine import Consultation, infer
from tests.engine.naive import Outcome, identity, naive
from tests.small_vocabulary import AS_OF, PARAMS, VOCABULARY
from tests.strategies import Case, rule_base


def consult(case: Case) -> Consultation:
    return infer(rule_base(case.rules), case.facts, AS_OF)


def outcome(consultation: Consultation) -> Outcome:
    memory = consultation.memory
    held = {identity(one.fact): one.truth for of_type in memory.by_type.values() for one in of_type}
    facts = {name: one.fact for name, one in memory.index.items()}
    return Outcome(held, {(identity(facts[name]), field): dict(marked) for (name, field), marked in memory.marks.items()})


def expected(case: Case) -> Outcome:
    return naive(case.rules, VOCABULARY, PARAMS, case.facts, AS_OF)


def difference(found: Outcome, wanted: Outcome) -> list[str]:
    """Each fact and mark that the two do not hold alike."""
    lines = []
    for name in [*found.facts, *(name for name in wanted.facts if name not in found.facts)]:
        if found.facts.get(name, 0) != wanted.facts.get(name, 0):
            lines.append(f"{name}: {found.facts.get(name, 0)}, and should be {wanted.facts.get(name, 0)}")
    for name in [*found.marks, *(name for name in wanted.marks if name not in found.marks)]:
        if found.marks.get(name) != wanted.marks.get(name):
            lines.append(f"{name}: {found.marks.get(name)}, and should be {wanted.marks.get(name)}")
    return lines
