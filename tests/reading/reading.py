"""Reading small texts, and what is told of them: where, which code, and the way out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kamcoach.model.deal import Deal
from kamcoach.model.fact import Vocabulary
from kamcoach.model.rule import Param, Rule
from kamcoach.reading.deals import deal_of
from kamcoach.reading.nodes import Node, Refused, parse
from kamcoach.reading.rules import read_checks, read_rule
from kamcoach.reading.vocabulary import read_vocabulary
from kamcoach.source import Diagnostic, Location

HEAD: Final = "id: case\ntitle: x\n"
TAIL: Final = "then: [conclude: alarm]\nwhy: x\nsource: x\n"
PERSON: Final = "when: [{person: {}, as: p}]\n"
PARAMS: Final[Mapping[str, Param]] = {"days": Param("days", 30, "int"), "share": Param("share", 0.5, "ratio")}


def node(text: str, problems: list[Diagnostic]) -> Node | None:
    try:
        return parse(text, "case.yaml", problems)
    except Refused as refused:
        problems.append(refused.diagnostic)
        return None


def _vocabulary() -> Vocabulary:
    problems: list[Diagnostic] = []
    root = node((Path(__file__).parent / "small.yaml").read_text(encoding="utf-8"), problems)
    assert root is not None
    read_checks([root], found := read_vocabulary([root], problems), problems)
    assert not problems
    return found


SMALL: Final = _vocabulary()


def rule(text: str) -> tuple[Rule | None, list[Diagnostic]]:
    problems: list[Diagnostic] = []
    root = node(text, problems)
    return (read_rule(root, SMALL, PARAMS, problems) if root is not None else None), problems


def when(conditions: str) -> tuple[str, list[Diagnostic]]:
    """What is told of an if-part, and the text that it stands in."""
    text = f"{HEAD}when:\n{conditions}\n{TAIL}"
    return text, rule(text)[1]


def then(effects: str) -> tuple[str, list[Diagnostic]]:
    text = f"{HEAD}{PERSON}then:\n{effects}\nwhy: x\nsource: x\n"
    return text, rule(text)[1]


def deal(text: str, *, whole: bool = False) -> tuple[Deal | None, list[Diagnostic]]:
    problems: list[Diagnostic] = []
    root = node(text, problems)
    return (deal_of(root, "case.yaml", SMALL, problems, partial=not whole) if root is not None else None), problems


def vocabulary(*texts: str) -> tuple[Vocabulary, list[Diagnostic]]:
    problems: list[Diagnostic] = []
    roots = [root for text in texts if (root := node(text, problems)) is not None]
    found = read_vocabulary(roots, problems)
    read_checks(roots, found, problems)
    return found, problems


def pointed(text: str, at: Location) -> str:
    """The text from a place on, to the end of its line."""
    return text.split("\n")[at.line - 1][at.column - 1 :]


def told(text: str, problems: list[Diagnostic]) -> list[tuple[str, str]]:
    """The codes, each with the word that it points at."""
    return [(one.code, pointed(text, one.at)) for one in sorted(problems, key=lambda one: one.at)]


def only(text: str, problems: list[Diagnostic], code: str, place: str, hint: str) -> None:
    """There is one diagnostic: of this code, at this place, with this way out."""
    assert [one.code for one in problems] == [code], "\n".join(map(str, problems))
    assert pointed(text, problems[0].at).startswith(place), str(problems[0])
    assert hint in problems[0].hint, str(problems[0])
