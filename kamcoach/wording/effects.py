"""Effects in words: what a rule concludes, marks and advises."""

from __future__ import annotations

from kamcoach.model.condition import Compare, FieldTest, Operand
from kamcoach.model.fact import FactType
from kamcoach.model.rule import Advise, Conclude, Effect, Mark
from kamcoach.wording.conditions import ConditionWords
from kamcoach.wording.headlines import headline


class EffectWords(ConditionWords):
    """Says the conditions and the effects of one rule in one language."""

    def effect(self, effect: Effect) -> str:
        match effect:
            case Conclude(type=name, fields=fields):
                return self._conclude(self.vocabulary.types[name], fields)
            case Mark(name=name, fields=fields):
                return self.grammar.both([self._mark(name, field, operand) for field, operand in fields])
            case Advise():
                return self._advise(effect)

    def _conclude(self, declared: FactType, fields: tuple[tuple[str, Operand], ...]) -> str:
        label = self.grammar.quoted(self.word(declared.label, declared.name))
        if declared.shape == "flag":
            return self.word(declared.says) or self.grammar.frame("conclude flag", label=label)
        tests = [FieldTest(name, Compare("equals", operand)) for name, operand in fields]
        predicates = [self.predicate(one, declared) for one in tests]
        if declared.shape == "value":
            return self.grammar.both([one.text for one in predicates])
        return self.grammar.frame("conclude", noun=self.noun(declared), which=self.grammar.which(predicates))

    def _mark(self, name: str, field: str, operand: Operand) -> str:
        declared = self.vocabulary.types[self.names.type_of(name)]
        predicate = self.predicate(FieldTest(field, Compare("equals", operand)), declared)
        return self.grammar.owned(self.names.the(name), predicate)

    def _advise(self, effect: Advise) -> str:
        severity, lens = (self.enum_word(enum, value) for enum, value in (("severity", effect.severity), ("lens", effect.lens)))
        kind = "advise not" if effect.do_not else "advise"
        return self.grammar.frame(kind, headline=headline(self.library, effect.play, self.grammar.language), severity=severity, lens=lens)

    def enum_word(self, enum: str, value: str) -> str:
        known = self.vocabulary.enums.get(enum)
        return self.word(known.values.get(value, {}), value) if known is not None else value
