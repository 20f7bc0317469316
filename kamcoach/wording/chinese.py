"""Chinese sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from kamcoach.advice.words import joined
from kamcoach.wording.grammar import Grammar, Mood, Predicate


class Chinese(Grammar):
    language = "zh"
    comma, last, either, either_comma, colon, then = "，", "，且", "或", "、", "：", "；"
    frames: ClassVar[Mapping[str, str]] = {
        "acts": "{owner}{text}",
        "owns": "{owner}的{text}",
        "the": "这个{noun}",
        "sole": "{noun}",
        "numbered": "{noun}{letter}",
        "none": "并非{clause}",
        "no_evidence_of": "没有证据表明{clause}",
        "evidence_of": "可以肯定{clause}",
        "flag": "{label}成立",
        "not flag": "{label}不成立",
        "counts": "算{label}",
        "not counts": "不算{label}",
        "yes": "{label}为“是”",
        "no": "{label}为“否”",
        "on file": "{text}（有记录）",
        "is value": "{label}是{value}",
        "any value": "{label}（不论是什么）",
        "under": "{label}包括{value}",
        "not under": "{label}不包括{value}",
        "all of": "以下各条都成立",
        "not all of": "以下各条不同时成立",
        "any of": "以下至少一条成立",
        "no such": "没有哪一项同时符合以下各条",
        "no_evidence_of such": "没有证据表明以下各条都成立",
        "evidence_of such": "可以肯定以下各条都成立",
        "every": "每一个{noun}{which}，都{wanted}",
        "count": "{nouns}{which}的个数",
        "sum": "{nouns}{which}的{label}合计",
        "sum of one": "{noun}{which}的{label}（没有就算0）",
        "min": "{nouns}{which}中最小的{label}",
        "max": "{nouns}{which}中最大的{label}",
        "distinct": "{nouns}{which}中不同{label}的个数",
        "in_a_row": "按{label}从最近往回数，连续的{nouns}{which}的个数",
        "name count": "{nouns}的个数",
        "name sum": "{label}合计",
        "name min": "最小的{label}",
        "name max": "最大的{label}",
        "name distinct": "不同{label}的个数",
        "name in_a_row": "连续的{nouns}的个数",
        "take": "取{value}",
        "outcome": "{value}{verb}",
        "last": "按{label}有最近的一个{noun}{which}",
        "last is": "按{label}最近的一个{noun}{which}，{wanted}",
        "tally": "以下各条中成立的条数",
        "difference": "{0}减{1}",
        "days between": "从{1}到{0}的天数",
        "sum of": "{all}之和",
        "product": "{all}之积",
        "ratio": "{0}除以{1}",
        "number": "这个数",
        "result": "这个结果",
        "conclude flag": "这单算{label}",
        "conclude": "得出{noun}{which}",
        "advise": "建议：{headline}（{severity}，{lens}）",
        "advise not": "提醒别做：{headline}（{severity}，{lens}）",
        "advice from": "建议：{play}",
        "and": "且",
        "either": "{text}",
        "together": "（{text}）",
        "sentence": "如果{when}，那么{then}。",
        "advice on": "有{title}这条建议",
    }
    verbs: ClassVar[Mapping[str, tuple[str, str]]] = {
        "recorded": ("有记录", "没有记录"),
        "equals": ("是{x}", "不是{x}"),
        "at_least": ("不低于{x}", "低于{x}"),
        "at_most": ("不高于{x}", "高于{x}"),
        "above": ("高于{x}", "不高于{x}"),
        "below": ("低于{x}", "不低于{x}"),
        "at_least date": ("不早于{x}", "早于{x}"),
        "at_most date": ("不晚于{x}", "晚于{x}"),
        "above date": ("晚于{x}", "不晚于{x}"),
        "below date": ("早于{x}", "不早于{x}"),
        "has": ("包括{x}", "不包括{x}"),
        "contains": ("含有{x}字样", "不含{x}字样"),
        "starts_with": ("以{x}开头", "不以{x}开头"),
        "size": ("有{x}项", "没有{x}项"),
        "ago": ("距今{x}天", "不是距今{x}天"),
        "ahead": ("离现在还有{x}天", "不是离现在还有{x}天"),
        "on record": ("有记录，且{x}", "没有记录，或{x}"),
    }
    measures: ClassVar[Mapping[str, str]] = {
        "equals": "正好{x}",
        "at_least": "至少{x}",
        "at_most": "不超过{x}",
        "above": "超过{x}",
        "below": "不到{x}",
        "not equals": "不是{x}",
        "in": "{x}",
        "not in": "不是{x}",
    }

    def which(self, predicates: list[Predicate]) -> str:
        return f"（{joined([one.text for one in predicates], '，')}）" if predicates else ""

    def wanted(self, predicates: list[Predicate]) -> str:
        return joined([one.text for one in predicates], "，且")

    def some(self, noun: str, predicates: list[Predicate], mood: Mood) -> str:
        head = {"is": "有", "none": "没有", "no_evidence_of": "没有证据表明有", "evidence_of": "可以肯定有"}[mood]
        texts = joined([one.text for one in predicates], "，")
        return f"{head}这样的{noun}：{texts}" if predicates else f"{head}{noun}记录"
