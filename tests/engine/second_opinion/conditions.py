"""Conditions as conditional elements.

What CLIPS cannot do within the if-part of a rule (count, add up, find the newest) is done by rules of its own that run before:
they find the rows to be counted, for all that the names bound so far may stand for (`env`), and assert the result.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kamcoach.model import condition as when
from kamcoach.model.fact import Field
from kamcoach.model.rule import Rule
from tests.engine.second_opinion.elements import MODES, Elements, absent, either, present, together
from tests.engine.second_opinion.expressions import NOT_KNOWN, NUMBER, OPPOSITE, Bound, Expressions, Names
from tests.engine.second_opinion.patterns import Patterns

FIRST, LAST = 9000, 0
"""Rules of a higher salience run first."""
COUNTING = {"count": "counted", "sum": "added", "min": "least", "max": "greatest", "distinct": "different", "in_a_row": "streak"}


class Counted(NamedTuple):
    """What is counted: its name, what it is counted for, and when."""

    of: str
    env: str
    salience: int

    @property
    def slots(self) -> str:
        return f"(of {self.of}) (env {self.env})"


class Before(NamedTuple):
    """What stands before a condition: the names, and elements under which they may stand for something."""

    names: Names
    elements: tuple[str, ...] = ()

    def inner(self) -> Before:
        return self._replace(names=dict(self.names))

    def and_then(self, elements: Elements) -> Before:
        return self._replace(elements=(*self.elements, elements.maybe))

    @property
    def said(self) -> str:
        return " ".join(self.elements)

    @property
    def env(self) -> str:
        return " ".join(one.id for one in self.names.values() if isinstance(one, Bound))


class Conditions(Patterns):
    """The conditions of one rule. `rules` are those that count for it."""

    def __init__(self, say: Expressions, rule: Rule, name: str, stratum: int) -> None:
        super().__init__(say, rule)
        self.name = name
        self.stratum = stratum
        self.salience = FIRST
        self.rules: list[str] = []

    def rule(self, elements: str, effects: str, salience: int = LAST) -> None:
        name = f"{self.name}-{next(self.fresh)}"
        self.rules.append(f"(defrule {name} (declare (salience {salience})) (stratum (number {self.stratum})) {elements} => {effects})")

    def all(self, conditions: tuple[when.Condition, ...], before: Before) -> Elements:
        """All of them together. The names that they bind are added."""
        found: list[Elements] = []
        for one in conditions:
            found.append(self.one(one, before))
            before = before.and_then(found[-1])
        return together(found)

    def one(self, condition: when.Condition, before: Before) -> Elements:
        match condition:
            case when.Pattern(bind=bind):
                found = self.pattern(condition, before.names)
                return found if bind else present(found)
            case when.No(how=how, conditions=inner):
                found = self.all(inner, before.inner())
                if how == "none":
                    return Elements(absent(found.maybe), absent(found.sure))
                outcome = f"(exists {found.sure})" if how == "evidence_of" else absent(found.sure)
                return Elements(outcome, outcome)
            case when.Every(pattern=pattern, satisfies=tests):
                names = dict(before.names)
                fact = self.fact(pattern, names, tests)
                found, wanted = self.match(pattern, fact, names), self.tests(tests, fact.bound, names)
                return Elements(*(absent(f"{found.of(OPPOSITE[mode])} {absent(wanted.of(mode))}") for mode in MODES))
            case when.AnyOf(alternatives=alternatives):
                return present(either([self.all(one, before.inner()) for one in alternatives]))
            case when.Aggregate():
                return self.aggregate(condition, before)
            case when.Last():
                return self.last(condition, before)
            case when.Compute(value=operand, bind=bind, test=test):
                value = self.say.operand(operand, before.names)
                found = self.passing(test, value, NUMBER, before.names)
                before.names.update({bind: value} if bind else {})
                return found
            case when.Tally():
                return self.tally(condition, before)

    # ── what is counted before ──────────────────────────────────────────────────────────────────────────────────────────

    def aggregate(self, condition: when.Aggregate, before: Before) -> Elements:
        names = dict(before.names)
        found = self.fact(condition.pattern, names, field=condition.field)
        field = found.bound.type.fields.get(condition.field, NUMBER)
        value = self.say.reference(found.bound, condition.field) if condition.field else NOT_KNOWN
        rows = self.match(condition.pattern, found, names)._asdict()
        if condition.how == "in_a_row":
            passes = self.passes(condition.pattern, found.bound, names)
            rows = {mode: f"{found.element} {passes.of(mode)}" for mode in MODES} | {"any": found.element}
        counted = self.rows([(one, f"(fact {found.bound.id}) (truth {truth}) (value {value})") for truth, one in rows.items()], before)
        limits = self.say.limits(field) if condition.how in ("sum", "min", "max") else ""
        self.result(
            counted, f"({COUNTING[condition.how]} {counted.of} (create$ {before.env}) {limits})", before, condition.how in ("min", "max")
        )
        return self.outcome(counted, field if condition.how in ("min", "max") else NUMBER, condition, before.names)

    def tally(self, condition: when.Tally, before: Before) -> Elements:
        held = [self.one(one, before.inner()) for one in condition.conditions]
        rows = [(one.of(mode), f"(fact {place}) (truth {mode})") for place, one in enumerate(held) for mode in MODES]
        counted = self.rows(rows, before)
        self.result(counted, f"(held {counted.of} (create$ {before.env}))", before)
        return self.outcome(counted, NUMBER, condition, before.names)

    def rows(self, rows: Iterable[tuple[str, str]], before: Before) -> Counted:
        """Rules for what is to be counted."""
        self.salience -= 2
        counted = Counted(f"{self.name}-{next(self.fresh)}", before.env, self.salience)
        for elements, what in rows:
            self.rule(f"{before.said} {elements}", f"(assert (row {counted.slots} {what}))", counted.salience)
        return counted

    def result(self, counted: Counted, value: str, before: Before, needed: bool = False) -> None:
        """A rule for the result. `needed`: there is none without a row, and none for certain without a certain one."""
        certain, possible = (f"(row {counted.slots} (truth {mode}))" for mode in MODES)
        cases = {"sure": f"(exists {certain})", "maybe": f"{absent(certain)} (exists {possible})"} if needed else {"sure": ""}
        for truth, case in cases.items():
            effect = f"(assert (result {counted.slots} (truth {truth}) (value {value})))"
            self.rule(f"{before.said} {case}", effect, counted.salience - 1)

    def outcome(self, counted: Counted, field: Field, condition: when.Aggregate | when.Tally, names: Names) -> Elements:
        value = f"?v{next(self.fresh)}"
        found = Elements(*(f"(result {counted.slots} {truth} (value ${value}))" for truth in ("(truth sure)", "")))
        passes = self.passing(condition.test, value, field, names)
        if condition.bind:
            names[condition.bind] = value
        return together([found, passes])

    def last(self, condition: when.Last, before: Before) -> Elements:
        """Certain if certainly nothing else is newer, possible if nothing else certainly is."""
        inner, by = dict(before.names), condition.by
        row = self.fact(condition.pattern, inner, field=by)
        day = self.say.reference(row.bound, by)
        matches = self.match(condition.pattern, row, inner)
        counted = self.rows([(matches.of(mode), f"(fact {row.bound.id}) (truth {mode}) (value {day})") for mode in MODES], before)
        for mode, other, rival in (("sure", "maybe", "may-be-later"), ("maybe", "sure", "later")):
            newer = f"(row {counted.slots} (fact ?other&~?fact) (truth {other}) (value $?then)) (test ({rival} ?then ?day))"
            newest = f"{before.said} (row {counted.slots} (fact ?fact) (truth {mode}) (value $?day)) {absent(newer)}"
            self.rule(newest, f"(assert (newest {counted.slots} (fact ?fact) (truth {mode})))", counted.salience - 1)
        found = self.any(row.bound.type, condition.bind, {one.field for one in condition.tests}, by_value=False)
        if condition.bind:
            before.names[condition.bind] = found.bound
        chosen = Elements(*(f"{found.element} (newest {counted.slots} (fact {found.bound.id}) (truth {mode}))" for mode in MODES))
        outcome = together([chosen, self.tests(condition.tests, found.bound, before.names)])
        return outcome if condition.bind else present(outcome)
