"""The rules in CLIPS: a template for each fact type, a rule for each plain rule, strata as salience.

Facts are asserted one by one: loading them as text takes five times as long.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import clips
from plain import Absent, Conclusions, Match, Plain, PlainBase, PlainRule, Ref, concluded

_MARK = "(deftemplate mark (slot of) (slot flag) (slot key))"


class Clips:
    """Certain conclusions only, without reasons."""

    name = "CLIPS"

    def __init__(self, plain: PlainBase) -> None:
        self.types = plain.base.vocabulary.types
        self.env = clips.Environment()
        self.env.build(_MARK)
        for name, declared in self.types.items():
            self.env.build(f"(deftemplate {name} {' '.join(self._slots(declared))})")
        for number, rule in enumerate(plain.rules):
            self.env.build(self._rule(rule, f"r{number}"))
        self.env.reset()

    def prepare(self, rows: list[dict[str, Any]]) -> list[tuple[Any, dict[str, Any]]]:
        return [
            (self.env.find_template(row["_type"]), {n: list(v) if isinstance(v, tuple) else v for n, v in row.items() if n != "_type"})
            for row in rows
        ]

    def conclude(self, facts: list[tuple[Any, dict[str, Any]]]) -> clips.Environment:
        self.env.reset()
        for template, slots in facts:
            template.assert_fact(**slots)
        self.env.run()
        return self.env

    def conclusions(self, result: clips.Environment) -> Conclusions:
        found: Conclusions = set()
        for fact in result.facts():
            name = fact.template.name
            if name == "mark" or (name in self.types and not self.types[name].given):
                fields = {
                    key: str(value) if isinstance(value, clips.Symbol) else value for key, value in dict(fact).items() if key != "_key"
                }
                found.add(concluded(name, fields))
        return found

    def _slots(self, declared: Any) -> Iterator[str]:
        yield "(slot _key)"
        for field in declared.fields.values():
            many = field.kind == "set" and declared.given
            yield f"({'multislot' if many else 'slot'} {field.name})"
            if many:
                yield f"(slot {field.name}_size)"

    def _rule(self, rule: PlainRule, name: str) -> str:
        needed = {(ref.name, ref.field) for ref in _refs(rule)}
        conditions = " ".join(self._condition(one, needed) for one in rule.conditions)
        effects = " ".join(f"(assert ({one.type} {' '.join(f'({n} {_said(v)})' for n, v in one.fields)}))" for one in rule.effects)
        return f"(defrule {name} (declare (salience {9000 - rule.stratum})) {conditions} => {effects})"

    def _condition(self, condition: Match | Absent, needed: set[tuple[str, str]]) -> str:
        if isinstance(condition, Match):
            return self._match(condition, needed)
        inside = " ".join(self._match(one, needed) for one in condition.matches)
        several = len(condition.matches) > 1 or condition.matches[0].marks
        return f"(not (and {inside}))" if several else f"(not {inside})"

    def _match(self, match: Match, needed: set[tuple[str, str]]) -> str:
        tests: dict[str, list[str]] = {field: [] for name, field in sorted(needed) if name == match.name}
        if match.marks:
            tests["_key"] = []
        named = set(tests)
        for one in sorted(match.tests, key=lambda test: isinstance(test.value, Ref)):  # what is referred to must be bound before
            alone = sum(other.field == one.field for other in match.tests) == 1
            tests.setdefault(one.field, []).append(self._test(one, alone))
        own = sorted(tests, key=lambda field: f"?{match.name}-" in "".join(tests[field]))
        constraints = " ".join(f"({field} {self._slot(match, field, tests[field], field in named)})" for field in own)
        pattern = f"({match.type} {constraints})"
        for flag, held in match.marks:
            mark = f'(mark (of "{match.type}") (flag "{flag}") (key ?{match.name}-_key))'
            pattern += f" {mark}" if held else f" (not {mark})"
        return pattern

    def _slot(self, match: Match, field: str, tests: list[str], named: bool) -> str:
        variable = f"?{match.name}-{field}"
        parts = [variable, *tests] if named or any("?own" in one for one in tests) else tests
        return ("$" if self._many(match, field) else "") + "&".join(parts).replace("?own", variable)

    def _many(self, match: Match, field: str) -> bool:
        declared = self.types[match.type]
        return declared.given and field in declared.fields and declared.fields[field].kind == "set"

    def _test(self, test: Plain, alone: bool) -> str:
        value = _said(test.value) if test.how not in ("in", "not in") else ""
        match test.how:
            case "in" if alone:
                return "|".join(map(_said, test.value))
            case "in":
                return f":(or {' '.join(f'(eq ?own {_said(one)})' for one in test.value)} FALSE)"
            case "not in":
                return "&".join(f"~{_said(one)}" for one in test.value)
            case "has":
                return f":(member$ {value} ?own)"
            case "lacks":
                return f":(not (member$ {value} ?own))"
            case "==" | "!=":
                number = isinstance(test.value, float)
                return f":({'=' if test.how == '==' else '<>'} ?own {value})" if number else f"{'~' if test.how == '!=' else ''}{value}"
        return f":({test.how} ?own {value})"


def _refs(rule: PlainRule) -> Iterator[Ref]:
    for condition in rule.conditions:
        for match in condition.matches if isinstance(condition, Absent) else (condition,):
            yield from (one.value for one in match.tests if isinstance(one.value, Ref))
    for effect in rule.effects:
        yield from (value for _, value in effect.fields if isinstance(value, Ref))


def _said(value: Any) -> str:
    if isinstance(value, Ref):
        return f"?{value.name}-{value.field}"
    if isinstance(value, tuple):
        return " ".join(map(_said, value))
    return '"{}"'.format(value.replace("\\", "\\\\").replace('"', '\\"')) if isinstance(value, str) else str(value)
