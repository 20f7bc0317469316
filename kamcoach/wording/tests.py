"""Tests in words: what a rule asks of one field."""

from __future__ import annotations

from typing import Final

from kamcoach.advice.words import joined, listing, one_line, plain
from kamcoach.model.condition import (
    AllOf,
    Compare,
    Computed,
    Constant,
    Days,
    FieldTest,
    Known,
    Not,
    OneOf,
    Operand,
    Parameter,
    Reference,
    Size,
    Test,
)
from kamcoach.model.fact import FactType, Field, Value, Words
from kamcoach.model.playbook import Library
from kamcoach.wording.grammar import Grammar, Predicate
from kamcoach.wording.names import Names

NUMBER: Final = Field("number", "number")
_TURNED: Final = {"at_least": "below", "below": "at_least", "at_most": "above", "above": "at_most"}
_AS_NAMES: Final = frozenset({"bool", "ref", "flag"})  # labels that are no nouns: they are quoted


class TestWords:
    """Says tests and values in one language, for the names of one rule."""

    def __init__(self, library: Library, grammar: Grammar, names: Names) -> None:
        self.vocabulary = library.rule_base.vocabulary
        self.params = library.params
        self.grammar = grammar
        self.names = names

    def word(self, words: Words, otherwise: str = "") -> str:
        return words.get(self.grammar.language) or next(iter(words.values()), otherwise)

    def label(self, field: Field) -> str:
        """The label of a field within a sentence; quoted where it is no noun."""
        text = self.word(field.label, field.name)
        return self.grammar.quoted(text) if field.kind in _AS_NAMES or (field.kind == "set" and field.to) else self.grammar.lowered(text)

    def noun(self, declared: FactType) -> str:
        return self.grammar.lowered(self.word(declared.label, declared.name))

    # ── values ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def value(self, value: Value, field: Field) -> str:
        """A plain value of a field."""
        if field.of and field.of in self.vocabulary.enums:
            return self.grammar.quoted(self.word(self.vocabulary.enums[field.of].values.get(str(value), {}), str(value)))
        if isinstance(value, bool):
            return f"“{plain(value, self.grammar.language)}”"
        if isinstance(value, str):
            return f"“{one_line(value)}”"
        if isinstance(value, (int, float)):
            return _figure(value, field)
        return plain(value, self.grammar.language)

    def operand(self, operand: Operand, field: Field) -> str:
        match operand:
            case Constant(value=value):
                return self.value(value, field)
            case Parameter(name=name):
                return self.value(self.params[name].value, field)
            case Reference(name=name, field=""):
                return self.names.the(name)
            case Reference(name=name, field=of):
                read = self.names.field(name, of)
                label = self.label(read) if read is not None else of
                return self.grammar.owned(self.names.the(name), Predicate(label))
            case Computed():
                return self._computed(operand, field)

    def _computed(self, computed: Computed, field: Field) -> str:
        parts = [self.operand(one, field) for one in computed.operands]
        if computed.how == "sum":
            return self.grammar.frame("sum of", all=listing(parts, self.grammar.language))
        if computed.how == "product":
            return self.grammar.frame("product", all=listing(parts, self.grammar.language))
        dates = computed.how == "difference" and self._is_date(computed.operands[0])
        return self.grammar.frames["days between" if dates else computed.how].format(*parts)

    def _is_date(self, operand: Operand) -> bool:
        field = self.names.field(operand.name, operand.field) if isinstance(operand, Reference) else None
        return field is not None and field.kind == "date"

    # ── tests ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def verb(self, test: Test, field: Field, *, denied: bool = False) -> str:
        """`is at least 4`, said of a value of the field."""
        match test:
            case Known(wanted=wanted):
                return self.grammar.verb("recorded", denied=wanted == denied)
            case Not(test=inner):
                return self.verb(inner, field, denied=not denied)
            case AllOf(tests=(Known(wanted=True), *rest)):
                inner = rest[0] if len(rest) == 1 else AllOf(tuple(rest))
                return self.grammar.verb("on record", denied=denied).format(x=self.verb(inner, field, denied=denied))
            case AllOf(tests=tests):
                said = [self.verb(one, field, denied=denied) for one in tests]
                return self.grammar.one_of(said) if denied else self.grammar.both(said)
            case Size(test=inner):
                return self.grammar.verb("size", denied=denied).format(x=self.measure(inner, NUMBER))
            case Days(direction=direction, test=inner):
                return self.grammar.verb(direction, denied=denied).format(x=self.measure(inner, NUMBER))
            case OneOf(operands=operands, of_set=of_set):
                return self.grammar.verb("has" if of_set else "equals", denied=denied).format(x=self._choice(operands, field))
            case Compare(how=how, operand=operand):
                dated = f"{how} date" if field.kind == "date" and f"{how} date" in self.grammar.verbs else how
                return self.grammar.verb(dated, denied=denied).format(x=self.operand(operand, field))

    def measure(self, test: Test, field: Field, *, denied: bool = False) -> str:
        """`at least 4`, said of a number."""
        match test:
            case Compare(how=how, operand=operand):
                name = _TURNED.get(how, f"not {how}") if denied else how
                return self.grammar.measures[name].format(x=self.operand(operand, field))
            case OneOf(operands=operands):
                return self.grammar.measures["not in" if denied else "in"].format(x=self._choice(operands, field))
            case AllOf(tests=tests):
                said = [self.measure(one, field, denied=denied) for one in tests]
                return self.grammar.one_of(said) if denied else joined(said, self.grammar.frames["and"])
            case Not(test=inner):
                return self.measure(inner, field, denied=not denied)
            case _:
                return self.verb(test, field, denied=denied)

    def _choice(self, operands: tuple[Operand, ...], field: Field) -> str:
        return self.grammar.one_of([self.operand(one, field) for one in operands])

    # ── fields ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def predicate(self, one: FieldTest, declared: FactType, *, denied: bool = False) -> Predicate:
        """A field with its test, said of a fact."""
        field = declared.fields[one.field]
        test, recorded = _recorded(one.test)
        found = self._yes_or_no(test, field, denied) or self._holding(test, field, denied)
        if found is not None:
            text = self.word(found)
            kind = "clause" if field.says and declared.shape == "single" else "act" if field.says or field.kind != "bool" else "field"
            return Predicate(self.grammar.frame("on file", text=text) if recorded else text, kind)  # type: ignore[arg-type]
        return Predicate(f"{self.label(field)}{self._gap}{self.verb(one.test, field, denied=denied)}", "field")

    @property
    def _gap(self) -> str:
        return " " if self.grammar.language == "en" else ""

    def _yes_or_no(self, test: Test, field: Field, denied: bool) -> Words | None:  # noqa: FBT001
        """A test whether something holds."""
        match test:
            case Not(test=inner):
                return self._yes_or_no(inner, field, not denied)
            case Compare(how="equals", operand=Constant(value=bool(value))):
                words = field.says if value != denied else field.denies
                name = ("yes", "no") if field.kind == "bool" else ("counts", "not counts")
                said = self.grammar.frame(name[value == denied], label=self.grammar.quoted(self.word(field.label, field.name)))
                return words or {self.grammar.language: said}
        return None

    def _holding(self, test: Test, field: Field, denied: bool) -> Words | None:  # noqa: FBT001
        """A test whether a set holds a value, or a field of which the vocabulary says how it is said is one."""
        match test:
            case Not(test=inner):
                return self._holding(inner, field, not denied)
            case OneOf(operands=operands, of_set=of_set):
                value, is_set = self._choice(operands, field), of_set
            case Compare(how="equals" | "has" as how, operand=operand):
                value, is_set = self.operand(operand, field), how == "has"
            case _:
                return None
        words = field.denies if denied else field.says
        if words:
            return {lang: text.replace("{value}", value) for lang, text in words.items()}
        frame = self.grammar.frame("not under" if denied else "under", value=value, label=self.label(field))
        return {self.grammar.language: frame} if is_set else None


def _recorded(test: Test) -> tuple[Test, bool]:
    """A test without the demand that the value be recorded, and whether there was one."""
    match test:
        case AllOf(tests=(Known(wanted=True), inner)):
            return inner, True
    return test, False


def _figure(value: float, field: Field) -> str:
    if field.kind == "percent":
        return f"{value:g}%"
    if field.kind == "ratio":
        return f"{value:.0%}"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:g}"
