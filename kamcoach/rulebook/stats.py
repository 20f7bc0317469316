"""The rules of a library in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kamcoach.advice.page import text_width
from kamcoach.model.playbook import Library
from kamcoach.rulebook.feeds import Feeds
from kamcoach.rulebook.layers import ranks
from kamcoach.rulebook.listing import Entry, entries
from kamcoach.rulebook.stages import Stages
from kamcoach.wording.rules import params_of

_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "rules": "Rules",
        "kind": "By kind",
        "severity": "By severity",
        "lens": "By lens",
        "category": "By category",
        "stage": "By stage (a rule that belongs to several counts in each)",
        "playbook": "By playbook",
        "conditions": "By number of conditions",
        "advice": "give advice",
        "derivation": "only conclude",
        "any": "at any stage",
        "plays": "Plays called",
        "conclusions": "Kinds of conclusion",
        "feeds": "Feeds from rule to rule",
        "levels": "Levels of conclusions",
        "params": "Parameters used",
        "unused_params": "Parameters that no rule uses",
        "instead_of": "Rules that take the place of others",
        "most_read": "Fed to the most rules",
    },
    "zh": {
        "rules": "规则",
        "kind": "按作用",
        "severity": "按轻重",
        "lens": "按视角",
        "category": "按分类",
        "stage": "按阶段（跨几个阶段的，每个阶段各算一次）",
        "playbook": "按打法库",
        "conditions": "按条件数",
        "advice": "给建议",
        "derivation": "只推导",
        "any": "不限阶段",
        "plays": "用到的打法",
        "conclusions": "结论种类",
        "feeds": "规则之间的供给",
        "levels": "推导层数",
        "params": "用到的阈值",
        "unused_params": "没有规则用的阈值",
        "instead_of": "会顶替别条的规则",
        "most_read": "供给最多规则的结论",
    },
}


def figures(library: Library) -> dict[str, Any]:
    """Counts, as plain data."""
    found = entries(library)
    feeds = Feeds(library).all
    used = {param.name for one in found for param in params_of(one.rule, library)}
    readers = {predicate: {feed.reader for feed in feeds if feed.predicate == predicate} for predicate in {f.predicate for f in feeds}}
    most = sorted(readers, key=lambda predicate: (-len(readers[predicate]), predicate))[:10]
    return {
        "rules": len(found),
        "kind": _counted(one.kind for one in found),
        "severity": _counted(one.severity for one in found if one.severity),
        "lens": _counted(one.lens for one in found if one.lens),
        "category": _counted(one.category for one in found),
        "stage": _stages(found, library),
        "playbook": _counted(one.origin for one in found),
        "conditions": {str(n): k for n, k in sorted(Counter(len(one.rule.when) for one in found).items())},
        "plays": len({play for one in found for play in one.plays}),
        "conclusions": len({name for one in found for name in one.concludes}),
        "feeds": len(feeds),
        "levels": _levels({one.rule.id for one in found}, [(feed.writer, feed.reader) for feed in feeds]),
        "params": len(used),
        "unused_params": sorted(set(library.params) - used),
        "instead_of": sum(1 for one in found if one.instead_of),
        "most_read": {predicate: len(readers[predicate]) for predicate in most},
    }


def _counted(names: Iterator[str]) -> dict[str, int]:
    counts = Counter(names)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _stages(found: tuple[Entry, ...], library: Library) -> dict[str, int]:
    counts = {stage: sum(1 for one in found if stage in one.stages) for stage in Stages(library).enum.values}
    return {**counts, "any": sum(1 for one in found if not one.stages)}


def _levels(ids: set[str], pairs: list[tuple[str, str]]) -> int:
    """How many rules stand one upon another at most."""
    return max(ranks(sorted(ids), pairs).values(), default=-1) + 1


def told(data: Mapping[str, Any], library: Library, language: str) -> Iterator[str]:
    """The figures as lines of text."""
    words = _WORDS[language]
    left = 2 + max(text_width(words[key]) for key, value in data.items() if isinstance(value, int))
    for key, value in data.items():
        if isinstance(value, int):
            yield f"{words[key]}{' ' * (left - text_width(words[key]))}{value:>6}"
    for key, value in data.items():
        if isinstance(value, list) and value:
            yield from ("", f"{words[key]}{'：' if language == 'zh' else ': '}{('、' if language == 'zh' else ', ').join(value)}")
        elif isinstance(value, dict):
            yield from ("", words[key])
            labels = {name: _label(key, name, library, language) or name for name in value}
            wide = max(map(text_width, labels.values()), default=0)
            yield from (f"  {labels[name]}{' ' * (wide - text_width(labels[name]))}  {n:>5}" for name, n in value.items())


def _label(key: str, name: str, library: Library, language: str) -> str:
    """What a counted name is called."""
    vocabulary = library.rule_base.vocabulary
    if name in _WORDS[language] and key in ("kind", "stage"):
        return _WORDS[language][name]
    enum = Stages(library).enum if key == "stage" else vocabulary.enums.get(key)
    return enum.values.get(name, {}).get(language, "") if enum is not None else ""
