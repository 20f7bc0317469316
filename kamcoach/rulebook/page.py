"""The sheet of a rule as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from kamcoach.advice.page import escape
from kamcoach.model.playbook import Library
from kamcoach.rulebook.sheet import word
from kamcoach.wording.headlines import without_deal

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "when": "When",
        "then": "Then",
        "why": "Why",
        "source": "Source",
        "params": "Thresholds",
        "param": "{name} = {value}{limits}: {meaning}",
        "limits": " ({low:g} to {high:g})",
        "fed_by": "Looks at what these rules conclude",
        "feeds": "Feeds",
        "instead_of": "Takes the place of",
        "gives_way_to": "Gives way to",
        "scenarios": "Scenarios",
        "none": "none",
        "play": "Play",
        "marks": "… is filled in from the deal; what stands in [ ] is said only where the deal gives cause.",
        "stages": "at {stages}",
        "playbook": "playbook {name}",
        "replaces": "replaces the rule of the playbook below",
        "comma": ", ",
        "colon": ": ",
        "scenario": "{name} ({fires}), {at}",
        "never": "does not fire",
        "certainly": "fires",
        "possibly": "asks",
        "more": "{rules} and {n} more",
    },
    "zh": {
        "when": "如果",
        "then": "那么",
        "why": "为什么",
        "source": "出处",
        "params": "阈值",
        "param": "{name} = {value}{limits}：{meaning}",
        "limits": "（{low:g}到{high:g}）",
        "fed_by": "依据这些规则的结论",
        "feeds": "结论供这些规则用",
        "instead_of": "触发后顶替",
        "gives_way_to": "让位于",
        "scenarios": "测试场景",
        "none": "没有",
        "play": "打法",
        "marks": "“…”处由商机档案填入；[ ]里的话，情况对得上才说。",
        "stages": "适用阶段：{stages}",
        "playbook": "打法库：{name}",
        "replaces": "替换了下层打法库的同名规则",
        "comma": "、",
        "colon": "：",
        "scenario": "{name}（{fires}），{at}",
        "never": "不触发",
        "certainly": "触发",
        "possibly": "只提问",
        "more": "{rules}，另有{n}条",
    },
}
_MOST_LISTED: Final = 12


def markdown(data: Mapping[str, Any], library: Library) -> str:
    """A sheet as Markdown, in the language in which it was made."""
    return "\n".join(_Page(data, library).lines()) + "\n"


class _Page:
    def __init__(self, data: Mapping[str, Any], library: Library) -> None:
        self.data = data
        self.words = WORDS[data["language"]]
        self.library = library

    def lines(self) -> Iterator[str]:
        yield from (f"# {escape(self.data['title'])}", "", escape(" · ".join(self._head())), "")
        yield from self._section("when", (line for n, one in enumerate(self.data["when"], 1) for line in _listed(one, f"{n}. ", 0)))
        yield from self._section("then", (f"- {escape(text)}" for text in self.data["then"]))
        for key in ("why", "source"):
            yield from self._line(key, self.data[key])
        yield from self._section("params", map(self._param, self.data["params"]))
        for key in ("fed_by", "feeds"):
            yield from self._section(key, map(self._handed, self.data[key]))
        for key in ("instead_of", "gives_way_to"):
            yield from self._line(key, self.words["comma"].join(self.data[key]))
        yield from self._section("scenarios", [*map(self._scenario, self.data["scenarios"])] or [f"- {self.words['none']}"])
        for play, sections in self.data["play_texts"].items():
            yield from (f"## {self.words['play']}{self.words['colon']}{escape(play)}", "", escape(self.words["marks"]), "")
            for one in sections:
                yield from (f"**{escape(one['heading'])}**", "", escape(without_deal(one["text"])), "")

    def _section(self, key: str, lines: Any) -> Iterator[str]:
        listed = list(lines)
        if listed:
            yield from (f"## {self.words[key]}", "", *listed, "")

    def _line(self, key: str, text: str) -> Iterator[str]:
        if text:
            yield from (f"**{self.words[key]}**{self.words['colon']}{escape(text)}", "")

    def _head(self) -> Iterator[str]:
        data = self.data
        yield from filter(None, (data["id"], data["catalogue"], data["category"], self.words["playbook"].format(name=data["playbook"])))
        if data["replaces"]:
            yield self.words["replaces"]
        if data["stages"]:
            yield self.words["stages"].format(stages=self.words["comma"].join(map(self._stage, data["stages"])))
        yield f"{data['file']}:{data['line']}"

    def _stage(self, stage: str) -> str:
        vocabulary = self.library.rule_base.vocabulary
        enum = vocabulary.enums[vocabulary.types[self.library.shows.value].fields["value"].of]
        return word(enum.values[stage], self.data["language"]) or stage

    def _param(self, one: Mapping[str, Any]) -> str:
        both = one["min"] is not None and one["max"] is not None
        limits = self.words["limits"].format(low=one["min"], high=one["max"]) if both else ""
        return f"- {escape(self.words['param'].format(**{**one, 'limits': limits}))}"

    def _handed(self, one: Mapping[str, Any]) -> str:
        rules = self.words["comma"].join(one["rules"][:_MOST_LISTED])
        more = len(one["rules"]) - _MOST_LISTED
        said = self.words["more"].format(rules=rules, n=more) if more > 0 else rules
        return f"- {escape(one['label'])}{self.words['colon']}{escape(said)}"

    def _scenario(self, one: Mapping[str, Any]) -> str:
        at = f"{Path(one['file']).name}:{one['line']}"
        fires = self.words.get(one["fires"] or "", "")
        return f"- {escape(self.words['scenario'].format(name=one['name'], fires=fires, at=at) if fires else one['name'] + ', ' + at)}"


def _listed(clause: Mapping[str, Any], bullet: str, depth: int) -> Iterator[str]:
    yield f"{'   ' * depth}{bullet}{escape(clause['text'])}"
    for part in clause.get("parts", ()):
        yield from _listed(part, "- ", depth + 1)
