"""What the rules, plays and pages of a library read, write and call; worked out once for all checks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

from kamcoach.advice.template import words_in
from kamcoach.checking.logic import Logic, Plain, plain
from kamcoach.model.condition import Aggregate, Condition, Last, Operand, Parameter, Pattern, Reference, Test
from kamcoach.model.playbook import Library
from kamcoach.model.rule import Advise, Conclude, Mark, Rule
from kamcoach.model.scenario import Scenario
from kamcoach.model.walk import field_tests, flat, names_of, operands_of
from kamcoach.reading.nodes import Refused, read_text
from kamcoach.reading.scenarios import read_scenarios, scenario_file
from kamcoach.source import Location, real

COMMON: Final = ("facts", "params", "as_of", "lang")
"""The names that every play can use besides the sections of the deal."""


class Read(NamedTuple):
    """A field that is looked at; without a test if it is only added up, compared with or passed on."""

    type: str
    field: str
    test: Test | None
    at: Location


class Call(NamedTuple):
    rule: Rule
    advise: Advise


class Write(NamedTuple):
    """A rule that gives a derived fact or field these values."""

    rule: Rule
    fields: Mapping[str, Operand]
    at: Location


class Survey:
    """A library under examination."""

    def __init__(self, library: Library, scenarios: Mapping[Path, list[Scenario]] | None = None, files: Collection[Path] = ()) -> None:
        self.library = library
        self.base = library.rule_base
        self.vocabulary = library.rule_base.vocabulary
        self.rules = tuple(library.rule_base.rules)
        self._scenarios = dict(scenarios or {})
        self._files = {real(path) for path in files}

    def concerns(self, rule: Rule) -> bool:
        """Whether it is asked about the file of a rule."""
        return not self._files or real(rule.at.path) in self._files

    def scenarios(self, rule: Rule) -> list[Scenario] | None:
        """The scenarios beside a rule, of a row of a table those that may be about it; None if there is no such file."""
        found = self.scenarios_of_file(rule)
        return found if found is None else [one for one in found if one.may_be_about(rule)]

    def scenarios_of_file(self, rule: Rule) -> list[Scenario] | None:
        """All scenarios of the file beside a rule, also those of other rows of its table."""
        path = scenario_file(rule)
        if path not in self._scenarios:
            if not path.is_file():
                return None
            self._scenarios[path] = read_scenarios(path, self.library, [])
        return self._scenarios[path]

    @cached_property
    def logic(self) -> Logic:
        return Logic(self.vocabulary, self.library.params)

    @cached_property
    def plain(self) -> Mapping[str, Plain]:
        """Every rule in a form in which it can be compared, by its id."""
        return {rule.id: plain(rule) for rule in self.rules}

    def is_used(self, type_name: str, field: str) -> bool:
        """Whether a rule, a check, a play or a page looks at a field, or (with "") at a fact type."""
        name = field or type_name
        return (type_name, field) in self.read or name.rpartition(".")[2] in self.spoken or name in self.shown

    @cached_property
    def calls(self) -> Mapping[str, list[Call]]:
        """The rules that call each play."""
        found: dict[str, list[Call]] = {}
        for rule in self.rules:
            for effect in rule.then:
                if isinstance(effect, Advise):
                    found.setdefault(effect.play, []).append(Call(rule, effect))
        return found

    @cached_property
    def writes(self) -> Mapping[str, list[Write]]:
        """What is concluded or marked, by `type` or `type.field`."""
        found: dict[str, list[Write]] = {}
        for rule in self.rules:
            for effect in rule.then:
                if isinstance(effect, Conclude):
                    found.setdefault(effect.type, []).append(Write(rule, dict(effect.fields), effect.at))
                elif isinstance(effect, Mark):
                    for name, value in effect.fields:
                        write = Write(rule, {name: value}, effect.at)
                        found.setdefault(f"{rule.binds[effect.name]}.{name}", []).append(write)
        return found

    @cached_property
    def reads(self) -> Mapping[str, tuple[Read, ...]]:
        """The fields that each rule looks at, by its id; under "" those of the vocabulary's checks."""
        checks = tuple(read for check in self.library.checks for read in _reads(check.rule))
        return {**{rule.id: tuple(_reads(rule)) for rule in self.rules}, "": checks}

    @cached_property
    def read(self) -> frozenset[tuple[str, str]]:
        """Every type and field that some rule or check looks at; ("type", "") for the type itself."""
        return frozenset((read.type, name) for reads in self.reads.values() for read in reads for name in ("", read.field))

    @cached_property
    def spoken(self) -> frozenset[str]:
        """Every name and attribute that a play or a page uses."""
        found: set[str] = set()
        for source in self._sources():
            found |= words_in(source)
        return frozenset(found)

    @cached_property
    def shown(self) -> frozenset[str]:
        """The words under `shows:` of the playbook."""
        return frozenset(word for part in self.library.shows for word in ((part,) if isinstance(part, str) else part))

    @cached_property
    def params(self) -> frozenset[str]:
        """The parameters that some rule reads."""
        return frozenset(one.name for rule in self.rules for one, _ in operands_of(rule) if isinstance(one, Parameter))

    def _sources(self) -> Iterator[str]:
        for play in self.library.plays.values():
            yield from (section.source for sections in play.sections.values() for section in sections.values() if "{" in section.source)
        for path in (path for folder in self.library.templates for path in sorted(folder.glob("*.j2"))):
            try:
                yield read_text(path)
            except Refused:
                continue  # told by the check on page templates


def _reads(rule: Rule) -> Iterator[Read]:
    names = names_of(rule)
    for condition in flat(rule.when):
        yield from _own_reads(condition)
    for operand, at in operands_of(rule):
        if isinstance(operand, Reference) and names.get(operand.name):
            yield Read(names[operand.name], operand.field, None, at)


def _own_reads(condition: Condition) -> Iterator[Read]:
    if isinstance(condition, Pattern):
        yield Read(condition.type, "", None, condition.at)
    elif isinstance(condition, (Aggregate, Last)):
        field = condition.field if isinstance(condition, Aggregate) else condition.by
        yield Read(condition.pattern.type, field, None, condition.at)
    for name, one in field_tests(condition):
        yield Read(name, one.field, one.test, one.at)
