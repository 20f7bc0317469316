"""A second opinion: the rules run by CLIPS, which does the matching, the joins and the negation.

Translated from the rule model, not from what the native engine makes of it. Strata are run one after another. When all have
run, everything is run once more over what is held by then: nothing new may come of it, or a rule ran before what it reads was complete.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from math import fsum
from pathlib import Path
from typing import Any

import clips

from kamcoach.model.fact import Fact, Field, Interval, Value, Vocabulary
from kamcoach.model.rulebase import RuleBase
from tests.engine.outcomes import Identity, Outcome, identity
from tests.engine.second_opinion.expressions import Expressions, parts_of, text, written
from tests.engine.second_opinion.translation import template, translated

LANGUAGE = Path(__file__).with_name("language.clp")


class Complaints(clips.Router):
    """What CLIPS complains about while it runs: it goes on all the same."""

    def __init__(self) -> None:
        super().__init__("complaints", 40)
        self.said: list[str] = []

    def query(self, name: str) -> bool:
        return name in ("stderr", "stdwrn")

    def write(self, name: str, message: str) -> None:
        self.said.append(message)


class Clips:
    """CLIPS with the templates of a vocabulary; rules come and go. The more of them have gone, the slower it gets."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.environment = clips.Environment()
        # What CLIPS cannot do: lower case beyond ASCII, and a sum that does not depend on the order.
        self.environment.define_function(str.casefold, "casefold")
        self.environment.define_function(_sum, "exact-sum")
        self.environment.load(str(LANGUAGE))
        for declared in vocabulary.types.values():
            self.environment.build(template(declared))
        # Facts are not fetched as objects of Python, since those are never given back, and slow all that follows.
        self.told: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
        told = self.told
        self.environment.define_function(lambda name, *slots: told[name.removeprefix("t-")].append(slots), "report")
        self.environment.build(_reporting(vocabulary))
        self.complaints = Complaints()
        for router in list(self.environment.routers()):
            router.deactivate()
        self.environment.add_router(self.complaints)

    def load(self, base: RuleBase) -> None:
        """These rules, in place of those before."""
        for rule in list(self.environment.rules()):
            rule.undefine()
        say = Expressions(base.vocabulary, base.params)
        with self.unheard():
            self.environment.build(
                "(defrule next-stratum (declare (salience -1))"
                f" (stratum (number ?n&:(< ?n {len(base.strata) - 1}))) => (assert (stratum (number (+ ?n 1)))))"
            )
            for number, stratum in enumerate(base.strata):
                for place, rule in enumerate(stratum):
                    for construct in translated(say, rule, f"r{number}.{place}", number):
                        self.environment.build(construct)

    def run(self, facts: Iterable[Fact], as_of: date) -> Outcome:
        self.environment.reset()
        given = {-number: fact for number, fact in enumerate(facts, 1)}
        self.environment.find_global("as-of").value = parts_of(as_of)
        with self.unheard():
            self.environment.load_facts(" ".join(["(stratum (number -1))", *(_given(number, fact) for number, fact in given.items())]))
        self.environment.run()
        found = self._outcome(given)
        self.environment.eval("(once-more)")
        self.environment.run()
        assert not self.complaints.said, "".join(self.complaints.said)
        assert self._outcome(given) == found, "a rule ran before what it reads was complete"
        return found

    @contextmanager
    def unheard(self) -> Iterator[None]:
        """While much is read, and no rule can fire: else Python would be asked about every character."""
        self.complaints.deactivate()
        yield
        self.complaints.activate()

    def _outcome(self, given: Mapping[int, Fact]) -> Outcome:
        """What is held: CLIPS tells it slot by slot."""
        self.told.clear()
        self.environment.eval("(report-all)")
        sure = {fact_id for (fact_id,) in self.told["sure"]}
        names: dict[int, Identity] = {fact_id: identity(fact) for fact_id, fact in given.items()}
        for declared in self.vocabulary.types.values():
            for fact_id, *values in self.told[declared.name] if not declared.given else ():
                said = zip(declared.fields.values(), values, strict=True)
                names[fact_id] = declared.name, frozenset((field.name, value_of(parts, field)) for field, parts in said if parts)
        marks: dict[tuple[Identity, str], dict[Value | None, int]] = {}
        for mark_id, of, field, parts in self.told["mark"]:
            value = value_of(parts, self.vocabulary.types[names[of][0]].fields[field])
            marks.setdefault((names[of], str(field)), {})[value] = 2 if mark_id in sure else 1
        return Outcome({name: 2 if fact_id in sure else 1 for fact_id, name in names.items()}, marks)


def _reporting(vocabulary: Vocabulary) -> str:
    slots = {"sure": ["of"], "mark": ["id", "of", "field", "value"]}
    slots |= {f"t-{one.name}": ["id", *(f"f-{field}" for field in one.fields)] for one in vocabulary.types.values() if not one.given}
    told = []
    for name, of in slots.items():
        told.append(f"(do-for-all-facts ((?f {name})) TRUE (python-function report {name} {' '.join(f'?f:{slot}' for slot in of)}))")
    return f"(deffunction report-all () {' '.join(told)})"


def _given(number: int, fact: Fact) -> str:
    """Facts as text: see `told`."""
    fields = " ".join(f"(f-{name} {written(value)})" for name, value in fact.fields.items())
    key = "" if fact.unasked else text(fact.key)
    return f"(t-{fact.type} (id {number}) (key {key}) {fields})({'vague' if fact.unasked else 'sure'} (of {number}))"


def value_of(parts: tuple[Any, ...], field: Field) -> Value | None:
    """The value that stands in a slot."""
    if not parts:
        return None
    if isinstance(parts[0], float):
        low, high = (date.fromordinal(int(end)) if field.kind == "date" else end for end in parts)
        return low if low == high else Interval(low, high)  # type: ignore[arg-type]
    if parts[0] == "set" and isinstance(parts[0], clips.Symbol):
        return tuple(str(part) for part in parts[1:])
    return parts[0] == "TRUE" if isinstance(parts[0], clips.Symbol) else str(parts[0])


def _sum(*numbers: Any) -> float:
    try:
        return fsum(numbers)
    except OverflowError:
        return sum(numbers)
