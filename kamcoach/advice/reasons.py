"""The tree of reasons in words: each conclusion, the rule that drew it, and the lines of the deal file it stands on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from kamcoach.advice.grounds import GivenFact, activation_of, in_words
from kamcoach.advice.rank import Ranked, advice_of
from kamcoach.advice.speech import Speech
from kamcoach.advice.words import one_line, plain, printable
from kamcoach.engine.explain import Explainer, Undetermined
from kamcoach.engine.memory import TRUE, UNKNOWN, Activation, Premise
from kamcoach.engine.reasons import Ground, Reason, reason, tested_fields
from kamcoach.errors import UnknownName
from kamcoach.model.condition import Aggregate, Compare, Compute, Constant, Every, No, OneOf, Pattern, Tally, Test
from kamcoach.model.fact import Fact, Field
from kamcoach.model.rule import Advise, Conclude, Mark
from kamcoach.model.walk import compared
from kamcoach.reading.fields import nearest

_WORDS: Final = {
    "en": {
        "rule": "rule {rule} ({at}): {title}",
        "and": "; ",
        "is": ": ",
        "possibly": " (only possible)",
        "none": "no record of: {what}",
        "with": "{what} ({said})",
        "count": "{what}: {value}",
        "every": "every {what} (looked at {n})",
        "unasked": "{what}: never asked",
        "unknown": "{this}: {field} not recorded",
        "advice": "advice: ",
        "either": "one of several",
    },
    "zh": {
        "rule": "规则 {rule}（{at}）：{title}",
        "and": "；",
        "is": "：",
        "possibly": "（只是可能）",
        "none": "没有记录：{what}",
        "with": "{what}（{said}）",
        "count": "{what}：{value}",
        "every": "每一个{what}（查过{n}项）",
        "unasked": "{what}：还没问过",
        "unknown": "{this}：{field}未记录",
        "advice": "建议：",
        "either": "满足其一",
    },
}


def reasons(what: str, speech: Speech, ranked: Ranked) -> str:
    """The trees of everything that WHAT stands for. Raises UnknownName."""
    found = _found(what, speech, ranked)
    teller = _Teller(speech)
    trees = ("\n".join(teller.tree(reason(activation, speech.consultation))) for activation in found)
    return printable("\n\n".join(trees)) + "\n"


def _found(what: str, speech: Speech, ranked: Ranked) -> list[Activation]:
    consultation = speech.consultation
    if what.isdecimal() and 1 <= int(what) <= len(ranked.actions):
        return [activation_of(ranked.actions[int(what) - 1].lead, consultation)]
    by_rule = [a for a in consultation.activations if what in (a.rule.id, a.rule.stem)]
    by_play = [a for a in consultation.activations if any(isinstance(e, Advise) and e.play == what for e in a.rule.then)]
    by_type = [a for a in consultation.activations if any(isinstance(e, Conclude) and e.type == what for e in a.rule.then)]
    by_mark = [a for a in consultation.activations if any(isinstance(e, Mark) and what in dict(e.fields) for e in a.rule.then)]
    by_key = [a for a in consultation.activations if _is_about(a, what)]
    for group in (by_rule, by_play, by_type, by_mark, by_key):
        certain = [a for a in group if a.truth == TRUE]
        if group:
            return certain or group
    raise UnknownName(_nothing(what, speech, ranked))


def _is_about(activation: Activation, key: str) -> bool:
    names = [name for effect in activation.rule.then if isinstance(effect, Advise) for name in effect.about]
    return any(isinstance(fact := activation.names[name], Fact) and fact.key == key for name in names)


def _nothing(what: str, speech: Speech, ranked: Ranked) -> str:
    rules = {name for rule in speech.consultation.rule_base.rules for name in (rule.id, rule.stem)}
    if what in rules or what in speech.vocabulary.types:
        return f"'{what}' does not hold in this deal, not even possibly."
    names = rules | set(speech.vocabulary.types) | {a.play for a in ranked.advice} | {str(n + 1) for n in range(len(ranked.actions))}
    return f"Nothing in this deal is called '{what}'. {nearest(what, names).capitalize()}".strip()


class _Teller:
    """Tells one tree after another; what was told before is only named again."""

    def __init__(self, speech: Speech) -> None:
        self.speech = speech
        self.words = _WORDS[speech.language]
        self.explainer = Explainer(speech.consultation)
        self.told: set[int] = set()

    def tree(self, node: Reason, depth: int = 0) -> Iterator[str]:
        activation = node.activation
        rule = activation.rule
        pad = "  " * depth
        mark = self.words["possibly"] if activation.truth == UNKNOWN else ""
        yield f"{pad}{self.words['and'].join(self._effects(activation))}{mark}"
        if id(activation) in self.told:
            yield f"{pad}  …"
            return
        self.told.add(id(activation))
        yield f"{pad}  {self.words['rule'].format(rule=rule.id, at=rule.at.short, title=self.speech.words(rule.title))}"
        for ground in node.grounds:
            for line in self._ground(ground, activation):
                yield f"{pad}  {line}"
            for below in ground.because:
                yield from self.tree(below, depth + 2)

    def _effects(self, activation: Activation) -> Iterator[str]:
        """What a firing concludes; advice by its headline."""
        for effect in activation.rule.then:
            if isinstance(effect, Mark):
                fact = activation.names[effect.name]
                assert isinstance(fact, Fact)
                declared = self.speech.vocabulary.types[fact.type]
                labels = listed([self.speech.words(declared.fields[name].label) or name for name, _ in effect.fields], self.speech.language)
                yield f"{self.speech.called(fact)}{self.words['is']}{labels}"
            elif isinstance(effect, Conclude):
                yield from self._concluded(effect.type, activation)
        for advice in advice_of(activation, self.speech.consultation.memory):
            headline = self.speech.play(advice, "headline")
            yield f"{self.words['advice']}{headline} [{self.speech.label('severity', advice.severity)}]"

    def _concluded(self, type_name: str, activation: Activation) -> Iterator[str]:
        declared = self.speech.vocabulary.types[type_name]
        label = self.speech.words(declared.label) or type_name
        held = self.speech.consultation.memory.index
        for identity in activation.concluded:
            fact = held[identity].fact if identity in held else None
            if fact is not None and fact.type == type_name:
                values = [self._value(fact, name) for name in fact.fields]
                yield f"{label}{self.words['is']}{listed(values, self.speech.language)}" if values else label

    def _value(self, fact: Fact, name: str) -> str:
        field = self.speech.vocabulary.types[fact.type].fields[name]
        value = fact.fields[name]
        if field.of:
            return self.speech.label(field.of, str(value))
        if field.to:
            target = self.speech.consultation.find(field.to, str(value))
            return self.speech.called(target) if target else str(value)
        return one_line(plain(value, self.speech.language))

    def _ground(self, ground: Ground, activation: Activation) -> Iterator[str]:
        """One premise: the recorded values it rests on, what was not found, what is not recorded."""
        premise = ground.premise
        yield from self._summary(premise)
        told = set()
        for leaf in premise.leaves():
            for fact in leaf.facts:
                for line in self._given(leaf, fact):
                    if line not in told:
                        told.add(line)
                        yield f"· {line}"
        if premise.truth == UNKNOWN:
            yield from self._unknowns(activation._replace(premises=(premise,)))

    def _summary(self, premise: Premise) -> Iterator[str]:
        condition = premise.condition
        match condition:
            case No(how=how, conditions=inner) if how != "evidence_of":
                yield "· " + self.words["none"].format(what=self._about(inner))
            case Aggregate(pattern=pattern) if premise.value is not None:
                yield "· " + self.words["count"].format(what=self._about((pattern,)), value=plain(premise.value, self.speech.language))
            case Tally() | Compute() if premise.value is not None:
                yield "· " + self.words["count"].format(what="=", value=plain(premise.value, self.speech.language))
            case Every(pattern=pattern):
                yield "· " + self.words["every"].format(what=self._about((pattern,)), n=len(premise.facts))
            case _:
                return

    def _about(self, conditions: Iterable[object]) -> str:
        """The fact types and fields that conditions look at, in words."""
        found = []
        for one in conditions:
            if isinstance(one, Pattern):
                declared = self.speech.vocabulary.types[one.type]
                label = self.speech.words(declared.label) or one.type
                fields = [self._tested(declared.fields[t.field], t.test) for t in one.tests]
                said = listed([field for field in fields if field], self.speech.language)
                found.append(self.words["with"].format(what=label, said=said) if said else label)
        return " + ".join(found) or self.words["either"]

    def _tested(self, field: Field, test: Test) -> str:
        """A field, with the values that are looked for where they are plain."""
        label = (self.speech.words(field.label) or field.name) if field.name != "value" else ""
        wanted = [one.value for one in compared(test) if isinstance(one, Constant)]
        if not isinstance(test, (Compare, OneOf)) or not field.of or not wanted:
            return label
        values = "/".join(self.speech.label(field.of, str(value)) for value in wanted)
        return f"{label} = {values}" if label else values

    def _given(self, premise: Premise, fact: Fact) -> Iterator[str]:
        declared = self.speech.vocabulary.types[fact.type]
        if fact.unasked or not declared.given:
            return
        for name in tested_fields(premise.condition, fact.type):
            if name in fact.fields:
                yield in_words(GivenFact(fact, name, fact.place(name)), self.speech)
            elif premise.truth == TRUE and not declared.fields[name].derived:
                yield self._unknown(Undetermined(fact, name))

    def _unknowns(self, activation: Activation) -> Iterator[str]:
        missing = self.explainer.undetermined(activation)
        for one in sorted(missing, key=lambda u: (u.fact.type, u.fact.key, u.field)):
            yield f"? {self._unknown(one)}"

    def _unknown(self, one: Undetermined) -> str:
        declared = self.speech.vocabulary.types[one.fact.type]
        if not one.field:
            return self.words["unasked"].format(what=self.speech.words(declared.label) or one.fact.type)
        label = self.speech.words(declared.fields[one.field].label) or one.field
        owner = self.speech.called(one.fact) if declared.plural else self.speech.words(declared.label)
        return self.words["unknown"].format(this=owner, field=label)


def listed(words: list[str], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(words)
