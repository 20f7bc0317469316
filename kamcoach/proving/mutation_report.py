"""What mutation found, in words: each change that nobody noticed, the scenario that would, and the score."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from kamcoach.proving.change import Change
from kamcoach.proving.mutation import Mutation, Score, Survivor
from kamcoach.proving.suggest import Suggestion
from kamcoach.reading.scenarios import scenario_file
from kamcoach.source import Location

_WORDS: Final = {
    "en": {
        "dropped": "line {line}: `{before}` left out",
        "changed": "line {line}: `{before}` turned into `{after}`",
        "write": "write in {file} one like line {line}, “{name}”, {edit}; expect {fires}",
        "expect": "fires: {fires}",
        "expect_about": "fires: {fires}, for {about}",
        "none": "no scenario found that shows it; the rule may say the same without it. It would have to differ in {fields}",
        "none_effect": "write `{expect}` under `expect` of a scenario in {file} in which the rule fires",
        "set": "but with {path}: {value}",
        "unknown": "but with {path} not recorded",
        "remove": "but without {path}",
        "add": "but with one more entry like {path}, its {field}: {value}",
        "unasked": "but without the whole list {path}",
        "": "and say so under `expect`",
        "changes_one": "1 change",
        "changes_many": "{n} changes",
        "rules_one": "1 rule",
        "rules_many": "{n} rules",
        "score": "{made} to {rules}, {noticed} noticed by the scenarios: {percent:.1f} percent",
        "sample": "({left_out} more were not in the sample)",
        "threshold": "threshold moved by one",
        "operator": "operator turned",
        "drop": "condition left out",
        "negation": "negation dropped",
        "value": "value taken for another",
        "severity": "severity moved",
        "kind": "{kind}: {noticed} of {made}",
        "nobody": "nothing",
        "and": "; ",
    },
    "zh": {
        "dropped": "第{line}行：去掉 `{before}`",
        "changed": "第{line}行：`{before}` 改成 `{after}`",
        "write": "在 {file} 里仿照第{line}行“{name}”补一个场景，{edit}；预期 {fires}",
        "expect": "fires: {fires}",
        "expect_about": "fires: {fires}，针对 {about}",
        "none": "没试出能看出差别的场景，这一条可能是多余的；要看出差别，得在 {fields} 上做文章",
        "none_effect": "在 {file} 里挑一个规则会触发的场景，在 `expect` 下写明 `{expect}`",
        "set": "只把 {path} 改成 {value}",
        "unknown": "只是不填 {path}",
        "remove": "只是没有 {path}",
        "add": "只是再加一条跟 {path} 一样的，把 {field} 写成 {value}",
        "unasked": "只是整个 {path} 都不填",
        "": "把针对谁写进 `expect`",
        "changes_one": "1处",
        "changes_many": "{n}处",
        "rules_one": "1条规则",
        "rules_many": "{n}条规则",
        "score": "{rules}改了{made}，场景发现了{noticed}处：{percent:.1f}%",
        "sample": "（另有{left_out}处没抽到）",
        "threshold": "数字差一",
        "operator": "比较反了",
        "drop": "漏掉条件",
        "negation": "丢了否定",
        "value": "选错值",
        "severity": "轻重有变",
        "kind": "{kind}：{noticed}/{made}",
        "nobody": "无",
        "and": "；",
    },
}


def report(found: Mutation, language: str) -> Iterator[str]:
    """The lines of the report; the score comes last."""
    for path, group in groupby(found.survivors, lambda one: one.mutant.rule.at.path):
        yield path
        by_mend: dict[str, list[str]] = {}
        for survivor in group:
            by_mend.setdefault(_mend(survivor, language), []).append(_changed(survivor.mutant.change, language))
        for mend, changes in by_mend.items():
            yield from (f"  {one}" for one in changes)
            yield f"    -> {mend}"
    yield from _scores(found, language)


def _changed(change: Change, language: str) -> str:
    words = _WORDS[language]["changed" if change.after else "dropped"]
    return words.format(line=change.at.line, before=change.before, after=change.after)


def _mend(survivor: Survivor, language: str) -> str:
    words, change = _WORDS[language], survivor.mutant.change
    if survivor.suggestion is not None:
        return _write(survivor.suggestion, language)
    rule = survivor.mutant.rule
    if not change.looks_at:  # an effect
        return words["none_effect"].format(file=scenario_file(rule), expect=change.before)
    fields = ", ".join(f"{fact_type}.{field}".rstrip(".") for fact_type, field in change.looks_at)
    return words["none"].format(fields=fields)


def _write(found: Suggestion, language: str) -> str:
    words = _WORDS[language]
    edit = words["unknown" if found.what == "set" and found.value == "unknown" else found.what].format(
        path=found.path, field=found.field, value=found.value
    )
    about = ", ".join(found.about or ()) or words["nobody"]
    fires = words["expect" if found.about is None else "expect_about"].format(fires=found.fires, about=about)
    at: Location = found.at
    return words["write"].format(file=at.path, line=at.line, name=found.name, edit=edit, fires=fires)


def _scores(found: Mutation, language: str) -> Iterator[str]:
    words = _WORDS[language]
    yield words["and"].join(_kind(kind, score, language) for kind, score in found.by_kind.items())
    left_out = f" {words['sample'].format(left_out=found.left_out)}" if found.left_out else ""
    score = found.score
    made, rules = _counted("changes", score.made, language), _counted("rules", found.rules, language)
    yield words["score"].format(rules=rules, made=made, noticed=score.noticed, percent=score.percent) + left_out


def _counted(what: str, number: int, language: str) -> str:
    return _WORDS[language][f"{what}_{'one' if number == 1 else 'many'}"].format(n=number)


def _kind(kind: str, score: Score, language: str) -> str:
    words = _WORDS[language]
    return words["kind"].format(kind=words["drop" if kind == "dropped" else kind], noticed=score.noticed, made=score.made)
