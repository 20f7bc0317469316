"""The floor: the same rules written out as plain Python, `if` and `for` over dicts, without reasons and without a third truth value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from plain import Absent, Conclusions, Match, Plain, PlainBase, PlainRule, Ref, concluded


class HandWritten:
    """One Python function that goes through all rules in the order of their strata."""

    name = "hand-written Python"

    def __init__(self, plain: PlainBase) -> None:
        self.types = plain.base.vocabulary.types
        derived = sorted({effect.type for rule in plain.rules for effect in rule.effects} - {"mark"})
        derived += sorted({one.type for rule in plain.rules for one in _matches(rule) if not self._given(one.type)} - set(derived))
        lines = ["def conclude(deal):", "    marks = set()", *(f"    d_{name.replace('-', '_')} = {{}}" for name in derived)]
        for rule in plain.rules:
            lines.extend(f"    {line}" for line in self._rule(rule))
        found = ", ".join(f"{name!r}: d_{name.replace('-', '_')}" for name in derived)
        self.source = "\n".join([*lines, f"    return marks, {{{found}}}"])
        space: dict[str, Any] = {}
        exec(compile(self.source, "<rules>", "exec"), space)
        self.conclude = space["conclude"]

    def prepare(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """The deal as a program would hold it: one dict for what there is once, a list of dicts for each list."""
        deal: dict[str, Any] = {declared.name: [] for declared in self.types.values() if declared.given}
        for row in rows:
            if self.types[row["_type"]].plural:
                deal[row["_type"]].append(row)
            else:
                deal[row["_type"]] = row
        return deal

    def conclusions(self, result: Any) -> Conclusions:
        marks, derived = result
        found = {concluded(name, fields) for name, rows in derived.items() for fields in rows.values()}
        return found | {concluded("mark", {"of": of, "flag": flag, "key": key}) for of, flag, key in marks}

    def _given(self, name: str) -> bool:
        return self.types[name].given

    def _rule(self, rule: PlainRule) -> Iterator[str]:
        depth = 0
        for condition in rule.conditions:
            for line in self._condition(condition):
                yield "    " * depth + line
                depth += 1
        for effect in rule.effects:
            fields = {name: _said(value) for name, value in effect.fields}
            if effect.type == "mark":
                yield "    " * depth + f"marks.add(({fields['of']}, {fields['flag']}, {fields['key']}))"
            else:
                row = ", ".join(f"{name!r}: {value}" for name, value in fields.items())
                key = "".join(f"{value}, " for value in fields.values())
                yield "    " * depth + f"d_{effect.type.replace('-', '_')}.setdefault(({key}), {{{row}}})"

    def _condition(self, condition: Match | Absent) -> Iterator[str]:
        if isinstance(condition, Absent):
            yield f"if not any({self._inside(condition.matches)}):"
        elif self._given(condition.type) and not self.types[condition.type].plural:
            yield (
                f"{_name(condition.name)} = deal[{condition.type!r}]"
                if False
                else f"for {_name(condition.name)} in (deal[{condition.type!r}],):"
            )
            yield f"if {self._tests(condition)}:"
        else:
            yield f"for {_name(condition.name)} in {self._list(condition.type)}:"
            yield f"if {self._tests(condition)}:"

    def _inside(self, matches: tuple[Match, ...]) -> str:
        loops = " ".join(
            f"for {_name(one.name)} in {self._list(one.type)}" + ("" if one is matches[-1] else f" if {self._tests(one)}")
            for one in matches
        )
        return f"{self._tests(matches[-1])} {loops}"

    def _list(self, name: str) -> str:
        if not self._given(name):
            return f"d_{name.replace('-', '_')}.values()"
        return f"deal[{name!r}]" if self.types[name].plural else f"(deal[{name!r}],)"

    def _tests(self, match: Match) -> str:
        tests = [_test(_name(match.name), one) for one in match.tests]
        key = f"{_name(match.name)}['_key']"
        tests += [f"({match.type!r}, {flag!r}, {key}) {'in' if held else 'not in'} marks" for flag, held in match.marks]
        return " and ".join(tests) or "True"


def _matches(rule: PlainRule) -> Iterator[Match]:
    for condition in rule.conditions:
        yield from condition.matches if isinstance(condition, Absent) else (condition,)


def _name(name: str) -> str:
    return f"v_{name.replace('-', '_')}"


def _said(value: Any) -> str:
    return f"{_name(value.name)}[{value.field!r}]" if isinstance(value, Ref) else repr(value)


def _test(name: str, test: Plain) -> str:
    field = f"{name}[{test.field!r}]"
    if test.how in ("has", "lacks"):
        return f"{_said(test.value)} {'in' if test.how == 'has' else 'not in'} {field}"
    return f"{field} {test.how} {_said(test.value)}"
