"""Rules in a list: where each comes from, what it says and what it takes the place of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from kamcoach.errors import UnknownName
from kamcoach.model.fact import SEVERITIES
from kamcoach.model.playbook import Library
from kamcoach.model.rule import Advise, Conclude, Mark, Rule
from kamcoach.reading.hints import nearest
from kamcoach.rulebook.stages import Stages

ADVICE: Final = "advice"
DERIVATION: Final = "derivation"


class Entry(NamedTuple):
    """One rule of the list. `stages` is empty if the rule belongs to no stage of its own."""

    rule: Rule
    category: str
    origin: str
    severity: str
    lens: str
    plays: tuple[str, ...]
    concludes: tuple[str, ...]
    stages: tuple[str, ...]
    instead_of: tuple[str, ...]
    gives_way_to: tuple[str, ...]

    @property
    def kind(self) -> str:
        return ADVICE if self.plays else DERIVATION


class Wanted(NamedTuple):
    """What to list; an empty part asks for nothing."""

    category: str = ""
    lens: str = ""
    severity: str = ""
    kind: str = ""
    stage: str = ""
    origin: str = ""
    text: str = ""


EVERY_RULE: Final = Wanted()


def entries(library: Library, wanted: Wanted = EVERY_RULE) -> tuple[Entry, ...]:
    """The rules that are wanted, by category and id. Raises UnknownName for a category, lens, stage or origin that there is not."""
    found = sorted(_entries(library), key=lambda one: (one.category, one.rule.id))
    _check(library, found, wanted)
    return tuple(one for one in found if _is_wanted(one, wanted))


def rule_named(library: Library, name: str) -> Rule:
    """The rule of this id, or in the file of this name. Raises UnknownName, also for a table without the name of a row."""
    bare = name.removesuffix(".yaml")
    stem = bare.rsplit("/", 1)[-1]
    rule = library.rule(bare) or library.rule(stem)
    if rule is None and (rows := library.rule_base.named(stem)):
        raise UnknownName(f"'{stem}' is a table. Name one of its rows: {', '.join(row.id for row in rows)}.")
    if rule is None:
        raise UnknownName(unknown("rule", name, {one.id for one in library.rule_base.rules}))
    return rule


def category_of(rule: Rule) -> str:
    """The folder of a rule below `rules/`; "" if it stands there itself."""
    folder = Path(rule.at.path).parent.name
    return "" if folder == "rules" else folder


def family_of(rule: Rule) -> str:
    """The letters before the number in the catalogue: `MIS` of `MIS-02`."""
    return rule.catalogue.partition("-")[0]


def _entries(library: Library) -> Iterator[Entry]:
    stages = Stages(library)
    ousted: dict[str, list[str]] = {}
    for rule in library.rule_base.rules:
        for other in _instead_of(rule):
            ousted.setdefault(other, []).append(rule.id)
    for rule in library.rule_base.rules:
        advice = [effect for effect in rule.then if isinstance(effect, Advise)]
        first = max(advice, key=lambda effect: SEVERITIES.index(effect.severity), default=None)
        yield Entry(
            rule,
            category_of(rule),
            library.origins.get(rule.id, library.id),
            first.severity if first is not None else "",
            first.lens if first is not None else "",
            tuple(effect.play for effect in advice),
            tuple(dict.fromkeys(_concluded(rule))),
            stages.of(rule) if stages.bound(rule) else (),
            _instead_of(rule),
            tuple(sorted(ousted.get(rule.id, ()))),
        )


def _instead_of(rule: Rule) -> tuple[str, ...]:
    return tuple(dict.fromkeys(other for effect in rule.then if isinstance(effect, Advise) for other in effect.instead_of))


def _concluded(rule: Rule) -> Iterator[str]:
    """Derived types, and derived fields as `type.field`."""
    for effect in rule.then:
        if isinstance(effect, Conclude):
            yield effect.type
        elif isinstance(effect, Mark):
            yield from (f"{rule.binds[effect.name]}.{name}" for name, _ in effect.fields)


def _check(library: Library, found: list[Entry], wanted: Wanted) -> None:
    """That every name that is asked for is one."""
    enums = library.rule_base.vocabulary.enums
    known: Mapping[str, tuple[str, set[str]]] = {
        "category": (wanted.category, {one.category for one in found} | {family_of(one.rule) for one in found}),
        "lens": (wanted.lens, set(enums["lens"].values)),
        "stage": (wanted.stage, set(Stages(library).enum.values)),
        "playbook": (wanted.origin, {one.origin for one in found}),
    }
    for what, (name, names) in known.items():
        if name and name not in names:
            raise UnknownName(unknown(what, name, names - {""}))


def unknown(what: str, name: str, names: set[str]) -> str:
    """That there is nothing of this name, and what it might be."""
    hint = nearest(name, names)
    return f"There is no {what} '{name}'. {hint[:1].upper()}{hint[1:]}".strip()


def _is_wanted(one: Entry, wanted: Wanted) -> bool:
    return (
        (not wanted.category or wanted.category in (one.category, family_of(one.rule)))
        and (not wanted.lens or wanted.lens == one.lens)
        and (not wanted.severity or wanted.severity == one.severity)
        and (not wanted.kind or wanted.kind == one.kind)
        and (not wanted.stage or wanted.stage in one.stages)
        and (not wanted.origin or wanted.origin == one.origin)
        and (not wanted.text or wanted.text.casefold() in _text(one.rule))
    )


def _text(rule: Rule) -> str:
    """All of a rule that can be searched."""
    words = [*rule.title.values(), *rule.why.values(), rule.source, rule.catalogue, rule.id]
    plays = [effect.play for effect in rule.then if isinstance(effect, Advise)]
    return "\n".join([*words, *plays, *_concluded(rule)]).casefold()


def data(one: Entry) -> dict[str, object]:
    """An entry as plain data."""
    rule = one.rule
    return {
        "id": rule.id,
        "title": dict(rule.title),
        "kind": one.kind,
        "category": one.category,
        "catalogue": rule.catalogue,
        "severity": one.severity or None,
        "lens": one.lens or None,
        "stages": list(one.stages),
        "plays": list(one.plays),
        "concludes": list(one.concludes),
        "playbook": one.origin,
        "replaces": rule.replaces,
        "instead_of": list(one.instead_of),
        "gives_way_to": list(one.gives_way_to),
        "file": rule.at.path,
        "line": rule.at.line,
    }
