"""What the scenarios leave out, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kamcoach.engine.memory import FALSE, TRUE, UNKNOWN
from kamcoach.model import written
from kamcoach.model.fact import Value
from kamcoach.proving.coverage import Gap, RuleCoverage
from kamcoach.proving.thresholds import Side, Threshold

_WORDS: Final = {
    "en": {
        TRUE: "true",
        FALSE: "false",
        UNKNOWN: "unknown",
        "none": "no scenario",
        "silent": "no scenario in which it fires for certain",
        "truths": "line {line}: `{text}` is never {truths}",
        "unreached": "line {line}: `{text}` is never looked at",
        "points": "line {line}: `{text}` is never tried {points}",
        "or": " or ",
        "below": "just below ({value})",
        "at": "at {value}",
        "above": "just above ({value})",
        "ago": "{value} days ago",
        "ahead": "{value} days ahead",
        "size": "{value} entries",
        "rules": "{rules}: {without} without a scenario, {silent} that fire in none",
        "rules_one": "1 rule",
        "rules_many": "{n} rules",
        "summary": "{seen} of {truths} truth values of the conditions and {points_seen} of {points} points beside thresholds are tried: "
        "{percent:.1f} percent",
    },
    "zh": {
        TRUE: "成立",
        FALSE: "不成立",
        UNKNOWN: "未知",
        "none": "没有场景",
        "silent": "没有一个场景让它确定触发",
        "truths": "第{line}行：没有场景让 `{text}` {truths}",
        "unreached": "第{line}行：没有场景走到 `{text}`",
        "points": "第{line}行：`{text}` 没试过{points}",
        "or": "或",
        "below": "刚好不到（{value}）",
        "at": "正好{value}",
        "above": "刚好超过（{value}）",
        "ago": "{value}天前",
        "ahead": "{value}天后",
        "size": "{value}项",
        "rules": "{rules}：{without}条没有场景，{silent}条在场景里从不触发",
        "rules_one": "1条规则",
        "rules_many": "{n}条规则",
        "summary": "条件的{truths}个真值试过{seen}个，数字边上的{points}个点试过{points_seen}个：{percent:.1f}%",
    },
}


def report(found: Sequence[RuleCoverage], language: str) -> Iterator[str]:
    """The lines of the report; the figures come last."""
    for one in found:
        lines = list(_of_rule(one, language))
        if lines:
            yield one.rule.at.path if one.rule.id == one.rule.stem else f"{one.rule.at.path} {one.rule.id}"
            yield from (f"  {line}" for line in lines)
    yield from _figures(found, language)


def percent(found: Sequence[RuleCoverage]) -> float:
    """Of all truth values and points that there are, how many are tried."""
    there = sum(one.truths + one.points for one in found)
    return 100 * sum(one.truths_seen + one.points_seen for one in found) / there if there else 100.0


def _of_rule(one: RuleCoverage, language: str) -> Iterator[str]:
    if not one.scenarios:
        yield _WORDS[language]["none"]
        return
    if not one.fires:
        yield _WORDS[language]["silent"]
    for gap in one.gaps:
        yield from _of_gap(gap, language)


def _of_gap(gap: Gap, language: str) -> Iterator[str]:
    words = _WORDS[language]
    line, text = gap.leaf.at.line, gap.leaf.text
    if not gap.reached:
        yield words["unreached"].format(line=line, text=text)
        return
    if gap.truths:
        yield words["truths"].format(line=line, text=text, truths=words["or"].join(words[truth] for truth in gap.truths))
    for threshold, lacking in gap.beside:
        points = words["or"].join(_point(threshold, side, value, language) for side, value in lacking)
        yield words["points"].format(line=line, text=text, points=points)


def _point(threshold: Threshold, side: Side, value: Value, language: str) -> str:
    words = _WORDS[language]
    said = written.value(value)
    return words[side].format(value=words[threshold.measure].format(value=said) if threshold.measure else said)


def _figures(found: Sequence[RuleCoverage], language: str) -> Iterator[str]:
    words = _WORDS[language]
    without = sum(1 for one in found if not one.scenarios)
    silent = sum(1 for one in found if one.scenarios and not one.fires)
    rules = words["rules_one" if len(found) == 1 else "rules_many"].format(n=len(found))
    yield words["rules"].format(rules=rules, without=without, silent=silent)
    yield words["summary"].format(
        seen=sum(one.truths_seen for one in found),
        truths=sum(one.truths for one in found),
        points_seen=sum(one.points_seen for one in found),
        points=sum(one.points for one in found),
        percent=percent(found),
    )
