"""What inputs are tried on: each kind of file with the readers and with all that follows once it was read without a fault.

A target raises nothing, whatever it is given. What it is told is a sentence with a place that is in the file.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from kamcoach.advice.page import markdown as advice_page
from kamcoach.advice.page import starter, terminal
from kamcoach.advice.report import Report
from kamcoach.advice.speech import Speech
from kamcoach.brief.document import Brief, brief
from kamcoach.brief.html import html
from kamcoach.brief.markdown import markdown
from kamcoach.brief.outline import read_outline
from kamcoach.checking.play_templates import of_play
from kamcoach.coaching import Coached, check_deal, check_files, coach, run_scenario
from kamcoach.engine import infer
from kamcoach.errors import KamcoachError
from kamcoach.model.deal import Deal
from kamcoach.model.playbook import Library
from kamcoach.model.rule import Advise, Rule
from kamcoach.model.rulebase import CircleThroughNegation, layer
from kamcoach.reading.cache import load_library
from kamcoach.reading.deals import read_deal, read_deal_text
from kamcoach.reading.finding import find_playbook, shipped
from kamcoach.reading.library import read_library
from kamcoach.reading.nodes import decode, parse
from kamcoach.reading.playbooks import read_play
from kamcoach.reading.rows import read_rules
from kamcoach.reading.rules import read_checks
from kamcoach.reading.scenarios import read_scenarios
from kamcoach.reading.settings import read_check_settings
from kamcoach.reading.tables import Tables
from kamcoach.reading.vocabulary import read_vocabulary
from kamcoach.source import Diagnostic
from kamcoach.wording.rules import in_words
from tests.hostile import command_lines, packages
from tests.small_library import DEAL, PLAYBOOK, VOCABULARY, SmallLibrary

DAY: Final = date(2026, 3, 2)
SMALL_DEAL: Final = "account: {name: Alder}\norder: {amount: 9, due: 2026-03-05}\npeople: [{id: li, name: Li, power: 5}, {id: wang}]" + DEAL
TABLE: Final = "name,role,least,title\nfirst,user,2,One\nsecond,decider,3,Two\n"
TABLE_RULE: Final = (
    "id: tabled\neach: row\ntable: tabled.csv\ntitle: x\nwhen: [{person: {roles: {has: $row.role}, power: {at_least: $row.least}}}]"
    "\nthen: [conclude: open]\nwhy: x\nsource: x\n"
)


class Target(NamedTuple):
    """What is tried, on what it begins with, and its part in a campaign."""

    seeds: Callable[[], list[bytes]]
    attempt: Callable[[bytes], None]
    share: int


@cache
def library() -> Library:
    return load_library(find_playbook(None, None), cached=False)


@cache
def folder() -> Path:
    """A folder in memory where there is one."""
    room = Path("/dev/shm")
    made = tempfile.mkdtemp(prefix="kamcoach-", dir=room if os.access(room, os.W_OK) else None)
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(made)


@cache
def small() -> SmallLibrary:
    made = SmallLibrary(folder() / "small")
    made.advice("a", "[{person: {power: {at_least: $params.few}}, as: p}]", "about: $p")
    made.advice("b", "[{none: {talk: {minutes: {above: 5}}}}, {account: {}}]")
    made.rule("c", "[{count: {person: {}}, is: {at_least: 1}, as: n}]", "[conclude: {contacts: $n}]")
    for lang in ("en", "zh"):
        made.write(f"templates/advice.{lang}.md.j2", "# {{ deal.customer }}\n{% for a in actions %}## {{ a.text.headline }}\n{% endfor %}")
    made.write("deal.yaml", SMALL_DEAL)
    return made


@cache
def deals() -> list[Deal]:
    found = (read_deal(path, library().rule_base.vocabulary, []) for path in sorted(shipped("examples").glob("*.yaml"))[:4])
    return [one for one in found if one is not None]


@cache
def coached() -> Coached:
    return coach(deals()[0], library())


@cache
def speech() -> Speech:
    return Speech(coached().consultation, library(), "en")


@cache
def made_brief() -> Brief:
    return brief(Report(coached().deal, speech(), coached().ranked, coached().questions, full=False), "manager")


def told(problems: list[Diagnostic], name: str, data: bytes) -> None:
    """Every diagnostic on the file is a sentence with a place that is in it."""
    text = data.decode("utf-8", "replace")
    lines = text.count("\n") + text.count("\r") + sum(map(text.count, "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")) + 1
    for one in problems:
        assert one.at.line >= 1, one
        assert one.at.column >= 1, one
        assert one.message.strip(), one
        assert one.at.path != name or one.at.sheet or one.at.line <= lines, one


def spoken(found: Coached, lang: str = "en") -> None:
    """A coached deal, put into words as `advise` does."""
    words = Speech(found.consultation, found.library, lang)
    data = Report(found.deal, words, found.ranked, found.questions, full=True).data()
    if found.library.templates:
        terminal(advice_page(data, words), 80, lambda text, _style: text)


def deal(data: bytes) -> None:
    problems: list[Diagnostic] = []
    found = read_deal_text(data, "some.yaml", library().rule_base.vocabulary, problems)
    told(problems, "some.yaml", data)
    if found is None or problems:
        return
    if not any(one.level == "error" for one in check_deal(found, library(), DAY)):
        spoken(coach(found, library(), DAY), ("en", "zh")[len(data) % 2])


def rule(data: bytes) -> None:
    base, problems = library().rule_base, list[Diagnostic]()
    root = parse(decode(data, "some.yaml"), "some.yaml", problems)
    found = read_rules(root, base.vocabulary, base.params, Tables(), problems) if root is not None else ()
    told(problems, "some.yaml", data)
    if found and not problems:
        _inferred(found)


def _inferred(found: tuple[Rule, ...]) -> None:
    base = library().rule_base
    try:
        alone = layer(base.vocabulary, found, base.params)
    except CircleThroughNegation:
        return
    for one in deals():
        infer(alone, one.facts, DAY)
    if all(effect.play in library().plays for effect in found[0].then if isinstance(effect, Advise)):  # else it is refused with the library
        for lang in ("en", "zh"):
            in_words(found[0], library(), lang)


def vocabulary(data: bytes) -> None:
    problems: list[Diagnostic] = []
    root = parse(decode(data, "some.yaml"), "some.yaml", problems)
    if root is not None:
        read_checks([root], read_vocabulary([root], problems), problems)
    told(problems, "some.yaml", data)


def scenario(data: bytes) -> None:
    path, problems = folder() / "some.test.yaml", list[Diagnostic]()
    path.write_bytes(data)
    found = read_scenarios(path, library(), problems)
    told(problems, str(path), data)
    for one in found[:5]:
        run_scenario(one, library())


def play(data: bytes) -> None:
    path, problems = folder() / "some.md.j2", list[Diagnostic]()
    path.write_bytes(data)
    found = read_play(path, library().sections, problems)
    told(problems, str(path), data)
    if found is None:
        return
    told(list(of_play(found)), str(path), data)
    names = speech().names({})
    for sections in found.sections.values():
        for section in sections.values():
            _printed(section.source, section.at, names)


def _printed(source: str, at: object, names: dict[str, object]) -> None:
    from kamcoach.advice.template import compile_source, render

    try:
        render(compile_source(speech().sandbox, source, at), names, at)  # type: ignore[arg-type]
    except KamcoachError:
        return


def _page(name: str, make: Callable[[], object]) -> Callable[[bytes], None]:
    """A template of the shipped playbook, replaced by the input."""

    def attempt(data: bytes) -> None:
        (folder() / "templates").mkdir(exist_ok=True)
        path = folder() / "templates" / name
        path.write_bytes(data)
        try:
            make()
        finally:
            path.unlink()

    return attempt


def _own(found: Library) -> Library:
    """The library with a folder of templates of its own before the shipped one."""
    return found._replace(templates=(folder() / "templates", *found.templates))


def _own_brief() -> Brief:
    words = Speech(coached().consultation, _own(library()), "en")
    return made_brief()._replace(speech=words)


def _own_advice() -> None:
    spoken(Coached(coached().deal, _own(library()), coached().consultation))


def _own_starter() -> str:
    return starter(_own(library()), "en", {"customer": "", "title": "", "today": ""})


def _in_small(name: str, check: bool = True) -> Callable[[bytes], None]:
    """A file of a small playbook, replaced by the input: read, checked, a deal coached by it."""

    def attempt(data: bytes) -> None:
        path = small().folder / name
        before = path.read_bytes() if path.exists() else None
        path.write_bytes(data)
        try:
            _used(small().folder, str(path), data, check=check)
        finally:
            path.write_bytes(before) if before is not None else path.unlink()

    return attempt


def _used(home: Path, path: str, data: bytes, *, check: bool) -> None:
    problems: list[Diagnostic] = []
    found = read_library(home, problems)
    told(problems, path, data)
    if check:
        told(check_files(home, []), path, data)
    if found is not None and not any(one.level == "error" for one in problems):
        one = read_deal(home / "deal.yaml", found.rule_base.vocabulary, problems)
        if one is not None and not any(problem.level == "error" for problem in problems):
            spoken(coach(one, found))


def outline(data: bytes) -> None:
    (folder() / "own" / "templates").mkdir(exist_ok=True, parents=True)
    path, problems = folder() / "own" / "templates" / "brief.yaml", list[Diagnostic]()
    path.write_bytes(data)
    read_outline(path, problems)
    told(problems, str(path), data)


def config(data: bytes) -> None:
    path = folder() / "kamcoach.yaml"
    path.write_bytes(data)
    try:
        read_check_settings(path, {"field-never-read"})
        find_playbook(None, folder())
    finally:
        path.unlink()


def table(data: bytes, name: str = "tabled.csv") -> None:
    path = small().folder / "rules" / name
    text = TABLE_RULE.replace("tabled.csv", name)
    path.write_bytes(data)
    vocabulary, problems = _small_library().rule_base.vocabulary, list[Diagnostic]()
    root = parse(text, str(path.with_name("tabled.yaml")), problems)
    assert root is not None
    found = read_rules(root, vocabulary, {}, Tables(), problems)
    told(problems, str(path), data)
    if found:
        layer(vocabulary, found, {})


@cache
def _small_library() -> Library:
    return small().load()


def _texts(where: Path, pattern: str, *, most: int = 80, without: str = "") -> Callable[[], list[bytes]]:
    def seeds() -> list[bytes]:
        found = [path for path in sorted(where.rglob(pattern)) if not (without and path.name.endswith(without))]
        return [path.read_bytes() for path in found[:: max(1, len(found) // most)]]

    return seeds


def _small_rules() -> list[bytes]:
    return [(small().folder / "rules" / f"{name}.yaml").read_bytes() for name in "abc"]


def _parts(*texts: str) -> Callable[[], list[bytes]]:
    return lambda: [text.encode() for text in texts]


_TEMPLATES: Final = shipped("playbooks") / "key-account" / "templates"


def _template(pattern: str) -> Callable[[], list[bytes]]:
    return _texts(_TEMPLATES, pattern)


TARGETS: Final[dict[str, Target]] = {
    "deal": Target(_texts(shipped("examples"), "*.yaml"), deal, 200),
    "rule": Target(_texts(shipped("rules"), "*.yaml", without=".test.yaml"), rule, 180),
    "small rule": Target(_small_rules, _in_small("rules/a.yaml"), 40),
    "vocabulary": Target(_parts(VOCABULARY), vocabulary, 80),
    "small vocabulary": Target(_parts(VOCABULARY), _in_small("vocabulary.yaml"), 30),
    "scenario": Target(_texts(shipped("rules"), "*.test.yaml"), scenario, 100),
    "playbook": Target(_parts(PLAYBOOK), _in_small("playbook.yaml"), 60),
    "play": Target(_texts(shipped("playbooks"), "*.md.j2"), play, 120),
    "advice template": Target(
        _template("advice.*.j2"),
        _page("advice.en.md.j2", _own_advice),
        20,
    ),
    "deal template": Target(
        _template("deal.*.j2"),
        _page("deal.en.yaml.j2", _own_starter),
        30,
    ),
    "html template": Target(_template("brief.html.j2"), _page("brief.html.j2", lambda: html(_own_brief())), 15),
    "markdown template": Target(_template("brief.md.j2"), _page("brief.md.j2", lambda: markdown(_own_brief(), {})), 25),
    "picture": Target(_template("picture.*.j2"), _page("picture.own.svg.j2", lambda: _own_brief().pictures(340)), 15),
    "style": Target(_template("*.css"), _page("brief.css", lambda: html(_own_brief())), 5),
    "outline": Target(_template("brief.yaml"), outline, 30),
    "config": Target(_parts("playbook: key-account\ncheck: {select: [field-never-read], ignore: []}\n"), config, 20),
    "csv table": Target(_parts(TABLE, TABLE.replace(",", ";"), TABLE.replace(",", "\t")), table, 60),
    "xlsx table": Target(packages.workbooks, lambda data: table(packages.repacked(data), "tabled.xlsx"), 20),
    "command line": Target(command_lines.seeds, command_lines.attempt, 20),
}


def attempt(name: str, data: bytes) -> None:
    """Try an input; what a caller would be told is no fault."""
    from kamcoach.reading.nodes import Refused

    try:
        TARGETS[name].attempt(data)
    except (KamcoachError, Refused) as refused:
        assert str(refused).strip()
