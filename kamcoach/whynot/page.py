"""Why a rule did not fire, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from kamcoach.advice.page import escape

_MARKS: Final = {"true": "✓", "false": "✗", "unknown": "?"}
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "title": "{rule}: {title}",
        "certainly": "The rule fires. Its reasons: {why}",
        "possibly": "The rule fires only possibly: something is not recorded, so the coach asks instead of advising.",
        "never": "The rule does not fire.",
        "about": "Judged for what comes nearest: {names}.",
        "nothing": "Nothing in the deal is called '{about}' that this rule looks at.",
        "named": "{name} ({at})",
        "conditions": "Conditions",
        "first": "{text} — the first that fails",
        "unreachable": "{text} — cannot be judged, since what it speaks of was not found",
        "value": "it comes to {value}",
        "lacks": "rule {rule} ({title}) would conclude it, but not: {lacks}",
        "lacks unknown": "rule {rule} ({title}) would conclude it, but it is not known whether {lacks}",
        "holds": "it follows from rule {rule} ({title})",
        "maybe": "it may follow from rule {rule} ({title})",
        "asks": "To find out",
        "would": "What would make it fire",
        "tried": "Tried out: if this were so, the rule would fire. Write it only if it is true.",
        "none": "No small change was found that makes it fire; the conditions above say what stands against it.",
        "change": "{at}: {what}, now “{now}”, would have to be “{becomes}”: `{write}`",
        "fill in": "{at}: {what}, not recorded, would have to be “{becomes}”: `{write}`",
        "take out": "{at}: {what}, now “{now}”, would have to be unrecorded: take out `{write}`",
        "add": "{at}: one more entry under `{section}` ({label}: {becomes}): `{write}`",
        "begin": "a new section `{section}` ({label}: {becomes}): `{write}`",
        "of": "{owner}: {label}",
        "then": "Then",
        "standing": "What becomes of its advice",
        "shown": "“{headline}” stands as action {place}.",
        "beyond": "“{headline}” stands as action {place}, beyond those that are shown at first; `--all` shows it.",
        "merged": "“{headline}” is merged under action {place}, “{over}” (rule {rule}): the same person or topic.",
        "do_not": "“{headline}” stands among what not to do, at place {place}.",
        "do_not_beyond": "“{headline}” stands among what not to do, at place {place}, beyond those that are shown at first.",
        "strategy": "“{headline}” is the strategy of the stage.",
        "needless": "“{headline}” is left out: rule {rule}, “{over}”, takes its place.",
        "gives_way": "Takes its place when both fire",
        "rival": "{rule}: {title} ({fires})",
        "rival fires": "it fires here",
        "rival rests": "it does not fire here",
        "concludes": "The rule gives no advice of its own; it only concludes something for other rules.",
    },
    "zh": {
        "title": "{rule}：{title}",
        "certainly": "这条规则已触发。理由见：{why}",
        "possibly": "这条规则只是可能触发：有些情况没记录，所以先提问，不给建议。",
        "never": "这条规则没有触发。",
        "about": "按最接近的情况来看：{names}。",
        "nothing": "这单里没有叫“{about}”、又归这条规则管的对象。",
        "named": "{name}（{at}）",
        "conditions": "条件",
        "first": "{text}——第一条不成立的",
        "unreachable": "{text}——前面说的对象没找到，没法判断",
        "value": "算出来是{value}",
        "lacks": "规则{rule}（{title}）能得出这一点，但这条不成立：{lacks}",
        "lacks unknown": "规则{rule}（{title}）能得出这一点，但不知道这条是否成立：{lacks}",
        "holds": "由规则{rule}（{title}）得出",
        "maybe": "规则{rule}（{title}）可能得出",
        "asks": "先弄清楚",
        "would": "怎样才会触发",
        "tried": "已试算：如果情况是这样，规则就会触发。属实才写，别为了触发去改。",
        "none": "没找到改动不大又能触发的办法；卡在哪里，看上面的条件。",
        "change": "{at}：{what}现为“{now}”，若为“{becomes}”：`{write}`",
        "fill in": "{at}：{what}未记录，若为“{becomes}”：`{write}`",
        "take out": "{at}：{what}现为“{now}”，若没有记录：去掉`{write}`",
        "add": "{at}：`{section}`下若再有一条（{label}，{becomes}）：`{write}`",
        "begin": "新开一节`{section}`（{label}，{becomes}）：`{write}`",
        "of": "{owner}·{label}",
        "then": "那样的话",
        "standing": "它的建议去了哪里",
        "shown": "“{headline}”排在行动第{place}条。",
        "beyond": "“{headline}”排在行动第{place}条，默认不显示，加`--all`才看得到。",
        "merged": "“{headline}”并入行动第{place}条“{over}”（规则{rule}）：同一个人或同一件事。",
        "do_not": "“{headline}”在“不要做”里排第{place}条。",
        "do_not_beyond": "“{headline}”在“不要做”里排第{place}条，默认不显示。",
        "strategy": "“{headline}”是本阶段的策略。",
        "needless": "“{headline}”不显示：被规则{rule}的“{over}”顶替。",
        "gives_way": "同时触发时会顶替它的规则",
        "rival": "{rule}：{title}（{fires}）",
        "rival fires": "这单里触发了",
        "rival rests": "这单里没触发",
        "concludes": "这条规则本身不给建议，只为别的规则下结论。",
    },
}


def markdown(data: Mapping[str, Any], deal: str, about: str = "") -> str:
    """The answer as Markdown, in the language in which it was made. `deal` is how the deal was named on the command line."""
    return "\n".join(_Page(data, deal, about).lines()) + "\n"


class _Page:
    def __init__(self, data: Mapping[str, Any], deal: str, about: str) -> None:
        self.data = data
        self.deal = deal
        self.about = about
        self.words = _WORDS[data["language"]]

    def say(self, key: str, **words: Any) -> str:
        return escape(self.words[key].format(**words)).replace("\\`", "`")

    def lines(self) -> Iterator[str]:
        data = self.data
        yield from (f"# {self.say('title', rule=data['rule'], title=data['title'])}", "")
        if not data["conditions"]:
            yield self.say("nothing", about=self.about)
            return
        yield from (self.say(data["fires"], why=f"`kamcoach why {self.deal} {data['rule']}`"), "")
        if data["about"]:
            names = [self.words["named"].format(**one) if one["at"] else one["name"] for one in data["about"]]
            yield from (self.say("about", names=("、" if data["language"] == "zh" else ", ").join(names)), "")
        yield from self._section("conditions", (line for n, one in enumerate(data["conditions"], 1) for line in self._condition(n, one)))
        yield from self._section("asks", (f"- {escape(one['ask'])} ({escape(one['field'])})" for one in data["asks"]))
        if data["fires"] != "certainly":
            yield from self._would(data["would_fire"])
        yield from self._section("standing", map(self._standing, data["standing"]))
        yield from self._section("gives_way", map(self._rival, data["gives_way_to"]))

    def _section(self, key: str, lines: Iterable[str]) -> Iterator[str]:
        listed = list(lines)
        if listed:
            yield from (f"## {self.words[key]}", "", *listed, "")

    def _condition(self, number: int, one: Mapping[str, Any]) -> Iterator[str]:
        key = "unreachable" if not one["reachable"] else "first" if number == self.data["first_failing"] else ""
        text = self.say(key, text=one["text"]) if key else escape(one["text"])
        yield f"{number}. {_MARKS[one['truth']]} {text}"
        yield from (f"   - {escape(fact)}" for fact in one["facts"])
        if one["value"] is not None:
            yield f"   - {self.say('value', value=one['value'])}"
        for below in one["because"]:
            yield from self._below(below, 1)

    def _below(self, one: Mapping[str, Any], depth: int) -> Iterator[str]:
        key = ("lacks" if one["truth"] == "false" else "lacks unknown") if one["lacks"] else "holds" if one["truth"] == "true" else "maybe"
        pad = "   " * depth
        yield f"{pad}- {self.say(key, **{name: one[name] for name in ('rule', 'title', 'lacks')})}"
        yield from (f"{pad}   - {escape(fact)}" for fact in one["facts"])
        for below in one["because"]:
            yield from self._below(below, depth + 1)

    def _would(self, would: Mapping[str, Any] | None) -> Iterator[str]:
        yield from (f"## {self.words['would']}", "")
        if would is None:
            yield from (self.words["none"], "")
            return
        yield from (self.words["tried"], "")
        yield from (f"{number}. {self._change(one)}" for number, one in enumerate(would["changes"], 1))
        yield from ("", f"**{self.words['then']}**", "")
        yield from (f"- {line}" for line in map(self._told, would["then"]))
        if not would["then"]:
            yield f"- {self.words['concludes']}"
        yield ""

    def _change(self, one: Mapping[str, Any]) -> str:
        what = self.words["of"].format(**one)
        return self.say(one["how"], **{**one, "what": what})

    def _standing(self, one: Mapping[str, Any]) -> str:
        return f"- {self._told(one)}"

    def _told(self, one: Mapping[str, Any]) -> str:
        over = one["over"][0] if one["over"] else {"headline": "", "rule": ""}
        return self.say(one["state"], headline=one["headline"], place=one["place"], over=over["headline"], rule=over["rule"])

    def _rival(self, one: Mapping[str, Any]) -> str:
        fires = self.words["rival fires" if one["fires"] else "rival rests"]
        return f"- {self.say('rival', rule=one['rule'], title=one['title'], fires=fires)}"
