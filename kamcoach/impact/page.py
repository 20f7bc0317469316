"""The comparison as Markdown, for a terminal or a pull request, and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from kamcoach.advice.page import escape
from kamcoach.advice.words import one_line, printable
from kamcoach.impact.compare import Change, DealImpact, Impact, Item

SCHEMA_VERSION: Final = 1
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "title": "What the change does to deals",
        "changed": "Deals that change: {n} of {all}",
        "stages": "at another stage: {n}",
        "new_advice": "new advice: {n}",
        "gone_advice": "advice gone: {n}",
        "moved": "advice at another place or weight: {n}",
        "new_questions": "new questions: {n}",
        "gone_questions": "questions gone: {n}",
        "unreadable": "with faults on one side: {n}",
        "rules": "Rules",
        "plays": "Plays",
        "parameters": "Parameters",
        "names": "{kind}, {word}: {names}",
        "and": ", ",
        "advice": "{text} [{severity}] ({rule})",
        "moves": "{said}: {moved}",
        "file": "{title} ({path})",
        "new": "new",
        "gone": "gone",
        "edited": "changed",
        "same": "The two say the same of every deal.",
        "stage": "Stage: {before} → {after}",
        "none": "none",
        "not": "Do not: ",
        "question": "Ask: ",
        "rank": "{before} → {after}",
        "severity": "{before} → {after}",
    },
    "zh": {
        "title": "这次改动对商机的影响",
        "changed": "有变化的商机：{all}个中的{n}个",
        "stages": "换了阶段：{n}",
        "new_advice": "新出的建议：{n}",
        "gone_advice": "没有了的建议：{n}",
        "moved": "换了位置或轻重的建议：{n}",
        "new_questions": "新问的问题：{n}",
        "gone_questions": "不再问的问题：{n}",
        "unreadable": "有一边读不了：{n}",
        "rules": "规则",
        "plays": "打法",
        "parameters": "参数",
        "names": "{kind}{word}：{names}",
        "and": "、",
        "advice": "{text}【{severity}】（{rule}）",
        "moves": "{said}：{moved}",
        "file": "{title}（{path}）",
        "new": "新增",
        "gone": "去掉",
        "edited": "改动",
        "same": "两边对每个商机说的都一样。",
        "stage": "阶段：{before} → {after}",
        "none": "无",
        "not": "不要做：",
        "question": "要弄清楚：",
        "rank": "第{before}条 → 第{after}条",
        "severity": "{before} → {after}",
    },
}
_COUNTS: Final = ("stages", "new_advice", "gone_advice", "moved", "new_questions", "gone_questions", "unreadable")


def markdown(impact: Impact, language: str) -> str:
    return printable("\n".join(_lines(impact, _WORDS[language]))) + "\n"


def data(impact: Impact, language: str) -> dict[str, Any]:
    """What `--format json` prints."""
    return {
        "schema_version": SCHEMA_VERSION,
        "language": language,
        "deals": len(impact.deals),
        "changed": len(impact.changed),
        "summary": _counts(impact),
        "content": {kind: one._asdict() for kind, one in impact.content.items()},
        "changes": [_deal_data(deal) for deal in impact.changed],
    }


def _deal_data(deal: DealImpact) -> dict[str, Any]:
    return {
        "file": deal.path,
        "title": deal.title,
        "stage": {"before": deal.stage[0], "after": deal.stage[1]},
        "advice": [_change_data(change) for change in deal.advice],
        "questions": [_change_data(change) for change in deal.questions],
        "problems": [str(problem) for problem in deal.problems],
    }


def _change_data(change: Change) -> dict[str, Any]:
    return {"before": change.before and change.before._asdict(), "after": change.after and change.after._asdict()}


def _counts(impact: Impact) -> dict[str, int]:
    advice = [change for deal in impact.deals for change in deal.advice]
    questions = [change for deal in impact.deals for change in deal.questions]
    return {
        "stages": sum(deal.stage[0] != deal.stage[1] for deal in impact.deals),
        "new_advice": sum(change.before is None for change in advice),
        "gone_advice": sum(change.after is None for change in advice),
        "moved": sum(change.before is not None and change.after is not None for change in advice),
        "new_questions": sum(change.before is None for change in questions),
        "gone_questions": sum(change.after is None for change in questions),
        "unreadable": sum(bool(deal.problems) for deal in impact.deals),
    }


def _lines(impact: Impact, words: Mapping[str, str]) -> Iterator[str]:
    yield f"# {words['title']}"
    yield ""
    changes = list(_content_lines(impact, words))
    yield from [*changes, ""] if changes else []
    if not impact.changed:
        yield words["same"]
        return
    yield words["changed"].format(n=len(impact.changed), all=len(impact.deals))
    yield ""
    counts = _counts(impact)
    yield from (f"- {words[name].format(n=counts[name])}" for name in _COUNTS if counts[name])
    for deal in impact.changed:
        yield from ("", "## " + words["file"].format(title=_plain(deal.title), path=_plain(deal.path)), "")
        yield from (f"- **{mark}** {said}" for mark, said in _deal_lines(deal, words))


def _content_lines(impact: Impact, words: Mapping[str, str]) -> Iterator[str]:
    for kind, content in impact.content.items():
        for word, names in zip(("new", "gone", "edited"), content, strict=True):
            if names:
                listed = words["and"].join(map(_plain, names))
                yield "- " + words["names"].format(kind=words[kind], word=words[word], names=listed)


def _deal_lines(deal: DealImpact, words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """A mark and what it stands before."""
    yield from (("!", _plain(str(problem))) for problem in deal.problems)
    if deal.stage[0] != deal.stage[1]:
        before, after = (stage or words["none"] for stage in deal.stage)
        yield "→", words["stage"].format(before=before, after=after)
    yield from (_advice(change, words) for change in deal.advice)
    for change in deal.questions:
        yield "-" if change.after is None else "+", words["question"] + _plain(_item(change).text)


def _advice(change: Change, words: Mapping[str, str]) -> tuple[str, str]:
    one = _item(change)
    text = (words["not"] if one.do_not else "") + _plain(one.text)
    said = words["advice"].format(text=text, severity=one.severity, rule=_plain(one.rule))
    if change.before is None or change.after is None:
        return "+" if change.before is None else "-", said
    before, after = change.before, change.after
    moved = [words["rank"].format(before=before.rank, after=after.rank)] if before.rank != after.rank else []
    if before.severity != after.severity:
        moved.append(words["severity"].format(before=before.severity, after=after.severity))
    mark = "↑" if after.rank < before.rank else "↓" if after.rank > before.rank else "~"
    return mark, words["moves"].format(said=said, moved=words["and"].join(moved))


def _item(change: Change) -> Item:
    found = change.after or change.before
    assert found is not None
    return found


def _plain(text: str) -> str:
    """On one line, and no sign of it read as Markdown."""
    return escape(one_line(text))
