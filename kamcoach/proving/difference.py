"""A scenario that failed, so that a trainer sees what differs and which condition of the rule made it so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from kamcoach.advice.verify import Difference
from kamcoach.advice.words import one_line
from kamcoach.coaching import coach, hold_against
from kamcoach.engine.memory import FALSE, TRUE, UNKNOWN
from kamcoach.model import written
from kamcoach.model.playbook import Library
from kamcoach.model.scenario import Scenario
from kamcoach.proving.choice import Case
from kamcoach.proving.judged import Judged, judged
from kamcoach.reading.suites import Suite

_WORDS: Final = {
    "en": {
        "expected": "expected",
        "found": "found",
        "missing": "missing",
        "extra": "not expected",
        "order": "the same, in another order",
        "nothing": "nothing",
        "and": "; ",
        "conditions": "The conditions of {file} here:",
        TRUE: "true",
        UNKNOWN: "unknown",
        FALSE: "false",
        None: "not reached",
    },
    "zh": {
        "expected": "预期",
        "found": "实际",
        "missing": "缺",
        "extra": "多",
        "order": "内容相同，顺序不同",
        "nothing": "无",
        "and": "；",
        "conditions": "规则 {file} 的各个条件在这里：",
        TRUE: "成立",
        UNKNOWN: "未知",
        FALSE: "不成立",
        None: "没走到",
    },
}


class Result(NamedTuple):
    """A scenario that was run; without differences it passed."""

    scenario: Scenario
    suite: Suite
    differences: tuple[Difference, ...]
    conditions: tuple[Judged, ...] = ()
    """How the conditions of its rule came out, if the rule did not fire as expected."""


def run(case: Case, library: Library) -> Result:
    """`library` is that of the case, or as much of it as has a part in the scenario."""
    scenario = case.scenario
    coached = coach(scenario.deal, library)
    found = tuple(hold_against(scenario, coached))
    rules = library.rule_base.named(scenario.rule) if any(one.key in ("fires", "about", "asks") for one in found) else ()
    return Result(scenario, case.suite, found, tuple(judged(rules[0], coached.consultation)) if len(rules) == 1 else ())


def view(result: Result, language: str) -> Iterator[str]:
    """The lines below the name of a failed scenario."""
    words = _WORDS[language]
    yield from (line for one in result.differences for line in _of_one(one, language))
    if result.conditions:
        yield words["conditions"].format(file=Path(result.conditions[0].condition.at.path).name)
        width = max(len(_truth(one, language)) for one in result.conditions)
        for one in result.conditions:
            near = f"   <- {one_line('; '.join(one.near))}" if one.near else ""
            yield f"  {_truth(one, language):{width}}  {one.condition.at.line:3}: {written.condition(one.condition)}{near}"


def _truth(one: Judged, language: str) -> str:
    return _WORDS[language][one.truth]


def _of_one(one: Difference, language: str) -> Iterator[str]:
    words = _WORDS[language]
    if not one.expected and not one.found:
        yield one.sentence
        return
    yield f"{one.key}:"
    for label, values in (("expected", one.expected), ("found", one.found)):
        yield f"  {words[label]}  {', '.join(values) or words['nothing']}"
    missing, extra = _without(one.expected, one.found), _without(one.found, one.expected)
    if one.key in ("certain", "possible", "out", "fires") or len(one.expected) + len(one.found) < 3:
        return
    parts = [f"{words[label]}  {', '.join(values)}" for label, values in (("missing", missing), ("extra", extra)) if values]
    yield f"  {words['and'].join(parts) if parts else words['order']}"


def _without(values: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    return [one for one in values if one not in others]
